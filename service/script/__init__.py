"""Write the script of an article: spoken words with their spans.

    article ─► writer.py ─► paragraph.py ──► sentences.py ─────► boundaries
               │   │        words, marks     plain_text.py ────► plain characters
               │   │                         lexicon/ ─────────► names
               │   │                         normalization.py ─► rules
               │   └─► structure.py ─► pauses.py
               └─► announcements.py

`unreadable/` finds what a listener cannot follow: footnotes, codes, foreign letters.
Rules are data in `english/`, one file per subject; `english/__init__.py` orders them.
`explain.py` reports which rule or lexicon entry has claimed a word.
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
