"""Words that are written alike and said otherwise: "lead pipes", "in Nice".

Engines choose one sound for most of them.  Here are the contexts in which news means
the other; each word is respelled so that engines say it.
"""

import re
from typing import NamedTuple

from service.script.normalization import Rule

_BEFORE_CHARACTERS, _AFTER_CHARACTERS = 40, 40

_METALS = "antimony|arsenic|cadmium|cobalt|copper|iron|mercury|nickel|silver|tin|zinc"
_PEOPLE = (
    r"adults|all|also|Americans|animals|birds|both|Britons|can|children|could|couples"
    r"|didn't|doesn't|don't|ever|families|fish|half|households|I|many|may|men|might"
    r"|migrants|millions|most|must|never|not|now|others|parents|patients|people"
    r"|refugees|residents|should|species|still|students|that|they|thousands|to|we|who"
    r"|will|women|workers|would|you"
)
"""Subjects and auxiliaries before a verb."""

_SHUT_BEFORE = (
    r"banks|can|cannot|could|don't|factories|libraries|markets|may|might|must|offices"
    r"|or|plants|polls|pubs|restaurants|roads|schools|shops|should|stores|they|to|we"
    r"|will|would"
)
_TOWN_BEFORE = r"\b(?:[Aa]t|[Ff]rom|[Ii]n|[Nn]ear|of|outside|to|via)\ $"


class _Homograph(NamedTuple):
    """A word in one of its contexts."""

    word: str
    """Pattern of the written word."""

    spoken: str
    """A spelling that engines say as it is meant here."""

    before: str = ""
    """Pattern of the text before; any if empty."""

    after: str = ""
    """Pattern of the text after; any if empty."""


