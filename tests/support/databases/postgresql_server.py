"""A PostgreSQL server of the tests, on a socket of its own."""

import getpass
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.support.paths import START_TIMEOUT_S
from tests.support.processes import children_of, stopped, wait_until

_PACKAGED = "/usr/lib/postgresql"
"""Debian's programs, in a folder for each version."""


def find_programs() -> Path | None:
    """Return the folder of `initdb` and `postgres`; None if there is none."""
    if program := shutil.which("initdb"):
        return Path(program).resolve().parent
    found = sorted(Path(_PACKAGED).glob("*/bin/initdb"))
    return found[-1].parent if found else None


@dataclass
class PostgresServer:
    """A server that a test may stop, kill and freeze."""

    programs: Path
    folder: Path

    user: str | None
    """The user of its processes; None for that of the tests."""

    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Address of its first database."""
        return self.address_of("postgres")

    def address_of(self, name: str) -> str:
        """Return the address of a database."""
        user = self.user or getpass.getuser()
        return f"postgresql://{user}@/{name}?host={quote(str(self.folder), safe='')}"

    def start(self) -> None:
        """Start it and return once it answers."""
        command: list[str | Path] = [self.programs / "postgres"]
        command += ["-D", self.folder / "data", "-k", self.folder, "-h", "", "-F"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, user=self.user, cwd=self.folder, stdout=log, stderr=log
            )
        is_ready: list[str | Path] = [self.programs / "pg_isready", "-q"]
        is_ready += ["-h", self.folder, "-d", "postgres"]
        wait_until(
            lambda: subprocess.run(is_ready, check=False).returncode == 0,
            START_TIMEOUT_S,
        )

    def stop(self, number: int = signal.SIGINT) -> None:
        """End it; SIGINT ends transactions, SIGQUIT also leaves its files unclean."""
        if self.process:
            self.process.send_signal(number)
            self.process.wait()
            self.process = None

    def frozen(self) -> AbstractContextManager[None]:
        """Stop its processes from running during a block; clients stay connected."""
        assert self.process
        return stopped([self.process.pid, *children_of(self.process.pid)])


@contextmanager
def running_server(
    programs: Path, password: str | None = None
) -> Iterator[PostgresServer]:
    """Run a server with an empty database.

    With a password, which is not in the address, it asks for that (by SCRAM).
    """
    # Not pytest's folder: a socket's path has 107 bytes at most.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    # PostgreSQL does not run as root.
    user = "postgres" if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    name = user or getpass.getuser()
    initdb: list[str | Path] = [programs / "initdb", "--no-sync", "-U", name]
    if password is not None:
        file = folder / "password"
        file.write_text(password)
        file.chmod(0o644)
        initdb += ["--auth=scram-sha-256", f"--pwfile={file}"]
    subprocess.run(
        [*initdb, "-E", "UTF8", "-D", folder / "data"],
        user=user,
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    server = PostgresServer(programs, folder, user)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)
