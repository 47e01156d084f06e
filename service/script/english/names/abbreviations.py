"""Abbreviations, mostly of names: "Acme Inc.", "St. Louis", "vs."."""

import re

from service.script.english.names.initialisms import is_spelt, letters_and_s
from service.script.normalization import Rule
from service.script.regex_alternation import alternation

_ABBREVIATIONS = {
    "Approx.": "Approximately",
    "Assn.": "Association",
    "Assoc.": "Associates",
    "Asst.": "Assistant",
    "Bldg.": "Building",
    "Bros.": "Brothers",
    "Btw.": "By the way",
    "Co.": "Company",
    "Comm.": "Commission",
    "Corp.": "Corporation",
    "Cos.": "Companies",
    "Dept.": "Department",
    "E.g.": "For example",
    "Esq.": "Esquire",
    "Est.": "Established",
    "Govt.": "Government",
    "I.e.": "That is",
    "Inc.": "Incorporated",
    "Intl.": "International",
    "Jr.": "Junior",
    "Ltd.": "Limited",
    "Mfg.": "Manufacturing",
    "N/A": "N.A",
    "Ph.D.": "PhD",
    "Ph.D.s": "P-H-D's",
    "Plc.": "P.L.C",
    "Sr.": "Senior",
    "TL;DR": "T.L.D.R",
    "Univ.": "University",
    "a.k.a.": "also known as",
    "abbr.": "abbreviated",
    "aka": "also known as",
    "approx.": "approximately",
    "asst.": "assistant",
    "b/c": "because",
    "c/o": "care of",
    "cf.": "compare",
    "co.": "company",
    "dept.": "department",
    "dept": "department",
    "e.g.": "for example",
    "e.g": "for example",
    "eg.": "for example",
    "est.": "established",
    "et al.": "et al",
    "etc": "et cetera",
    "etc.": "et cetera",
    "govt": "government",
    "govt.": "government",
    "i.e.": "that is",
    "i.e": "that is",
    "ie.": "that is",
    "incl.": "including",
    "intl.": "international",
    "m/m": "month over month",
    "misc.": "miscellaneous",
    "ppl": "people",
    "q/q": "quarter over quarter",
    "qoq": "quarter over quarter",
    "v.": "versus",
    "viz.": "namely",
    "vs": "versus",
    "vs.": "versus",
    "w/": "with",
    "w/o": "without",
    "w/out": "without",
    "y-o-y": "year over year",
    "y/y": "year over year",
    "yoy": "year over year",
}
"""Seen in business, court, sports and agency pages."""

_AFTER_NAMES = {
    "Assn": "Association",
    "Bros": "Brothers",
    "Co": "Company",
    "Corp": "Corporation",
    "Cos": "Companies",
    "Dept": "Department",
    "Govt": "Government",
    "Inc": "Incorporated",
    "Intl": "International",
    "Jr": "Junior",
    "Ltd": "Limited",
    "Sr": "Senior",
    "Univ": "University",
    "Utd": "United",
    "plc": "P.L.C",
}
"""Without a full stop, these are expanded only after a capitalised name."""

_BEFORE_NAMES = {
    "Ft": "Fort",
    "Ft.": "Fort",
    "Mt": "Mount",
    "Mt.": "Mount",
    "Pt.": "Point",
    "St": "Saint",
    "St.": "Saint",
    "Ste.": "Sainte",
    "Sts.": "Saints",
}

_BEFORE_NUMBERS = {
    "Art.": "Article",
    "Ch.": "Chapter",
    "Fig": "Figure",
    "Fig.": "Figure",
    "Pg.": "Page",
    "Sec.": "Section",
    "Vol": "Volume",
    "Vol.": "Volume",
    "ch.": "chapter",
    "ext.": "extension",
    "fig": "figure",
    "fig.": "figure",
    "no.": "number",
    "nos.": "numbers",
    "p.": "page",
    "para.": "paragraph",
    "pp": "pages",
    "pp.": "pages",
    "sec.": "section",
    "vol.": "volume",
}
"""Seen in court and science pages."""

_OLD_STREETS = "Bay|Bourbon|Fleet|High|Main|Market|Wall"
"""Streets abbreviated before another name: "Wall St Journal"."""


def _say_before(match: re.Match[str]) -> str | None:
    before = match.string[: match.start()]
    street = (
        rf"\d(?:st|nd|rd|th)? $|(?<![&\w])[NSEW]\.? [A-Z\d]\w* $|\b(?:{_OLD_STREETS}) $"
    )
    if match["word"] in ("St", "St.") and re.search(street, before):
        return None
    return _BEFORE_NAMES[match["word"]]


NAME_RULES = (
    Rule(
        "before a name",
        re.compile(
            rf"(?<![\w.])(?P<word>{alternation(_BEFORE_NAMES)})(?=\ [A-Z])(?<!\w\w\ Mt)"
        ),
        _say_before,
    ),
    Rule("street", re.compile(r"(?<=\w\ )St\b\.?"), lambda _: "Street"),
    Rule(
        "before a number",
        re.compile(rf"(?<![\w.])(?P<word>{alternation(_BEFORE_NUMBERS)})(?=\ ?\d)"),
        lambda match: _BEFORE_NUMBERS[match["word"]],
    ),
    Rule(
        "estimated",
        re.compile(r"(?<![\w.])(?P<first>[Ee])st\.(?=\ [$£€]?(?!1\d{3}\b|20\d\d\b)\d)"),
        lambda match: f"{match['first']}stimated",
    ),
    Rule(
        "possessive apart",
        # Seen in business pages, where a link ends before the "s".
        re.compile(r"\b(?P<name>[A-Z][A-Za-z]*)\ 's(?![\w'])"),
        lambda match: (
            letters_and_s(match["name"])
            if match["name"].isupper() and is_spelt(match["name"])
            else f"{match['name']}'s"
        ),
    ),
    Rule(
        "circuit",
        re.compile(r"(?<=\dth\ |\dst\ |\dnd\ |\drd\ )Cir\."),
        lambda _: "Circuit",
    ),
    Rule(
        "defeated",
        re.compile(r"(?<=[\w)]\ )(?:d|def)\.(?=\ [A-Z][\w. ]{1,30}\ \d)"),
        lambda _: "defeated",
    ),
    Rule(
        "as heard",
        re.compile(r"\(ph\)"),
        lambda _: (),
    ),
    Rule(
        "abbreviation",
        re.compile(rf"(?<![\w.@/])(?P<word>{alternation(_ABBREVIATIONS)})(?![\w@/])"),
        lambda match: _ABBREVIATIONS[match["word"]],
    ),
    Rule(
        "behind a name",
        re.compile(
            rf"(?<=[A-Za-z&,.]\ )(?P<word>{alternation(_AFTER_NAMES)})\b(?!'(?!s)|-)"
        ),
        lambda match: _AFTER_NAMES[match["word"]],
    ),
    Rule(
        "name with a mark",
        re.compile(
            r"\b(?P<name>Airplane|Guess|Jeopardy|Mamma Mia|Moulin Rouge|Oklahoma|Yahoo"
            r"|Yum)[!?](?=,|'s|\ [a-z\d]|\ (?:Finance|Inc|Japan|News|Sports)\b)"
        ),
        lambda match: match["name"],
    ),
    Rule(
        "are",
        # Engines misread "how're" but not "they're".
        re.compile(r"(?i:(?<=\bhow)|(?<=\bwhat)|(?<=\bwhere)|(?<=\bwhy))'re\b"),
        lambda _: "are",
    ),
)
