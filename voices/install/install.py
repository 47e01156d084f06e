"""An offered voice becomes one that can be asked to speak.

    Offer ──► its files ──► it is opened, heard, measured ──► voices/<id>/ appears whole

What is being made lies in `.adding`, beside the voices and out of their sight: a
download that was cut off goes on there.  A voice is put in place by renaming its
folder, so nobody ever finds half of one.
"""

import fcntl
import hashlib
import json
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from voices.catalogue import InstalledVoice, open_catalogue
from voices.errors import InvalidVoice, VoiceNotAccepted
from voices.install.candidate import CARD, DownloadProgress, VoiceCandidate, require_id
from voices.install.measure_gain import measure_gain
from voices.language_tags import language_tag
from voices.manifest import model_in, read_manifest, write_manifest
from voices.system.fsync import fsync
from voices.voice import Voice

_LOG = logging.getLogger(__name__)

_ADDING = ".adding"
_RATES = range(4000, 192_001)
"""Samples a second that sound can have."""


@dataclass(frozen=True, slots=True)
class InstallTarget:
    """Where voices are added, and how they are opened to be measured."""

    folder: Path
    """Of all added voices."""

    cache: Path | None
    """Of compiled voices, as `open_engine` takes it."""

    processor: str = "cpu"


def find_added(voice_id: str, folder: Path) -> Voice | None:
    """Return a voice that was added and is whole; None when it is yet to be added.

    Raises VoiceNotAccepted when the name is that of a voice of the package, or cannot be
    one.
    """
    require_id(voice_id)
    if voice_id in (one.id for one in open_catalogue().voices):
        message = f"Voice {voice_id} comes with the installation; it needs no adding."
        raise VoiceNotAccepted(message)
    place = folder / voice_id
    if not place.exists():
        return None
    try:
        voice = read_manifest(place)
        model = model_in(place, voice_id)
        _read_config(Path(f"{model}.json"))
        whole = _sha256(model) == voice.model_sha256
    except (OSError, InvalidVoice):
        return None
    return voice if whole else None


def install(
    offer: VoiceCandidate, place: InstallTarget, progress: DownloadProgress
) -> Voice:
    """Add a voice, unless it is there already; who adds it has accepted its licence.

    One that is damaged is replaced.  Any number of processes may add the same one: the
    first does, the others wait and find it.

    Raises VoiceNotAccepted, InvalidVoice, DownloadFailed, or OSError when the folder cannot
    be written.
    """
    with _locked(offer.id, place.folder) as making:
        if added := find_added(offer.id, place.folder):
            if offer.model_sha256 not in {None, added.model_sha256}:
                raise VoiceNotAccepted(
                    f"Another voice was added as {offer.id}; rename this one's file,"
                    f" or remove {place.folder / offer.id} first."
                )
            return added
        making.mkdir(exist_ok=True)
        offer.bring(making, progress)
        try:
            voice = _examine(offer, making, place)
        except InvalidVoice:
            shutil.rmtree(making)
            raise
        if offer.card.text:
            (making / CARD).write_text(f"{offer.card.text}\n", encoding="utf-8")
        write_manifest(making, voice)
        _put(making, place.folder / offer.id)
        return voice


@contextmanager
def _locked(voice_id: str, folder: Path) -> Iterator[Path]:
    """Yield where the voice is made, when nobody else makes it."""
    making = folder / _ADDING / voice_id
    making.parent.mkdir(parents=True, exist_ok=True)
    with (making.parent / f"{voice_id}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _LOG.warning("another process is adding voice %s; waiting for it", voice_id)
            fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield making
        finally:
            # Empty when nothing came, gone when all did.
            with suppress(OSError):
                making.rmdir()


def _examine(offer: VoiceCandidate, folder: Path, place: InstallTarget) -> Voice:
    """Open what was brought, hear it speak and write down what it is."""
    model = model_in(folder, offer.id)
    rate, language = _read_config(Path(f"{model}.json"))
    voice = Voice(
        id=offer.id,
        language=offer.language or language,
        licence=offer.card.licence,
        credit=offer.card.credit,
        sample_rate=rate,
        model_sha256=_sha256(model),
        gain_db=0.0,
    )
    installed = InstalledVoice(voice, model)
    gain = measure_gain(installed, place.cache, place.processor)
    return replace(voice, gain_db=gain)


def _read_config(path: Path) -> tuple[int, str]:
    """Return the sample rate and the language that a configuration tells."""
    wrong = f"{path.name} is no configuration of a Piper voice"
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidVoice(
            f"{wrong}; give the one that came with the model."
        ) from error
    if not isinstance(told, dict) or not isinstance(told.get("phoneme_id_map"), dict):
        raise InvalidVoice(f"{wrong}; give the one that came with the model.")
    if not isinstance(told.get("num_speakers"), int):
        message = f"{wrong}: it has no speakers; give the one that came with it."
        raise InvalidVoice(message)
    rate = _of(told, "audio", "sample_rate")
    if not isinstance(rate, int) or rate not in _RATES:
        message = f"{wrong}: it has no sample rate; give the one that came with it."
        raise InvalidVoice(message)
    codes = (_of(told, "language", "code"), _of(told, "espeak", "voice"))
    tags = (language_tag(code) for code in codes if isinstance(code, str))
    language = next((tag for tag in tags if tag), None)
    if language is None:
        message = f"{wrong}: it has no language; give the one that came with it."
        raise InvalidVoice(message)
    return rate, language


def _of(told: dict[str, object], group: str, key: str) -> object:
    inside = told.get(group)
    return cast("object", inside.get(key)) if isinstance(inside, dict) else None


def _put(making: Path, place: Path) -> None:
    """Give a finished folder its name; a damaged voice that has it goes."""
    for name in ("", *(one.name for one in making.iterdir())):
        fsync(making / name)
    if place.exists():
        damaged = making.with_name(f"{making.name}.damaged")
        shutil.rmtree(damaged, ignore_errors=True)
        place.rename(damaged)
        making.rename(place)
        shutil.rmtree(damaged, ignore_errors=True)
    else:
        making.rename(place)
    fsync(place.parent)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
