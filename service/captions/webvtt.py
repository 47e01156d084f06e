"""Write a narration's captions as WebVTT."""

from collections.abc import Iterable, Iterator

from service.captions.cues import Cue, split_cues
from service.captions.paragraphs import wrap_paragraphs
from workers.narration import Transcript


def write_webvtt(transcript: Transcript) -> str:
    """Return captions: cues of two lines, in the words of the article."""
    return _webvtt(transcript.script.language, split_cues(transcript))


def write_paragraphs(transcript: Transcript) -> str:
    """Return a transcript: WebVTT with a cue per paragraph."""
    return _webvtt(transcript.script.language, wrap_paragraphs(transcript))


def _webvtt(language: str, cues: Iterable[Cue]) -> str:
    return "\n".join(["WEBVTT", f"Language: {language}", "", *_lines(cues)])


def _lines(cues: Iterable[Cue]) -> Iterator[str]:
    for cue in cues:
        start, end = (clock(time, ".") for time in cue.milliseconds)
        yield f"{start} --> {end}"
        yield from map(_escaped, cue.lines)
        yield ""


def clock(milliseconds: int, point: str) -> str:
    """Return a time as hours, minutes, seconds and milliseconds."""
    seconds, milliseconds = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{milliseconds:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
