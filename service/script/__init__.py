"""The script writer: what is said for an article, and which words it stands for.

    article ─► writer.py ─► paragraph.py ──► sentences.py ─► where to stop
               │   │        words, marks     typography.py ─► plain characters
               │   │                         lexicon/ ──────► names
               │   │                         spoken.py ─────► rules
               │   └─► structure.py ─► pauses.py
               └─► announcements.py

Rules are data in `english/`, one concern a file; `english/__init__.py` orders them.
`explain.py` tells which of them, or which entry of a lexicon, has taken a word.
"""

from service.script.announcements import Announcements
from service.script.explain import Explained, explain
from service.script.lexicon import Lexicon, load_lexicon
from service.script.pauses import Pauses
from service.script.writer import normalize_text, write_script

__all__ = [
    "Announcements",
    "Explained",
    "Lexicon",
    "Pauses",
    "explain",
    "load_lexicon",
    "normalize_text",
    "write_script",
]
