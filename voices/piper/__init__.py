"""The neural voice: Piper models, spoken with onnxruntime."""

from voices.piper.engine import PiperEngine

__all__ = ["PiperEngine"]
