"""What can be measured on lines by themselves, each measure with a name.

No feature decides alone: the line classifier weighs them together with those of the
lines around.  All are structure and common words; none is the wording of one site.

A measure is taken on all lines before the next one is: a page has hundreds of lines,
and to call each measure for each line takes twice as long.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import log1p

import numpy as np

from service.cleaning.classifier.common_words import (
    ADDRESSED,
    PERSONS,
    STOP_WORDS,
    TELLING,
)
from service.cleaning.classifier.feature_arrays import FeatureColumn
from service.cleaning.classifier.phrases import (
    ADDRESS,
    AMOUNT,
    CAPTION,
    COMMENT,
    CREDIT_AT_END,
    DATE,
    DIGIT,
    HEAD,
    NAME_AT_END,
    OPENS_A_BOX,
    PERSON_IS,
    PROFESSION,
    PROMPT,
    PROMPTS,
    SCENE,
    YEAR,
    PhraseGroup,
)
from service.cleaning.lines import Line

LineFeatures = Mapping[str, Sequence[float] | FeatureColumn]

_PROSE = 12
"""Words from which a line that ends as a sentence is a paragraph."""

LONGEST_LINE = 4000
"""Code points of the longest line that is searched for patterns: a giant one is no
paragraph and would hold them up."""

_HEADLINE = 4
"""Words from which a line may be a headline; a shorter one is a label."""

_CAPITALISED = 4
"""Letters from which a headline in title case gives every word a capital."""

_DATED = 8
"""Words below which a line with a date is a line of a date."""

_PICTURED = 40
"""Words below which a scene may be a caption."""

_LONGEST = 80
"""Words beyond which a line is simply long."""

_HEADS = frozenset[str]().union(
    *(
        wordings.heads
        for wordings in (CAPTION, COMMENT, OPENS_A_BOX, PROFESSION, PROMPT, PROMPTS)
    )
)


def compute_line_features(lines: Sequence[Line]) -> dict[str, FeatureColumn]:
    """Take every measure on each line, sorted by name; none is negative."""
    texts = [line.text for line in lines]
    read = [text if len(text) <= LONGEST_LINE else "" for text in texts]
    lowered = [text.lower() for text in read]
    measures = {
        **_of_edges(texts),
        **_of_signs(texts),
        **_of_size(lines),
        **_of_words(lines),
        **_of_capitals(lines),
        **_of_figures(lines, read, lowered),
        **_of_patterns(lines, read, lowered),
        **_of_wordings(lines, read, lowered),
    }
    return {
        name: np.array(measures[name], dtype=np.float64) for name in sorted(measures)
    }


def _of_edges(texts: Sequence[str]) -> LineFeatures:
    return {
        "ellipsis": [text.endswith(("...", "…")) for text in texts],
        "leads": [text.endswith(":") for text in texts],
        "lower-start": [text[:1].islower() for text in texts],
        "number-start": [text[:1].isdigit() for text in texts],
        "question": [text.endswith("?") for text in texts],
        "quote-start": [text[:1] in "\"'“‘" for text in texts],
        "round-all": [text[:1] == "(" and text[-1:] == ")" for text in texts],
    }


def _of_signs(texts: Sequence[str]) -> LineFeatures:
    return {
        "exclaims": ["!" in text for text in texts],
        "loud": [text.isupper() for text in texts],
        "quote": ['"' in text or "“" in text or "”" in text for text in texts],
        "round": ["(" in text for text in texts],
        "signs": ["|" in text or "©" in text or "»" in text for text in texts],
    }


def _of_size(lines: Sequence[Line]) -> LineFeatures:
    size = np.array([line.size for line in lines])
    ends = np.array([line.ends for line in lines])
    return {
        "ends": ends,
        "ends-long": ends & (size >= 2 * _PROSE),
        "ends-prose": ends & (size >= _PROSE),
        "ends-short": ends & (size < _PROSE),
        "length": [log1p(len(line.text)) for line in lines],
        "listed": [line.listed for line in lines],
        "size": np.minimum(size, _LONGEST),
        "size-log": [log1p(line.size) for line in lines],
        "tiny": size < _HEADLINE,
        "unended": ~ends & (size >= _HEADLINE),
    }


def _of_words(lines: Sequence[Line]) -> LineFeatures:
    words = [line.words for line in lines]
    counts = np.maximum(1, [len(own) for own in words])
    commas = np.array([line.text.count(",") for line in lines])
    return {
        "commas": commas / counts,
        "persons": [not PERSONS.isdisjoint(own) for own in words],
        "stop-words": _counts(STOP_WORDS, words) / counts,
        "telling": [not TELLING.isdisjoint(own) for own in words],
        "you": _counts(ADDRESSED, words) / counts,
    }


def _counts(common: frozenset[str], words: Sequence[tuple[str, ...]]) -> FeatureColumn:
    return np.array([sum(map(common.__contains__, own)) for own in words])


def _of_capitals(lines: Sequence[Line]) -> LineFeatures:
    """The share of words that begin with a capital, of all and of the longer ones."""
    return {
        "capitals": [_capitals(line.tokens) for line in lines],
        "title-case": [
            0.0
            if line.ends or line.size < _HEADLINE
            else _capitals([one for one in line.tokens if len(one) >= _CAPITALISED])
            for line in lines
        ],
    }


def _capitals(tokens: Sequence[str]) -> float:
    initials = [token[0] for token in tokens]
    return sum(map(str.isupper, initials)) / max(1, sum(map(str.isalpha, initials)))


def _of_figures(
    lines: Sequence[Line], read: Sequence[str], lowered: Sequence[str]
) -> LineFeatures:
    digits = np.array([len(DIGIT.findall(line.text)) for line in lines])
    # Few lines have a figure, and only they can have what is made of figures.
    figured = np.flatnonzero(digits).tolist()
    brief = [place for place in figured if lines[place].size < _DATED]
    return {
        "amount": _found(AMOUNT, read, figured),
        "date-alone": _found(DATE, lowered, brief),
        "digits": digits / np.maximum(1, [len(line.text) for line in lines]),
        "year": _found(YEAR, read, figured),
    }


def _of_patterns(
    lines: Sequence[Line], read: Sequence[str], lowered: Sequence[str]
) -> LineFeatures:
    round_ones = [place for place, text in enumerate(read) if "(" in text]
    brief = [place for place, line in enumerate(lines) if line.size < _PICTURED]
    return {
        "address": [ADDRESS.search(text) is not None for text in read],
        "credit-at-end": _found(CREDIT_AT_END, read, round_ones),
        "name-at-end": [NAME_AT_END.search(text) is not None for text in read],
        "scene": _found(SCENE, lowered, brief),
    }


def _found(
    pattern: re.Pattern[str], texts: Sequence[str], places: Iterable[int]
) -> FeatureColumn:
    """Whether a pattern is found in each text, looked for in a few."""
    found = np.zeros(len(texts))
    for place in places:
        found[place] = pattern.search(texts[place]) is not None
    return found


def _of_wordings(
    lines: Sequence[Line], read: Sequence[str], lowered: Sequence[str]
) -> LineFeatures:
    heads = _heads(lines)

    def counts(wordings: PhraseGroup) -> FeatureColumn:
        column = np.zeros(len(lines))
        for place, own in heads.items():
            if not wordings.heads.isdisjoint(own):
                column[place] = wordings.count(lowered[place])
        return column

    person = np.array([PERSON_IS.match(text) is not None for text in read])
    profession, prompt = counts(PROFESSION), counts(PROMPT)
    return {
        "caption-words": np.minimum(3, counts(CAPTION)),
        "comment-words": np.minimum(1, counts(COMMENT)),
        "opens-a-box": np.minimum(1, counts(OPENS_A_BOX)),
        "person-is": person,
        "profession": np.minimum(3, profession),
        "profession-of-person": person & (profession > 0),
        "prompt": np.minimum(4, prompt),
        "prompt-share": prompt / np.maximum(5, [line.size for line in lines]),
        "prompts": np.minimum(3, counts(PROMPTS)),
    }


def _heads(lines: Sequence[Line]) -> dict[int, set[str]]:
    """What words begin with, by the place of each line that may have a wording.

    The words of a page are asked, each once, and not those of every line.
    """
    words = set(chain.from_iterable([line.words for line in lines]))
    telling = {word for word in words if word[:HEAD] in _HEADS}
    return {
        place: {word[:HEAD] for word in telling.intersection(line.words)}
        for place, line in enumerate(lines)
        if not telling.isdisjoint(line.words)
    }
