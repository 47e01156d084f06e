"""A Piper voice that speaks sentences."""

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions
from piper import PiperVoice, SynthesisConfig
from piper.config import PiperConfig

from voices.audio import Audio
from voices.errors import SynthesisFailed, VoiceBroken
from voices.sentence import Sentence
from voices.voice import Voice

_FULL_SCALE = 32767


class PiperEngine:
    """Speaks sentences with one Piper model.

    Piper draws fresh noise each time, so no two readings are equal to the sample:
    `repeatable` is False, and the library keeps the reading that was made.
    """

    repeatable = False

    def __init__(self, voice: Voice, piper: PiperVoice) -> None:
        """Speak as `voice` through an opened Piper model."""
        self.voice = voice
        self._piper = piper

    @property
    def description(self) -> str:
        """Program and version."""
        return f"piper-tts {version('piper-tts')}"

    @classmethod
    def open(cls, voice: Voice, model: Path) -> "PiperEngine":
        """Check the model against the voice's hash and load it.

        Raises VoiceBroken when a file is missing, damaged or no Piper voice.
        """
        _verify(voice, model)
        options = SessionOptions()
        # The search for buffers to share takes 2 s on these graphs and gains nothing.
        options.enable_mem_reuse = False
        try:
            config = json.loads(Path(f"{model}.json").read_text(encoding="utf-8"))
            piper = PiperVoice(
                config=PiperConfig.from_dict(config),
                session=InferenceSession(str(model), options),
            )
        # onnxruntime raises classes of its own that derive from Exception alone.
        except Exception as error:
            message = f"Voice {voice.id} cannot be opened; install it again."
            raise VoiceBroken(message) from error
        return cls(voice, piper)

    def speak(self, sentence: Sentence) -> Audio:
        """Say one sentence; raises SynthesisFailed when it has no sound."""
        pieces = [self._utter(one) for one in self.phonemes(sentence.spoken)]
        if not pieces:
            raise SynthesisFailed("A sentence has nothing that can be pronounced.")
        return Audio.join(pieces, self.voice.sample_rate)

    def phonemes(self, spoken: str) -> list[list[str]]:
        """Return what espeak hears in `spoken`: utterances of IPA letters."""
        return [one for one in self._piper.phonemize(spoken) if one]

    def _utter(self, phonemes: list[str]) -> Audio:
        ids = self._piper.phonemes_to_ids(phonemes)
        try:
            sound = self._piper.phoneme_ids_to_audio(ids, SynthesisConfig())
        except Exception as error:  # see `open`: onnxruntime's errors have no base
            raise SynthesisFailed("The voice model failed on a sentence.") from error
        # Piper's own normalisation: each utterance as loud as its peak allows.
        wave = cast("NDArray[np.float32]", sound)
        peak = float(np.max(np.abs(wave), initial=1e-8))
        samples = np.rint(wave / peak * _FULL_SCALE).astype(np.int16)
        return Audio(samples, self.voice.sample_rate)


def _verify(voice: Voice, model: Path) -> None:
    again = "install it again (`pip install --force-reinstall` its package)"
    try:
        with model.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        message = f"The model of voice {voice.id} cannot be read; {again}."
        raise VoiceBroken(message) from error
    if found != voice.model_sha256:
        raise VoiceBroken(f"The model of voice {voice.id} is damaged; {again}.")