_HOMOGRAPHS = (
    _Homograph(
        "[Ll]ead",
        "led",
        after=r"(?:-(?:acid|based|contaminated|free|lined)|\ (?:acid|batter(?:y|ies)"
        r"|bullets?|contamination|content|exposure|levels|mines?|mining|ore|paint"
        r"|pellets?|pipes?|piping|plumbing|poisoning|roof\w{0,3}|service\ lines"
        rf"|shot|smelters?|solder|weights?)|(?:,|\ and|\ or)\ (?:{_METALS}))\b",
    ),
    _Homograph(
        "lead",
        "led",
        before=r"\b(?:(?:amounts?|concentrations?|full|levels?|made|tons?|tonnes|traces?)"
        r"\ of|containing|contaminated\ (?:by|with)|exposed\ to|exposure\ to"
        r"|lined\ with"
        rf"|(?:{_METALS})(?:,|\ and|\ or))\ $",
        after=r"(?!\ (?:role|singer|time|guitar|actor))",
    ),
    _Homograph(
        "tear",
        "tare",
        after=r"\ (?:apart|at|down|into|it|off|out|them|through|up)\b"
        r"|\ in\ (?:a|her|his|its|my|the|their)\b(?!\ eyes?)",
    ),
    _Homograph("tear", "tare", before=r"\b(?:wear\ and|to|not|n't|ligament)\ $"),
    _Homograph(
        "tears",
        "tares",
        after=r"\ (?:apart|down|into|off|through|up)\b(?!\ (?:her|his))",
    ),
    _Homograph(
        "winds",
        "wines",
        after=r"\ (?:across|along|around|down|east|its|north|past|south|through|to|up"
        r"|west)\b",
        before=r"\b(?:it|path|railway|river|road|route|stream|that|track|trail|valley)"
        r"\ $",
    ),
    _Homograph(
        "live",
        "lyve",
        before=r"\b(?:aired|broadcast|carried|go|goes|going|performed|played|recorded"
        r"|reporting|seen|shown|sung|televised|watched|went"
        r"|(?:are|be|been|being|is|was|were)(?:\ (?:also|not|now|still))?)\ $",
    ),
    _Homograph(
        "live",
        "liv",
        before=rf"\b(?i:{_PEOPLE})\ $",
        after=r"(?!\ (?:audience|broadcast|coverage|music|show|stream|television|TV))",
    ),
    _Homograph(
        "read",
        "red",
        before=r"(?<!\b[Dd]id\ )(?<!\b[Dd]oes\ )(?<!\b[Cc]an\ )(?<!\b[Cc]ould\ )"
        r"(?<!\b[Ww]ill\ )(?<!\b[Ww]ould\ )(?<!\b[Ss]hould\ )(?<!\b[Ll]et\ )"
        r"(?<!\bmake\ )(?<!\bmade\ )(?<!\bmust\ )(?<!\bhelp\ )(?<!\bhelped\ )"
        r"\b(?:[Hh]e|[Ii]t|[Ss]he)\ $",
    ),
    _Homograph(
        "read",
        "red",
        before=r"\b(?:I|[Tt]hey|[Ww]e|[Yy]ou)\ $",
        after=r"[^.;]{0,30}\ (?:ago|last\ (?:month|night|week|year)|yesterday)\b",
    ),
    _Homograph(
        "read",
        "red",
        before=r"\b(?:banner|caption|e?mail|graffiti|headline|letter|message|note|placard"
        r"|poster|sign|statement|text|tweet)\ $",
        after=r"(?:,|:|\ [\"'“])",
    ),
    _Homograph(
        "read",
        "red",
        before=r"\b(?:been|being|had|has|have|having|is|was|were|widely|well)[ -]$",
        after=r"(?![/-])",
    ),
    _Homograph(
        "[Mm]inute",
        "my newt",
        after=r"\ (?:amounts?|changes|creatures|details?|differences|doses"
        r"|fractions?|fragments|organisms|particles?|proportion|quantit(?:y|ies)|traces?)\b",
    ),
    _Homograph(
        "close",
        "cloze",
        before=rf"\b(?i:{_SHUT_BEFORE})\ $",
        after=r"(?!\ (?:ally|by\b|call|contact|enough|friends?|range|relations?|to\b"
        r"|together))",
    ),
    _Homograph("close", "cloze", after=r"\ of\ (?:business|play|polls|trading)\b"),
    _Homograph(
        "close", "cloze", before=r"\b(?:after|at|before|by|since)\ (?:its|the|\w+'s)\ $"
    ),
    _Homograph("Nice", "neece", before=_TOWN_BEFORE),
    _Homograph(
        "Nice", "neece", after=r"(?:,\ France|\ (?:airport|attack|Airport|C[oô]te))\b"
    ),
    _Homograph("Reading", "redding", before=_TOWN_BEFORE, after=r"(?!\ [a-z]+\ books)"),
    _Homograph(
        "Reading",
        "redding",
        after=r"(?:,\ (?:Berks|Berkshire|England|Pa|Pennsylvania|UK)"
        r"|\ (?:Borough|council|Council|Crown|East|FC|Festival|festival|F\.C|Gaol|Jail"
        r"|Railroad|station|University|West))\b",
    ),
    _Homograph("Polish", "polish", before=r"\A\W*$", after=r"\ (?:it|the|up|your)\b"),
)
"""Seen in agency pages; the sources of the contexts are headlines and reports."""


def _rule(homograph: _Homograph) -> Rule:
    before = re.compile(homograph.before or r"\Z")
    after = re.compile(homograph.after)

    def say(match: re.Match[str]) -> str | None:
        start, end = match.span()
        head = match.string[max(0, start - _BEFORE_CHARACTERS) : start]
        tail = match.string[end : end + _AFTER_CHARACTERS]
        if not (before.search(head) and after.match(tail)):
            return None
        spoken = homograph.spoken
        return spoken.capitalize() if match[0][0].isupper() else spoken

    return Rule(
        f"homograph: {homograph.spoken}",
        re.compile(rf"(?<![\w'-]){homograph.word}(?![\w'])"),
        say,
    )


HOMOGRAPH_RULES = tuple(map(_rule, _HOMOGRAPHS))
