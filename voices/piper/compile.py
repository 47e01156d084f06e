"""A voice's graph is made fast, once for each voice, runtime and kind of processor.

What is made lies in a folder of the cache under a key of all three: onnxruntime lays an
optimised graph out for the processor it was made on.  The folder is put in place whole,
so any number of processes may want it at once.
"""

import fcntl
import hashlib
import json
import logging
import platform
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import onnxruntime
from onnxruntime import InferenceSession

from voices.piper.model import CompiledModel, Names
from voices.piper.sessions import open_graph
from voices.piper.source import Source

_LOG = logging.getLogger(__name__)

_REWRITE = 1
"""Raised when the rewriting changes, so that what was made before is made anew."""

_PIECE = 1 << 20
"""Bytes of a file that are read at once."""

_TEXT, _SOUND, _FACTS = "text.ort", "sound.ort", "facts.json"

Providers = tuple[str, ...]
"""onnxruntime's names of what may compute, the best first."""


@dataclass(frozen=True, slots=True)
class Halves:
    """What a voice is compiled to."""

    text: bytes
    sound: bytes
    """Graphs as onnx serialises them."""

    names: Names
    hop: int
    halo: int


@dataclass(frozen=True, slots=True)
class _Facts:
    """What must be known of the files to run them."""

    names: Names
    hop: int
    halo: int
    text_crc32: int
    sound_crc32: int
    """A disk that has failed is noticed, and the files are made anew."""


def keep_halves(
    halves: Halves, source: Source, cache: Path, providers: Providers
) -> None:
    """Put compiled halves into the cache; raises OSError."""
    folder = _folder(source, cache, providers)
    making = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        for graph, name in ((halves.text, _TEXT), (halves.sound, _SOUND)):
            _optimise(graph, making / name, providers)
        facts = _Facts(
            names=halves.names,
            hop=halves.hop,
            halo=halves.halo,
            text_crc32=_crc32(making / _TEXT),
            sound_crc32=_crc32(making / _SOUND),
        )
        (making / _FACTS).write_text(json.dumps(asdict(facts)), encoding="utf-8")
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
        told = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        facts = _Facts(**told | {"names": Names(**told["names"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    halves = ((_TEXT, facts.text_crc32), (_SOUND, facts.sound_crc32))
    with ThreadPoolExecutor(len(halves)) as threads:
        opening = [
            threads.submit(_open_half, folder / name, crc32, providers)
            for name, crc32 in halves
        ]
        text, sound = (one.result() for one in opening)
    if text is None or sound is None:
        _LOG.warning("compiled voice %s is damaged and is made anew", folder.name)
        return None
    return CompiledModel(text, sound, source.manner, facts.names, facts.hop, facts.halo)


def model_of(halves: Halves, source: Source, providers: Providers) -> CompiledModel:
    """Open halves without keeping them."""
    return CompiledModel(
        open_graph(halves.text, providers),
        open_graph(halves.sound, providers),
        source.manner,
        halves.names,
        halves.hop,
        halves.halo,
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
        _processor(),
        str(_REWRITE),
        *providers,
    ]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return cache / f"{source.voice.id}-{key}"


def _processor() -> str:
    """What optimised graphs depend on: the kind of processor and what it can do."""
    with suppress(OSError):
        described = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n\n")[0]
        return "\n".join(
            line
            for line in sorted(described.splitlines())
            if line.startswith(("model name", "flags", "Features", "CPU part"))
        )
    return f"{platform.machine()} {platform.processor()}"


def _optimise(graph: bytes, path: Path, providers: Providers) -> None:
    try:
        open_graph(graph, providers, keep_as=path)
    except Exception as error:  # onnxruntime's errors derive from Exception alone
        message = f"{path} cannot be written"
        raise OSError(message) from error


def _open_half(path: Path, crc32: int, providers: Providers) -> InferenceSession | None:
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
