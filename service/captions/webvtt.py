"""A narration's timings become captions."""

from collections.abc import Iterator

from workers.audio.mp3 import ENCODER_DELAY_SAMPLES
from workers.narration import NarrationRecord


def write_webvtt(recording: NarrationRecord) -> str:
    """Return WebVTT with one cue a sentence, in the words of the article."""
    return "\n".join(["WEBVTT", "", *_cues(recording)])


def _cues(recording: NarrationRecord) -> Iterator[str]:
    for timing in recording.timings:
        start = _clock(timing.start + ENCODER_DELAY_SAMPLES, recording.rate)
        end = _clock(timing.end + ENCODER_DELAY_SAMPLES, recording.rate)
        text = recording.script.sentences[timing.sentence].text
        yield f"{start} --> {end}"
        yield _escaped(text)
        yield ""


def _clock(samples: int, rate: int) -> str:
    milliseconds = round(samples * 1000 / rate)
    seconds, milliseconds = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}"


def _escaped(text: str) -> str:
    # A cue ends at a blank line, and "-->" would begin another.
    flat = " ".join(text.split())
    return flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
