"""A voice is made ready to speak."""

from voices.catalogue import InstalledVoice
from voices.engine import Engine
from voices.piper import PiperEngine
from voices.tone import ToneEngine


def open_engine(installed: InstalledVoice) -> Engine:
    """Open a voice; takes a second, so keep what it returns.

    Raises VoiceBroken when its files are missing, damaged or no Piper voice.
    """
    if installed.model is None:
        return ToneEngine()
    return PiperEngine.open(installed.voice, installed.model)
