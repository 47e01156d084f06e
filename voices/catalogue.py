"""The installed voices: `Catalogue`."""

import logging
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from voices.errors import InvalidVoice, VoiceNotFound
from voices.manifest import model_in, read_manifest
from voices.tone import TONE
from voices.voice import Voice

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class InstalledVoice:
    """A voice and the path of its model."""

    voice: Voice

    model: Path | None
    """The .onnx file, with its .onnx.json next to it; None for the tone voice."""


class Catalogue:
    """The installed voices, by id."""

    def __init__(
        self, installed: Iterable[InstalledVoice], damaged: Iterable[str] = ()
    ) -> None:
        """Index `installed` by id; the first of equal ids wins.

        Args:
            installed: usable voices.
            damaged: an error message per unusable voice.
        """
        by_id: dict[str, InstalledVoice] = {}
        for entry in installed:
            by_id.setdefault(entry.voice.id, entry)
        self._installed = dict(sorted(by_id.items()))
        self.damaged = tuple(damaged)

    @property
    def voices(self) -> tuple[Voice, ...]:
        """The usable voices, sorted by id."""
        return tuple(entry.voice for entry in self._installed.values())

    def find(self, voice_id: str) -> InstalledVoice:
        """Return the voice with this id; raises VoiceNotFound."""
        try:
            return self._installed[voice_id]
        except KeyError:
            known = ", ".join(self._installed)
            message = f"There is no voice {voice_id!r} here; choose one of: {known}."
            raise VoiceNotFound(message) from None


def open_catalogue(folder: Path | None = None) -> Catalogue:
    """Read the manifests of the packaged and the added voices.

    No model is opened: a voice with a damaged model is listed and fails on opening.  A
    voice with a damaged manifest is skipped with a warning.

    Args:
        folder: folder of added voices; None for the packaged ones only.
    """
    manifest = tomllib.loads(files("voices").joinpath("catalogue.toml").read_text())
    packaged = [_packaged(entry) for entry in manifest["voice"]]
    added: list[InstalledVoice] = []
    damaged: list[str] = []
    for path in _added_folders(folder):
        try:
            voice = read_manifest(path)
        except InvalidVoice as error:
            _LOG.warning("%s", error)
            damaged.append(str(error))
        else:
            added.append(InstalledVoice(voice, model_in(path, voice.id)))
    return Catalogue([*packaged, InstalledVoice(TONE, None), *added], damaged)


def _added_folders(folder: Path | None) -> list[Path]:
    """List the folders of added voices; dot folders are unfinished."""
    if folder is None or not folder.is_dir():
        return []
    return sorted(path for path in folder.glob("[!.]*") if path.is_dir())


def _packaged(entry: dict[str, str | int | float]) -> InstalledVoice:
    voice = Voice(
        id=str(entry["id"]),
        language=str(entry["language"]),
        licence=str(entry["licence"]),
        credit=str(entry["credit"]),
        sample_rate=int(entry["sample_rate"]),
        model_sha256=str(entry["sha256"]),
        gain_db=float(entry["gain_db"]),
    )
    return InstalledVoice(voice, _folder(str(entry["package"])) / str(entry["model"]))


def _folder(package: str) -> Path:
    spec = find_spec(package)
    # A missing package is reported when its voice is opened, so that the other voices
    # stay usable.
    if spec is None or spec.origin is None:
        return Path(package)
    return Path(spec.origin).parent
