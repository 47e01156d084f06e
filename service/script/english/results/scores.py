"""Results of matches: "won 3-1", "6-4, 7-6 (7-5)"."""

import re

from service.script.english.numbers.number_words import cardinal
from service.script.english.results.votes import PAIR
from service.script.normalization import Rule

_RESULT = (
    "advanced|ahead|beat|beaten|beating|beats|behind|blanked|blew\\ out|bowed\\ out|"
    "clinched|crushed|cruised|defeat|defeated|defeating|defeats|deficit|dominated|down|"
    "downed|draw|drawing|drawn|drew|edged|edging|eliminated|fell|finished|hammered|"
    "held\\ off|knocked|lead|leading|leads|led|level|leveled|levelled|lose|loses|"
    "losing|loss|lost|outlasted|outscored|overcame|overpowered|past|prevailed|rallied|result|rout|"
    "routed|score|scoreline|scored|shutout|squandered|stunned|swept|thrashed|through|tie|"
    "tied|topped|trail|trailed|trailing|trails|triumph|triumphed|up|upset|victory|win|"
    "winning|wins|won"
)
"""Within some words before a score.  Seen in match reports of many sports."""

_OUTCOME = (
    "aggregate|away|blowout|comeback|cushion|deficit|defeat|draw|halftime|half-time|"
    "home|lead|loss|rout|scoreline|series|shootout|shutout|stalemate|sweep|thrashing|"
    "tie|triumph|victory|win"
)
_AFTER_SCORE = re.compile(
    r"\ (?:after\ extra|at\ (?:half-?time|the\ (?:break|half|interval))"
    r"|on\ (?:aggregate|penalties)|over\ the"
    r"|in\ (?:a\ shootout|extra\ time|overtime)|in\ favou?r)\b"
)
_AMOUNT_NOUN = re.compile(
    r"\ (?:basis|bps|goals?|hundred|km|kg|million|billion|thousand|mph|people|men|women"
    r"|children|per|percent|percentage|pct|seats?|sq|(?!across|always|as|besides|is|plus"
    r"|this|thus|towards|was|victories|wins|games)(?:[a-z]+\ )?[a-z]{2,}[^s\W]s)\b"
    r"|\ ?%|-[a-z]"
)
_NO_SCORE_BEFORE = re.compile(
    r"\b(?:aged?|ages|between|pages?|weeks?"
    r"|(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?)\ $"
)
_AMERICAN = re.compile(
    r"\b(?:homer(?:ed|s)?|home\ run|inning|MLB|NBA|NFL|NHL|WNBA|NCAA|pitcher"
    r"|puck|quarterback|touchdowns?|rebounds|goalie|Super\ Bowl|World\ Series)\b"
)
_TENNIS = re.compile(
    r"\b(?:set|sets|tennis|Wimbledon|Grand\ Slam|Roland\ Garros"
    r"|(?:French|US|Australian)\ Open)\b"
)
_SET = r"\d{1,2}-\d{1,2}(?:\ ?\(\d{1,2}(?:-\d{1,2})?\))?"
_IS_SET = re.compile(r"6-[0-4]|[0-4]-6|7-[56]|[56]-7")
_MIN_HIGH_SCORE = 10
_GAMES_OF_A_SET = 6


def _score(match: re.Match[str]) -> str:
    ours, theirs = int(match["ours"]), int(match["theirs"])
    if max(ours, theirs) >= _MIN_HIGH_SCORE or _AMERICAN.search(match.string):
        low = "nothing" if theirs == 0 else cardinal(theirs)
        return f"{cardinal(ours)} to {low}"
    tennis = max(ours, theirs) == _GAMES_OF_A_SET and _TENNIS.search(match.string)
    zero = "love" if tennis else "nil"
    return " ".join(zero if side == 0 else cardinal(side) for side in (ours, theirs))


def _say_score(match: re.Match[str]) -> str | None:
    before, after = match.string[: match.start()], match.string[match.end() :]
    if _AFTER_SCORE.match(after):
        return _score(match)
    if _AMOUNT_NOUN.match(after):
        return None
    verb = re.search(rf"\b(?:{_RESULT})\b[^;]{{0,60}}$", before)
    return _score(match) if verb and not _NO_SCORE_BEFORE.search(before) else None


def _say_sets(match: re.Match[str]) -> str | None:
    pieces = re.findall(r"\d+-\d+|\(\d+(?:-\d+)?\)", match[0])
    sure = all(_IS_SET.fullmatch(piece) for piece in pieces if piece[0] != "(")
    if not sure and not re.search(
        rf"\b(?:{_RESULT})\b[^;]{{0,60}}$", match.string[: match.start()]
    ):
        return None
    return ", ".join(_say_set(piece) for piece in pieces)


def _say_set(piece: str) -> str:
    games = [int(count) for count in re.findall(r"\d+", piece)]
    zero = "love" if max(games) == _GAMES_OF_A_SET else "zero"
    return " ".join(zero if count == 0 else cardinal(count) for count in games)


SCORE_RULES = (
    Rule(
        "sets",
        re.compile(
            rf"(?<![\w.,/-]){_SET}(?:(?:,\ and\ |,\ |\ and\ ){_SET})+"
            r"(?![\w/%-]|\ (?:million|percent|per|years?|points)\b)"
        ),
        _say_sets,
    ),
    Rule(
        "set with a tie-break",
        re.compile(r"(?<![\w.,/-])(?:7-6|6-7)\ ?\(\d{1,2}(?:-\d{1,2})?\)"),
        _say_sets,
    ),
    Rule(
        "score before its noun",
        re.compile(rf"{PAIR}(?=\ (?:[a-z]+\ )?(?:{_OUTCOME})\b)"),
        _score,
    ),
    Rule("score", re.compile(rf"(?:(?<=\s)|(?<=\()){PAIR}"), _say_score),
    Rule(
        "holes",
        re.compile(r"(?<![\w.,/-])(?P<up>\d)\ ?(?P<sign>&)\ ?(?P<left>\d)(?![\w/-])"),
        lambda match: (
            f"{cardinal(int(match['up']))} and {cardinal(int(match['left']))}"
        ),
    ),
    Rule(
        "rounds",
        re.compile(r"(?<![\w.,/-])\d{2}(?:-\d{2}){2,3}(?![\w/-])"),
        lambda match: ", ".join(
            cardinal(int(strokes)) for strokes in match[0].split("-")
        ),
    ),
    Rule(
        "formation",
        re.compile(r"(?<![\w.,/-])(?P<line>\d(?:-\d){2,3})(?![\w/-])"),
        lambda match: " ".join(cardinal(int(row)) for row in match["line"][::2]),
    ),
)
"""A pair of numbers is a score only next to words about a match."""
