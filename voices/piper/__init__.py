"""Neural voices: Piper models run with onnxruntime."""

import os

# onnxruntime's Linux builds send telemetry unless this is set before the import (its
# Privacy.md).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from voices.piper.engine import PiperEngine

__all__ = ["PiperEngine"]
