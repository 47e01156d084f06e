"""Votes, records of wins, odds, cricket scores, fixed pairs."""

import re

from service.script.english.numbers.number_words import cardinal, number
from service.script.normalization import Rule

PAIR = r"(?<![\w.,/-])(?P<ours>\d{1,3})-(?P<theirs>\d{1,3})(?![\w/%]|[-.,]\d)"

_VOTE = r"vote|voted|voting|votes|split|majority|margin"
_RULING = r"approved|cleared|decided|passed|rejected|ruled|backed|confirmed|adopted"
_ODDS = (
    r"bet|bets|betting|bookie|bookies|bookmaker|bookmakers|favorite|favorites|"
    r"favourite|favourites|long\ shot|odds|odds-on|outsider|outsiders|priced|shot|"
    r"shots|underdog|underdogs|tipped"
)
"""Words near betting odds.  Seen in racing and election pages."""

_CRICKET = re.compile(
    r"\b(?:all\ out|all-rounder|bats(?:man|men)|batters?|bowled|bowlers?|bowling"
    r"|at\ (?:lunch|tea)|cricket|declared|innings|lbw|ODI|overs|run\ chase"
    r"|spinners?|stumps"
    r"|test\ match|T20|wickets?|close\ of\ play)\b",
    re.IGNORECASE,
)
_FIGURES = re.compile(r"\b(?:claim(?:ed|ing)|figures\ of|tak(?:es|ing)|took)\ $")
"""Words before the wickets and runs of a bowler."""

_WICKETS = 10

_RECORD_BEFORE = re.compile(
    r"\b(?:(?:improv|drop|mov|fall|slip|climb|advanc)(?:e|es|ed|ped|s)\ to|fell\ to"
    r"|are|is|went|going|goes|finished|finish|start(?:ed)?|opened|at|was|were|including"
    r"|and|record\ (?:of|to)|with\ an?|an?|their|its|his|her|now)\ (?:an?\ )?"
    r"(?:perfect\ |career\ )?$",
    re.IGNORECASE,
)
_RECORD_AFTER = re.compile(
    r"(?:\ (?:(?:overall|all-time|career|conference|league|regular-season|road"
    r"|home)\ )?(?:record|start|mark|season)\b"
    r"|\ (?:overall|in\ (?:conference|league"
    r"|the\ (?:[A-Z]{2,5}|division|East|West|conference|league)"
    r"|[A-Z]{2,5}|[A-Z]\w+\ play)"
    r"|on\ the\ (?:road|season|year)|at\ home|this\ (?:season|year)|since|against|when"
    r"|all-time|straight\ up)\b)"
)
_BOXER = re.compile(r"\b(?:are|is|was|went|were)\ $")
_SURE_RECORD = re.compile(
    r"\b(?:(?:improv|drop|mov|fall|slip|climb)(?:e|es|ed|ped|s)\ to|fell\ to"
    r"|record\ (?:of|to))\ (?:an?\ )?$"
)


def _place(written: str) -> str:
    return "oh" if written == "0" else cardinal(int(written))


def _say_record(match: re.Match[str]) -> str:
    sides = [_place(side) for side in re.findall(r"\d+", match["record"])]
    return f"{' '.join(sides[:-1])} and {sides[-1]}"


def _say_sure_record(match: re.Match[str]) -> str | None:
    before, after = match.string[: match.start()], match.string[match.end() :]
    if _SURE_RECORD.search(before) and not re.match(r" [a-z]+s\b|-", after):
        return _say_record(match)
    tied = match["record"].count("-") > 1 and _BOXER.search(before)
    if tied or (_RECORD_BEFORE.search(before) and _RECORD_AFTER.match(after)):
        return _say_record(match)
    return None


def _say_opening_record(match: re.Match[str]) -> str | None:
    after = match.string[match.end() :]
    chained = re.match(r"\ ?,\ (?:including|and|with)\b", after)
    return _say_record(match) if chained else None


def _say_vote(match: re.Match[str]) -> str:
    return f"{number(match['ours'])} to {number(match['theirs'])}"


def _say_ruling(match: re.Match[str]) -> str | None:
    verb = re.search(
        rf"\b(?:{_VOTE}|{_RULING})\b[^.;,]{{0,60}}$", match.string[: match.start()]
    )
    return _say_vote(match) if verb else None


