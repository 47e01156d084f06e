"""An installed Piper voice: model file, configuration and identity."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from piper.config import PiperConfig

from voices.errors import InvalidVoice
from voices.piper.model import SynthesisConfig
from voices.voice import Voice

_AGAIN = "install it again (`outspoken voices add`, or its package)"


@dataclass(frozen=True, slots=True)
class Source:
    """The model file of a voice, with its parsed configuration."""

    voice: Voice
    model: Path
    """The .onnx file, verified on each read."""

    config: PiperConfig

    @property
    def synthesis(self) -> SynthesisConfig:
        """Synthesis parameters; of several speakers, the default one."""
        config = self.config
        several = config.num_speakers > 1
        return SynthesisConfig(
            noise_scale=float(config.noise_scale),
            length_scale=float(config.length_scale),
            noise_w=float(config.noise_w_scale),
            speaker=int(config.default_speaker_id) if several else None,
        )

    def graph(self) -> bytes:
        """Read the model; raises InvalidVoice if its hash has changed."""
        try:
            graph = self.model.read_bytes()
        except OSError as error:
            message = f"The model of voice {self.voice.id} cannot be read; {_AGAIN}."
            raise InvalidVoice(message) from error
        if hashlib.sha256(graph).hexdigest() != self.voice.model_sha256:
            message = f"The model of voice {self.voice.id} is damaged; {_AGAIN}."
            raise InvalidVoice(message)
        return graph


def read_source(voice: Voice, model: Path) -> Source:
    """Read the configuration next to a model; raises InvalidVoice."""
    if not model.exists():
        message = f"The model of voice {voice.id} cannot be read; {_AGAIN}."
        raise InvalidVoice(message)
    try:
        fields = json.loads(Path(f"{model}.json").read_text(encoding="utf-8"))
        source = Source(voice, model, PiperConfig.from_dict(fields))
        fits = source.config.sample_rate == voice.sample_rate and source.synthesis
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"The configuration of voice {voice.id} cannot be used; {_AGAIN}."
        raise InvalidVoice(message) from error
    if not fits:
        message = f"The configuration of voice {voice.id} does not fit it; {_AGAIN}."
        raise InvalidVoice(message)
    return source
