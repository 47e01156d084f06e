"""Titles, abbreviations and numerals beside names: "Lt. Gen.", "St.", "Charles III"."""

import re

from service.script.english.numbers import cardinal, ordinal
from service.script.spoken import Rule

_TITLES = {
    "Adm": "Admiral",
    "Amb": "Ambassador",
    "Atty": "Attorney",
    "Brig": "Brigadier",
    "Capt": "Captain",
    "Cmdr": "Commander",
    "Col": "Colonel",
    "Cpl": "Corporal",
    "Det": "Detective",
    "Dr": "Doctor",
    "Drs": "Doctors",
    "Gen": "General",
    "Gov": "Governor",
    "Govs": "Governors",
    "Hon": "Honorable",
    "Insp": "Inspector",
    "Lt": "Lieutenant",
    "Maj": "Major",
    "Messrs": "Messrs",
    "Mr": "Mister",
    "Mrs": "Missus",
    "Ms": "Miz",
    "Prof": "Professor",
    "Rep": "Representative",
    "Reps": "Representatives",
    "Rev": "Reverend",
    "Sen": "Senator",
    "Sens": "Senators",
    "Sgt": "Sergeant",
    "Supt": "Superintendent",
}
"""Before a capital.  Seen in copies of agency pages, in American and British style."""

_BARE_TITLES = (
    "Adm|Brig|Capt|Cmdr|Col|Cpl|Dr|Gov|Lt|Maj|Messrs|Mr|Mrs|Ms|Prof|Rev|Sgt|Supt"
)
"""Those that are a title without a full stop too ("Gen Z" and "Rep" are not)."""

_ABBREVIATIONS = {
    "Assn.": "Association",
    "Ave.": "Avenue",
    "Bldg.": "Building",
    "Blvd.": "Boulevard",
    "Bros.": "Brothers",
    "Co.": "Company",
    "Corp.": "Corporation",
    "Cos.": "Companies",
    "Dept.": "Department",
    "Hwy.": "Highway",
    "Inc.": "Incorporated",
    "Jr.": "Junior",
    "Ltd.": "Limited",
    "Ph.D.": "PhD",
    "Rd.": "Road",
    "Sr.": "Senior",
    "Univ.": "University",
    "a.k.a.": "also known as",
    "approx.": "approximately",
    "cf.": "compare",
    "e.g.": "for example",
    "et al.": "and others",
    "etc.": "et cetera",
    "i.e.": "that is",
    "v.": "versus",
    "vs": "versus",
    "vs.": "versus",
}
"""Seen in business, court and agency pages."""

_BEHIND_NAMES = {
    "Co": "Company",
    "Corp": "Corporation",
    "Inc": "Incorporated",
    "Jr": "Junior",
    "Ltd": "Limited",
    "Sr": "Senior",
}
"""Without a full stop, these are said out only behind a capitalised name."""

_BEFORE_NAMES = {
    "Ft.": "Fort",
    "Mt": "Mount",
    "Mt.": "Mount",
    "St": "Saint",
    "St.": "Saint",
}

_STATES = {
    "Ala": "Alabama",
    "Ariz": "Arizona",
    "Ark": "Arkansas",
    "Calif": "California",
    "Colo": "Colorado",
    "Conn": "Connecticut",
    "Del": "Delaware",
    "Fla": "Florida",
    "Ga": "Georgia",
    "Ill": "Illinois",
    "Ind": "Indiana",
    "Kan": "Kansas",
    "Ky": "Kentucky",
    "La": "Louisiana",
    "Mass": "Massachusetts",
    "Md": "Maryland",
    "Mich": "Michigan",
    "Minn": "Minnesota",
    "Miss": "Mississippi",
    "Mo": "Missouri",
    "Mont": "Montana",
    "N.C": "North Carolina",
    "N.D": "North Dakota",
    "N.H": "New Hampshire",
    "N.J": "New Jersey",
    "N.M": "New Mexico",
    "N.Y": "New York",
    "Neb": "Nebraska",
    "Nev": "Nevada",
    "Okla": "Oklahoma",
    "Ore": "Oregon",
    "Pa": "Pennsylvania",
    "R.I": "Rhode Island",
    "S.C": "South Carolina",
    "S.D": "South Dakota",
    "Tenn": "Tennessee",
    "Tex": "Texas",
    "Va": "Virginia",
    "Vt": "Vermont",
    "W.Va": "West Virginia",
    "Wash": "Washington",
    "Wis": "Wisconsin",
    "Wyo": "Wyoming",
}
"""Behind a town and a comma.  Seen in copies of American agency pages."""

