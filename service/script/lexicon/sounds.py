"""What a lexicon says in phonemes is held against the voices that would say it."""

from service.errors import InvalidLexicon
from service.script.lexicon.wordlist import Lexicon, Wordlist
from voices.catalogue import Catalogue
from voices.errors import InvalidVoice
from voices.phoneme_inventory import read_phoneme_inventory
from voices.voice import Voice


def require_known_phonemes(lexicon: Lexicon, catalogue: Catalogue) -> None:
    """Raise InvalidLexicon when an installed voice has no sign for a sound.

    Every voice that speaks a wordlist's language is asked.  One whose files are damaged
    is not: it is refused when it is to speak.
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
                _require_sounds_of(wordlist, voice, known)


def _require_sounds_of(wordlist: Wordlist, voice: Voice, known: frozenset[str]) -> None:
    for number, entry in enumerate(wordlist.entries, 1):
        strange = sorted(set(entry.ipa or "") - known)
        if strange:
            signs = ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in strange)
            raise InvalidLexicon(
                f"Correct {wordlist.source}: entry {number} ({entry.grapheme!r}) has"
                f" sounds that voice {voice.id} does not know: {signs}."
            )
