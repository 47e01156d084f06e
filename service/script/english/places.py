"""The dateline that opens a report: "DUBAI:", "MEXICO CITY (AP) —"."""

import re

from service.script.spoken import Rule, Said

_LETTERS = frozenset({"EU", "NATO", "UAE", "UK", "UN", "US", "USA"})
"""Places that are initialisms, and stay in capitals."""

_CAPITALS = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'.-]+"
_DATELINE = re.compile(
    rf"""\A(?P<place>{_CAPITALS}(?:\ {_CAPITALS}){{0,3}})
        (?:,\ (?P<state>[A-Z][\w.]*(?:\ [A-Z][\w.]*){{0,2}}))?
        (?:,\ (?P<date>[A-Z][a-z]{{2,8}}\.?\ \d{{1,2}}))?
        (?:\ ?\((?P<agency>[^()]{{1,40}})\))?
        \ ?(?P<end>:|[-—]{{1,2}})\ """,
    re.VERBOSE,
)


def _ordinary(place: str) -> str:
    if place in _LETTERS:
        return place
    return re.sub(r"[^\W_]+", lambda word: word[0].capitalize(), place).replace(".", "")


def _say_place(match: re.Match[str]) -> tuple[Said, ...] | None:
    if match["date"] or (match["state"] or "").endswith("."):
        return None
    said = [
        Said(_ordinary(word[0]), word.start(), word.end())
        for word in re.compile(r"\S+").finditer(
            match.string, match.start("place"), match.end("place")
        )
    ]
    if match["state"]:
        said[-1] = Said(said[-1].spoken + ",", said[-1].start, said[-1].end)
        said.append(Said(_ordinary(match["state"]), *match.span("state")))
    last = said[-1]
    # The agency is not said: a newsreader names the place and begins.
    said[-1] = Said(last.spoken + ":", last.start, match.end("end"))
    return tuple(said)


PLACE_RULES = (Rule("dateline", _DATELINE, _say_place, opening=True),)
