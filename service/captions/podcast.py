"""Write a narration's transcript as JSON of the podcast namespace."""

from typing import Annotated

from pydantic import BaseModel, Field

from service.captions.cues import split_cues
from workers.narration import Transcript

SPEAKER = "AI voice"
"""Name of the speaker: it discloses that the voice is synthetic."""


class SegmentBody(BaseModel):
    """Text that is heard together: a cue of the captions."""

    speaker: Annotated[str, Field(examples=[SPEAKER])]
    startTime: Annotated[  # noqa: N815 - named by the format
        float, Field(description="Seconds from the beginning of the file.")
    ]
    endTime: float  # noqa: N815 - named by the format
    body: Annotated[str, Field(examples=["The harbour ferry sails again on Monday,"])]


class PodcastTranscriptBody(BaseModel):
    """A transcript in the JSON format of the podcast namespace."""

    version: Annotated[str, Field(examples=["1.0.0"])]
    segments: list[SegmentBody]


def list_segments(transcript: Transcript) -> PodcastTranscriptBody:
    """Return a segment for each cue."""
    segments = [
        SegmentBody(
            speaker=SPEAKER,
            startTime=cue.milliseconds[0] / 1000,
            endTime=cue.milliseconds[1] / 1000,
            body=cue.text,
        )
        for cue in split_cues(transcript)
    ]
    return PodcastTranscriptBody(version="1.0.0", segments=segments)


def write_podcast_transcript(transcript: Transcript) -> str:
    """Return the transcript as JSON."""
    return list_segments(transcript).model_dump_json()
