"""A script becomes a narration: the one way to sound, for every door."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from voices.audio import Audio
from voices.engine import Engine
from voices.errors import SynthesisFailed
from voices.sentence import TITLE, Script, Sentence
from voices.utterance import Sounding
from workers.assembly import Assembly
from workers.encoding import Mp3Encoder, write_tags
from workers.narration import Narration

Progress = Callable[[int, int], None]
"""Told how many sentences are done, of how many."""

Spoken = tuple[tuple[Sounding, ...], Audio]
"""A sentence's words and its sound."""


def narrate(
    script: Script, engine: Engine, progress: Progress, threads: int = 1
) -> Narration:
    """Speak every sentence and encode them, in order, as one file.

    The file is the same whatever `threads` is, if the engine is repeatable.

    Raises SynthesisFailed, naming the sentence by number, when one cannot be spoken: a
    reading that leaves a sentence out can turn a story round.
    """
    total = len(script.sentences)
    assembly = Assembly(engine.voice.sample_rate)
    encoder = Mp3Encoder(assembly.rate)
    file = [write_tags(engine.voice, title_of(script))]
    with _spoken(script, engine, threads) as spoken:
        for number, (sentence, (words, audio)) in enumerate(
            zip(script.sentences, spoken, strict=True), start=1
        ):
            file.append(encoder.feed(assembly.lay(sentence, words, audio)))
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


@contextmanager
def _spoken(script: Script, engine: Engine, threads: int) -> Iterator[Iterator[Spoken]]:
    """Speak sentences on threads, the longest first; they are given in their order.

    The longest first, so that at the end no thread waits for one long sentence.
    """
    total = len(script.sentences)
    numbered = list(enumerate(script.sentences, start=1))
    with ThreadPoolExecutor(threads, thread_name_prefix="speak") as pool:
        waiting: dict[int, Future[Spoken]] = {
            number: pool.submit(_speak, engine, sentence, number, total)
            for number, sentence in _in_turn(numbered, threads)
        }
        try:
            # Taken out as they are used: an article's sound is a gigabyte an hour.
            yield (waiting.pop(number).result() for number, _ in numbered)
        finally:
            pool.shutdown(cancel_futures=True)


def _in_turn(
    numbered: list[tuple[int, Sentence]], threads: int
) -> list[tuple[int, Sentence]]:
    if threads == 1:
        return numbered
    return sorted(numbered, key=lambda one: -len(one[1].spoken))


def _speak(engine: Engine, sentence: Sentence, number: int, total: int) -> Spoken:
    try:
        utterance = engine.speak(sentence)
        return utterance.words, utterance.sound()
    except SynthesisFailed as error:
        message = f"Sentence {number} of {total} cannot be spoken: {error}"
        raise SynthesisFailed(message) from error


def title_of(script: Script) -> str | None:
    """Return the title as written, if the script reads it aloud."""
    read = [
        sentence.text
        for sentence in script.sentences
        if (span := sentence.tokens[0].span) and span.paragraph == TITLE
    ]
    return " ".join(read) or None
