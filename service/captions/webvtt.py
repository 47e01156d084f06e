"""Write a narration's captions as WebVTT."""

from collections.abc import Iterator

from service.captions.timing_map import timed_sentences
from workers.narration import Transcript


def write_webvtt(transcript: Transcript) -> str:
    """Return WebVTT with one cue per sentence, in the words of the article."""
    return "\n".join(["WEBVTT", "", *_cues(transcript)])


def _cues(transcript: Transcript) -> Iterator[str]:
    for sentence in timed_sentences(transcript):
        yield f"{_clock(sentence.start)} --> {_clock(sentence.end)}"
        yield _escaped(sentence.text)
        yield ""


def _clock(time: float) -> str:
    seconds, milliseconds = divmod(round(time * 1000), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}"


def _escaped(text: str) -> str:
    # A cue ends at a blank line, and "-->" would begin another.
    flat = " ".join(text.split())
    return flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
