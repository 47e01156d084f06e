"""Words in capitals: spelt letter by letter or read as words."""

import re

from service.script.normalization import Rule

_SOLID = frozenset({"AI", "EU", "UK", "UN", "US", "USA"})
"""Initialisms that engines spell by themselves, in compounds too ("US-led")."""

_ACRONYMS = re.compile(
    "ABBA|ACT|AIDS|AIM|AIR|ALL|AND|ANY|ARC|ARE|BAD|BAM|BAN|BAT|BET|BIG|BOW|BOX|BRICS"
    "|BUT|BUY|CAN|CAR|CAT|COP|CRISPR|CUT|DAB|DAD|DAY|DEC|DID|DOG|DOS|DOT|EAT|END|EYE"
    "|FAR|FAT|FED|FEW|FIR|FIT|FIX|FLY|FOR|FOX|FUN|GAP|GAS|GET|GIF|GOD|GOT|GUN|GUT|HAD"
    "|HAM|HAS|HAT|HAY|HER|HIM|HIS|HIT|HOT|HOW|ICY|INK|ITS|JAN|JOB|JOY|JPEG|JUL|JUN"
    "|KID|LAB|LAN|LAS|LAW|LAY|LEG|LET|LOS|LOT|LOW|MAD|MAN|MAP|MAR|MAX|MAY|MEN|MIG|MIX"
    "|MOM|MPEG|MUD|MUM|NAACP|NASDAQ|NET|NEW|NIL|NOAA|NOR|NOT|NOV|NOW|NVIDIA|OAK|OCT"
    "|OFF|OIL|OLD|ONE|OUR|OUT|OWE|OWN|PAC|PAL|PAN|PAY|PEN|PER|PET|PIN|POP|PRO|PUT|RAM"
    "|RAN|RED|REM|RID|ROM|RUN|SAD|SAM|SAN|SAT|SAW|SAY|SCUBA|SEA|SEE|SEP|SEPT|SET|SHE"
    "|SIM|SIR|SIT|SIX|SKY|SON|STOXX|SUM|SUN|TAX|TEA|TED|TEN|THE|TIE|TIN|TIP|TOO|TOP"
    "|TOY|TRY|TWO|USE|VAN|VIA|VIC|WAN|WAR|WAS|WAY|WET|WHY|WIN|WON|YES|YET|YOU|ZIP"
)
"""Read as words although short or without a vowel: acronyms and words in all-capitals
text.  Seen in agency, business and sports pages; the engine knows NAACP."""

_RESPELT = {
    "ATACMS": "attack-ems",
    "ICE": "Ice",
    "IMAX": "eye-max",
    "USAID": "US-aid",
}
"""Read as words, but engines misread them in capitals."""

_INITIALISMS = re.compile(
    "AAPI|AARP|ACLU|AEDT|AEST|AICTE|AIFF|ASAP|ICAC|ICICI|ISBN|LGBT[A-Z]*|LIRR"
    "|NY(?!ET)[A-Z][A-Z]|UCLA|UIDAI|US(?!ED|ER)[A-Z][A-Z]"
)
"""Spelt although they have the shape of a word.  Seen in American and Indian agency
pages; names of New York and US authorities begin with NY and US."""

_MIXED = {
    "CoP": "cop",
    "LoL": "L.O.L",
    "MoM": "month over month",
    "QoQ": "quarter over quarter",
    "VoIP": "voip",
    "YoY": "year over year",
    "eVTOL": "e-V-tol",
    "eVTOLs": "e-V-tols",
    "mRNA": "M.R.N.A",
    "siRNA": "S.I-R.N.A",
}
"""Capitals mixed with small letters.  Seen in business and science pages."""

_ONSET = (
    r"(?:[bcdfghjklmnprstvwyz]|bl|br|ch|chr|cl|cr|dr|dw|fl|fr|gh|gl|gn|gr|kh|kl|kn|kr|mb"
    r"|ng|ph|pl|pr|ps|qu|rh|sc|sch|scr|sh|shr|sk|sl|sm|sn|sp|spl|spr|squ|st|str|sw|th"
    r"|thr|tr|ts|tw|vl|wh|wr|zh)"
)
_CODA = (
    r"(?:[bcdfghklmnprstvwxyz]|ch|ck|cks|ct|cts|dge|ds|dth|ff|ffs|ft|fth|fts|gh|ght|ghts"
    r"|gn|gs|ks|lch|ld|lds|lf|lk|lks|ll|lls|lm|lms|lp|lps|ls|lt|lth|lts|lve|mb|mbs|mn|mp"
    r"|mps|mpt|ms|nch|nd|nds|ng|ngs|ngth|nk|nks|ns|nt|nth|nts|ph|phs|ps|pt|pth|pts|rb"
    r"|rbs|rch|rd|rds|rf|rg|rk|rks|rl|rld|rls|rm|rms|rmth|rn|rns|rp|rs|rst|rt|rth|rts|rv"
    r"|sh|sk|sks|sm|sms|sp|ss|st|sts|tch|th|ths|ts|tt|tz|wd|wds|wk|wl|wn|wns|ws|xt|xth"
    r"|zz|bs|cs|dd|dds|gg|gns|mm|nn|nths|pp|pps|rr|wth|xts)"
)
_VOWEL = r"(?:[aeiouy]{1,2}|eau|eou|iou|uou)"
_SHAPE = re.compile(
    rf"(?!\w*[^aeiouy]j|y[^aeiou]){_ONSET}?{_VOWEL}"
    rf"(?:(?:{_CODA}?{_ONSET}|{_CODA}){_VOWEL})*{_CODA}?",
    re.IGNORECASE,
)
"""English syllables: an unknown name in capitals that matches is read as a word."""

