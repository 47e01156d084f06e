"""Read the phonemes of a voice without opening its model."""

import json
from pathlib import Path

from voices.errors import InvalidVoice

_NON_PHONEMES = frozenset("_^$!'(),-.:;?\"")
"""Keys of a phoneme map for padding, punctuation and sentence boundaries."""


def read_phoneme_inventory(model: Path) -> frozenset[str]:
    """Return the IPA symbols that a Piper model was trained on.

    They are the keys of `phoneme_id_map` in the .onnx.json next to the model, each one
    code point, including the space between words.

    Raises:
        InvalidVoice: the configuration cannot be read.
    """
    config = Path(f"{model}.json")
    try:
        keys = json.loads(config.read_text("utf-8"))["phoneme_id_map"].keys()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidVoice(
            f"{config.name} cannot be read; install the voice again."
        ) from error
    return frozenset(keys) - _NON_PHONEMES
