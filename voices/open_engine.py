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
    installed: InstalledVoice,
    cache: Path | None,
    device: str = "cpu",
    *,
    compile_graph: bool = True,
) -> Engine:
    """Load a voice; takes seconds, so reuse the engine.

    Args:
        installed: the voice.
        cache: folder of compiled voices; None to compile on every call.
        device: "cpu", or "cuda" where onnxruntime was built for it.
        compile_graph: whether to run a model compiled, not as it was exported.

    Raises:
        InvalidVoice: its files are missing, damaged or not a Piper voice.
    """
    if installed.model is None:
        return ToneEngine()
    providers = _PROVIDERS[device]
    return PiperEngine.open(
        installed.voice, installed.model, cache, providers, compile_graph=compile_graph
    )
