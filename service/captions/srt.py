"""Write a narration's captions as SubRip (SRT)."""

from service.captions.cues import split_cues
from service.captions.webvtt import clock
from workers.narration import Transcript


def write_srt(transcript: Transcript) -> str:
    """Return captions: the cues of the WebVTT, numbered from 1.

    SubRip knows no escapes, so the text is as written.
    """
    blocks = []
    for number, cue in enumerate(split_cues(transcript), 1):
        start, end = (clock(time, ",") for time in cue.milliseconds)
        blocks.append("\n".join([str(number), f"{start} --> {end}", *cue.lines, ""]))
    return "\n".join(blocks)
