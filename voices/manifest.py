"""What was written down of a voice when it was added: its `voice.json`."""

import math
import os
import re
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from voices.errors import VoiceBroken
from voices.voice import Voice

MANIFEST = "voice.json"

_VOICE = TypeAdapter(Voice)
_ID = re.compile(r"[^\W_][\w.-]{0,99}")
_LONGEST_CREDIT = 1000
"""Code points; it is written into every file that the voice speaks."""


def is_voice_id(name: str) -> bool:
    """Whether a voice may be called so: it names a folder and stands in links."""
    return _ID.fullmatch(name) is not None


def write_manifest(folder: Path, voice: Voice) -> None:
    """Write down a voice in its folder, which nobody reads yet; raises OSError."""
    with (folder / MANIFEST).open("wb") as file:
        file.write(_VOICE.dump_json(voice, indent=2, ensure_ascii=False) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_manifest(folder: Path) -> Voice:
    """Read what was written of the voice in a folder; raises VoiceBroken."""
    try:
        voice = _VOICE.validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise _broken(folder) from error
    if (
        voice.id != folder.name
        or not is_voice_id(voice.id)
        or voice.sample_rate <= 0
        or not math.isfinite(voice.gain_db)
        or len(voice.credit) > _LONGEST_CREDIT
    ):
        raise _broken(folder)
    return voice


def model_in(folder: Path, voice_id: str) -> Path:
    """Return where the model of an added voice lies, its configuration beside it."""
    return folder / f"{voice_id}.onnx"


def _broken(folder: Path) -> VoiceBroken:
    return VoiceBroken(
        f"Voice {folder.name} cannot be used, because its {MANIFEST} in {folder.parent}"
        " is damaged; add it again."
    )
