"""A script becomes a narration: the one way to sound, for every door."""

from collections.abc import Callable

from voices.engine import Engine
from voices.errors import SynthesisFailed
from voices.sentence import TITLE, Script
from workers.assembly import Assembly
from workers.encoding import Mp3Encoder, write_tags
from workers.narration import Narration

Progress = Callable[[int, int], None]
"""Told how many sentences are done, of how many."""


def narrate(script: Script, engine: Engine, progress: Progress) -> Narration:
    """Speak every sentence in order and encode them as one file.

    Raises SynthesisFailed, naming the sentence by number, when one cannot be spoken: a
    reading that leaves a sentence out can turn a story round.
    """
    total = len(script.sentences)
    assembly = Assembly(engine.voice.sample_rate)
    encoder = Mp3Encoder(assembly.rate)
    file = [write_tags(engine.voice, title_of(script))]
    for number, sentence in enumerate(script.sentences, start=1):
        try:
            audio = engine.speak(sentence)
        except SynthesisFailed as error:
            message = f"Sentence {number} of {total} cannot be spoken: {error}"
            raise SynthesisFailed(message) from error
        file.append(encoder.feed(assembly.lay(sentence, audio)))
        progress(number, total)
    file.append(encoder.finish())
    return Narration(
        mp3=b"".join(file),
        timings=assembly.timings,
        samples=assembly.samples,
        rate=assembly.rate,
        engine=engine.description,
        repeatable=engine.repeatable,
    )


def title_of(script: Script) -> str | None:
    """Return the title as written, if the script reads it aloud."""
    read = [
        sentence.text
        for sentence in script.sentences
        if (span := sentence.tokens[0].span) and span.paragraph == TITLE
    ]
    return " ".join(read) or None
