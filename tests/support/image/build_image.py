"""Build the image on a stand-in for the official one, made of Debian's packages.

Neither a Docker engine nor a registry of images is needed: podman builds with chroot
isolation.  What took long is kept in `FOLDER`; remove it to start over.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

from tests.support.paths import ROOT

FOLDER = Path("/var/tmp/outspoken-image")  # noqa: S108 - as large as a system
BASE = FOLDER / "base"
"""The stand-in for the base image, and for those of PostgreSQL and Redis."""

PROGRAMS = ("bwrap", "debootstrap", "ip", "nsenter", "podman", "setpriv")

_RELEASE = "trixie"
_PACKAGES = (
    "ca-certificates",
    "postgresql",
    "python3",
    "python3-pip",
    "python3-venv",
    "redis-server",
)
_CERTIFICATES = Path("etc/ssl/certs/ca-certificates.crt")
_PODMAN = ("podman", "--root", FOLDER / "storage", "--runroot", FOLDER / "run")
_NAME = "localhost/outspoken"
_SERVERS_USER = 999
"""User of PostgreSQL and Redis in their official images."""

# What the official image's script does with a new volume.
_START_POSTGRESQL = """#!/bin/bash
set -e
export PGDATA=/var/lib/postgresql/data
PATH=$PATH:$(echo /usr/lib/postgresql/*/bin)
if [ ! -s $PGDATA/PG_VERSION ]; then
  chmod 700 $PGDATA
  initdb --username=$POSTGRES_USER --pwfile=$POSTGRES_PASSWORD_FILE \\
    $POSTGRES_INITDB_ARGS
  echo "host all all all scram-sha-256" >> $PGDATA/pg_hba.conf
  pg_ctl -o "-c listen_addresses=''" -w start
  createdb -U $POSTGRES_USER $POSTGRES_DB
  pg_ctl -m fast -w stop
fi
exec postgres -c listen_addresses='*'
"""


def build_image() -> tuple[Path, dict[str, list[str]]]:
    """Build the image; return the folder of its files and its configuration."""
    FOLDER.mkdir(exist_ok=True)
    base = re.search(r"^ARG PYTHON_IMAGE=(\S+)$", _dockerfile(), re.MULTILINE)
    assert base
    _import_base(f"docker.io/library/{base[1]}")
    isolated = ("--isolation=chroot", "--network=host")
    _run(*_PODMAN, "build", *isolated, "--quiet", "--tag", _NAME, ROOT)
    mounted = _run(*_PODMAN, "image", "mount", _NAME)
    inspected = _run(*_PODMAN, "image", "inspect", _NAME)
    return Path(mounted.strip()), json.loads(inspected)[0]["Config"]


def remove_mounts() -> None:
    """Unmount the image's files."""
    _run(*_PODMAN, "image", "unmount", "--all")


def _dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text(encoding="utf-8")


def _import_base(name: str) -> None:
    done = FOLDER / "base-is-complete"
    if done.exists():
        return
    shutil.rmtree(BASE, ignore_errors=True)
    packages = ",".join(_PACKAGES)
    variant = ("--variant=minbase", f"--include={packages}")
    _run("debootstrap", *variant, _RELEASE, BASE, _mirror())
    # The machine's own certificates: its network may sign again what it passes on.
    shutil.copy(Path("/") / _CERTIFICATES, BASE / _CERTIFICATES)
    (BASE / "etc/pip.conf").write_text(f"[global]\ncert = /{_CERTIFICATES}\n")
    for marker in (BASE / "usr/lib").glob("python3*/EXTERNALLY-MANAGED"):
        marker.unlink()
    # `python` and `pip` are found where the official image has them.
    _run("chroot", BASE, "python3", "-m", "venv", "/usr/local")
    path = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
    archive = FOLDER / "base.tar"
    _run("tar", "-C", BASE, "-cf", archive, ".")
    _run(*_PODMAN, "import", "--change", f"ENV PATH={path}", archive, name)
    archive.unlink()
    _finish_servers()
    done.touch()


def _finish_servers() -> None:
    """Add to the base what the images of PostgreSQL and Redis have."""
    user = str(_SERVERS_USER)
    _run("chroot", BASE, "groupmod", "--gid", user, "postgres")
    _run("chroot", BASE, "usermod", "--uid", user, "postgres")
    for folder in ("data", "var/lib/postgresql/data"):
        place = BASE / folder
        place.mkdir(parents=True, exist_ok=True)
        shutil.chown(place, _SERVERS_USER, _SERVERS_USER)
    script = BASE / "usr/local/bin/docker-entrypoint.sh"
    script.write_text(_START_POSTGRESQL)
    script.chmod(0o755)


def _mirror() -> str:
    """Return the first mirror of this machine's own packages."""
    folder = Path("/etc/apt")
    files = [*folder.glob("sources.list.d/debian*"), folder / "sources.list"]
    lines = "\n".join(path.read_text() for path in files if path.exists())
    found = re.search(r"^(?:URIs:|deb(?: \[.*\])?) (https?://\S+)", lines, re.MULTILINE)
    assert found, "apt has no source of packages over HTTP"
    return found[1]


def _run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (command, done.stdout[-2000:], done.stderr[-2000:])
    return done.stdout
