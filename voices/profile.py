"""Facts about a voice that need its model opened: `Profile`."""

from dataclasses import dataclass
from pathlib import Path

from voices.catalogue import InstalledVoice
from voices.open_engine import open_engine
from voices.piper import PiperEngine
from voices.piper.source import read_source


@dataclass(frozen=True, slots=True)
class Profile:
    """How a voice runs on this machine."""

    kind: str | None
    """ "compiled", "seeded" or "stock"; None for a voice without a model."""

    engine: str
    """Programs and versions."""

    repeatable: bool
    """Whether the same sentence gives the same samples every time."""

    speakers: int
    """Number of speakers in the model; the first is used."""

    hop: int | None
    """Samples per frame; None for a voice without a model."""


def profile_of(
    installed: InstalledVoice,
    cache: Path | None,
    device: str = "cpu",
    *,
    compile_graph: bool = True,
) -> Profile:
    """Open a voice and return its profile; raises InvalidVoice."""
    engine = open_engine(installed, cache, device, compile_graph=compile_graph)
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
