"""`outspoken narrate`: narrate articles into files, without a queue."""

import functools
import json
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import click

from service.article import ContentSource
from service.bulk.runner import (
    BulkFailure,
    BulkItem,
    BulkOptions,
    BulkResult,
    narrate_all,
)
from service.cleaning.report import CleaningReport
from service.cli.progress import progress_bar
from service.cli.sources import content_options, read_request
from service.cli.stop_signals import stopping_with
from workers.audio.formats import EXPORT_FORMATS
from workers.narration import DISCLOSURE


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILE...|-")
@click.option("-o", "--output", help="File, or folder when it ends with a slash.")
@click.option("--voice", help="Voice that reads; see `outspoken voices list`.")
@click.option("--html", is_flag=True, help="The input is HTML.")
@content_options
@click.option("--captions", is_flag=True, help="Write WebVTT next to the audio.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per file.")
@click.option("--jobs", type=click.IntRange(1), default=1, help="Articles at once.")
def narrate(  # noqa: PLR0913 - one parameter per option
    sources: tuple[str, ...],
    output: str | None,
    voice: str | None,
    jobs: int,
    *,
    html: bool,
    content: ContentSource | None,
    captions: bool,
    as_json: bool,
) -> None:
    """Read articles aloud into MP3 files (or .wav .ogg .opus .m4a .flac).

    Without -o each file is written to the current folder under the article's own name.
    Narrations that are in the library are not rendered again.

    Example: outspoken narrate page.txt -o page.mp3
    """
    items = [BulkItem(source, _destination(source, output)) for source in sources]
    _check_output_conflicts([item.path for item in items])
    # Standard input cannot be read by another process.
    options = BulkOptions(voice, captions, 1 if "-" in sources else jobs)
    read = functools.partial(read_request, html=html, content=content)
    failed = False
    with (
        stopping_with("Stopped; the same command goes on from here."),
        closing(narrate_all(items, options, read, progress_bar)) as results,
    ):
        for result in results:
            if isinstance(result, BulkFailure):
                failed = True
                click.echo(f"outspoken: {result.problem}", err=True)
            else:
                click.echo(_as_json(result) if as_json else _as_text(result))
                _warn(result.item.source, result.cleaning)
    if failed:
        sys.exit(1)


def _warn(source: str, report: CleaningReport) -> None:
    if report.doubts:
        doubts = " ".join(report.doubts)
        message = f"outspoken: {source}: confidence {report.confidence:.2f}: {doubts}"
        click.echo(message, err=True)


def _as_text(result: BulkResult) -> str:
    seconds = result.record.seconds
    return f"{result.item.path}  {seconds:.1f} s  {result.title or ''}".rstrip()


def _as_json(result: BulkResult) -> str:
    record = result.record
    fields = {
        "source": result.item.source,
        "file": str(result.item.path),
        "key": record.key,
        "title": result.title,
        "seconds": round(record.seconds, 3),
        "voice": record.voice,
        "engine": record.engine,
        "disclosure": DISCLOSURE,
    } | asdict(result.cleaning)
    return json.dumps(fields, ensure_ascii=False)


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


def _check_output_conflicts(destinations: Sequence[Path]) -> None:
    """Refuse outputs that could not be written, before anything is rendered."""
    for path, times in Counter(destinations).items():
        if path.suffix.removeprefix(".").lower() not in EXPORT_FORMATS:
            known = ", ".join(f".{name}" for name in EXPORT_FORMATS)
            message = f"{path} is not an audio file; choose one of: {known}."
            raise click.UsageError(message)
        if times > 1:
            message = f"{times} articles would be written to {path}; name a folder."
            raise click.UsageError(message)
