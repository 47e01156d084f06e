"""Convert sentences to a voice's symbols, each with the token it belongs to."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby
from sys import intern

from piper import PhonemeType, PiperVoice
from piper.config import PiperConfig

from voices.errors import SynthesisFailed
from voices.piper.espeak import ESPEAK, FLUSH
from voices.sentence import Sentence, Token

_BEFORE, _AFTER, _BETWEEN = "^", "$", "_"
"""Symbols of a Piper voice for the beginning and the end of a sentence, and for the
separator after each phoneme."""

_IGNORED = re.compile(r"[\sˈˌːʲ.,;:!?'\"()\[\]«»“”‘’…—\u2013-]")  # noqa: RUF001 - phonetic marks
"""Marks ignored when comparing words: stress, length, glides, punctuation."""

_MARKS = re.compile(r"[.,;:!?]+$")
_BLOCK = re.compile(r"\[\[|\]\]")

_MIN_MATCHED_SHARE = 0.5
"""Share of a token's own phonemes that must be found in the sentence to place it
there."""


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """A sentence in a voice's symbols."""

    ids: tuple[int, ...]
    """Ids of the voice's symbols, including those for beginning and end."""

    owners: tuple[int | None, ...]
    """The token of each id; None for silence and symbols without a token."""


class Phonemizer:
    """Converts sentences to the symbols of one voice."""

    def __init__(self, config: PiperConfig) -> None:
        """Use the phonemes and the language of a configuration."""
        self._config = config
        # Only its phonemizer is used, which needs no model.
        self._piper = PiperVoice(session=None, config=config)
        # Piper adds vowels to Arabic, and joins vowels for voices that ask for it.
        self._uses_espeak_only = (
            config.phoneme_type == PhonemeType.ESPEAK
            and config.espeak_voice != "ar"
            and not config.vowel_clusters
        )
        self._alone = lru_cache(maxsize=20_000)(self._sounds_alone)

    def pronounce(self, sentence: Sentence) -> Pronunciation:
        """Convert a sentence; the result does not depend on earlier sentences.

        Raises:
            SynthesisFailed: nothing of it can be pronounced.
        """
        letters, owners = self._letters(sentence)
        return self._numbered(letters, owners)

    def _letters(self, sentence: Sentence) -> tuple[list[str], list[int | None]]:
        """Return the sentence's phonemes, with the token of each."""
        letters: list[str] = []
        owners: list[int | None] = []
        numbered = list(enumerate(sentence.tokens))
        for given, run in groupby(numbered, key=lambda item: self._is_given(item[1])):
            tokens = list(run)
            own, of_token = _given(tokens) if given else self._guessed(tokens)
            if letters and own:
                letters.append(" ")
                owners.append(None)
            letters += own
            owners += of_token
        return letters, owners

    def _is_given(self, token: Token) -> bool:
        """Whether the token has IPA in symbols that the voice has.

        Otherwise espeak pronounces it: a symbol that the voice lacks would be skipped.
        """
        signs = unicodedata.normalize("NFD", token.ipa or "")
        return bool(signs) and all(
            sign in self._config.phoneme_id_map for sign in signs
        )

    def _guessed(
        self, tokens: Sequence[tuple[int, Token]]
    ) -> tuple[list[str], list[int | None]]:
        spoken = " ".join(token.spoken for _, token in tokens)
        utterances = self._phonemize(spoken)
        letters = [letter for utterance in utterances for letter in (*utterance, " ")][
            :-1
        ]
        sounds = [(number, self._alone(token.spoken)) for number, token in tokens]
        return letters, owners_of(letters, sounds)

    def _sounds_alone(self, spoken: str) -> tuple[str, ...]:
        utterances = self._phonemize(_MARKS.sub("", spoken))
        # Interned: otherwise each symbol of 20,000 words is a string of 76 bytes.
        return tuple(
            intern(letter)
            for utterance in utterances
            for letter in utterance
            if not _IGNORED.match(letter)
        )

    def _phonemize(self, text: str) -> list[list[str]]:
        # Piper reads [[ ]] as phonemes; no article may reach that.
        plain, config = _BLOCK.sub(" ", text), self._config
        if self._uses_espeak_only:
            return ESPEAK.phonemes(config.espeak_voice, plain)
        with ESPEAK.exclusive():
            if config.phoneme_type == PhonemeType.ESPEAK:
                self._piper.phonemize(FLUSH)
            return [sentence for sentence in self._piper.phonemize(plain) if sentence]

    def _numbered(
        self, letters: Sequence[str], owners: Sequence[int | None]
    ) -> Pronunciation:
        table: Mapping[str, Sequence[int]] = self._config.phoneme_id_map
        ids = [*table[_BEFORE], *table[_BETWEEN]]
        said: list[int | None] = [None] * len(ids)
        first = len(ids)
        for letter, owner in zip(letters, owners, strict=True):
            known = table.get(letter)
            if known is not None:
                own = [*known, *table[_BETWEEN]]
                ids += own
                said += [owner] * len(own)
        if len(ids) == first or not any(owner is not None for owner in said):
            message = "A sentence has nothing that this voice can pronounce."
            raise SynthesisFailed(message)
        ids += table[_AFTER]
        said += [None] * len(table[_AFTER])
        return Pronunciation(tuple(ids), tuple(said))


