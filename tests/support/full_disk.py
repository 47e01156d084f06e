"""Mount small disks that a test can fill; only root may."""

import subprocess
from pathlib import Path


def mount(*arguments: str | Path) -> bool:
    """Run mount(8); return whether it succeeded."""
    done = subprocess.run(["mount", *arguments], capture_output=True, check=False)  # noqa: S607 - on PATH
    return done.returncode == 0


def unmount(folder: Path) -> None:
    """Unmount a disk even if files on it are open."""
    subprocess.run(["umount", "--lazy", folder], check=True)  # noqa: S607 - on PATH
