"""What was written down of a voice when it was added: its `voice.json`."""

import json
import math
import os
import re
from dataclasses import asdict, fields
from pathlib import Path

from voices.errors import InvalidVoice
from voices.voice import Voice

MANIFEST = "voice.json"

_NUMBERS = {"gain_db": (int, float), "sample_rate": (int,)}
"""Kinds of what is not text."""

_ID = re.compile(r"[^\W_][\w.-]{0,99}")
_LONGEST_CREDIT = 1000
"""Code points; it is written into every file that the voice speaks."""


def is_voice_id(name: str) -> bool:
    """Whether a voice may be called so: it names a folder and stands in links."""
    return _ID.fullmatch(name) is not None


def write_manifest(folder: Path, voice: Voice) -> None:
    """Write down a voice in its folder, which nobody reads yet; raises OSError."""
    told = json.dumps(asdict(voice), indent=2, ensure_ascii=False)
    with (folder / MANIFEST).open("wb") as file:
        file.write(told.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_manifest(folder: Path) -> Voice:
    """Read what was written of the voice in a folder; raises InvalidVoice."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        # Half a character is text to JSON, and to nothing that it is written into.
        json.dumps(told, ensure_ascii=False).encode()
    except (OSError, ValueError, RecursionError) as error:
        raise _broken(folder) from error
    if not _describes_a_voice(told):
        raise _broken(folder)
    voice = Voice(**told)
    if (
        voice.id != folder.name
        or not is_voice_id(voice.id)
        or voice.sample_rate <= 0
        or not math.isfinite(voice.gain_db)
        or len(voice.credit) > _LONGEST_CREDIT
    ):
        raise _broken(folder)
    return voice


def _describes_a_voice(told: object) -> bool:
    return (
        isinstance(told, dict)
        and told.keys() == {field.name for field in fields(Voice)}
        and all(type(one) in _NUMBERS.get(name, (str,)) for name, one in told.items())
    )


def model_in(folder: Path, voice_id: str) -> Path:
    """Return where the model of an added voice lies, its configuration beside it."""
    return folder / f"{voice_id}.onnx"


def _broken(folder: Path) -> InvalidVoice:
    return InvalidVoice(
        f"Voice {folder.name} cannot be used, because its {MANIFEST} in {folder.parent}"
        " is damaged; add it again."
    )
