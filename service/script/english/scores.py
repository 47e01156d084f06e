"""Results of matches and votes, in clear context only: "won 3-1", "a 52-48 vote"."""

import re

from service.script.english.numbers import cardinal, number
from service.script.spoken import Rule

_RESULT = (
    "ahead|beat|beaten|beating|beats|behind|defeat|defeated|defeating|down|draw|drew|"
    "edged|edging|lead|leading|leads|led|level|lose|loses|losing|lost|score|scored|"
    "thrashed|tie|tied|trail|trailed|trailing|triumph|up|victory|win|winning|wins|won"
)
_OUTCOME = (
    "aggregate|away|comeback|defeat|draw|home|lead|loss|shootout|tie|triumph|victory|"
    "win"
)
_VOTE = r"vote|voted|voting|votes|split|majority"
_AMOUNT_NOUN = (
    r"days?|goals?|hours?|km|million|people|per|percent|points?|weeks?|years?|%"
)
_SET = r"\d{1,2}-\d{1,2}(?:\ \(\d{1,2}(?:-\d{1,2})?\))?"


def _side(written: str) -> str:
    return "nil" if written == "0" else cardinal(int(written))


def _say_score(match: re.Match[str]) -> str:
    return f"{_side(match['ours'])} {_side(match['theirs'])}"


def _say_vote(match: re.Match[str]) -> str:
    return f"{number(match['ours'])} to {number(match['theirs'])}"


def _say_sets(match: re.Match[str]) -> str:
    pieces = re.split(r", | (?=\()", match[0])
    return ", ".join(
        " ".join(cardinal(int(games)) for games in re.findall(r"\d+", piece))
        for piece in pieces
    )


_PAIR = r"(?<![\w.,/-])(?P<ours>\d{1,3})-(?P<theirs>\d{1,3})(?![\w/%]|[-.,]\d)"

SCORE_RULES = (
    Rule(
        "vote",
        re.compile(rf"(?<=[\ (]){_PAIR}(?=\ (?:{_VOTE}|decision|ruling|verdict)\b)"),
        _say_vote,
    ),
    Rule(
        "voted",
        re.compile(rf"(?P<verb>\b(?:{_VOTE})(?:\ (?:of|was|by))?\ ){_PAIR}"),
        lambda match: f"{match['verb']}{_say_vote(match)}",
    ),
    Rule(
        "fifty fifty",
        re.compile(r"(?<![\w.,/-])50[-/]50(?![\w/-])"),
        lambda _: "fifty fifty",
    ),
    Rule(
        "September 11",
        re.compile(r"(?<![\w/.])9/11(?![\w/])"),
        lambda _: "nine eleven",
    ),
    Rule(
        "sets",
        re.compile(rf"(?<![\w.,/-]){_SET}(?:,\ {_SET})+(?![\w/-])"),
        _say_sets,
    ),
    Rule(
        "score before its noun",
        re.compile(rf"{_PAIR}(?=\ (?:[a-z]+\ )?(?:{_OUTCOME})\b)"),
        _say_score,
    ),
    Rule(
        "score",
        re.compile(rf"(?<=\s){_PAIR}(?!\ (?:{_AMOUNT_NOUN})\b)"),
        lambda match: (
            _say_score(match)
            if re.search(
                rf"\b(?:{_RESULT})\b[^.;]{{0,40}}$", match.string[: match.start()]
            )
            else None
        ),
    ),
    Rule(
        "formation",
        re.compile(r"(?<![\w.,/-])(?P<line>\d(?:-\d){2,3})(?![\w/-])"),
        lambda match: " ".join(cardinal(int(row)) for row in match["line"][::2]),
    ),
)
