"""How names are said: entries that go before every rule.

    files.py  TOML ─┐
    pls.py    XML  ─┴─► Entry ─► Wordlist ─► Lexicon ─► rules for `spoken.claim_ranges`
                        entry.py wordlist.py             sounds.py: can a voice say it?

A publisher's wordlist goes before the packaged ones in voices/lexicons.
"""

from functools import cache

from service.script.lexicon.entry import EntryKind, LexiconEntry
from service.script.lexicon.files import (
    load_lexicon,
    packaged_wordlists,
    parse_wordlist,
    read_wordlist,
    write_wordlist,
)
from service.script.lexicon.pls import read_pls, write_pls
from service.script.lexicon.sounds import require_known_phonemes
from service.script.lexicon.wordlist import Lexicon, LexiconWord, Wordlist

__all__ = [
    "EntryKind",
    "Lexicon",
    "LexiconEntry",
    "LexiconWord",
    "Wordlist",
    "load_lexicon",
    "packaged_lexicon",
    "packaged_wordlists",
    "parse_wordlist",
    "read_pls",
    "read_wordlist",
    "require_known_phonemes",
    "write_pls",
    "write_wordlist",
]


@cache
def packaged_lexicon() -> Lexicon:
    """Return the lexicon of who has none of their own; read once."""
    return load_lexicon()
