"""Fill archives through the functions of the program: `fill`."""

import random
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import create_engine, text

from service.articles.publishing import new_revision
from service.articles.revisions import put_revision
from service.preparation import ArticleRequest, PreparedArticle, load_preparer
from service.settings import ServiceSettings
from workers.database.database import Database
from workers.narration import JobSpec, Narration, Timing
from workers.storage.archive import Archive
from workers.storage.open_storage import open_archive

SECTIONS = 20
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
"""Time of publication of the oldest article; each is a minute younger."""

KNOWN = 20
"""Articles whose texts are sent again; they are the oldest."""

WITHDRAWABLE = 60
"""Articles after them, which may be withdrawn.  Neither counts in the size, so that the
newest hundred of the smallest archive stay whole."""

_AUDIO_BYTES = 512

_WORDS = [
    "harbour",
    "ferry",
    "council",
    "tide",
    "engine",
    "minister",
    "budget",
    "river",
    "school",
    "nurse",
    "market",
    "storm",
    "bridge",
    "season",
    "library",
    "player",
    "farmer",
    "union",
    "court",
    "theatre",
    "railway",
    "forest",
    "island",
]


@dataclass(frozen=True, slots=True)
class FilledArchive:
    """An archive of some articles."""

    size: int
    settings: ServiceSettings

    known: list[ArticleRequest]
    """Articles whose narration is stored, as they were sent."""


def article_of(number: int, words: int = 800) -> ArticleRequest:
    """Return an article that no other number has."""
    chance = random.Random(number)
    sentences = [
        f"The {' '.join(chance.choices(_WORDS, k=9))} of day {number}.".capitalize()
        for _ in range(words // 13)
    ]
    paragraphs = [" ".join(sentences[at : at + 4]) for at in range(0, words // 13, 4)]
    return ArticleRequest(
        text="\n\n".join(paragraphs),
        title=f"{chance.choice(_WORDS).capitalize()} number {number}",
        byline=f"Ada {chance.choice(_WORDS)}",
        section=f"section-{number % SECTIONS}",
        tags=(f"tag-{number % 7}",),
        published=(FIRST + timedelta(minutes=number)).isoformat(),
    )


def fill(folder: Path, size: int, database: str | None) -> FilledArchive:
    """Fill an archive, unless the folder has it; print its size."""
    data = folder / f"data-{size}"
    settings = ServiceSettings(
        data=data, voice="tone", database_url=_schema(database, size), _env_file=None
    )
    # Preparing 50,000 texts would take an hour: few are, and their scripts repeated.
    samples = [article_of(number) for number in range(KNOWN)]
    if (data / "outspoken.db").exists():
        return FilledArchive(size, settings, samples)
    preparer = load_preparer(settings)
    archive = open_archive(settings)
    prepared = [preparer.prepare(sample) for sample in samples]
    started = time.perf_counter()
    for number in range(KNOWN + WITHDRAWABLE + size):
        known = number < KNOWN
        sample = prepared[number % KNOWN]
        key = sample.key if known else f"{number:032x}"
        sent = replace(article_of(number, words=13), text=None)
        _store(archive, number, sent, replace(sample, key=key))
    took = time.perf_counter() - started
    _print_bytes(archive.database, settings, size)
    print(f"filled {size} articles in {took:.0f} s")
    archive.database.close()
    return FilledArchive(size, settings, samples)


def _store(
    archive: Archive, number: int, sent: ArticleRequest, prepared: PreparedArticle
) -> None:
    new = new_revision(f"article-{number}", sent, prepared)
    with archive.database.write() as connection:
        put_revision(connection, new)
    archive.store(new.spec, _narration(new.spec, number))


def _narration(spec: JobSpec, number: int) -> Narration:
    mp3 = number.to_bytes(8, "big") * (_AUDIO_BYTES // 8)
    timings, at = [], 0
    for index, sentence in enumerate(spec.script.sentences):
        words = [
            (at + 5000 * n, at + 5000 * n + 4800) for n, _ in enumerate(sentence.tokens)
        ]
        timings.append(Timing(index, at, words[-1][1], tuple(words)))
        at = words[-1][1] + 9000
    return Narration(mp3, tuple(timings), at, 22_050, "tone 1", repeatable=True)


def _schema(database: str | None, size: int) -> str | None:
    if database is None:
        return None
    engine = create_engine(database.replace("://", "+psycopg://", 1))
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS growth_{size} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA growth_{size}"))
    engine.dispose()
    joint = "&" if "?" in database else "?"
    return f"{database}{joint}options={quote(f'-csearch_path=growth_{size}')}"


def _print_bytes(database: Database, settings: ServiceSettings, size: int) -> None:
    database.truncate_log()
    if settings.database_url is None:
        bytes_used = (settings.data / "outspoken.db").stat().st_size
    else:
        with database.read() as connection:
            bytes_used = connection.scalar(
                text(
                    "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c"
                    " JOIN pg_namespace n ON n.oid = c.relnamespace"
                    " WHERE n.nspname = :name AND c.relkind = 'r'"
                ),
                {"name": f"growth_{size}"},
            )
    print(
        f"{size} articles of 800 words: {float(bytes_used) / size / 1000:.1f} kB each"
    )
