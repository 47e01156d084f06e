"""Which voices can speak here: the `Catalogue`."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from voices.errors import VoiceNotFound
from voices.tone import TONE
from voices.voice import Voice


@dataclass(frozen=True, slots=True)
class InstalledVoice:
    """A voice and where its model lies."""

    voice: Voice

    model: Path | None
    """The .onnx file, its .onnx.json beside it; None for the tone voice."""


class Catalogue:
    """The installed voices, by id."""

    def __init__(self, installed: Iterable[InstalledVoice]) -> None:
        """Hold `installed`, sorted by id."""
        by_id = {one.voice.id: one for one in installed}
        self._installed = dict(sorted(by_id.items()))

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


def open_catalogue() -> Catalogue:
    """Read the manifest of the voices that came with the installation.

    No model is opened: a voice whose files are damaged is listed, and refused when it
    is asked to speak.
    """
    manifest = tomllib.loads(files("voices").joinpath("catalogue.toml").read_text())
    packaged = [_packaged(entry) for entry in manifest["voice"]]
    return Catalogue([*packaged, InstalledVoice(TONE, None)])


def _packaged(entry: dict[str, str | int]) -> InstalledVoice:
    voice = Voice(
        id=str(entry["id"]),
        language=str(entry["language"]),
        licence=str(entry["licence"]),
        credit=str(entry["credit"]),
        sample_rate=int(entry["sample_rate"]),
        model_sha256=str(entry["sha256"]),
    )
    return InstalledVoice(voice, _folder(str(entry["package"])) / str(entry["model"]))


def _folder(package: str) -> Path:
    spec = find_spec(package)
    # A package that is gone must be told apart when its voice is opened, not here:
    # the other voices still speak.
    if spec is None or spec.origin is None:
        return Path(package)
    return Path(spec.origin).parent
