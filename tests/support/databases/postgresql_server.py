"""A PostgreSQL server of the tests, on a socket of its own."""

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tests.support.paths import START_TIMEOUT_S
from tests.support.processes import wait_until

_PACKAGED = "/usr/lib/postgresql"
"""Debian's programs, in a folder for each version."""


def find_programs() -> Path | None:
    """Return the folder of `initdb` and `postgres`; None if there is none."""
    if program := shutil.which("initdb"):
        return Path(program).resolve().parent
    found = sorted(Path(_PACKAGED).glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def running_server(programs: Path, password: str | None = None) -> Iterator[str]:
    """Run a server with an empty database; yield the database's address.

    With a password, which is not in the address, it asks for that (by SCRAM).
    """
    # Not pytest's folder: a socket's path has 107 bytes at most.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    # PostgreSQL does not run as root.
    user = "postgres" if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    data, name = folder / "data", user or getpass.getuser()
    initdb: list[str | Path] = [programs / "initdb", "--no-sync", "-U", name]
    if password is not None:
        file = folder / "password"
        file.write_text(password)
        file.chmod(0o644)
        initdb += ["--auth=scram-sha-256", f"--pwfile={file}"]
    subprocess.run(
        [*initdb, "-E", "UTF8", "-D", data],
        user=user,
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, "-h", "", "-F"],
            user=user,
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    try:
        is_ready: list[str | Path] = [
            programs / "pg_isready",
            "-q",
            "-h",
            folder,
            "-d",
            "postgres",
        ]
        wait_until(
            lambda: subprocess.run(is_ready, check=False).returncode == 0,
            START_TIMEOUT_S,
        )
        yield f"postgresql://{name}@/postgres?host={quote(str(folder), safe='')}"
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)
