"""Version of the data folder's format."""

from collections.abc import Callable, Mapping
from pathlib import Path

from workers.errors import DataFolderTooNew, StorageFailed
from workers.storage.atomic_files import (
    create_file,
    replace_file,
    translating_os_errors,
)

DATA_VERSION = 1
"""Version that this program writes; increased when older programs cannot read it."""

_FILE = "format"

STEPS: Mapping[int, Callable[[Path], None]] = {}
"""By the number that it leads to, what brings a folder there from the one before.  A
step may be broken off at any instruction and is then done again from its beginning."""


def require_data_version(
    data: Path, steps: Mapping[int, Callable[[Path], None]] = STEPS
) -> None:
    """See that a data folder is of this program's form; a new one is given its number.

    An older one is brought up to it.  Raises DataFolderTooNew, StorageFailed.
    """
    path = data / _FILE
    with translating_os_errors(data):
        if not path.exists():
            create_file(path, _line(DATA_VERSION))
        found = _number(path)
    if found > DATA_VERSION:
        message = (
            f"{data} was written by a newer Outspoken (format {found}, this version"
            f" reads up to {DATA_VERSION}); upgrade Outspoken or set OUTSPOKEN_DATA"
            " to another folder."
        )
        raise DataFolderTooNew(message)
    for number in range(found + 1, DATA_VERSION + 1):
        steps[number](data)
        with translating_os_errors(data):
            replace_file(path, _line(number))


def _number(path: Path) -> int:
    try:
        return int(path.read_bytes())
    except ValueError as error:
        message = f"{path} is damaged; restore it from a backup."
        raise StorageFailed(message) from error


def _line(number: int) -> bytes:
    return f"{number}\n".encode("ascii")
