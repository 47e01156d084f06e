"""Voices published in the layout of rhasspy/piper-voices: `Mirror`.

`voices.json` at the base URL is an object of voices by name; each lists its files by
path under that URL, with size and MD5.
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

_INDEX = "voices.json"
_MAX_INDEX_BYTES = 50_000_000
_MAX_CARD_BYTES = 1_000_000
"""An index of 150 voices has 200,000 bytes, a card 500."""

_MAX_SUGGESTIONS = 3


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
    """A web server that publishes voices."""

    base: str
    """Base URL, http or https, with or without a trailing slash."""

    def find_candidate(self, name: str) -> VoiceCandidate:
        """Look up a voice and read its model card.

        Raises:
            VoiceNotFound: the mirror does not list it; the message suggests names.
            VoiceNotAccepted: its name is not a valid voice id.
            DownloadFailed: the index or the card cannot be read.
        """
        entry = self._entry(name)
        require_id(name)
        content = None
        for path in entry.files:
            if path.rpartition("/")[2] == CARD:
                content = read_small(self._url(path), _MAX_CARD_BYTES)
        if content is None:
            raise DownloadFailed(
                f"Voice {name} has no {CARD}, so its licence is not known;"
                " fetch its files yourself and use --file and --licence."
            )
        files = [self._file(entry, name, end) for end in (".onnx", ".onnx.json")]
        return VoiceCandidate(
            id=name,
            # Cards are corrected without updating their checksum in the index, so it
            # is not checked; nor does Piper's own downloader check it.
            card=read_model_card(content),
            language=language_tag(entry.language.code),
            fetch_into=partial(_fetch_into, files, name),
        )

    def _entry(self, name: str) -> _MirrorEntry:
        url = self._url(_INDEX)
        content = read_small(url, _MAX_INDEX_BYTES)
        if content is None:
            raise DownloadFailed(
                f"There is no {url}; set OUTSPOKEN_VOICES_URL to the address of the"
                f" folder that holds {_INDEX}."
            )
        try:
            listed = json.loads(content)
            entry = listed.get(name)
            if entry is None:
                raise VoiceNotFound(_not_listed(name, listed))
            return _MirrorEntry.model_validate(entry)
        except (ValueError, AttributeError, ValidationError) as error:
            raise DownloadFailed(
                f"{url} is not a voices.json of rhasspy/piper-voices; check"
                " OUTSPOKEN_VOICES_URL."
            ) from error

    def _file(self, entry: _MirrorEntry, name: str, end: str) -> ExpectedFile:
        for path, file in entry.files.items():
            if path.endswith(end):
                return ExpectedFile(self._url(path), file.size_bytes, file.md5_digest)
        raise DownloadFailed(f"Voice {name} is listed without its {end}; add another.")

    def _url(self, path: str) -> str:
        return f"{self.base.rstrip('/')}/{quote(path)}"


def _fetch_into(
    files: Sequence[ExpectedFile], name: str, folder: Path, progress: DownloadProgress
) -> None:
    model = model_in(folder, name)
    total = sum(file.size for file in files)
    present = sum(path.stat().st_size for path in folder.iterdir())
    if total - present > shutil.disk_usage(folder).free:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    before = 0
    for file, path in zip(files, (model, Path(f"{model}.json")), strict=True):
        fetch(file, path, _offset(before, total, progress))
        before += file.size


def _offset(
    before: int, total: int, progress: DownloadProgress
) -> Callable[[int], None]:
    return lambda size: progress(before + size, total)


def _not_listed(name: str, listed: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(name, listed, _MAX_SUGGESTIONS, cutoff=0.5)
    if not near:
        return (
            f"There is no voice {name!r} on the mirror; see the names in its {_INDEX}."
        )
    return f"There is no voice {name!r} on the mirror; is it {' or '.join(near)}?"
