"""Judge the places between two pieces: what it costs to break captions there."""

import re
import unicodedata
from collections.abc import Iterator

from service.captions.break_words import FunctionWords, load_characters, load_words
from service.captions.pieces import Piece

SENTENCE, CLAUSE = 0.0, 3.0
_COMMA, _BRACKET, _OPENING_WORD, _WORD, _CHARACTER = 5.0, 6.0, 9.0, 14.0, 16.0
_BOUND_WORD = 30.0

UNBREAKABLE = 400.0
"""Cost from which a place is inside a number, a name with initials or the like: it is
broken only where a cue or a line would be too long otherwise."""

_COUNTED_NOUN = 150.0
"""Cost between a number and what it counts, if that is not read as its unit."""

_DIVIDED = 900.0

_SENTENCE_ENDS = load_characters("sentence_ends")
_CLAUSE_ENDS = load_characters("clause_ends")
_COMMAS = load_characters("commas")
_NEVER_FIRST = load_characters("never_first")
_NEVER_LAST = load_characters("never_last")
_COUNTED = load_characters("counted")
_AMOUNTS = load_words("numbers", "amounts")
_NUMBER_WORDS = load_words("numbers", "words")

_PER = "per"
_QUOTES = "\"'"
_OPENING, _CLOSING = {"Ps", "Pi"}, {"Pe", "Pf"}
"""Categories of Unicode."""

_MARKS = re.compile(r"[\W_]+")
_OPENING_SIGNS = frozenset("#$£€¥+*•‣·§¶/-")

_NUMBER = re.compile(r"\W*\d\S*")
_DIGITS = re.compile(r"\W*\d")
_INITIAL = re.compile(r"\W*(?:[^\W\d_]\.){1,4}")
_ABBREVIATION = re.compile(r"\W*[^\W\d_]{1,5}\.")
_CAPITAL = re.compile(r"\W*[^\W\d_a-zß-öø-ÿ]")
_CURRENCY = re.compile(r"[A-Z]{0,3}[$£€¥]|[A-Z]{3}")
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc-\u30ff]")


def ends_sentence(text: str) -> bool:
    """Return whether a text ends with the mark of a sentence's end."""
    return _without_closing(text)[-1:] in _SENTENCE_ENDS


def break_cost(before: Piece, after: Piece, words: FunctionWords) -> float:
    """Return the cost of a break between two pieces of one sentence."""
    if after.is_divided:
        return _DIVIDED
    if not after.is_spaced:
        return min(_costs_between_characters(before.text, after.text))
    if _is_glued(before, after):
        return UNBREAKABLE
    if _is_counted(before.text, after.text, words):
        return _COUNTED_NOUN
    return min(_costs_between_words(before.text, after.text, words))


def _costs_between_words(
    before: str, after: str, words: FunctionWords
) -> Iterator[float]:
    """Yield the costs of a break at a space; the least counts."""
    last = _without_closing(before)[-1:]
    if last in _CLAUSE_ENDS:
        yield CLAUSE
    if last in _COMMAS:
        yield _COMMA
    if _opens(after) or _without_closing(before) != before:
        yield _BRACKET
    if _bare(before) in words.bound:
        yield _BOUND_WORD
    elif _bare(after) in words.opening:
        yield _OPENING_WORD
    else:
        yield _WORD


def _costs_between_characters(before: str, after: str) -> Iterator[float]:
    """Yield the costs of a break without a space; the least counts."""
    last, first = before[-1], after[0]
    is_number = first.isalnum() and (last.isdigit() or last in _COUNTED)
    is_bound = (
        first in _NEVER_FIRST
        or last in _NEVER_LAST
        or unicodedata.category(first) in _CLOSING
        or unicodedata.category(last) in _OPENING
    )
    if is_number or is_bound:
        yield UNBREAKABLE
        return
    if last in _SENTENCE_ENDS | _CLAUSE_ENDS:
        yield CLAUSE
    if last in _COMMAS:
        yield _COMMA
    if _opens(first) or _without_closing(last) != last:
        yield _BRACKET
    if _KATAKANA.match(last) and _KATAKANA.match(first):
        yield _BOUND_WORD
    else:
        yield _CHARACTER


def _is_glued(before: Piece, after: Piece) -> bool:
    """Return whether two words are one number, one name or one mark."""
    if before.word is not None and before.word == after.word:
        return True
    left, right = before.text, after.text
    if _is_mark(left) and (_opens(left) or set(left) <= _OPENING_SIGNS):
        return True
    if _is_mark(right) and not _opens(right):
        return True
    if _ends_clause(left):
        return False
    return _is_number(left, right) or _is_name(left, right)


def _is_number(left: str, right: str) -> bool:
    if _DIGITS.match(right):
        # "No. 5", "EUR 5", "March 5", "1 000 000"; "gas mark 6." ends its clause.
        is_last = right[-1] in ".,;:!?"
        is_named = _CAPITAL.match(left) or _ABBREVIATION.fullmatch(left)
        is_amount = _CURRENCY.fullmatch(left) or _NUMBER.fullmatch(left)
        return bool(is_last or is_named or is_amount)
    first, second = _bare(left), _bare(right)
    is_number = _NUMBER.fullmatch(left) or first in _NUMBER_WORDS | _AMOUNTS
    if second in _AMOUNTS:
        return bool(is_number or first == _PER)
    if second == _PER:
        return bool(is_number)
    if first in _NUMBER_WORDS:
        # "one hundred and five"
        return second in _NUMBER_WORDS or (second == "and" and first in _AMOUNTS)
    return first == "and" and second in _NUMBER_WORDS


def _is_counted(left: str, right: str, words: FunctionWords) -> bool:
    """Return whether a number is followed by a noun that it counts."""
    if _ends_clause(left) or _bare(right) in words.bound | words.opening:
        return False
    return _NUMBER.fullmatch(left) is not None or _bare(left) in _AMOUNTS


def _ends_clause(text: str) -> bool:
    return _without_closing(text)[-1:] in _COMMAS | _CLAUSE_ENDS


def _is_name(left: str, right: str) -> bool:
    """Return whether a break would part initials or a title from a name."""
    if not _CAPITAL.match(right):
        return False
    if _INITIAL.fullmatch(left) or _ABBREVIATION.fullmatch(left):
        return True
    return bool(_INITIAL.fullmatch(right) and _CAPITAL.match(left))


def _is_mark(text: str) -> bool:
    return _MARKS.fullmatch(text) is not None


def _opens(text: str) -> bool:
    """Return whether a text begins with an opening bracket or quote."""
    return text[0] in _QUOTES or unicodedata.category(text[0]) in _OPENING


def _without_closing(text: str) -> str:
    """Return a text without the closing brackets and quotes at its end."""
    end = len(text)
    while end and (
        text[end - 1] in _QUOTES or unicodedata.category(text[end - 1]) in _CLOSING
    ):
        end -= 1
    return text[:end]


def _bare(text: str) -> str:
    return _MARKS.sub("", text).lower()
