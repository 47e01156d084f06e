"""The packaged Piper voice, and variants of it with an altered graph."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx

from tests.support.scripts import sentence_of
from voices.catalogue import InstalledVoice, open_catalogue
from voices.piper import PiperEngine

JOE = "en_US-joe-medium"
"""Id of the voice that comes with the installation."""

TEXT = (
    "The harbour ferry sails again on Monday, the council said, if its hull is sound."
)


def sound_of(engine: PiperEngine, text: str = TEXT) -> np.ndarray:
    """Return the samples of one sentence."""
    return engine.speak(sentence_of(text)).sound().samples


def altered(folder: Path, alter: Callable[[onnx.ModelProto], object]) -> InstalledVoice:
    """Return the packaged voice with an altered graph, as if exported so."""
    installed = open_catalogue().find(JOE)
    assert installed.model
    model = onnx.load(installed.model)
    alter(model)
    path = folder / "altered.onnx"
    path.write_bytes(model.SerializeToString())
    shutil.copy(f"{installed.model}.json", f"{path}.json")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return InstalledVoice(replace(installed.voice, model_sha256=sha256), path)
