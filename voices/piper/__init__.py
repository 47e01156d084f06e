"""The neural voice: Piper models, spoken with onnxruntime."""

import os

# onnxruntime's Linux builds report usage to their maker unless this is set before they
# are imported (its Privacy.md); nothing may leave the house.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from voices.piper.engine import PiperEngine

__all__ = ["PiperEngine"]
