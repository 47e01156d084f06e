"""Features of single lines, by name.

No feature decides alone: the line classifier weighs them together with those of the
lines around.  All are structure and common words, never the phrases of one site.

Each feature is computed for all lines before the next one: a page has hundreds of
lines, and calling each feature for each line takes twice as long.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import log1p

import numpy as np

from service.cleaning.classifier.common_words import (
    PRONOUNS,
    READER_WORDS,
    REPORTING_VERBS,
    STOP_WORDS,
)
from service.cleaning.classifier.feature_arrays import FeatureArray
from service.cleaning.classifier.phrases import (
    AMOUNT,
    CAPTION,
    COMMENT,
    CREDIT_AT_END,
    DATE,
    DIGIT,
    NAME_AT_END,
    OPENS_BOX,
    PERSON_IS,
    PREFIX_LETTERS,
    PROFESSION,
    PROMPT_PHRASES,
    PROMPT_WORDS,
    SCENE,
    WEB_ADDRESS,
    YEAR,
    PhraseGroup,
)
from service.cleaning.lines import MAX_PATTERN_CHARACTERS, Line

LineFeatures = Mapping[str, Sequence[float] | FeatureArray]
"""Feature by name, each with one number per line."""

_MIN_PARAGRAPH_WORDS = 12
"""Words from which a line that ends as a sentence is a paragraph."""

_MIN_HEADLINE_WORDS = 4
"""Words from which a line may be a headline; a shorter one is a label."""

_MIN_CAPITALISED_LETTERS = 4
"""Letters from which a headline in title case gives every word a capital."""

_MIN_DATED_SENTENCE_WORDS = 8
"""Words below which a line that has a date is only a date."""

_MIN_STORY_WORDS = 40
"""Words below which the description of a scene may be a caption."""

_MAX_SIZE_WORDS = 80
"""Words above which all lines count as equally long."""

_PREFIXES = frozenset[str]().union(
    *(
        group.prefixes
        for group in (
            CAPTION,
            COMMENT,
            OPENS_BOX,
            PROFESSION,
            PROMPT_WORDS,
            PROMPT_PHRASES,
        )
    )
)


def compute_line_features(lines: Sequence[Line]) -> dict[str, FeatureArray]:
    """Compute every feature of each line, sorted by name; none is negative."""
    texts = [line.text for line in lines]
    searched = [text if len(text) <= MAX_PATTERN_CHARACTERS else "" for text in texts]
    lowered = [text.lower() for text in searched]
    features = {
        **_edge_features(texts),
        **_symbol_features(texts),
        **_size_features(lines),
        **_word_features(lines),
        **_capital_features(lines),
        **_digit_features(lines, searched, lowered),
        **_pattern_features(lines, searched, lowered),
        **_phrase_features(lines, searched, lowered),
    }
    return {
        name: np.array(features[name], dtype=np.float64) for name in sorted(features)
    }


def _edge_features(texts: Sequence[str]) -> LineFeatures:
    return {
        "ellipsis": [text.endswith(("...", "…")) for text in texts],
        "ends-with-colon": [text.endswith(":") for text in texts],
        "in-parentheses": [text[:1] == "(" and text[-1:] == ")" for text in texts],
        "lower-start": [text[:1].islower() for text in texts],
        "number-start": [text[:1].isdigit() for text in texts],
        "question": [text.endswith("?") for text in texts],
        "quote-start": [text[:1] in "\"'“‘" for text in texts],
    }


def _symbol_features(texts: Sequence[str]) -> LineFeatures:
    return {
        "all-capitals": [text.isupper() for text in texts],
        "has-exclamation-mark": ["!" in text for text in texts],
        "has-parenthesis": ["(" in text for text in texts],
        "quote": ['"' in text or "“" in text or "”" in text for text in texts],
        "symbols": ["|" in text or "©" in text or "»" in text for text in texts],
    }


def _size_features(lines: Sequence[Line]) -> LineFeatures:
    size = np.array([line.size for line in lines])
    ends = np.array([line.ends_sentence for line in lines])
    return {
        "ends": ends,
        "ends-long": ends & (size >= 2 * _MIN_PARAGRAPH_WORDS),
        "ends-prose": ends & (size >= _MIN_PARAGRAPH_WORDS),
        "ends-short": ends & (size < _MIN_PARAGRAPH_WORDS),
        "length": [log1p(len(line.text)) for line in lines],
        "list-item": [line.is_list_item for line in lines],
        "no-end-mark": ~ends & (size >= _MIN_HEADLINE_WORDS),
        "size": np.minimum(size, _MAX_SIZE_WORDS),
        "size-log": [log1p(line.size) for line in lines],
        "very-short": size < _MIN_HEADLINE_WORDS,
    }


def _word_features(lines: Sequence[Line]) -> LineFeatures:
    words = [line.words for line in lines]
    counts = np.maximum(1, [len(own) for own in words])
    commas = np.array([line.text.count(",") for line in lines])
    return {
        "commas": commas / counts,
        "pronouns": [not PRONOUNS.isdisjoint(own) for own in words],
        "reader-words": _count_among(READER_WORDS, words) / counts,
        "reporting-verbs": [not REPORTING_VERBS.isdisjoint(own) for own in words],
        "stop-words": _count_among(STOP_WORDS, words) / counts,
    }


def _count_among(
    vocabulary: frozenset[str], words: Sequence[tuple[str, ...]]
) -> FeatureArray:
    return np.array([sum(map(vocabulary.__contains__, own)) for own in words])


def _capital_features(lines: Sequence[Line]) -> LineFeatures:
    """Compute the share of capitalised words, among all and among the longer ones."""
    return {
        "capitals": [_capitalised_share(line.tokens) for line in lines],
        "title-case": [
            0.0
            if line.ends_sentence or line.size < _MIN_HEADLINE_WORDS
            else _capitalised_share(
                [
                    token
                    for token in line.tokens
                    if len(token) >= _MIN_CAPITALISED_LETTERS
                ]
            )
            for line in lines
        ],
    }


def _capitalised_share(tokens: Sequence[str]) -> float:
    initials = [token[0] for token in tokens]
    return sum(map(str.isupper, initials)) / max(1, sum(map(str.isalpha, initials)))


def _digit_features(
    lines: Sequence[Line], searched: Sequence[str], lowered: Sequence[str]
) -> LineFeatures:
    digits = np.array([len(DIGIT.findall(line.text)) for line in lines])
    # Few lines have a digit, and the patterns match only those.
    with_digits = np.flatnonzero(digits).tolist()
    short = [
        index for index in with_digits if lines[index].size < _MIN_DATED_SENTENCE_WORDS
    ]
    return {
        "amount": _search_some(AMOUNT, searched, with_digits),
        "date-alone": _search_some(DATE, lowered, short),
        "digits": digits / np.maximum(1, [len(line.text) for line in lines]),
        "year": _search_some(YEAR, searched, with_digits),
    }


def _pattern_features(
    lines: Sequence[Line], searched: Sequence[str], lowered: Sequence[str]
) -> LineFeatures:
    parenthesised = [index for index, text in enumerate(searched) if "(" in text]
    short = [index for index, line in enumerate(lines) if line.size < _MIN_STORY_WORDS]
    return {
        "credit-at-end": _search_some(CREDIT_AT_END, searched, parenthesised),
        "name-at-end": [NAME_AT_END.search(text) is not None for text in searched],
        "scene": _search_some(SCENE, lowered, short),
        "web-address": [WEB_ADDRESS.search(text) is not None for text in searched],
    }


def _search_some(
    pattern: re.Pattern[str], texts: Sequence[str], indices: Iterable[int]
) -> FeatureArray:
    """Flag the texts that have a match, searching only those at the indices."""
    has_match = np.zeros(len(texts))
    for index in indices:
        has_match[index] = pattern.search(texts[index]) is not None
    return has_match


def _phrase_features(
    lines: Sequence[Line], searched: Sequence[str], lowered: Sequence[str]
) -> LineFeatures:
    prefixes = _find_prefixes(lines)

    def counts(group: PhraseGroup) -> FeatureArray:
        values = np.zeros(len(lines))
        for index, own in prefixes.items():
            if not group.prefixes.isdisjoint(own):
                values[index] = group.count(lowered[index])
        return values

    person = np.array([PERSON_IS.match(text) is not None for text in searched])
    profession, prompt_words = counts(PROFESSION), counts(PROMPT_WORDS)
    return {
        "caption-words": np.minimum(3, counts(CAPTION)),
        "comment-words": np.minimum(1, counts(COMMENT)),
        "opens-box": np.minimum(1, counts(OPENS_BOX)),
        "person-is": person,
        "profession": np.minimum(3, profession),
        "profession-of-person": person & (profession > 0),
        "prompt-phrases": np.minimum(3, counts(PROMPT_PHRASES)),
        "prompt-share": prompt_words / np.maximum(5, [line.size for line in lines]),
        "prompt-words": np.minimum(4, prompt_words),
    }


def _find_prefixes(lines: Sequence[Line]) -> dict[int, set[str]]:
    """Return the word prefixes of each line that may have a phrase, by its index.

    Each distinct word of the page is looked up once, not once per line.
    """
    words = set(chain.from_iterable([line.words for line in lines]))
    candidates = {word for word in words if word[:PREFIX_LETTERS] in _PREFIXES}
    return {
        index: {word[:PREFIX_LETTERS] for word in candidates.intersection(line.words)}
        for index, line in enumerate(lines)
        if not candidates.isdisjoint(line.words)
    }
