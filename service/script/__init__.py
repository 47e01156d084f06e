"""The script writer: what is said for an article, and which words it stands for.

    paragraph ─► sentences.py ─► typography.py ───► spoken.py ─► writer.py
                 where to stop   plain characters   rules        tokens, pauses

Rules are data in `english/`, one concern a file; `english/__init__.py` orders them.
"""

from service.script.pauses import Pauses
from service.script.writer import speak_plain, write_script

__all__ = ["Pauses", "speak_plain", "write_script"]
