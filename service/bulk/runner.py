"""Narrate many articles into files, several processes at once."""

import functools
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from service.bulk.context import BulkContext, load_context
from service.bulk.outputs import write_audio, write_captions
from service.bulk.process_pool import process_pool
from service.cleaning.report import CleaningReport
from service.preparation import ArticleRequest
from voices.errors import OutspokenError
from voices.system.cpu import cpu_count
from workers.interruptions import RenderingInterrupted
from workers.narration import NarrationRecord
from workers.rendering.get_or_render import get_or_render
from workers.rendering.render import ProgressCallback, RenderOptions

ReadArticle = Callable[[str], ArticleRequest]
"""Reads a source, such as a path; it must be picklable when `jobs` is above 1."""

ShowProgress = Callable[[str], AbstractContextManager[ProgressCallback]]
"""Shows the progress of one file, by its name; picklable like `ReadArticle`."""


@dataclass(frozen=True, slots=True)
class BulkOptions:
    """Options of every article of a run."""

    voice: str | None = None
    """Id of the voice; None for the default voice."""

    captions: bool = False
    """Whether to write WebVTT next to the audio."""

    jobs: int = 1
    """Processes that render at the same time."""


@dataclass(frozen=True, slots=True)
class BulkItem:
    """One article to narrate, and the file to write."""

    source: str
    path: Path


@dataclass(frozen=True, slots=True)
class BulkResult:
    """A narration that was written."""

    item: BulkItem
    title: str | None
    record: NarrationRecord
    cleaning: CleaningReport


@dataclass(frozen=True, slots=True)
class BulkFailure:
    """An article that was not narrated, with the error message."""

    item: BulkItem
    problem: str


def narrate_all(
    items: Sequence[BulkItem],
    options: BulkOptions,
    read: ReadArticle,
    show_progress: ShowProgress,
) -> Generator[BulkResult | BulkFailure]:
    """Narrate every item; yield the results in the order of the items.

    An article that fails does not stop the others.  Closing the iterator ends every
    process of the run.
    """
    narrate = functools.partial(
        _attempt, options=options, read=read, show_progress=show_progress
    )
    if options.jobs == 1:
        # Once per run: opening a voice takes longer than a short article.
        load = functools.cache(load_context)
        yield from map(functools.partial(narrate, load=load), items)
        return
    with process_pool(options.jobs) as pool:
        load = _load_process_context
        yield from pool.map(functools.partial(narrate, load=load), items)


def _attempt(
    item: BulkItem,
    options: BulkOptions,
    read: ReadArticle,
    show_progress: ShowProgress,
    load: Callable[[], BulkContext],
) -> BulkResult | BulkFailure:
    try:
        return _narrate(item, options, read, show_progress, load)
    except (OutspokenError, RenderingInterrupted) as error:
        return BulkFailure(item, f"{item.source}: {error}")


def _narrate(
    item: BulkItem,
    options: BulkOptions,
    read: ReadArticle,
    show_progress: ShowProgress,
    load: Callable[[], BulkContext],
) -> BulkResult:
    context = load()
    prepared = context.preparer.prepare(replace(read(item.source), voice=options.voice))
    with show_progress(item.path.name) as on_progress:
        record = get_or_render(
            prepared.spec,
            context.archive,
            context.open_engine,
            on_progress,
            RenderOptions(threads=max(1, cpu_count() // options.jobs)),
        )
    write_audio(record, context.archive, item.path)
    if options.captions:
        write_captions(record, context.archive, item.path.with_suffix(".vtt"))
    title = prepared.cleaned.article.title
    return BulkResult(item, title, record, CleaningReport.of(prepared.cleaned))


@functools.cache
def _load_process_context() -> BulkContext:
    # Once per process of the pool.
    return load_context()
