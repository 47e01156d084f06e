"""Explain how a word is read: the rule or lexicon entry that claims it."""

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
from service.script.unreadable.foreign_letters import for_english_voice

LEFT_TO_VOICE = "left to the voice"
TRANSLITERATED = "letters that the voice does not know, transliterated"
LEFT_OUT = "letters that the voice does not know, left out"


@dataclass(frozen=True, slots=True)
class Explained:
    """One word, its spoken form and the reason."""

    written: str
    """As rules see it, with typographic characters folded."""

    spoken: str
    ipa: str | None

    by: str
    """The lexicon entry or the rule, or one of the reasons above."""


def explain(phrase: str, language: str, lexicon: Lexicon) -> tuple[Explained, ...]:
    """Explain how a word or a short phrase is read inside a sentence."""
    reader = ParagraphReader(language, lexicon, Pauses())
    text = " ".join(fold_characters(phrase).text.split())
    rule_names: dict[tuple[int, int], str] = {}
    rules = [_recording_rule(rule, rule_names) for rule in reader.rules]
    claims = claim_ranges(text, rules)
    reasons = {
        claim.start: _reason(claim, rule_names[claim.start, claim.end])
        for claim in claims
    }
    replaced = lexicon.replace_names(claims, text, language)
    explained = _explain_words(text, replaced, reasons, digits=not reader.is_english)
    return tuple(map(_in_known_letters, explained) if reader.is_english else explained)


def _explain_words(
    text: str, claims: list[Claim], reasons: dict[int, str], *, digits: bool
) -> Iterator[Explained]:
    for word in lay_out_words(text, claims, digits=digits):
        claim = next(
            (
                candidate
                for candidate in claims
                if candidate.start < word.end and word.start < candidate.end
            ),
            None,
        )
        ipa = next(
            (
                spoken.ipa
                for spoken in (claim.said if claim else ())
                if isinstance(spoken, LexiconWord)
                and word.start <= spoken.start < word.end
            ),
            None,
        )
        reason = reasons[claim.start] if claim else LEFT_TO_VOICE
        yield Explained(text[word.start : word.end], word.spoken, ipa, reason)


def _in_known_letters(word: Explained) -> Explained:
    """Return a word as an English voice gets it, with the reason."""
    spoken = for_english_voice(word.spoken)
    if spoken == word.spoken:
        return word
    return replace(word, spoken=spoken, by=TRANSLITERATED if spoken else LEFT_OUT)


def _recording_rule(rule: Rule, rule_names: dict[tuple[int, int], str]) -> Rule:
    """Return a rule that also records its name for each range it claims."""

    def say(match: Match[str]) -> str | tuple[Spoken, ...] | None:
        said = rule.say(match)
        if said is not None:
            rule_names[match.span()] = rule.name
        return said

    return replace(rule, say=say)


def _reason(claim: Claim, rule: str) -> str:
    entries = [spoken.entry for spoken in claim.said if isinstance(spoken, LexiconWord)]
    if not entries:
        return f"rule: {rule}"
    return f"{rule}: {entries[0].grapheme!r} as {entries[0].kind}"
