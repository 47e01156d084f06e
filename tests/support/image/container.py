"""Containers of the compose file's services, run by bubblewrap.

They have what the file gives them: user, no capabilities, a read-only root, mounts,
secrets, environment, command, health check, and a network without outside access, which
they share.  They lack limits of CPU, memory and processes.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.paths import START_TIMEOUT_S
from tests.support.processes import children_of, wait_until

_NEW_NETWORK = 0x40000000
"""CLONE_NEWNET of sched.h."""

_UNITS = {"k": 2**10, "m": 2**20, "g": 2**30}
_HEALTH_INTERVAL_S = 0.2


@contextlib.contextmanager
def private_network() -> Iterator[None]:
    """Give this thread, and what it starts, a network of its own: loopback alone."""
    libc = ctypes.CDLL(None, use_errno=True)
    with Path("/proc/thread-self/ns/net").open() as before:
        assert libc.unshare(_NEW_NETWORK) == 0, os.strerror(ctypes.get_errno())
        try:
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)  # noqa: S607 - on PATH
            yield
        finally:
            assert libc.setns(before.fileno(), _NEW_NETWORK) == 0


@dataclass
class ServiceContainer:
    """One container of a service."""

    name: str
    service: Mapping[str, Any]
    """The service, from the compose file."""

    root: Path
    """The files of its image."""

    image: Mapping[str, list[str]]
    """Environment, entry point and command of its image."""

    volumes: Path
    """Folder of all volumes and secrets."""

    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def log(self) -> Path:
        """Its stdout and stderr."""
        return self.volumes / f"{self.name}.log"

    def start(self) -> None:
        """Start it; return at once."""
        service, image = self.service, self.image
        # A service's entry point takes the place of the image's, and of its command.
        program = service.get("entrypoint", image.get("Entrypoint", []))
        default = [] if "entrypoint" in service else image.get("Cmd") or []
        command = [*program, *service.get("command", default)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._sandbox(), *command], stdout=log, stderr=log
            )

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run its entry point with another command, in a container of its own."""
        return self._finish([*self._sandbox(), *self.image["Entrypoint"], *command])

    def execute(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command inside it, while it runs."""
        target = ["nsenter", "--target", str(self._main_process())]
        spaces = ["--mount", "--pid", "--ipc", "--uts", "--root", "--wd"]
        variables = [f"{name}={value}" for name, value in self._environment().items()]
        inside = [*self._as_user(), "env", "-i", *variables, *command]
        return self._finish([*target, *spaces, *inside])

    def is_healthy(self) -> bool:
        """Run its health check."""
        shell, *command = self.service["healthcheck"]["test"]
        assert shell == "CMD"
        return self.execute(*command).returncode == 0

    def wait_until_healthy(self) -> None:
        """Return once its health check passes."""
        wait_until(self.is_healthy, START_TIMEOUT_S, _HEALTH_INTERVAL_S)

    def kill(self) -> None:
        """Kill all its processes at once."""
        assert self._process
        # They have a process namespace of their own, which ends with its first.
        self._process.kill()
        self._process.wait(START_TIMEOUT_S)

    def stop(self) -> None:
        """Ask its process to end, and wait."""
        if self._process and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._main_process(), signal.SIGTERM)
            try:
                self._process.wait(START_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.kill()

    def _main_process(self) -> int:
        """Return the first process of the container after its init."""
        assert self._process
        outer = self._process.pid
        wait_until(lambda: bool(self._inside(outer)), START_TIMEOUT_S)
        return min(self._inside(outer))

    def _inside(self, outer: int) -> set[int]:
        assert self._process
        assert self._process.poll() is None, self.log.read_text()[-3000:]
        return {pid for init in children_of(outer) for pid in children_of(init)}

    def _finish(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=START_TIMEOUT_S,
            check=False,
        )

    def _environment(self) -> dict[str, str]:
        pairs = [pair.partition("=") for pair in self.image.get("Env", [])]
        from_image = {name: value for name, _, value in pairs}
        return from_image | self.service.get("environment", {})

    def _as_user(self) -> list[str]:
        uid, gid = self.service["user"].split(":")
        user = [f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
        none = ["--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]
        return ["setpriv", *user, *none]

    def _sandbox(self) -> list[str]:
        """Return the command that runs another one in a container."""
        assert self.service["read_only"]
        assert self.service["cap_drop"] == ["ALL"]
        spaces = ["--unshare-pid", "--unshare-ipc", "--unshare-uts"]
        command = ["bwrap", *spaces, "--hostname", self.name, "--die-with-parent"]
        # To become another user; `setpriv` drops all of them.
        command += ["--cap-add", "ALL", "--clearenv"]
        for name, value in self._environment().items():
            command += ["--setenv", name, value]
        command += ["--ro-bind", str(self.root), "/", "--tmpfs", "/run"]
        command += ["--proc", "/proc", "--dev", "/dev"]
        command += ["--ro-bind", str(self.volumes / "hosts"), "/etc/hosts"]
        shared = f"/dev/shm:size={self.service.get('shm_size', '64m')}"  # noqa: S108
        for mount in [shared, *self.service["tmpfs"]]:
            place, size = mount.split(":size=")
            limit = int(size[:-1]) * _UNITS[size[-1]]
            # Debian's /var/run is a link.
            place = place.removeprefix("/var") if "/var/run/" in place else place
            command += ["--perms", "1777", "--size", str(limit), "--tmpfs", place]
        for mount in self.service["volumes"]:
            name, place = mount.split(":")
            command += ["--bind", str(self._volume(name, place)), place]
        command += ["--perms", "0755", "--dir", "/run/secrets"]
        for name in self.service.get("secrets", []):
            secret = str(self.volumes / "secrets" / name)
            command += ["--ro-bind", secret, f"/run/secrets/{name}"]
        command += ["--remount-ro", "/run"]
        workdir = self.image.get("WorkingDir") or "/"
        return [*command, "--chdir", str(workdir), *self._as_user()]

    def _volume(self, name: str, place: str) -> Path:
        """Return a volume; a new one takes its owner from the folder in the image."""
        folder = self.volumes / name
        if not folder.exists():
            folder.mkdir()
            like = (self.root / place.removeprefix("/")).stat()
            shutil.chown(folder, like.st_uid, like.st_gid)
            folder.chmod(like.st_mode)
        return folder
