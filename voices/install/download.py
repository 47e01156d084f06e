"""Files are fetched over HTTP: whole and right, or not at all.

What an interrupted download brought stays in a file that ends in .part, and the next
one goes on from there.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import cast
from urllib.error import HTTPError
from urllib.parse import unquote
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from voices.errors import DownloadFailed

DownloadProgress = Callable[[int], None]
"""Told how many bytes are there."""

_TIMEOUT = 30
"""Seconds in which a server must say something."""

_CHUNK = 1 << 18
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class ExpectedFile:
    """A file as its publisher describes it."""

    address: str
    size: int
    """Bytes."""

    md5: str
    """In hexadecimal digits: it tells a damaged file, not a forged one."""

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return unquote(self.address.rpartition("/")[2])


def read_small(address: str, limit: int) -> bytes | None:
    """Fetch what fits into memory; None when the server does not have it.

    Raises DownloadFailed, also when it has more than `limit` bytes.
    """
    try:
        with _ask(address, 0) as response:
            content = b"".join(_chunks(response, limit))
            length = response.headers["Content-Length"]
    except HTTPError as error:
        if error.code in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
            return None
        raise _refused(address, error) from error
    except (OSError, HTTPException, ValueError) as error:
        raise _unreachable(address, error) from error
    if len(content) > limit or (length and len(content) != int(length)):
        raise DownloadFailed(f"{address} is not what was expected; check its address.")
    return content


def fetch(expected: ExpectedFile, path: Path, progress: DownloadProgress) -> None:
    """Fetch a file to `path`, going on with what an earlier try left.

    A connection that is cut is opened again for as long as that brings more.  Raises
    DownloadFailed, or OSError when the file cannot be written.
    """
    if path.exists():
        if _is(path, expected):
            progress(expected.size)
            return
        path.unlink()
    part = path.with_name(f"{path.name}.part")
    most = -1
    while (there := _size(part)) < expected.size:
        if there <= most:
            raise _stopped(expected, there)
        most = there
        _go_on(expected, part, there, progress)
    if not _is(part, expected):
        part.unlink()
        raise _other(expected)
    progress(expected.size)
    part.replace(path)


def _go_on(
    expected: ExpectedFile, part: Path, there: int, progress: DownloadProgress
) -> None:
    """Add to what is there all that one connection brings."""
    try:
        response = _ask(expected.address, there)
    except HTTPError as error:
        if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink()
            raise _other(expected) from error
        raise _refused(expected.address, error) from error
    except (OSError, HTTPException, ValueError) as error:
        raise _unreachable(expected.address, error) from error
    with response:
        if not _continues(response, there):
            there = 0
        with part.open("ab" if there else "wb") as file:
            # One byte too many is enough to know that it is another file.
            for chunk in _chunks(response, expected.size - there):
                file.write(chunk)
                there += len(chunk)
                progress(min(there, expected.size))
            file.flush()
            os.fsync(file.fileno())


def _ask(address: str, start: int) -> HTTPResponse:
    headers = {"User-Agent": "Outspoken"}
    if start:
        headers["Range"] = f"bytes={start}-"
    request = Request(address, headers=headers)  # noqa: S310 - the opener knows http(s)
    return cast("HTTPResponse", _opener().open(request, timeout=_TIMEOUT))


def _opener() -> OpenerDirector:
    """Return what opens http and https, and redirects to these, and nothing else."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler,
        HTTPHandler,
        HTTPSHandler,
        HTTPRedirectHandler,
        HTTPDefaultErrorHandler,
        HTTPErrorProcessor,
        UnknownHandler,
    ):
        opener.add_handler(handler())
    return opener


def _continues(response: HTTPResponse, start: int) -> bool:
    """Whether an answer begins where it was asked to, and not with the first byte."""
    told = re.match(r"bytes (\d+)-", response.headers["Content-Range"] or "")
    return (
        response.status == HTTPStatus.PARTIAL_CONTENT
        and told is not None
        and int(told[1]) == start
    )


def _chunks(response: HTTPResponse, limit: int) -> Iterator[bytes]:
    """Yield what comes, to one byte over the limit; an end too soon is an end."""
    left = limit + 1
    while left > 0:
        try:
            chunk = response.read(min(_CHUNK, left))
        except (OSError, HTTPException):
            return
        if not chunk:
            return
        left -= len(chunk)
        yield chunk


def _is(path: Path, expected: ExpectedFile) -> bool:
    if path.stat().st_size != expected.size:
        return False
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, _md5)
    return digest.hexdigest() == expected.md5.lower()


def _md5() -> "hashlib._Hash":
    return hashlib.md5(usedforsecurity=False)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _refused(address: str, error: HTTPError) -> DownloadFailed:
    return DownloadFailed(
        f"{address} cannot be fetched: the server answers {error.code}; check the"
        " address, or try again later."
    )


def _unreachable(address: str, error: Exception) -> DownloadFailed:
    reason = getattr(error, "reason", None) or error
    told = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return DownloadFailed(
        f"{address} cannot be reached ({told}); check the address and the network."
    )


def _stopped(expected: ExpectedFile, there: int) -> DownloadFailed:
    return DownloadFailed(
        f"The download of {expected.name} stopped at {there / _MEGABYTE:.1f} of"
        f" {expected.size / _MEGABYTE:.1f} MB; the same command goes on from there."
    )


def _other(expected: ExpectedFile) -> DownloadFailed:
    return DownloadFailed(
        f"{expected.name} came with another size or checksum than voices.json says;"
        " try again, or tell whoever runs the mirror."
    )