def _given(
    tokens: Sequence[tuple[int, Token]],
) -> tuple[list[str], list[int | None]]:
    """Return the script's own IPA, with the punctuation of its words."""
    letters: list[str] = []
    owners: list[int | None] = []
    for number, token in tokens:
        marks = _MARKS.search(token.spoken)
        own = unicodedata.normalize("NFD", token.ipa or "")
        if letters:
            letters.append(" ")
            owners.append(None)
        letters += own
        owners += [number] * len(own)
        for mark in marks[0] if marks else "":
            letters.append(mark)
            owners.append(None)
    return letters, owners


def owners_of(
    letters: Sequence[str], sounds: Sequence[tuple[int, Sequence[str]]]
) -> list[int | None]:
    """Return the token of each phoneme of a sentence.

    espeak joins words in a sentence ("of the" is one group), so groups are not words:
    the phonemes that each token has alone are matched to those of the sentence, in
    order.  A gap between two matches is split at its first space.

    Args:
        letters: the sentence's phonemes, with marks and spaces.
        sounds: tokens in order, each by number with its phonemes alone.
    """
    heard = [at for at, letter in enumerate(letters) if not _IGNORED.match(letter)]
    alone = [(number, phoneme) for number, own in sounds for phoneme in own]
    matcher = SequenceMatcher(
        None,
        [phoneme for _, phoneme in alone],
        [letters[at] for at in heard],
        autojunk=False,
    )
    found: dict[int, list[int]] = {}
    for block in matcher.get_matching_blocks():
        for step in range(block.size):
            number = alone[block.a + step][0]
            found.setdefault(number, []).append(heard[block.b + step])
    spans = {
        number: (found[number][0], found[number][-1] + 1)
        for number, own in sounds
        if own and len(found.get(number, [])) >= _MIN_MATCHED_SHARE * len(own)
    }
    owners: list[int | None] = [None] * len(letters)
    for number, start, end in _settled(spans, sounds, letters):
        owners[start:end] = [number] * (end - start)
    return [
        None if _is_silent(letter) else owner
        for letter, owner in zip(letters, owners, strict=True)
    ]


def _settled(
    spans: Mapping[int, tuple[int, int]],
    sounds: Sequence[tuple[int, Sequence[str]]],
    letters: Sequence[str],
) -> Iterator[tuple[int, int, int]]:
    """Yield each token's range: the matched span, or a share of the gap between."""
    before: int | None = None
    at = 0
    waiting: list[tuple[int, int]] = []
    for number, own in sounds:
        if number not in spans:
            waiting.append((number, len(own)))
            continue
        start, end = spans[number]
        if waiting:
            yield from _shared(waiting, at, start)
        elif before is not None:
            parting = _parting(letters, at, start)
            yield before, at, parting
            start = parting
        yield number, at if before is None and not waiting else start, end
        before, at, waiting = number, end, []
    if waiting:
        yield from _shared(waiting, at, len(letters))
    elif before is not None:
        yield before, at, len(letters)


def _parting(letters: Sequence[str], start: int, end: int) -> int:
    """Return where to split a gap: at its first space, otherwise at its end."""
    return next((at for at in range(start, end) if letters[at] == " "), end)


def _shared(
    waiting: Sequence[tuple[int, int]], start: int, end: int
) -> Iterator[tuple[int, int, int]]:
    """Split a range in proportion to the tokens' own phonemes."""
    total = sum(size for _, size in waiting) or 1
    done = 0
    for number, size in waiting:
        first = start + (end - start) * done // total
        done += size
        yield number, first, start + (end - start) * done // total


def _is_silent(letter: str) -> bool:
    return letter.isspace() or letter in ".,;:!?"
