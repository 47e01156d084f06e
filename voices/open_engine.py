"""Open the engine of an installed voice."""

from pathlib import Path

from voices.catalogue import InstalledVoice
from voices.engine import Engine
from voices.piper import PiperEngine
from voices.tone import ToneEngine

_PROVIDERS = {
    "cpu": ("CPUExecutionProvider",),
    "cuda": ("CUDAExecutionProvider", "CPUExecutionProvider"),
}
"""onnxruntime's execution providers by device."""


def open_engine(
    installed: InstalledVoice, cache: Path | None, device: str = "cpu"
) -> Engine:
    """Load a voice; takes seconds, so reuse the engine.

    Args:
        installed: the voice.
        cache: folder of compiled voices; None to compile on every call.
        device: "cpu", or "cuda" where onnxruntime was built for it.

    Raises:
        InvalidVoice: its files are missing, damaged or not a Piper voice.
    """
    if installed.model is None:
        return ToneEngine()
    providers = _PROVIDERS[device]
    return PiperEngine.open(installed.voice, installed.model, cache, providers)
