"""Open a voice's model the fastest way that works: compiled, seeded or stock."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from voices.errors import InvalidVoice
from voices.piper.compile_cache import cache_folder, lock_folder, store_compiled
from voices.piper.compile_process import (
    CompileRequest,
    NotCompiledError,
    compile_in_subprocess,
)
from voices.piper.compiled_model import open_compiled
from voices.piper.model import Model, StockModel
from voices.piper.sessions import Providers, open_graph
from voices.piper.source import Source
from voices.system.heap import trim_heap

_LOG = logging.getLogger(__name__)


def open_model(
    source: Source,
    cache: Path | None,
    providers: Providers,
    *,
    compile_graph: bool = True,
) -> Model:
    """Open a voice, compiled if possible.

    Args:
        source: the voice as it was installed.
        cache: folder of compiled voices; with None, or if it cannot be written, the
            voice is compiled on every call, in a temporary folder.
        providers: onnxruntime's execution providers, the first available is used.
        compile_graph: False to run the graph as exported, without reading the cache.

    Raises:
        InvalidVoice: the voice is damaged or not a Piper voice.
    """
    try:
        if not compile_graph:
            return _open_exported(source, providers)
        return _compiled_or_exported(source, cache, providers)
    finally:
        # Opening takes twice what stays open.
        trim_heap()


def _compiled_or_exported(
    source: Source, cache: Path | None, providers: Providers
) -> Model:
    try:
        if cache is not None:
            try:
                return _open_cached(source, cache, providers)
            except OSError as error:
                _LOG.warning("compiled voices cannot be stored in %s: %s", cache, error)
        with TemporaryDirectory(prefix="outspoken-") as folder:
            return _compile(CompileRequest(source, providers, Path(folder)))
    except OSError as error:
        _LOG.warning("voices cannot be compiled, nothing can be written: %s", error)
    except NotCompiledError as error:
        _LOG.warning("voice %s is not compiled: %s", source.voice.id, error)
    return _open_exported(source, providers)


def _open_cached(source: Source, cache: Path, providers: Providers) -> Model:
    folder = cache_folder(source, cache, providers)
    if cached := open_compiled(folder, source, providers):
        return cached
    with lock_folder(folder) as workspace:
        if cached := open_compiled(folder, source, providers):
            return cached
        model = _compile(CompileRequest(source, providers, workspace))
        try:
            store_compiled(workspace, folder)
            _LOG.info("voice %s is compiled for this machine", source.voice.id)
        except OSError as error:
            _LOG.warning("compiled voices cannot be stored in %s: %s", cache, error)
        return model


def _compile(request: CompileRequest) -> Model:
    compile_in_subprocess(request)
    if model := open_compiled(request.folder, request.source, request.providers):
        return model
    raise NotCompiledError("the compiled voice cannot be opened")


def _open_exported(source: Source, providers: Providers) -> Model:
    # onnx takes half a second to import; compiled voices do not need it.
    from voices.piper.compiler.graph_analysis import UnknownGraphError  # noqa: PLC0415
    from voices.piper.compiler.rewriter import GraphRewriter  # noqa: PLC0415

    with _translating_errors(source):
        try:
            return GraphRewriter(source).seeded(providers)
        except UnknownGraphError as error:
            _LOG.warning("voice %s is not repeatable: %s", source.voice.id, error)
        session = open_graph(source.graph(), providers)
        return StockModel(session, source.synthesis, source.config.hop_length)


@contextmanager
def _translating_errors(source: Source) -> Iterator[None]:
    """Raise InvalidVoice for onnxruntime's errors, which have no common class."""
    try:
        yield
    except InvalidVoice:
        raise
    except Exception as error:
        message = f"Voice {source.voice.id} is not a Piper voice; choose another."
        raise InvalidVoice(message) from error
