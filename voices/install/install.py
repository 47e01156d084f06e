"""Install a voice candidate into the folder of added voices.

    VoiceCandidate ──► fetch files ──► open, measure gain ──► rename to voices/<id>/

Files are fetched into `.adding` next to the voices, where an interrupted download is
resumed.  The finished folder is renamed into place, so readers never see part of one.
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

_STAGING_FOLDER = ".adding"
_SAMPLE_RATES_HZ = range(4000, 192_001)


@dataclass(frozen=True, slots=True)
class InstallTarget:
    """Where to install a voice, and how to open it for measuring."""

    folder: Path
    """Folder of all added voices."""

    cache: Path | None
    """Folder of compiled voices, as in `open_engine`."""

    device: str = "cpu"
    compile_graph: bool = True


def find_added(voice_id: str, folder: Path) -> Voice | None:
    """Return an added voice if its files are intact, else None.

    Raises:
        VoiceNotAccepted: the name is invalid, or that of a packaged voice.
    """
    require_id(voice_id)
    if voice_id in (voice.id for voice in open_catalogue().voices):
        message = f"Voice {voice_id} comes with the installation; it need not be added."
        raise VoiceNotAccepted(message)
    voice_folder = folder / voice_id
    if not voice_folder.exists():
        return None
    try:
        voice = read_manifest(voice_folder)
        model = model_in(voice_folder, voice_id)
        _read_config(Path(f"{model}.json"))
        intact = _sha256(model) == voice.model_sha256
    except (OSError, InvalidVoice):
        return None
    return voice if intact else None


def install(
    candidate: VoiceCandidate, target: InstallTarget, progress: DownloadProgress
) -> Voice:
    """Install a voice whose licence is accepted, unless it is already installed.

    A damaged voice is replaced.  Several processes may install the same voice: one does
    the work, the others wait for it.

    Raises:
        VoiceNotAccepted: the name is invalid or taken by another voice.
        InvalidVoice: the files are not a usable Piper voice.
        DownloadFailed: the files cannot be fetched.
        OSError: the folder cannot be written.
    """
    with _locked(candidate.id, target.folder) as staging:
        if added := find_added(candidate.id, target.folder):
            if candidate.model_sha256 not in {None, added.model_sha256}:
                raise VoiceNotAccepted(
                    f"Another voice was added as {candidate.id}; rename the file of"
                    f" this one, or remove {target.folder / candidate.id} first."
                )
            return added
        staging.mkdir(exist_ok=True)
        candidate.fetch_into(staging, progress)
        try:
            voice = _inspect(candidate, staging, target)
        except InvalidVoice:
            shutil.rmtree(staging)
            raise
        if candidate.card.text:
            (staging / CARD).write_text(f"{candidate.card.text}\n", encoding="utf-8")
        write_manifest(staging, voice)
        _publish(staging, target.folder / candidate.id)
        return voice


@contextmanager
def _locked(voice_id: str, folder: Path) -> Iterator[Path]:
    """Yield the staging folder of a voice, locked against other processes."""
    staging = folder / _STAGING_FOLDER / voice_id
    staging.parent.mkdir(parents=True, exist_ok=True)
    with (staging.parent / f"{voice_id}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _LOG.warning("another process is adding voice %s; waiting for it", voice_id)
            fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield staging
        finally:
            # Fails if a partial download is kept, or if the voice is installed.
            with suppress(OSError):
                staging.rmdir()


def _inspect(candidate: VoiceCandidate, folder: Path, target: InstallTarget) -> Voice:
    """Open the fetched files, measure the gain and return the voice."""
    model = model_in(folder, candidate.id)
    rate, language = _read_config(Path(f"{model}.json"))
    voice = Voice(
        id=candidate.id,
        language=candidate.language or language,
        licence=candidate.card.licence,
        credit=candidate.card.credit,
        sample_rate=rate,
        model_sha256=_sha256(model),
        gain_db=0.0,
    )
    installed = InstalledVoice(voice, model)
    gain = measure_gain(
        installed, target.cache, target.device, compile_graph=target.compile_graph
    )
    return replace(voice, gain_db=gain)


def _read_config(path: Path) -> tuple[int, str]:
    """Return the sample rate (Hz) and language tag of a Piper configuration."""
    wrong = f"{path.name} is not the configuration of a Piper voice"
    try:
        fields = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidVoice(
            f"{wrong}; give the one that came with the model."
        ) from error
    if not isinstance(fields, dict) or not isinstance(
        fields.get("phoneme_id_map"), dict
    ):
        raise InvalidVoice(f"{wrong}; give the one that came with the model.")
    if not isinstance(fields.get("num_speakers"), int):
        message = f"{wrong}: it has no speakers; give the one that came with it."
        raise InvalidVoice(message)
    rate = _nested(fields, "audio", "sample_rate")
    if not isinstance(rate, int) or rate not in _SAMPLE_RATES_HZ:
        message = f"{wrong}: it has no sample rate; give the one that came with it."
        raise InvalidVoice(message)
    codes = (_nested(fields, "language", "code"), _nested(fields, "espeak", "voice"))
    tags = (language_tag(code) for code in codes if isinstance(code, str))
    language = next((tag for tag in tags if tag), None)
    if language is None:
        message = f"{wrong}: it has no language; give the one that came with it."
        raise InvalidVoice(message)
    return rate, language


def _nested(fields: dict[str, object], group: str, key: str) -> object:
    values = fields.get(group)
    return cast("object", values.get(key)) if isinstance(values, dict) else None


def _publish(staging: Path, folder: Path) -> None:
    """Rename a finished folder into place, replacing a damaged voice."""
    for path in (*staging.iterdir(), staging):
        fsync(path)
    if folder.exists():
        damaged = staging.with_name(f"{staging.name}.damaged")
        shutil.rmtree(damaged, ignore_errors=True)
        folder.rename(damaged)
        staging.rename(folder)
        shutil.rmtree(damaged, ignore_errors=True)
    else:
        staging.rename(folder)
    fsync(folder.parent)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
