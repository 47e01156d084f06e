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
from typing import Any, NamedTuple

import onnxruntime
from onnxruntime import InferenceSession

from voices.piper.model import CompiledModel, Names, Shape
from voices.piper.parts import Joint, Reach
from voices.piper.sessions import AS_IT_IS, Providers, open_graph
from voices.piper.source import Source
from voices.processor import processor

_LOG = logging.getLogger(__name__)

_REWRITE = 9
"""Raised when the rewriting changes, so that what was made before is made anew."""

_PIECE = 1 << 20
"""Bytes of a file that are read at once."""

_FACTS, _SHAPE = "facts.json", "shape"


class Graphs(NamedTuple):
    """The parts of a compiled voice in onnxruntime's own format."""

    text: bytes
    flow: bytes
    coarse: bytes
    fine: bytes


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a voice is compiled to."""

    graphs: Graphs
    shape: Shape


def keep_compiled(
    compiled: Compiled, source: Source, cache: Path, providers: Providers
) -> None:
    """Put a compiled voice into the cache; raises OSError."""
    folder = _folder(source, cache, providers)
    making = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        crc32 = {}
        for part, graph in compiled.graphs._asdict().items():
            (making / f"{part}.ort").write_bytes(graph)
            crc32[part] = zlib.crc32(graph)
        # By their sums a disk that has failed is noticed, and they are made anew.
        shape = asdict(compiled.shape)
        crc32[_SHAPE] = _crc32_of(shape)
        facts = {_SHAPE: shape, "crc32": crc32}
        (making / _FACTS).write_text(json.dumps(facts), encoding="utf-8")
        # Whoever compiled it, all users may speak it.
        making.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def kept_model(
    source: Source, cache: Path, providers: Providers
) -> CompiledModel | None:
    """Open what was compiled on this machine before; None when nothing is whole."""
    folder, parts = _folder(source, cache, providers), Graphs._fields
    try:
        facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        crc32 = {part: int(facts["crc32"][part]) for part in (*parts, _SHAPE)}
        if crc32[_SHAPE] != _crc32_of(facts[_SHAPE]):
            return None
        shape = _shape_of(facts[_SHAPE])
    except (OSError, ValueError, TypeError, KeyError):
        return None

    def open_part(part: str) -> InferenceSession | None:
        return _open(folder / f"{part}.ort", crc32[part], providers)

    with ThreadPoolExecutor(len(parts)) as threads:
        opened = [one for one in threads.map(open_part, parts) if one is not None]
    if len(opened) < len(parts):
        _LOG.warning("compiled voice %s is damaged and is made anew", folder.name)
        return None
    return _opened(opened, source, shape)


def model_of(compiled: Compiled, source: Source, providers: Providers) -> CompiledModel:
    """Open a compiled voice without keeping it."""
    opened = [open_graph(one, providers, level=AS_IT_IS) for one in compiled.graphs]
    return _opened(opened, source, compiled.shape)


def _opened(
    sessions: list[InferenceSession], source: Source, shape: Shape
) -> CompiledModel:
    text, flow, coarse, fine = sessions
    return CompiledModel(text, flow, coarse, fine, source.manner, shape)


def _shape_of(told: dict[str, Any]) -> Shape:
    flow, coarse, fine = (
        Joint(**joint | {"reach": Reach(**joint["reach"])}) for joint in told["joints"]
    )
    return Shape(Names(**told["names"]), (flow, coarse, fine), bool(told["windowed"]))


@contextmanager
def alone(source: Source, cache: Path, providers: Providers) -> Iterator[Path]:
    """Wait until no other process compiles the same voice; raises OSError.

    It gives a folder for what is needed only in between.
    """
    folder = _folder(source, cache, providers)
    cache.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Whoever made these was killed: the lock is ours.
        for left in cache.glob(f".{folder.name}-*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix=f".{folder.name}-") as made:
            yield Path(made)


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


def _open(path: Path, crc32: int, providers: Providers) -> InferenceSession | None:
    # By its path: given bytes, a session keeps them beside its own copy.
    try:
        if _crc32(path) == crc32:
            return open_graph(path, providers, level=AS_IT_IS, lasting=True)
    # Also when it is taken away in between, of which onnxruntime says what it likes.
    except Exception as error:  # noqa: BLE001 - its errors derive from Exception alone
        _LOG.warning("%s cannot be opened: %s", path, error)
    return None


def _crc32_of(told: object) -> int:
    return zlib.crc32(json.dumps(told, sort_keys=True).encode())


def _crc32(path: Path) -> int:
    crc32 = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            crc32 = zlib.crc32(piece, crc32)
    return crc32
