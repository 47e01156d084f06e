"""Why a word is said as it is: which rule or which entry has taken it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from re import Match

from service.script.lexicon import Lexicon, LexiconWord
from service.script.normalization import (
    Claim,
    Rule,
    Spoken,
    claim_ranges,
    lay_out_words,
)
from service.script.paragraph import ParagraphReader
from service.script.pauses import Pauses
from service.script.plain_text import fold_characters

LEFT = "left to the voice"


@dataclass(frozen=True, slots=True)
class Explained:
    """One word as it is said."""

    written: str
    """As rules see it: typographic characters made plain."""

    spoken: str
    ipa: str | None

    by: str
    """The entry or the rule that says so, or `LEFT`."""


def explain(phrase: str, language: str, lexicon: Lexicon) -> tuple[Explained, ...]:
    """Say how a word or a short phrase is read inside a sentence, and why."""
    reader = ParagraphReader(language, lexicon, Pauses())
    text = " ".join(fold_characters(phrase).text.split())
    taken: dict[tuple[int, int], str] = {}
    rules = [_watched(rule, taken) for rule in reader.rules]
    claims = claim_ranges(text, rules)
    names = {
        claim.start: _reason(claim, taken[claim.start, claim.end]) for claim in claims
    }
    renamed = lexicon.rename(claims, text, language)
    return tuple(_explained(text, renamed, names, digits=not reader.own_rules))


def _explained(
    text: str, claims: list[Claim], names: dict[int, str], *, digits: bool
) -> Iterator[Explained]:
    for word in lay_out_words(text, claims, digits=digits):
        claim = next(
            (one for one in claims if one.start < word.end and word.start < one.end),
            None,
        )
        heard = next(
            (
                said.ipa
                for said in (claim.said if claim else ())
                if isinstance(said, LexiconWord) and word.start <= said.start < word.end
            ),
            None,
        )
        by = names[claim.start] if claim else LEFT
        yield Explained(text[word.start : word.end], word.spoken, heard, by)


def _watched(rule: Rule, taken: dict[tuple[int, int], str]) -> Rule:
    """Return a rule that writes down what it takes."""

    def say(match: Match[str]) -> str | tuple[Spoken, ...] | None:
        said = rule.say(match)
        if said is not None:
            taken[match.span()] = rule.name
        return said

    return replace(rule, say=say)


def _reason(claim: Claim, rule: str) -> str:
    entries = [said.entry for said in claim.said if isinstance(said, LexiconWord)]
    if not entries:
        return f"rule: {rule}"
    return f"{rule}: {entries[0].grapheme!r} as {entries[0].how}"