_COUNTED = (
    "Act|Apollo|Artemis|Article|Book|Category|Chapter|Class|Level|Mark|Part|Phase|Schedule|Season|"
    "Section|Stage|Super Bowl|Tier|Title|Type|Volume|World War"
)
_NO_MONARCH = frozenset(
    ["A", "And", "By", "In", "It", "Model", "No", "Of", "On", "The", "Vitamin", "World"]
)
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ROMAN = re.compile(r"(?:C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


def _roman(numeral: str) -> int | None:
    """Return the value of a well-formed numeral below 400."""
    if not _ROMAN.fullmatch(numeral):
        return None
    total = 0
    for letter, following in zip(numeral, f"{numeral[1:]} ", strict=True):
        value = _ROMAN_VALUES[letter]
        total += -value if value < _ROMAN_VALUES.get(following, 0) else value
    return total


def _say_counted(match: re.Match[str]) -> str | None:
    value = _roman(match["numeral"])
    return None if value is None else cardinal(value)


def _say_monarch(match: re.Match[str]) -> str | None:
    value = _roman(match["numeral"])
    name = re.search(r"(\w+) $", match.string[: match.start()])
    if value is None or name is None or name[1] in _NO_MONARCH:
        return None
    return f"the {ordinal(value)}"


def _say_first(match: re.Match[str]) -> str:
    value = _ROMAN_VALUES[match["numeral"] or "I"]
    return f"{match['name'] or match['regnal']} the {ordinal(value)}"


def _one_of(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


NAME_RULES = (
    Rule(
        "title",
        re.compile(
            rf"\b(?P<title>(?:{_one_of(_TITLES)})\.(?=[\ -]?[A-Z\d\"'])|"
            rf"(?:{_BARE_TITLES})(?=[\ -][A-Z])|"
            rf"(?<=Lt[\ -])Gen(?=\ )|(?<=Maj[\ -])Gen(?=\ )|(?<=Brig[\ -])Gen(?=\ ))"
        ),
        lambda match: _TITLES[match["title"].rstrip(".")],
    ),
    Rule(
        "before a name",
        re.compile(rf"\b(?P<word>{_one_of(_BEFORE_NAMES)})(?=\ [A-Z])(?<!\w\w\ Mt)"),
        lambda match: (
            None
            if match["word"].startswith("St")
            and re.search(
                r"\d(?:st|nd|rd|th)? $|\b[NSEW]\.? \w+ $", match.string[: match.start()]
            )
            else _BEFORE_NAMES[match["word"]]
        ),
    ),
    Rule(
        "street",
        re.compile(r"(?<=\w\ )St\b\.?"),
        lambda _: "Street",
    ),
    Rule(
        "state",
        re.compile(rf"(?<=,\ )(?P<state>{_one_of(_STATES)})\."),
        lambda match: _STATES[match["state"]],
    ),
    Rule(
        "abbreviation",
        re.compile(
            rf"(?<![\w.])(?P<word>{_one_of(_ABBREVIATIONS)}|E\.g\.|I\.e\.)(?!\w)"
        ),
        lambda match: (
            _ABBREVIATIONS.get(match["word"]) or _ABBREVIATIONS[match["word"].lower()]
        ),
    ),
    Rule(
        "behind a name",
        re.compile(rf"(?<=[A-Za-z&,]\ )(?P<word>{_one_of(_BEHIND_NAMES)})\b(?!')"),
        lambda match: _BEHIND_NAMES[match["word"]],
    ),
    Rule(
        "figure",
        re.compile(r"\b[Ff]ig\.?(?=\ \d)"),
        lambda _: "figure",
    ),
    Rule(
        "first of the name",
        re.compile(
            r"(?:(?<=\b(?:King|Pope|Tsar)\ )|(?<=\bQueen\ )|(?<=\bEmperor\ ))"
            r"(?P<name>[A-Z]\w+)\ (?P<numeral>[IVX])\b(?!\.\w)"
            r"|\b(?P<regnal>Charles|Edward|Elizabeth|Francis|George|Henry|James|Mary"
            r"|Nicholas|William)\ I(?=\ (?:of|the)\b|'s\b|,)"
        ),
        _say_first,
    ),
    Rule(
        "counted in Roman",
        re.compile(
            rf"(?:(?<=\b)(?P<noun>{_COUNTED})\ )(?![CL]\b)(?P<numeral>[IVXLC]+)\b"
        ),
        lambda match: (
            f"{match['noun']} {said}" if (said := _say_counted(match)) else None
        ),
    ),
    Rule(
        "monarch",
        re.compile(r"(?<=[a-z]\ )(?P<numeral>[IVX]{2,6})\b(?!\.\w)"),
        lambda match: (
            _say_monarch(match)
            if re.search(r"\b[A-Z]\w+ $", match.string[: match.start()])
            else None
        ),
    ),
)
