"""Check the phonemes of a lexicon against the installed voices."""

from service.errors import InvalidLexicon
from service.script.lexicon.wordlist import Lexicon, Wordlist
from voices.catalogue import Catalogue
from voices.errors import InvalidVoice
from voices.phoneme_inventory import read_phoneme_inventory
from voices.voice import Voice


def require_known_phonemes(lexicon: Lexicon, catalogue: Catalogue) -> None:
    """Check that every voice of a wordlist's language has its phonemes.

    A voice with damaged files is skipped: it is rejected when it is to speak.

    Raises:
        InvalidLexicon: A voice lacks a phoneme; names the entry and the voice.
    """
    for voice in catalogue.voices:
        model = catalogue.find(voice.id).model
        if model is None:
            continue
        try:
            known = read_phoneme_inventory(model)
        except InvalidVoice:
            continue
        for wordlist in lexicon.wordlists:
            if voice.speaks(wordlist.language):
                _require_phonemes_of(wordlist, voice, known)


def _require_phonemes_of(
    wordlist: Wordlist, voice: Voice, known: frozenset[str]
) -> None:
    for number, entry in enumerate(wordlist.entries, 1):
        unknown = sorted(set(entry.ipa or "") - known)
        if unknown:
            phonemes = ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in unknown)
            raise InvalidLexicon(
                f"Correct {wordlist.source}: entry {number} ({entry.grapheme!r}) has"
                f" phonemes that voice {voice.id} does not have: {phonemes}."
            )