def _say_odds(match: re.Match[str]) -> str | None:
    before, after = match.string[: match.start()], match.string[match.end() :]
    near = re.search(rf"\b(?:{_ODDS})\b[^.;]{{0,25}}$", before) or re.match(
        rf" (?:[a-z-]+ )?(?:{_ODDS})\b(?! (?:at|down|up|by|on|from|past)\b)", after
    )
    offered = (
        match["by"] == "/"
        and int(match["one"]) > int(match["other"])
        and re.search(r"\b[Aa]t $", before)
    )
    if not (near or offered):
        return None
    return f"{number(match['one'])} to {number(match['other'])}"


def _say_innings(match: re.Match[str]) -> str | None:
    first, second = int(match["first"]), int(match["second"])
    bowled = _FIGURES.search(match.string[: match.start()])
    if not (bowled or _CRICKET.search(match.string)) or min(first, second) > _WICKETS:
        return None
    return f"{cardinal(first)} for {cardinal(second)}"


VOTE_RULES = (
    Rule(
        "fixed pair",
        re.compile(
            r"(?<![\w.,/-])(?:50[-/]50|20/20|20-20(?=\ (?:vision|hindsight)))(?![\w/-])"
        ),
        lambda match: " ".join([cardinal(int(match[0][:2]))] * 2),
    ),
    Rule(
        "odds",
        re.compile(
            r"(?<![\w.,/$£€-])(?P<one>\d{1,4})(?P<by>[-/])(?P<other>\d{1,3})(?![\w/%]|[-.,]\d)"
        ),
        _say_odds,
    ),
    Rule(
        "cricket",
        re.compile(
            r"(?:(?<=\d\ )|(?<=[a-z),]\ ))(?P<first>\d{1,3})[-/](?P<second>\d{1,3})"
            r"(?![\w/%]|[-.,]\d|\ (?:win|victory|defeat|loss|draw|lead|series)\b)"
        ),
        _say_innings,
    ),
    Rule(
        "record in brackets",
        re.compile(
            r"(?:(?<=[\w)']\ \()|(?<=\d,\ ))(?P<record>\d{1,3}-\d{1,3}(?:-\d{1,2})?)"
            r"(?=\)|,\ \d{1,2}-\d{1,2}(?:\)|\ )"
            r"|\ (?:overall|[A-Z]{2,5}|[A-Z][a-z]+\ [A-Z])"
            r"[^()]{0,30}\))"
        ),
        lambda match: (
            _say_record(match)
            if re.search(
                r"[A-Z][\w.']+ \($|\(\d{1,3}-\d{1,3}, $", match.string[: match.start()]
            )
            and not re.search(
                r"\b(?:beat|lost|won|win|defeat\w*|aggregate)\b[^.;]{0,40}$",
                match.string[: match.start()],
            )
            else None
        ),
    ),
    Rule(
        "record",
        re.compile(
            r"(?<![\w.,/$£€-])(?P<record>\d{1,3}-\d{1,3}(?:-\d{1,2})?)(?![\w/%]|[-.]\d)"
        ),
        _say_sure_record,
    ),
    Rule(
        "record before its parts",
        re.compile(r"(?<=\bAt\ )(?P<record>\d{1,2}-\d{1,2}(?:-\d)?)(?![\w/%])"),
        _say_opening_record,
    ),
    Rule(
        "vote",
        re.compile(rf"(?<=[\ (]){PAIR}(?=\ (?:{_VOTE}|decision|ruling|verdict)\b)"),
        _say_vote,
    ),
    Rule("voted", re.compile(rf"(?<=\ ){PAIR}(?!\ [a-z]+s\b)"), _say_ruling),
    Rule(
        "rule of two parts",
        re.compile(
            r"(?<![\w.,/-])(?P<ours>[1-9]\d)[-/](?P<theirs>[1-9]\d)"
            r"(?=\ (?:joint\ venture|mix|partnership|portfolio|rule)\b)"
        ),
        lambda match: f"{number(match['ours'])} {number(match['theirs'])}",
    ),
    Rule(
        "day of an attack",
        re.compile(r"(?<![\w/.-])(?:9/11|7/7|26/11)(?![\w/]|\.\d)"),
        lambda match: " ".join(cardinal(int(side)) for side in match[0].split("/")),
    ),
)
"""Seen in sports, election and court pages, American and British."""
