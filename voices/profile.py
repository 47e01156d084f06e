"""What only opening a voice tells of it: its `Profile`."""

from dataclasses import dataclass
from pathlib import Path

from voices.catalogue import InstalledVoice
from voices.open_engine import open_engine
from voices.piper import PiperEngine
from voices.piper.source import read_source


@dataclass(frozen=True, slots=True)
class Profile:
    """How a voice is run on this machine."""

    kind: str | None
    """ "compiled", "seeded" or "stock"; None for a voice without a model."""

    engine: str
    """Programs and versions."""

    repeatable: bool
    """Whether the same sentence gives the same samples every time."""

    speakers: int
    """How many its model has; the first speaks."""

    hop: int | None
    """Samples of a frame; None for a voice without a model."""


def profile_of(
    installed: InstalledVoice, cache: Path | None, processor: str = "cpu"
) -> Profile:
    """Open a voice and see; takes a moment.  Raises InvalidVoice."""
    engine = open_engine(installed, cache, processor)
    if installed.model is None:
        return Profile(None, engine.description, engine.repeatable, 1, None)
    config = read_source(installed.voice, installed.model).config
    return Profile(
        engine.kind if isinstance(engine, PiperEngine) else None,
        engine.description,
        engine.repeatable,
        int(config.num_speakers),
        int(config.hop_length),
    )
