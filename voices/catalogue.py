"""Which voices can speak here: the `Catalogue`."""

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
    """A voice and where its model lies."""

    voice: Voice

    model: Path | None
    """The .onnx file, its .onnx.json beside it; None for the tone voice."""


class Catalogue:
    """The installed voices, by id."""

    def __init__(
        self, installed: Iterable[InstalledVoice], damaged: Iterable[str] = ()
    ) -> None:
        """Hold `installed`, sorted by id; of equal ids the first.

        Args:
            installed: voices that can be asked to speak.
            damaged: of each that cannot a sentence that says what to do.
        """
        by_id: dict[str, InstalledVoice] = {}
        for one in installed:
            by_id.setdefault(one.voice.id, one)
        self._installed = dict(sorted(by_id.items()))
        self.damaged = tuple(damaged)

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Every voice that can be asked to speak."""
        return tuple(one.voice for one in self._installed.values())

    def find(self, voice_id: str) -> InstalledVoice:
        """Return the voice of this id; raises VoiceNotFound."""
        try:
            return self._installed[voice_id]
        except KeyError:
            known = ", ".join(self._installed)
            message = f"There is no voice {voice_id!r} here; choose one of: {known}."
            raise VoiceNotFound(message) from None


def open_catalogue(folder: Path | None = None) -> Catalogue:
    """Read the manifests of the voices that came with the installation or were added.

    No model is opened: a voice whose files are damaged is listed, and refused when it
    is asked to speak.  One whose manifest is damaged is left out, with a warning.

    Args:
        folder: of the added voices; None knows those of the installation only.
    """
    manifest = tomllib.loads(files("voices").joinpath("catalogue.toml").read_text())
    packaged = [_packaged(entry) for entry in manifest["voice"]]
    added: list[InstalledVoice] = []
    damaged: list[str] = []
    for place in _places(folder):
        try:
            voice = read_manifest(place)
        except InvalidVoice as error:
            _LOG.warning("%s", error)
            damaged.append(str(error))
        else:
            added.append(InstalledVoice(voice, model_in(place, voice.id)))
    return Catalogue([*packaged, InstalledVoice(TONE, None), *added], damaged)


def _places(folder: Path | None) -> list[Path]:
    """Folders of added voices; what begins with a dot is on its way."""
    if folder is None or not folder.is_dir():
        return []
    return sorted(one for one in folder.glob("[!.]*") if one.is_dir())


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
    # A package that is gone must be told apart when its voice is opened, not here:
    # the other voices still speak.
    if spec is None or spec.origin is None:
        return Path(package)
    return Path(spec.origin).parent
