"""Shortened words beside names: "Acme Inc.", "St. Louis", "Mt. Etna", "vs."."""

import re

from service.script.spoken import Rule

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
    "misc.": "miscellaneous",
    "ppl": "people",
    "v.": "versus",
    "viz.": "namely",
    "vs": "versus",
    "vs.": "versus",
    "w/": "with",
    "w/o": "without",
}
"""Seen in business, court, sports and agency pages."""

_BEHIND_NAMES = {
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
    "plc": "P.L.C",
}
"""Without a full stop, these are said out only behind a capitalised name."""

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
    "pp.": "pages",
    "sec.": "section",
    "vol.": "volume",
}
"""Seen in court pages and in pages about studies."""

_OLD_STREETS = "Bay|Bourbon|Fleet|High|Main|Market|Wall"
"""Streets whose short form stands before a name: "Wall St Journal"."""


def _one_of(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _say_before(match: re.Match[str]) -> str | None:
    before = match.string[: match.start()]
    street = rf"\d(?:st|nd|rd|th)? $|\b[NSEW]\.? \w+ $|\b(?:{_OLD_STREETS}) $"
    if match["word"] in ("St", "St.") and re.search(street, before):
        return None
    return _BEFORE_NAMES[match["word"]]


NAME_RULES = (
    Rule(
        "before a name",
        re.compile(
            rf"(?<![\w.])(?P<word>{_one_of(_BEFORE_NAMES)})(?=\ [A-Z])(?<!\w\w\ Mt)"
        ),
        _say_before,
    ),
    Rule("street", re.compile(r"(?<=\w\ )St\b\.?"), lambda _: "Street"),
    Rule(
        "before a number",
        re.compile(rf"(?<![\w.])(?P<word>{_one_of(_BEFORE_NUMBERS)})(?=\ ?\d)"),
        lambda match: _BEFORE_NUMBERS[match["word"]],
    ),
    Rule(
        "abbreviation",
        re.compile(rf"(?<![\w.@/])(?P<word>{_one_of(_ABBREVIATIONS)})(?![\w@/])"),
        lambda match: _ABBREVIATIONS[match["word"]],
    ),
    Rule(
        "behind a name",
        re.compile(
            rf"(?<=[A-Za-z&,.]\ )(?P<word>{_one_of(_BEHIND_NAMES)})\b(?!'(?!s)|-)"
        ),
        lambda match: _BEHIND_NAMES[match["word"]],
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
        # "How're" is no word to an engine; "they're" is.
        re.compile(r"(?i:(?<=\bhow)|(?<=\bwhat)|(?<=\bwhere)|(?<=\bwhy))'re\b"),
        lambda _: "are",
    ),
)
