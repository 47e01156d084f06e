"""Report what cleaning cut, with a reason for each line: `CleaningReport`.

rules.toml has a sentence per rule.
"""

import functools
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Self

from service.cleaning.cleaned import Cleaned, Cut


@dataclass(frozen=True, slots=True)
class CleaningReport:
    """What cleaning cut from a text that was sent, and how sure it was."""

    cuts: tuple[Cut, ...]
    """The lines that are not read, each with a reason."""

    confidence: float
    """How surely the article is complete and alone, 0 to 1, in hundredths."""

    doubts: tuple[str, ...]
    """What lowers the confidence, as sentences."""

    @classmethod
    def of(cls, cleaned: Cleaned) -> Self:
        """Return the report of a cleaned article."""
        cuts = tuple(map(explain_cut, cleaned.cuts))
        return cls(cuts, round(cleaned.confidence, 2), cleaned.doubts)


def explain_cut(cut: Cut) -> Cut:
    """Return a cut with its rule's sentence before its own reasons.

    What the classifier gives as reasons are names of features: a person reads the
    sentence, a developer the names.
    """
    return replace(cut, because=(_sentence(cut.rule), *cut.because))


def explain_rules(cuts: Iterable[Cut]) -> dict[str, str]:
    """Return the sentence of each rule that cut any of the lines."""
    return {rule: _sentence(rule) for rule in dict.fromkeys(cut.rule for cut in cuts)}


def _sentence(rule: str) -> str:
    return _sentences().get(rule, f"A phrase of the rule {rule} matches it.")


@functools.cache
def _sentences() -> Mapping[str, str]:
    packaged = files("service.cleaning").joinpath("rules.toml").read_text("utf-8")
    return tomllib.loads(packaged)
