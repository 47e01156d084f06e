"""A voice's graph is made fast, once for each voice, runtime and kind of processor.

What is made lies in a folder of the cache under a key of all three: onnxruntime lays an
optimised graph out for the processor it was made on.  The folder is put in place whole,
so any number of processes may want it at once.
"""

import fcntl
import hashlib
import json
import logging
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import onnxruntime
from onnxruntime import InferenceSession

from voices.piper.model import CompiledModel, Names, Shape
from voices.piper.sessions import open_graph
from voices.piper.source import Source
from voices.processor import processor

_LOG = logging.getLogger(__name__)

_REWRITE = 2
"""Raised when the rewriting changes, so that what was made before is made anew."""

_PIECE = 1 << 20
"""Bytes of a file that are read at once."""

_PARTS = ("text", "flow", "decoder")
_FACTS = "facts.json"

Providers = tuple[str, ...]
"""onnxruntime's names of what may compute, the best first."""


@dataclass(frozen=True, slots=True)
class Thirds:
    """What a voice is compiled to: three graphs, as onnx serialises them."""

    text: bytes
    flow: bytes
    decoder: bytes
    shape: Shape


def keep_thirds(
    thirds: Thirds, source: Source, cache: Path, providers: Providers
) -> None:
    """Put a compiled voice into the cache; raises OSError."""
    folder = _folder(source, cache, providers)
    making = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        crc32 = {}
        for part in _PARTS:
            path = making / f"{part}.ort"
            _optimise(getattr(thirds, part), path, providers)
            crc32[part] = _crc32(path)
        # By their sums a disk that has failed is noticed, and they are made anew.
        facts = {"shape": asdict(thirds.shape), "crc32": crc32}
        (making / _FACTS).write_text(json.dumps(facts), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def kept_model(
    source: Source, cache: Path, providers: Providers
) -> CompiledModel | None:
    """Open what was compiled on this machine before; None when nothing is whole."""
    folder = _folder(source, cache, providers)
    try:
        facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        told, crc32 = facts["shape"], facts["crc32"]
        shape = Shape(**told | {"names": Names(**told["names"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None

    def open_part(part: str) -> InferenceSession | None:
        return _open(folder / f"{part}.ort", crc32[part], providers)

    with ThreadPoolExecutor(len(_PARTS)) as threads:
        text, flow, decoder = threads.map(open_part, _PARTS)
    if text is None or flow is None or decoder is None:
        _LOG.warning("compiled voice %s is damaged and is made anew", folder.name)
        return None
    return CompiledModel(text, flow, decoder, source.manner, shape)


def model_of(thirds: Thirds, source: Source, providers: Providers) -> CompiledModel:
    """Open a compiled voice without keeping it."""
    return CompiledModel(
        open_graph(thirds.text, providers),
        open_graph(thirds.flow, providers),
        open_graph(thirds.decoder, providers),
        source.manner,
        thirds.shape,
    )


@contextmanager
def alone(source: Source, cache: Path, providers: Providers) -> Iterator[None]:
    """Wait until no other process compiles the same voice; raises OSError."""
    folder = _folder(source, cache, providers)
    cache.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Whoever made these was killed: the lock is ours.
        for left in cache.glob(f".{folder.name}-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _folder(source: Source, cache: Path, providers: Providers) -> Path:
    parts = [
        source.voice.model_sha256,
        onnxruntime.__version__,
        processor(),
        str(_REWRITE),
        *providers,
    ]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return cache / f"{source.voice.id}-{key}"


def _optimise(graph: bytes, path: Path, providers: Providers) -> None:
    try:
        open_graph(graph, providers, keep_as=path)
    except Exception as error:  # onnxruntime's errors derive from Exception alone
        message = f"{path} cannot be written"
        raise OSError(message) from error


def _open(path: Path, crc32: int, providers: Providers) -> InferenceSession | None:
    # By its path: given bytes, a session keeps them beside its own copy.
    try:
        whole = _crc32(path) == crc32
    except OSError:
        return None
    return open_graph(path, providers, optimised=True) if whole else None


def _crc32(path: Path) -> int:
    crc32 = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            crc32 = zlib.crc32(piece, crc32)
    return crc32
