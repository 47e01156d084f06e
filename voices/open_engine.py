"""A voice is made ready to speak."""

from pathlib import Path

from voices.catalogue import InstalledVoice
from voices.engine import Engine
from voices.piper import PiperEngine
from voices.tone import ToneEngine

_PROVIDERS = {
    "cpu": ("CPUExecutionProvider",),
    "cuda": ("CUDAExecutionProvider", "CPUExecutionProvider"),
}
"""onnxruntime's names, by what a setting calls them."""


def open_engine(
    installed: InstalledVoice, cache: Path | None, processor: str = "cpu"
) -> Engine:
    """Open a voice; takes a moment, so keep what it returns.

    Args:
        installed: the voice.
        cache: folder of compiled voices; None has it compiled each time.
        processor: "cpu", or "cuda" where onnxruntime was built for it.

    Raises InvalidVoice when its files are missing, damaged or no Piper voice.
    """
    if installed.model is None:
        return ToneEngine()
    providers = _PROVIDERS[processor]
    return PiperEngine.open(installed.voice, installed.model, cache, providers)
