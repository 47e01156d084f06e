"""`outspoken narrate`: articles become audio, without a queue."""

import functools
import json
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import click

from service.bulk.outputs import BulkContext, write_audio, write_captions
from service.cli.progress import progress_bar
from service.cli.sources import read_source
from service.preparation import load_preparer
from service.settings import read_settings
from voices.engine import Engine
from voices.errors import OutspokenError
from voices.system.cpu import cpu_count
from workers.audio.formats import EXPORT_FORMATS
from workers.narration import DISCLOSURE
from workers.rendering.produce import get_or_make_narration
from workers.rendering.render import RenderOptions
from workers.rendering.sentence_cache import CachingEngine
from workers.storage.archive import open_archive, open_records
from workers.storage.pins import Pins
from workers.storage.quotas import library_quota, sentence_store


@dataclass(frozen=True, slots=True)
class NarrateOptions:
    """What was chosen on the command line for every article."""

    output: str | None
    voice: str | None
    html: bool
    captions: bool
    as_json: bool
    jobs: int


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILE...|-")
@click.option("-o", "--output", help="File, or folder when it ends with a slash.")
@click.option("--voice", help="Who reads; see `outspoken voices list`.")
@click.option("--html", is_flag=True, help="The input is HTML.")
@click.option("--captions", is_flag=True, help="Write WebVTT beside the audio.")
@click.option("--json", "as_json", is_flag=True, help="Tell what was made as JSON.")
@click.option("--jobs", type=click.IntRange(1), default=1, help="Articles at once.")
def narrate(sources: tuple[str, ...], jobs: int, **chosen: object) -> None:
    """Read articles aloud into MP3 files (or .wav .ogg .opus .m4a .flac).

    Without -o each file is written into the current folder under the article's own
    name.  What was read before comes from the library.

    Example: outspoken narrate page.txt -o page.mp3
    """
    choices = NarrateOptions(jobs=jobs, **chosen)  # type: ignore[arg-type]  # click gives each its type
    _refuse_clashes([_destination(source, choices.output) for source in sources])
    failed = 0
    for told, problem in _narrations(sources, choices):
        if problem:
            failed += 1
            click.echo(f"outspoken: {problem}", err=True)
        else:
            click.echo(told)
    if failed:
        sys.exit(1)


def _narrations(
    sources: tuple[str, ...], choices: NarrateOptions
) -> Iterator[tuple[str, str]]:
    """Yield (what was made, "") or ("", what went wrong) for every source, in order."""
    if choices.jobs == 1 or "-" in sources:
        yield from map(functools.partial(_attempt, choices), sources)
        return
    # Spawned, not forked: a voice opened before a fork would hang in the child.
    with ProcessPoolExecutor(choices.jobs, get_context("spawn")) as pool:
        yield from pool.map(functools.partial(_attempt, choices), sources)


def _attempt(choices: NarrateOptions, source: str) -> tuple[str, str]:
    try:
        return _narrate(choices, source), ""
    except OutspokenError as error:
        return "", f"{source}: {error}"


def _narrate(choices: NarrateOptions, source: str) -> str:
    bench = _bench()
    article = read_source(source, html=choices.html)
    prepared = bench.studio.prepare(article, choices.voice)
    path = _destination(source, choices.output)
    with progress_bar(path.name) as progress:
        recording = get_or_make_narration(
            prepared.order,
            bench.archive,
            bench.open_engine,
            progress,
            RenderOptions(threads=max(1, cpu_count() // choices.jobs)),
        )
    write_audio(recording, bench.archive, path)
    if choices.captions:
        write_captions(recording, path.with_suffix(".vtt"))
    title = prepared.cleaned.article.title
    if not choices.as_json:
        return f"{path}  {recording.seconds:.1f} s  {title or ''}".rstrip()
    told = {
        "source": source,
        "file": str(path),
        "key": recording.key,
        "title": title,
        "seconds": round(recording.seconds, 3),
        "voice": recording.voice,
        "engine": recording.engine,
        "disclosure": DISCLOSURE,
        "cuts": [asdict(cut) for cut in prepared.cleaned.cuts],
    }
    return json.dumps(told, ensure_ascii=False)


@functools.cache
def _bench() -> BulkContext:
    settings = read_settings()
    studio = load_preparer(settings)
    archive = open_archive(settings)
    references = Pins(open_records(settings))
    # There is no queue to ask what is being made: no parts are taken for left over.
    room = library_quota(settings, archive, references.keys, is_live=lambda _: True)
    remembered = sentence_store(settings, room)

    @functools.cache
    def open_engine(voice: str) -> Engine:
        # Loads the synthesiser: what comes from the library is answered without it.
        from voices.open_engine import open_engine  # noqa: PLC0415

        installed = studio.catalogue.find(voice)
        speaker = open_engine(installed, settings.voices_cache, settings.processor)
        return CachingEngine(speaker, remembered, settings.processor)

    return BulkContext(studio, archive.within(room), open_engine)


def _destination(source: str, output: str | None) -> Path:
    name = "narration" if source == "-" else Path(source).stem
    if output is None:
        return Path(f"{name}.mp3")
    path = Path(output)
    if output == "-":
        raise click.UsageError("Audio is not written to standard output; name a file.")
    if output.endswith("/") or path.is_dir() or not path.suffix:
        return path / f"{name}.mp3"
    return path


def _refuse_clashes(destinations: list[Path]) -> None:
    """Refuse, before anything is made, what could not be written afterwards."""
    for path, times in Counter(destinations).items():
        if path.suffix.removeprefix(".").lower() not in EXPORT_FORMATS:
            known = ", ".join(f".{name}" for name in EXPORT_FORMATS)
            message = f"{path} is no audio file; choose one of: {known}."
            raise click.UsageError(message)
        if times > 1:
            message = f"{times} articles would be written to {path}; name a folder."
            raise click.UsageError(message)
