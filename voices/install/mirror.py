"""Voices that are published in the layout of rhasspy/piper-voices: a `Mirror`.

At its base address lies `voices.json`, an object of voices by name; each lists its
files by their path under that address, with size and MD5.
"""

import difflib
import errno
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from voices.errors import DownloadFailed, VoiceNotFound
from voices.install.candidate import CARD, DownloadProgress, VoiceCandidate, require_id
from voices.install.download import ExpectedFile, fetch, read_small
from voices.install.model_card import read_model_card
from voices.language_tags import language_tag
from voices.manifest import model_in

_LIST = "voices.json"
_LONGEST_LIST = 50_000_000
_LONGEST_CARD = 1_000_000
"""Bytes; a list of 150 voices has 200,000, a card has 500."""

_NEAR = 3
"""Names that are told when one is not there."""


class _File(BaseModel):
    size_bytes: int
    md5_digest: str


class _VoiceLanguage(BaseModel):
    code: str


class _MirrorEntry(BaseModel):
    language: _VoiceLanguage
    files: dict[str, _File]


@dataclass(frozen=True, slots=True)
class Mirror:
    """A place that publishes voices."""

    base: str
    """Its address, http or https, with or without a slash at its end."""

    def offer(self, name: str) -> VoiceCandidate:
        """Look a voice up, and read its card.

        Raises VoiceNotFound with names that are near, VoiceNotAccepted or DownloadFailed.
        """
        entry = self._entry(name)
        require_id(name)
        content = None
        for path in entry.files:
            if path.rpartition("/")[2] == CARD:
                content = read_small(self._address(path), _LONGEST_CARD)
        if content is None:
            raise DownloadFailed(
                f"Voice {name} comes without a {CARD}, so nobody knows its licence;"
                " fetch its files yourself and use --file and --licence."
            )
        files = [self._file(entry, name, end) for end in (".onnx", ".onnx.json")]
        return VoiceCandidate(
            id=name,
            # Cards are mended without their checksum being told anew, so what came
            # whole is taken; Piper's own downloader does not check them either.
            card=read_model_card(content),
            language=language_tag(entry.language.code),
            bring=partial(_bring, files, name),
        )

    def _entry(self, name: str) -> _MirrorEntry:
        address = self._address(_LIST)
        content = read_small(address, _LONGEST_LIST)
        if content is None:
            raise DownloadFailed(
                f"There is no {address}; set OUTSPOKEN_VOICES_URL to the address under"
                f" which {_LIST} lies."
            )
        try:
            listed = json.loads(content)
            found = listed.get(name)
            if found is None:
                raise VoiceNotFound(_unknown(name, listed))
            return _MirrorEntry.model_validate(found)
        except (ValueError, AttributeError, ValidationError) as error:
            raise DownloadFailed(
                f"{address} is no list of voices as rhasspy/piper-voices has it; check"
                " OUTSPOKEN_VOICES_URL."
            ) from error

    def _file(self, entry: _MirrorEntry, name: str, end: str) -> ExpectedFile:
        for path, file in entry.files.items():
            if path.endswith(end):
                return ExpectedFile(
                    self._address(path), file.size_bytes, file.md5_digest
                )
        raise DownloadFailed(f"Voice {name} is listed without its {end}; add another.")

    def _address(self, path: str) -> str:
        return f"{self.base.rstrip('/')}/{quote(path)}"


def _bring(
    files: Sequence[ExpectedFile], name: str, folder: Path, progress: DownloadProgress
) -> None:
    model = model_in(folder, name)
    total = sum(file.size for file in files)
    there = sum(one.stat().st_size for one in folder.iterdir())
    if total - there > shutil.disk_usage(folder).free:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    before = 0
    for file, path in zip(files, (model, Path(f"{model}.json")), strict=True):
        fetch(file, path, _after(before, total, progress))
        before += file.size


def _after(
    before: int, total: int, progress: DownloadProgress
) -> Callable[[int], None]:
    return lambda here: progress(before + here, total)


def _unknown(name: str, listed: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(name, listed, _NEAR, cutoff=0.5)
    if not near:
        return f"There is no voice {name!r} on the mirror; its {_LIST} has the names."
    return f"There is no voice {name!r} on the mirror; is it {' or '.join(near)}?"
