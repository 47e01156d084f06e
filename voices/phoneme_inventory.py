"""Which sounds a voice knows, without opening its model."""

import json
from pathlib import Path

from voices.errors import InvalidVoice

_NO_SOUNDS = frozenset("_^$!'(),-.:;?\"")
"""Keys of a phoneme map that are padding, marks or borders of a sentence."""


def read_phoneme_inventory(model: Path) -> frozenset[str]:
    """Return the letters of the phonetic alphabet that a Piper model was taught.

    They are the keys of `phoneme_id_map` in the .onnx.json beside the model, each one
    code point.  The space between two words is among them.  Raises InvalidVoice.
    """
    config = Path(f"{model}.json")
    try:
        keys = json.loads(config.read_text("utf-8"))["phoneme_id_map"].keys()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidVoice(
            f"{config.name} cannot be read; install the voice again."
        ) from error
    return frozenset(keys) - _NO_SOUNDS
