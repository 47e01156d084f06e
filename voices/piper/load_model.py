"""Which of the three ways a voice is run: the best that proves itself."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from voices.errors import VoiceBroken
from voices.piper.compile_cache import alone, keep, place_of
from voices.piper.compile_process import NotCompiledError, Order, compile_apart
from voices.piper.compiled_model import open_compiled
from voices.piper.model import Model, StockModel
from voices.piper.sessions import Providers, open_graph
from voices.piper.source import Source
from voices.system.heap import give_back

_LOG = logging.getLogger(__name__)


def open_model(source: Source, cache: Path | None, providers: Providers) -> Model:
    """Open a voice, compiled if it can be.

    Args:
        source: the voice as it was installed.
        cache: folder of compiled voices; None, or one that cannot be written, has the
            voice compiled each time, in the machine's folder of temporary files.
        providers: of onnxruntime, the first that is there counts.

    Raises VoiceBroken when the voice is damaged or no Piper voice.
    """
    try:
        return _best(source, cache, providers)
    finally:
        # Opening takes twice what stays open.
        give_back()


def _best(source: Source, cache: Path | None, providers: Providers) -> Model:
    try:
        if cache is not None:
            try:
                return _kept(source, cache, providers)
            except OSError as error:
                _LOG.warning("compiled voices cannot be kept in %s: %s", cache, error)
        with TemporaryDirectory(prefix="outspoken-") as folder:
            return _compiled(Order(source, providers, Path(folder)))
    except OSError as error:
        _LOG.warning("voices cannot be compiled, nothing can be written: %s", error)
    except NotCompiledError as error:
        _LOG.warning("voice %s is not compiled: %s", source.voice.id, error)
    return _as_exported(source, providers)


def _kept(source: Source, cache: Path, providers: Providers) -> Model:
    place = place_of(source, cache, providers)
    if kept := open_compiled(place, source, providers):
        return kept
    with alone(place) as making:
        if kept := open_compiled(place, source, providers):
            return kept
        model = _compiled(Order(source, providers, making))
        try:
            keep(making, place)
            _LOG.info("voice %s is compiled for this machine", source.voice.id)
        except OSError as error:
            _LOG.warning("compiled voices cannot be kept in %s: %s", cache, error)
        return model


def _compiled(order: Order) -> Model:
    compile_apart(order)
    if model := open_compiled(order.folder, order.source, order.providers):
        return model
    raise NotCompiledError("what was compiled cannot be opened")


def _as_exported(source: Source, providers: Providers) -> Model:
    # onnx takes half a second to import; a voice that is compiled does without it.
    from voices.piper.compiler.graph_analysis import AnatomyUnknownError  # noqa: PLC0415
    from voices.piper.compiler.rewriter import Surgery  # noqa: PLC0415

    with _refused_as_broken(source):
        try:
            return Surgery(source).seeded(providers)
        except AnatomyUnknownError as error:
            _LOG.warning("voice %s is not repeatable: %s", source.voice.id, error)
        session = open_graph(source.graph(), providers)
        return StockModel(session, source.manner, source.config.hop_length)


@contextmanager
def _refused_as_broken(source: Source) -> Iterator[None]:
    """Say VoiceBroken of what onnxruntime refuses; its errors have no common base."""
    try:
        yield
    except VoiceBroken:
        raise
    except Exception as error:
        message = f"Voice {source.voice.id} is no Piper voice; choose another."
        raise VoiceBroken(message) from error
