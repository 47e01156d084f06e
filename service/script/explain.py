"""Why a word is said as it is: which rule or which entry has taken it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from re import Match

from service.script.lexicon import Lexicon, Listed
from service.script.normalization import Claim, Rule, Said, claim_ranges, words_of
from service.script.paragraph import Reader
from service.script.pauses import Pauses
from service.script.plain_text import plain_text

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
    reader = Reader(language, lexicon, Pauses())
    text = " ".join(plain_text(phrase).text.split())
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
    for word in words_of(text, claims, digits=digits):
        claim = next(
            (one for one in claims if one.start < word.end and word.start < one.end),
            None,
        )
        heard = next(
            (
                said.ipa
                for said in (claim.said if claim else ())
                if isinstance(said, Listed) and word.start <= said.start < word.end
            ),
            None,
        )
        by = names[claim.start] if claim else LEFT
        yield Explained(text[word.start : word.end], word.spoken, heard, by)


def _watched(rule: Rule, taken: dict[tuple[int, int], str]) -> Rule:
    """Return a rule that writes down what it takes."""

    def say(match: Match[str]) -> str | tuple[Said, ...] | None:
        said = rule.say(match)
        if said is not None:
            taken[match.span()] = rule.name
        return said

    return replace(rule, say=say)


def _reason(claim: Claim, rule: str) -> str:
    entries = [said.entry for said in claim.said if isinstance(said, Listed)]
    if not entries:
        return f"rule: {rule}"
    return f"{rule}: {entries[0].grapheme!r} as {entries[0].how}"
