"""Composition root of bulk narration, without a queue."""

import functools
from dataclasses import dataclass

from service.preparation import ArticlePreparer, load_preparer
from service.settings import read_settings
from voices.engine import Engine
from workers.rendering.get_or_render import OpenEngine
from workers.rendering.sentence_cache import CachingEngine
from workers.storage.archive import Archive
from workers.storage.open_storage import open_archive, open_sentence_store


@dataclass(frozen=True, slots=True)
class BulkContext:
    """Preparer, archive and engines of one process."""

    preparer: ArticlePreparer
    archive: Archive
    open_engine: OpenEngine


def load_context() -> BulkContext:
    """Open everything from the environment's settings; no voice is loaded yet.

    The settings are read here because a spawned process has no other way to get them.

    Raises:
        InvalidSettings: A setting cannot be used.
        StorageFailed: The library or the database cannot be opened.
    """
    settings = read_settings()
    preparer = load_preparer(settings)
    archive = open_archive(settings)
    sentences = open_sentence_store(settings)

    @functools.cache
    def open_engine(voice: str) -> Engine:
        # Loads the synthesiser, which narrations found in the library do not need.
        from voices.open_engine import open_engine as open_voice  # noqa: PLC0415

        installed = preparer.catalogue.find(voice)
        engine = open_voice(
            installed,
            settings.voices_cache,
            settings.device,
            compile_graph=settings.compile,
        )
        return CachingEngine(engine, sentences, settings.device)

    return BulkContext(preparer, archive, open_engine)