_MAX_SHAPE_LETTERS = 24
"""Letters of the longest word that is matched as a whole: a cluster of consonants can
be divided in three ways, so that time grows exponentially with their number."""

_BEGINNING_LETTERS = range(20, _MAX_SHAPE_LETTERS + 1)
"""Letters of the beginnings by which a longer word is judged: one of them ends between
syllables."""

_MIN_WORD_LETTERS = 4
"""Shorter words in capitals are spelt unless they are listed as words."""

_TWO_LETTERS = re.compile(
    "AN|AS|AT|BE|BY|DO|GO|HE|IF|IN|IS|IT|ME|MY|NO|OF|OK|ON|OR|PM|SO|TO|UP|US|VS|WE"
)
"""Left to the engine: words in all-capitals text, or letters that it reads well."""

_ALWAYS_CAPITALS = frozenset({"OK", "PM", "US", "VS"})

_HEADLINE_WORDS = re.compile(
    "AFTER|AN|AND|ARE|AS|AT|BUT|BY|FOR|FROM|HAS|IN|IS|NO|NOT|OF|ON|OVER|SAY|SAYS|THE|TO"
    "|WITH|YOU"
)

_SPOKEN_WORD = re.compile(r"[^\W\d_]{2,}")
_MIN_WORDS = 3
_MAX_CAPITALS_SHARE = 0.6

_NUMERAL = re.compile(r"[IVX]{3,}|II|VI|XI|XX")
_ROMAN_WORD = re.compile(
    r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
)


def letters(written: str) -> str:
    """Return letters one by one, with the stress of a name.

    Engines stress the last letter of "F.B.I" but not of "F-B-I", and read "A" in it as
    a letter.  A dot after the last letter would end the sentence.
    """
    if written in _SOLID:
        return written
    return "eh" if written == "A" else ".".join(written)


def letters_and_s(written: str) -> str:
    """Return letters with a final "s"; with dots engines would say "dot"."""
    if written in _SOLID:
        return f"{written}'s"
    middle = "".join("-eh" if c == "A" else f"-{c}" for c in written[1:-1])
    last = f"-{written[-1]}" if len(written) > 1 else ""
    return f"{written[0]}{middle}{last}'s"


def is_spelt(word: str) -> bool:
    """Return whether a word in capitals is read letter by letter."""
    if _TWO_LETTERS.fullmatch(word) or _ACRONYMS.fullmatch(word) or word in _RESPELT:
        return False
    if len(word) < _MIN_WORD_LETTERS or _INITIALISMS.fullmatch(word):
        return True
    return not has_word_shape(word)


def has_word_shape(word: str) -> bool:
    """Return whether a word in any case has the shape of an English word."""
    if len(word) <= _MAX_SHAPE_LETTERS:
        return _SHAPE.fullmatch(word) is not None
    return any(_SHAPE.fullmatch(word[:size]) for size in _BEGINNING_LETTERS)


def is_all_capitals(text: str) -> bool:
    """Return whether a sentence is set in capitals, like a headline."""
    words = _SPOKEN_WORD.findall(text)
    capitals = [word for word in words if word.isupper()]
    if len(words) < _MIN_WORDS or len(capitals) <= _MAX_CAPITALS_SHARE * len(words):
        return False
    # "NATO, the EU and the UK" is a list; "NATO AND THE EU MEET" is a headline.
    return len(capitals) == len(words) or any(
        _HEADLINE_WORDS.fullmatch(word) for word in capitals
    )


def _say_capitals(match: re.Match[str]) -> str | None:
    word, ending = match["word"], match["ending"]
    is_short = _TWO_LETTERS.fullmatch(word)
    if is_all_capitals(match.string):
        return (
            None if ending or word in _ALWAYS_CAPITALS or not is_short else word.lower()
        )
    if word in _RESPELT:
        return _RESPELT[word] + (ending or "")
    if _NUMERAL.fullmatch(word) or (is_short and not ending):
        return None
    if word in _SOLID or is_spelt(word):
        return letters_and_s(word) if ending else letters(word)
    # espeak would read a word of Roman figures as a numeral.
    return word.lower() + (ending or "") if _ROMAN_WORD.fullmatch(word) else None


def _say_mixed(match: re.Match[str]) -> str:
    word, ending = match["word"], match["ending"]
    if word in _MIXED:
        return _MIXED[word] + (ending or "")
    return letters_and_s(word.upper()) if ending else letters(word.upper())


INITIALISM_RULES = (
    Rule(
        "capitals around a small letter",
        re.compile(
            rf"(?<![\w.@#&'-])(?P<word>{'|'.join(_MIXED)}|[A-Z]o[A-Z]|I+oT|TfL|TfGM)"
            r"(?P<ending>'s|s)?(?![\w&@]|\.\w)"
        ),
        _say_mixed,
    ),
    Rule(
        "capitals",
        re.compile(
            r"(?<![\w.@#&])(?<!\w')(?P<word>LGBT[A-Z]{3,6}|[A-Z]{2,6})(?P<ending>'s|s)?"
            r"(?![\w&@]|\.\w|'[A-Za-z])"
        ),
        _say_capitals,
    ),
)
