"""`/v1/narrations/{key}.vtt` and others: captions, transcripts and words."""

from collections.abc import Callable
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from service.access.policy import Access, allow
from service.api.cache_tags import narration_tags
from service.api.context import ApiContext
from service.api.etags import content_response
from service.api.resource_router import ResourceRouter
from service.api.routes.narrations import Key
from service.api.threads import STATE, on_threads
from service.captions.paragraphs import write_text
from service.captions.podcast import PodcastTranscriptBody, write_podcast_transcript
from service.captions.speech_marks import write_speech_marks
from service.captions.srt import write_srt
from service.captions.webvtt import write_paragraphs, write_webvtt
from service.captions.words import WordsBody, write_words
from service.narrations.requests import get_or_requeue
from service.narrations.status import require_ready
from workers.narration import NarrationKey, Transcript

WEBVTT = "text/vtt"
SUBRIP = "application/x-subrip; charset=utf-8"
TEXT = "text/plain"
JSON = "application/json"
JSON_LINES = "application/x-ndjson"

# Not immutable: how captions are broken may change with a release.
_CACHE_CONTROL = "public, max-age=86400"

_VTT_EXAMPLE = """WEBVTT
Language: en

00:00:00.050 --> 00:00:03.290
The harbour ferry sails again on Monday,
the council said.
"""
_SRT_EXAMPLE = """1
00:00:00,050 --> 00:00:03,290
The harbour ferry sails again on Monday,
the council said.
"""
_TEXT_EXAMPLE = "The harbour ferry sails again on Monday, the council said.\n"
_MARKS_EXAMPLE = """\
{"time":50,"type":"sentence","start":0,"end":13,"value":"The tide turns"}
{"time":50,"type":"word","start":0,"end":3,"value":"The"}
"""


class CuesBy(StrEnum):
    """What a cue of the WebVTT is."""

    SUBTITLE = "subtitle"
    PARAGRAPH = "paragraph"


def _documented(media_type: str, example: str) -> dict[str, Any]:
    """Return the options of a route that answers with text."""
    content = {media_type: {"schema": {"type": "string"}, "example": example}}
    return {
        "response_class": Response,
        "responses": {HTTPStatus.OK: {"content": content}},
    }


def routes(context: ApiContext) -> APIRouter:
    """Return the routes of captions, transcripts and words."""
    router = ResourceRouter(prefix="/v1/narrations", tags=["captions"])

    def answer(
        key: NarrationKey,
        request: Request,
        write: Callable[[Transcript], str],
        media_type: str,
    ) -> Response:
        """Return what `write` makes of a narration, once it is ready."""
        record = require_ready(get_or_requeue(key, context.backend))
        content = write(context.archive.read_transcript(record)).encode()
        headers = {"Cache-Control": _CACHE_CONTROL} | narration_tags(key)
        return content_response(content, request.headers, headers, media_type)

    @router.get("/{key:stem}.vtt", **_documented(WEBVTT, _VTT_EXAMPLE))
    @allow(Access.LISTENER)
    @on_threads(STATE)
    def vtt(
        key: Key,
        request: Request,
        by: Annotated[
            CuesBy,
            Query(description="`paragraph`: a cue per paragraph, for podcast apps."),
        ] = CuesBy.SUBTITLE,
    ) -> Response:
        """Return captions as WebVTT: cues of two lines, in the article's words."""
        write = write_paragraphs if by is CuesBy.PARAGRAPH else write_webvtt
        return answer(key, request, write, WEBVTT)

    @router.get("/{key:stem}.srt", **_documented("application/x-subrip", _SRT_EXAMPLE))
    @allow(Access.LISTENER)
    @on_threads(STATE)
    def srt(key: Key, request: Request) -> Response:
        """Return the same captions as SubRip."""
        return answer(key, request, write_srt, SUBRIP)

    @router.get("/{key:stem}.txt", **_documented(TEXT, _TEXT_EXAMPLE))
    @allow(Access.LISTENER)
    @on_threads(STATE)
    def txt(key: Key, request: Request) -> Response:
        """Return what is read as plain text; speech marks refer to its bytes."""
        return answer(key, request, write_text, TEXT)

    @router.get("/{key:stem}.json", response_model=WordsBody)
    @allow(Access.LISTENER)
    @on_threads(STATE)
    def words(key: Key, request: Request) -> Response:
        """Return every word with its time, as written and as said."""
        return answer(key, request, write_words, JSON)

    @router.get("/{key:stem}.transcript.json", response_model=PodcastTranscriptBody)
    @allow(Access.LISTENER)
    @on_threads(STATE)
    def transcript(key: Key, request: Request) -> Response:
        """Return a transcript in the JSON format of the podcast namespace."""
        return answer(key, request, write_podcast_transcript, JSON)

    @router.get("/{key:stem}.marks.jsonl", **_documented(JSON_LINES, _MARKS_EXAMPLE))
    @allow(Access.LISTENER)
    @on_threads(STATE)
    def marks(key: Key, request: Request) -> Response:
        """Return speech marks as Amazon Polly has them, a JSON object per line.

        `start` and `end` are bytes of the UTF-8 text at `.txt`; `time` is milliseconds.
        """
        return answer(key, request, write_speech_marks, JSON_LINES)

    return router
