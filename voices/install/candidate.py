"""A voice that can be installed: `VoiceCandidate`."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from voices.errors import InvalidVoice, VoiceNotAccepted
from voices.install.model_card import NOT_STATED, ModelCard, printable, read_model_card
from voices.manifest import is_voice_id, model_in

DownloadProgress = Callable[[int, int], None]
"""Called with the bytes downloaded so far and the total."""

CARD = "MODEL_CARD"


@dataclass(frozen=True, slots=True)
class VoiceCandidate:
    """A voice before it is installed: identity, licence and how to fetch it."""

    id: str
    card: ModelCard

    language: str | None
    """BCP 47 tag; None to take it from the voice's configuration."""

    fetch_into: Callable[[Path, DownloadProgress], None]
    """Puts the model into a folder, named as by `model_in`, and its configuration next
    to it; resumes a partial download.  Raises VoiceError or OSError."""

    model_sha256: str | None = None
    """None if unknown before the model is downloaded."""

    def with_licence(self, licence: str | None, credit: str | None) -> "VoiceCandidate":
        """Return a copy with the licence and credit that the operator states."""
        card = replace(
            self.card,
            licence=_to_line(licence) if licence else self.card.licence,
            credit=_to_line(credit) if credit else self.card.credit,
        )
        return replace(self, card=card)


def candidate_from_files(model: Path, config: Path | None = None) -> VoiceCandidate:
    """Create a candidate from local files, named after the model file.

    Its licence is read from a MODEL_CARD in the same folder.

    Args:
        model: a file whose name ends in .onnx.
        config: its configuration; by default the model's name with .json appended.

    Raises:
        InvalidVoice: a file cannot be read.
        VoiceNotAccepted: the file name is not a valid voice id.
    """
    if model.suffix != ".onnx":
        raise InvalidVoice(
            f"{model} is not a Piper voice; name a file that ends in .onnx."
        )
    require_id(model.stem)
    config = config or Path(f"{model}.json")
    digest = _sha256(model)
    _sha256(config)

    def fetch_into(folder: Path, progress: DownloadProgress) -> None:
        copied = model_in(folder, model.stem)
        try:
            shutil.copyfile(model, copied)
            shutil.copyfile(config, f"{copied}.json")
        except OSError:
            # Free the disk space again.
            shutil.rmtree(folder, ignore_errors=True)
            raise
        progress(1, 1)

    return VoiceCandidate(model.stem, _read_card_of(model), None, fetch_into, digest)


def require_id(name: str) -> None:
    """Raise VoiceNotAccepted unless a name is a valid voice id."""
    if not is_voice_id(name):
        raise VoiceNotAccepted(
            f"A voice cannot be called {name!r}; use letters, digits and . _ - only."
        )


def _to_line(text: str) -> str:
    return " ".join(printable(text).split())


def _read_card_of(model: Path) -> ModelCard:
    try:
        return read_model_card((model.parent / CARD).read_bytes())
    except OSError:
        return ModelCard(NOT_STATED, "")


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise InvalidVoice(
            f"{path} cannot be read ({reason}); check its name."
        ) from error
