"""Download files over HTTP, with resume and checksums.

A partial download is kept next to its target in a file that ends in .part; the next
attempt resumes it.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote

import httpx2

from voices.errors import DownloadFailed

ByteProgress = Callable[[int], None]
"""Called with the number of bytes downloaded so far."""

_TIMEOUT_S = 30
"""For connecting, and for each read."""

_BYTES_PER_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class ExpectedFile:
    """A file as its publisher lists it."""

    url: str

    size: int
    """Bytes."""

    md5: str
    """In hexadecimal digits; detects damage, not forgery."""

    @property
    def name(self) -> str:
        """Return the file name, for messages."""
        return unquote(self.url.rpartition("/")[2])


def read_small(url: str, limit: int) -> bytes | None:
    """Download at most `limit` bytes into memory; None if not found.

    Raises:
        DownloadFailed: the server cannot be reached or refuses, or the content is
            longer than `limit` or cut off.
    """
    with _get(url) as response:
        if response.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
            return None
        _require_success(url, response)
        content = b"".join(_iter_chunks(response, limit))
        length = response.headers.get("Content-Length")
    if len(content) > limit or (length and len(content) != int(length)):
        raise DownloadFailed(f"{url} is not what was expected; check its address.")
    return content


def fetch(expected: ExpectedFile, path: Path, progress: ByteProgress) -> None:
    """Download a file to `path`, resuming a partial download.

    A dropped connection is reopened as long as each one adds bytes.

    Raises:
        DownloadFailed: the server fails, or the file is not the expected one.
        OSError: the file cannot be written.
    """
    if path.exists():
        if _matches(path, expected):
            progress(expected.size)
            return
        path.unlink()
    part = path.with_name(f"{path.name}.part")
    previous = -1
    while (size := _size(part)) < expected.size:
        if size <= previous:
            raise _stalled(expected, size)
        previous = size
        _resume(expected, part, size, progress)
    if not _matches(part, expected):
        part.unlink()
        raise _mismatch(expected)
    progress(expected.size)
    part.replace(path)


def _resume(
    expected: ExpectedFile, part: Path, size: int, progress: ByteProgress
) -> None:
    """Append to a partial file of `size` bytes what one connection delivers."""
    with _get(expected.url, size) as response:
        if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink()
            raise _mismatch(expected)
        _require_success(expected.url, response)
        if not _starts_at(response, size):
            size = 0
        with part.open("ab" if size else "wb") as file:
            # One byte too many is enough to know that it is another file.
            for chunk in _iter_chunks(response, expected.size - size):
                file.write(chunk)
                size += len(chunk)
                progress(min(size, expected.size))
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def _get(url: str, start: int = 0) -> Iterator[httpx2.Response]:
    """Request a URL from byte `start`; the body is streamed.

    Only http and https are opened, and redirects to these.  Proxies are those of the
    environment.
    """
    # Sizes and ranges count the bytes of the file, not of a compressed body.
    headers = {"User-Agent": "Outspoken", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    with ExitStack() as stack:
        try:
            client = httpx2.Client(timeout=_TIMEOUT_S, follow_redirects=True)
            stack.enter_context(client)
            stream = client.stream("GET", url, headers=headers)
            response = stack.enter_context(stream)
        # ImportError: the environment names a SOCKS proxy, which httpx2 cannot use.
        except (
            httpx2.HTTPError,
            httpx2.InvalidURL,
            ImportError,
            OSError,
            ValueError,
        ) as error:
            raise _unreachable(url, error) from error
        yield response


def _require_success(url: str, response: httpx2.Response) -> None:
    if not response.is_success:
        raise DownloadFailed(
            f"{url} cannot be fetched: the server answers {response.status_code};"
            " check the address, or try again later."
        )


def _starts_at(response: httpx2.Response, start: int) -> bool:
    """Whether the body starts at the requested byte and not with the first."""
    match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return (
        response.status_code == HTTPStatus.PARTIAL_CONTENT
        and match is not None
        and int(match[1]) == start
    )


def _iter_chunks(response: httpx2.Response, limit: int) -> Iterator[bytes]:
    """Yield the body up to one byte over the limit; stop where it is cut off."""
    left = limit + 1
    try:
        # Without a chunk size: httpx2 would drop a chunk that is cut off.
        for chunk in response.iter_raw():
            yield chunk[:left]
            left -= len(chunk)
            if left <= 0:
                return
    except httpx2.HTTPError:
        return


def _matches(path: Path, expected: ExpectedFile) -> bool:
    if path.stat().st_size != expected.size:
        return False
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, _md5)
    return digest.hexdigest() == expected.md5.lower()


def _md5() -> "hashlib._Hash":
    return hashlib.md5(usedforsecurity=False)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _unreachable(url: str, error: Exception) -> DownloadFailed:
    reason = re.sub(r"^\[Errno -?\d+\] ", "", str(error)) or type(error).__name__
    return DownloadFailed(
        f"{url} cannot be reached ({reason}); check the address and the network."
    )


def _stalled(expected: ExpectedFile, size: int) -> DownloadFailed:
    return DownloadFailed(
        f"The download of {expected.name} stopped at {size / _BYTES_PER_MB:.1f} of"
        f" {expected.size / _BYTES_PER_MB:.1f} MB; the same command resumes it."
    )


def _mismatch(expected: ExpectedFile) -> DownloadFailed:
    return DownloadFailed(
        f"The size or checksum of {expected.name} is not the one in voices.json; try"
        " again, or report it to the operator of the mirror."
    )
