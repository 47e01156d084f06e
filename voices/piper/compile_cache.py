"""Compiled voices are kept in a cache, once for each voice, runtime and processor.

Each lies in a folder under a key of all three: onnxruntime lays an optimised graph out
for the processor it was made on.  The folder is put in place whole, so any number of
processes may want it at once.
"""

import fcntl
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import onnxruntime

from voices.piper.sessions import Providers
from voices.piper.source import Source
from voices.system.cpu import cpu_fingerprint

_REWRITE = 9
"""Raised when the rewriting changes, so that what was made before is made anew."""


def cache_folder(source: Source, cache: Path, providers: Providers) -> Path:
    """Return the folder in which a voice lies, or will lie, compiled."""
    parts = [
        source.voice.model_sha256,
        onnxruntime.__version__,
        cpu_fingerprint(),
        str(_REWRITE),
        *providers,
    ]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return cache / f"{source.voice.id}-{key}"


@contextmanager
def locked(place: Path) -> Iterator[Path]:
    """Wait until no other process compiles the same voice; raises OSError.

    It gives a folder to compile in, of which what is not kept is removed.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Whoever made these was killed: the lock is ours.
        for left in place.parent.glob(f".{place.name}-*"):
            shutil.rmtree(left, ignore_errors=True)
        making = tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}-")
        try:
            yield Path(making)
        finally:
            shutil.rmtree(making, ignore_errors=True)


def store_compiled(made: Path, place: Path) -> None:
    """Put the folder of a compiled voice in its place; raises OSError."""
    # Whoever compiled it, all users may speak it.
    made.chmod(0o755)
    shutil.rmtree(place, ignore_errors=True)
    made.rename(place)
