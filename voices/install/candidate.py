"""A voice that could be added: an `VoiceCandidate`, of files that are here already."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from voices.errors import InvalidVoice, VoiceNotAccepted
from voices.install.model_card import NOT_STATED, ModelCard, printable, read_model_card
from voices.manifest import is_voice_id, model_in

DownloadProgress = Callable[[int, int], None]
"""Told how many bytes are there, of how many."""

CARD = "MODEL_CARD"


@dataclass(frozen=True, slots=True)
class VoiceCandidate:
    """A voice before it is added: who it is, on which terms, and how to get it."""

    id: str
    card: ModelCard

    language: str | None
    """BCP 47 tag; None leaves it to the voice's configuration."""

    bring: Callable[[Path, DownloadProgress], None]
    """Puts the model into a folder, as `model_in` names it, and its configuration
    beside it; goes on with what an earlier try left there.  Raises VoiceError or
    OSError."""

    model_sha256: str | None = None
    """None when it is not known before the model is there."""

    def on_terms(self, licence: str | None, credit: str | None) -> "VoiceCandidate":
        """Return it with what whoever adds the voice states, where they do."""
        card = replace(
            self.card,
            licence=_line(licence) if licence else self.card.licence,
            credit=_line(credit) if credit else self.card.credit,
        )
        return replace(self, card=card)


def candidate_from_files(model: Path, config: Path | None = None) -> VoiceCandidate:
    """Offer a model that lies on this machine; its name is the voice's.

    A MODEL_CARD that lies beside it tells its licence.

    Args:
        model: a file whose name ends in .onnx.
        config: its configuration; None is the file beside it that ends in .onnx.json.

    Raises InvalidVoice when a file cannot be read, VoiceNotAccepted when its name will not
    do.
    """
    if model.suffix != ".onnx":
        raise InvalidVoice(
            f"{model} is no Piper voice; name a file that ends in .onnx."
        )
    require_id(model.stem)
    beside = config or Path(f"{model}.json")
    digest = _sha256(model)
    _sha256(beside)

    def bring(folder: Path, progress: DownloadProgress) -> None:
        copied = model_in(folder, model.stem)
        try:
            shutil.copyfile(model, copied)
            shutil.copyfile(beside, f"{copied}.json")
        except OSError:
            # A disk that is full must not stay so.
            shutil.rmtree(folder, ignore_errors=True)
            raise
        progress(1, 1)

    return VoiceCandidate(model.stem, _card_beside(model), None, bring, digest)


def require_id(name: str) -> None:
    """Raise VoiceNotAccepted when a voice cannot be called so."""
    if not is_voice_id(name):
        raise VoiceNotAccepted(
            f"A voice cannot be called {name!r}; use letters, digits and . _ - only."
        )


def _line(text: str) -> str:
    return " ".join(printable(text).split())


def _card_beside(model: Path) -> ModelCard:
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
