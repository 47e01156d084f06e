"""The script writer: what is said for an article, and which words it stands for.

    paragraph ─► sentences.py ─► spoken_typography.py ─► spoken.py ─► writer.py
                 where to stop   plain characters        rules         tokens, pauses

Rules are data in `spoken_*.py`, one concern a file; `spoken_english.py` orders them.
"""

from service.script.pauses import Pauses
from service.script.writer import speak_plain, write_script

__all__ = ["Pauses", "speak_plain", "write_script"]
