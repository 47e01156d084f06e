"""Cache of compiled voices, one folder per voice, runtime and processor.

The folder's name is a key of all three, because onnxruntime lays out an optimized graph
for the processor that optimized it.  A folder appears by one rename, so any number of
processes may use the cache at once.
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

_REWRITE_VERSION = 10
"""Increased when the rewriting changes, so that older entries are not used."""


def cache_folder(source: Source, cache: Path, providers: Providers) -> Path:
    """Return the folder of a compiled voice, which may not exist yet."""
    parts = [
        source.voice.model_sha256,
        onnxruntime.__version__,
        cpu_fingerprint(),
        str(_REWRITE_VERSION),
        *providers,
    ]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return cache / f"{source.voice.id}-{key}"


@contextmanager
def lock_folder(folder: Path) -> Iterator[Path]:
    """Lock a folder of the cache and yield an empty workspace to compile in.

    Waits while another process compiles the same voice.  The workspace is removed on
    exit unless `store_compiled` moved it.

    Raises:
        OSError: the cache cannot be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # The lock is held, so these belong to processes that were killed.
        for stale in folder.parent.glob(f".{folder.name}-*"):
            shutil.rmtree(stale, ignore_errors=True)
        workspace = tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-")
        try:
            yield Path(workspace)
        finally:
            shutil.rmtree(workspace, ignore_errors=True)


def store_compiled(workspace: Path, folder: Path) -> None:
    """Move a compiled voice from its workspace into the cache; raises OSError."""
    # mkdtemp makes it private; every user of the cache may read it.
    workspace.chmod(0o755)
    shutil.rmtree(folder, ignore_errors=True)
    workspace.rename(folder)
