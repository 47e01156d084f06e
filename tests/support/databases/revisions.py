"""Revisions of articles for tests that store them."""

from dataclasses import replace
from datetime import UTC, datetime

from service.articles.preconditions import UNCONDITIONAL, Precondition
from service.articles.revision import ArticleRevision, NewRevision
from service.articles.revisions import put_revision
from service.cleaning import Cut
from service.cleaning.report import CleaningReport
from tests.support.scripts import script_of
from voices.tone import TONE
from workers.database import Database
from workers.narration import (
    JobSpec,
    Narration,
    NarrationKey,
    NarrationRecord,
    Timing,
)
from workers.storage.archive import Archive

RECEIVED = datetime(2024, 2, 8, 18, tzinfo=UTC)
REVISION = ArticleRevision(
    source_id="tide-1",
    title="The tide turns",
    key="0" * 32,
    voice=TONE.id,
    received=RECEIVED,
    published="2024-02-08T12:30:00+08:00",
)
"""A revision with little metadata."""

REPORT = CleaningReport((Cut("byline", "By Ada", 0, ("It names the author.",)),), 1, ())


def new_revision(
    revision: ArticleRevision = REVISION,
    report: CleaningReport = REPORT,
    *,
    keep_audio: bool = False,
) -> NewRevision:
    """Return a revision with a script of its title."""
    spec = spec_of(revision.key, revision.title)
    return NewRevision(revision, spec, report, keep_audio)


def spec_of(key: NarrationKey, title: str | None = None) -> JobSpec:
    """Return the job spec of a narration, with words of its own."""
    script = script_of(title or "No title", f"It turned at noon of day {key}.")
    return JobSpec(key, TONE.id, script)


def put(
    database: Database,
    revision: ArticleRevision = REVISION,
    precondition: Precondition = UNCONDITIONAL,
    *,
    keep_audio: bool = False,
    restore: bool = False,
    **changes: object,
) -> ArticleRevision:
    """Store a revision, with some fields changed."""
    changed = replace(revision, **changes)  # type: ignore[arg-type]  # fields of any type
    new = new_revision(changed, keep_audio=keep_audio)
    with database.write() as connection:
        return put_revision(connection, new, precondition, lift_takedown=restore)


def render(archive: Archive, key: NarrationKey) -> NarrationRecord:
    """Store the audio of an article's narration, as a worker does; bytes of its key."""
    spec = archive.find_spec(key)
    assert spec
    timings = (Timing(0, 0, 40, ((0, 40),)),)
    mp3 = f"ID3 {key}".encode()
    narration = Narration(mp3, timings, 50, 22050, "tone 1", repeatable=True)
    return archive.store(spec, narration)
