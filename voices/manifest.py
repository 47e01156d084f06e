"""Read and write the manifest of an added voice, `voice.json`."""

import json
import math
import os
import re
from dataclasses import asdict, fields
from pathlib import Path

from voices.errors import InvalidVoice
from voices.voice import Voice

MANIFEST = "voice.json"

_NUMBER_FIELDS = {"gain_db": (int, float), "sample_rate": (int,)}
"""Types of the fields that are not strings."""

_ID = re.compile(r"[^\W_][\w.-]{0,99}")
_MAX_CREDIT_CHARS = 1000
"""The credit is written into every narration of the voice."""


def is_voice_id(name: str) -> bool:
    """Whether a name is valid as a folder name and in links."""
    return _ID.fullmatch(name) is not None


def write_manifest(folder: Path, voice: Voice) -> None:
    """Write the manifest into an unpublished voice folder; raises OSError."""
    text = json.dumps(asdict(voice), indent=2, ensure_ascii=False)
    with (folder / MANIFEST).open("wb") as file:
        file.write(text.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_manifest(folder: Path) -> Voice:
    """Read the manifest in a voice folder; raises InvalidVoice."""
    try:
        document = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        # JSON may hold lone surrogates, which cannot be encoded later.
        json.dumps(document, ensure_ascii=False).encode()
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(folder) from error
    if not _is_valid(document):
        raise _damaged(folder)
    voice = Voice(**document)
    if (
        voice.id != folder.name
        or not is_voice_id(voice.id)
        or voice.sample_rate <= 0
        or not math.isfinite(voice.gain_db)
        or len(voice.credit) > _MAX_CREDIT_CHARS
    ):
        raise _damaged(folder)
    return voice


def _is_valid(document: object) -> bool:
    return (
        isinstance(document, dict)
        and document.keys() == {field.name for field in fields(Voice)}
        and all(
            type(value) in _NUMBER_FIELDS.get(name, (str,))
            for name, value in document.items()
        )
    )


def model_in(folder: Path, voice_id: str) -> Path:
    """Return the model path of an added voice; the configuration is next to it."""
    return folder / f"{voice_id}.onnx"


def _damaged(folder: Path) -> InvalidVoice:
    return InvalidVoice(
        f"Voice {folder.name} cannot be used, because its {MANIFEST} in {folder.parent}"
        " is damaged; add it again."
    )
