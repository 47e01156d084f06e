"""Titles before names, parties after them: "Lt. Gen.", "(R-Texas)"."""

import re

from service.script.english.places.states import POSTAL_STATES, STATES
from service.script.normalization import Rule, Spoken, part
from service.script.regex_alternation import alternation

_TITLES = {
    "Abp": "Archbishop",
    "Adm": "Admiral",
    "Adv": "Advocate",
    "Amb": "Ambassador",
    "Atty": "Attorney",
    "Bp": "Bishop",
    "Brig": "Brigadier",
    "Capt": "Captain",
    "Cdr": "Commander",
    "Cmdr": "Commander",
    "Col": "Colonel",
    "Comdr": "Commander",
    "Cpl": "Corporal",
    "Cpt": "Captain",
    "Det": "Detective",
    "Dr": "Doctor",
    "Drs": "Doctors",
    "Fr": "Father",
    "Gen": "General",
    "Gov": "Governor",
    "Govs": "Governors",
    "Hon": "Honorable",
    "Hr": "Herr",
    "Insp": "Inspector",
    "Lt": "Lieutenant",
    "Maj": "Major",
    "Messrs": "Messrs",
    "Mlle": "Mademoiselle",
    "Mme": "Madame",
    "Mmes": "Mesdames",
    "Mr": "Mister",
    "Mrs": "Missus",
    "Ms": "Miz",
    "Mx": "Mix",
    "Pfc": "Private First Class",
    "Pres": "President",
    "Prof": "Professor",
    "Profs": "Professors",
    "Pte": "Private",
    "Pvt": "Private",
    "Rep": "Representative",
    "Reps": "Representatives",
    "Rev": "Reverend",
    "Sen": "Senator",
    "Sens": "Senators",
    "Sgt": "Sergeant",
    "Sr": "Sister",
    "Sra": "Señora",
    "Srta": "Señorita",
    "Supt": "Superintendent",
}
"""Read before a capital.  Seen in agency pages, in American and British style."""

_BARE_TITLES = (
    "Adm|Adv|Brig|Capt|Cmdr|Col|Cpl|Cpt|Dr|Drs|Fr|Gov|Lt|Maj|Messrs|Mlle|Mme|Mmes|Mr|Mrs|Ms|Mx|Prof"
    "|Pte|Pvt|Rev|Sen|Sgt|Supt"
)
"""Titles also without a full stop ("Gen Z" and "Rep" are not)."""

_BEFORE_TWO_NAMES = "Adv|Fr|Pres|Sr"
"""Titles that also end a name ("Ken Hall Sr.") or begin a word."""

_SISTERS = re.compile(
    "Agnes|Ann|Anna|Anne|Bernadette|Catherine|Cecilia|Clare|Elizabeth|Frances|Helen"
    "|Jane|Joan|Josephine|Julia|Kathleen|Lucia|Lucy|Margaret|Maria|Marie|Martha|Mary"
    "|Monica|Norma|Patricia|Rita|Rosa|Rose|Sarah|Simone|Teresa|Theresa|Ursula"
    "|Veronica|Virginia"
)
"""First names of nuns; before another name alone "Sr." is Spanish."""

_NAME_ENDS = re.compile(r"\b[A-Z][\w'-]+ $")

_PARTIES = {"D": "Democrat", "I": "Independent", "R": "Republican"}
_STATE = alternation((*POSTAL_STATES.values(), *POSTAL_STATES))
_SHORT_STATE = alternation(STATES)
_DISTRICT = rf"(?:(?P<short>{_SHORT_STATE})\b\.?|(?P<state>{_STATE})\b)"


def _say_party(match: re.Match[str]) -> tuple[Spoken, ...]:
    short, state = match["short"], match["state"]
    name = STATES[short] if short else POSTAL_STATES.get(state, state)
    group = "short" if short else "state"
    # The full stop of "Calif." is silent; it belongs to the state.
    place = Spoken(f"of {name}", match.start(group), match.end())
    return (part(match, "party", _PARTIES[match["party"]]), place)


def _say_title(match: re.Match[str]) -> str | None:
    title = match["title"].rstrip(".")
    needs_two = re.fullmatch(_BEFORE_TWO_NAMES, title)
    if needs_two and not re.match(r" [A-Z]\w+ [A-Z]", match.string[match.end() :]):
        return _say_before_one_name(match, title)
    return _TITLES[title]


def _say_before_one_name(match: re.Match[str], title: str) -> str | None:
    if title == "Adv":
        return _TITLES[title]
    name = re.match(r" ([A-Z][\w'-]+)", match.string[match.end() :])
    before = match.string[max(0, match.start() - 30) : match.start()]
    if not (match["title"].endswith(".") and name) or _NAME_ENDS.search(before):
        return None
    if title == "Sr" and not _SISTERS.fullmatch(name[1]):
        return "Señor"
    return _TITLES[title]


TITLE_RULES = (
    Rule(
        "party and state",
        re.compile(
            rf"(?<=[\ (])(?P<party>[DRI])(?:\.,\ |\ ?-\ ?){_DISTRICT}"
            r"(?=[\s,;:)\"'-]|\.?\Z)"
        ),
        _say_party,
    ),
    Rule(
        "title alone",
        re.compile(rf"\A(?P<title>{alternation(_TITLES)})\.\Z"),
        lambda match: _TITLES[match["title"]],
    ),
    Rule(
        "rank without a name",
        re.compile(
            r"(?:(?<=\b1st\ )|(?<=\b2nd\ ))(?P<title>Lt|Sgt)\b\.?"
            r"|(?<=\b[Ff]irst\ )(?P<first>Lt|Sgt)\."
        ),
        lambda match: _TITLES[match["title"] or match["first"]],
    ),
    Rule(
        "French gentleman",
        re.compile(r"(?<![\w.])M\.(?=\ [A-Z][a-z]+(?!\ [A-Z]|[\w.-]))"),
        lambda match: (
            "Monsieur"
            if re.search(
                r"(?:\A|\b[a-z]+ )$",
                match.string[max(0, match.start() - 20) : match.start()],
            )
            else None
        ),
    ),
    Rule(
        "title in lower case",
        re.compile(r"\b(?P<title>dr|gov|mr|mrs|prof|sen|sgt)\.(?=\ [A-Z])"),
        lambda match: _TITLES[match["title"].capitalize()],
    ),
    Rule(
        "title",
        re.compile(
            rf"\b(?P<title>(?:{alternation(_TITLES)})\.(?=[\ -]?[^\W_a-z][\w.'-]|\ \")|"
            rf"(?:{_BARE_TITLES})(?=[\ -][^\W\d_a-z])|"
            rf"(?<=Lt[\ -])Gen(?=\ )|(?<=Maj[\ -])Gen(?=\ )|(?<=Brig[\ -])Gen(?=\ )"
            rf"|(?<=Lt\.\ )Gen(?=\ )|(?<=Lt[\ -])Col(?=\ ))"
        ),
        _say_title,
    ),
)
