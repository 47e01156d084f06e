"""Pronunciations of names: entries that are tried before every rule.

    files.py  TOML ─┐
    pls.py    XML  ─┴─► LexiconEntry ─► Wordlist ─► Lexicon ─► rules for `claim_ranges`
                        entry.py        wordlist.py            sounds.py: check voices

A publisher's wordlist takes precedence over the packaged ones in voices/lexicons.
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
    """Return the lexicon of the packaged wordlists; read once."""
    return load_lexicon()
