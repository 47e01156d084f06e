"""Decide from its context whether an amount is an adjective."""

import re

_ARTICLE = re.compile(r"\b[Aa]n?\ $")

_DETERMINER = re.compile(
    r"""(?: \b(?:an?|the|its|their|his|her|our|my|another|each|every|no)
            (?:\ (?!about|all|and|as|at|by|cost|costs|for|from|in|is|its|of|on|or|paid
               |than|that|to|was|with)[a-z]+(?:-[a-z]+)?)?
          | \b(?:this|that|one|two|three|four|five|six|several|many|multiple)
          | \b[A-Z]\w+'s?(?:\ (?:new|planned|proposed|record|recent))?
        )\ $""",
    re.VERBOSE | re.IGNORECASE,
)
"""Determiners, with at most one adjective after them, that make an amount an adjective:
"a record $90m fine", "Acme's $2bn bid".  Seen in business pages."""

_NO_NOUN = re.compile(
    r" (?:"
    r"a|about|above|across|after|against|ago|ahead|all|also|although|an|and|annually|"
    r"apart|apiece|are|around|as|at|away|back|be|because|been|before|behind|being|"
    r"below|between|both|but|by|can|combined|compared|could|deep|did|do|does|down|"
    r"downstream|during|each|earlier|early|east|either|even|every|extra|far|"
    r"following|for|from|further|going|had|has|have|he|heavy|her|high|his|how|if|in|"
    r"including|inland|inside|into|is|it|its|just|last|late|later|less|long|may|"
    r"might|more|must|near|next|nor|north|northeast|northwest|not|now|of|off|"
    r"offshore|old|on|once|only|onto|or|out|outside|over|overall|overnight|owing|"
    r"past|per|plus|short|since|so|some|south|southeast|southwest|square|tall|than|"
    r"that|the|their|then|there|these|they|thick|this|those|though|through|to|today|"
    r"together|tomorrow|tonight|total|towards?|under|underground|until|up|upon|"
    r"upstream|upwards?|versus|via|was|we|well|went|were|west|when|where|whether|"
    r"which|while|who|whose|wide|will|with|within|without|worth|would|yesterday|yet|"
    r"you|(?!(?:assembly|costly|deadly|elderly|family|friendly|jelly|lovely|monopoly|"
    r"rally|supply)\b)[a-z]{2,}ly|(?!shed)[a-z]{2,}(?<!e)ed|better|bigger|cheaper|closer|deeper|"
    r"faster|fewer|greater|heavier|higher|larger|lighter|longer|lower|narrower|poorer|"
    r"richer|shorter|slower|smaller|stronger|taller|thicker|wider|worse"
    r")\b"
)
"""Lower-case words after which an amount is not an adjective: "the $5 million from"."""

_PERIODIC = re.compile(
    r" (?:daily|early|hourly|monthly|nightly|quarterly|weekly|yearly)"
    rf"(?!{_NO_NOUN.pattern}) [a-z]{{3,}}"
)
"""Adverbs that are adjectives before a noun: "a $12 weekly pass"."""

_HEAD_NOUNS = re.compile(
    r" (?:acquisition|bail|bailout|bid|bond|bounty|budget|buyout|contract|cut|deal|"
    r"donation|fine|fund|grant|hike|increase|investment|jackpot|lawsuit|loan|lottery|"
    r"merger|mortgage|offer|overhaul|package|penalty|pledge|prize|project|ransom|"
    r"refund|reward|scheme|settlement|stake|takeover|upgrade|valuation)\b"
)
"""Nouns that make an amount an adjective without an article: "£1.2m fine"."""

_MEASURED_NOUNS = re.compile(
    r"-[A-Za-z]| (?!(?:across|as|does|goes|has|hours|is|its|less|likes|minus|plus|says|"
    r"thus|towards|upwards|versus|was)\b)[a-z]{3,}(?:[^s]s|sses|men)\b"
    r"| (?:bandwidth|barrier|battery|bottle|camera|capacity|charger|charging|class|"
    r"display|drive|engine|lens|memory|motor|plant|power|radius|range|reactor|screen|"
    r"sensor|stretch|storage|supply|tank|turbine|version)\b"
)
"""Nouns that a measure describes without an article: "40mm drivers"."""

COUNT_NOUNS = (
    "accounts|acres|apartments|babies|barrels|beds|boats|books|bottles|buildings|"
    "businesses|cans|cars|cases|cattle|children|civilians|companies|copies|customers|"
    "days|deaths|delegates|doses|downloads|drivers|employees|euros|evacuees|families|"
    "fans|farmers|feet|fighters|firefighters|flights|followers|gallons|guests|hectares|"
    "homes|horses|hours|houses|households|immigrants|inmates|items|jobs|kilometers|"
    "kilometres|litres|liters|mails|members|meters|metres|migrants|miles|minutes|men|"
    "nurses|officers|others|owners|pages|paintings|passengers|patients|people|persons|"
    "plants|players|police|pounds|prisoners|protesters|pupils|readers|refugees|"
    "residents|rooms|rupees|runners|schools|seats|sets|shares|soldiers|songs|spectators|"
    "staff|stores|students|subscribers|supporters|teachers|tests|tickets|times|tonnes|"
    "tons|trees|troops|units|users|vehicles|viewers|views|visitors|volunteers|voters|"
    "votes|websites|women|words|workers|years|yards"
)
"""Nouns that news counts: "2.4m barrels", "1500 people"."""

PLURAL = (
    r"\ (?!(?:across|as|always|is|its|plus|this|thus|towards|upwards|versus|was)\b)"
    r"(?:[a-z]{3,}[^s\W]s|people|men|women|children|police)\b"
)
"""A plural noun."""

PEOPLES = r"\ [A-Z][a-z]{2,}[^s\W]s\b"
"""A plural demonym: Germans, Londoners."""


_JOINED = re.compile(
    r"-an?-(?:day|fortnight|month|week|year)(?!\ (?:and|as|for|from|in|on|to)\b)\ [a-z]"
    r"|-(?!an?-|per-|plus\b)[a-z]"
    rf"|-plus(?!{_NO_NOUN.pattern})\ [a-z]"
)
"""A hyphen makes an adjective, but not in "earns $5-a-day" or "raised $5m-plus"."""


def _may_be_noun(after: str) -> bool:
    return not _NO_NOUN.match(after) or _PERIODIC.match(after) is not None


def is_adjective(match: re.Match[str]) -> bool:
    """Return whether an amount is an adjective: "a $3.2 billion deal"."""
    after = match.string[match.end() : match.end() + 40]
    if _JOINED.match(after) or _HEAD_NOUNS.match(after):
        return True
    before = match.string[max(0, match.start() - 40) : match.start()]
    if _ARTICLE.search(before):
        # After "a" an amount is always an adjective: "a $5m, two-year deal".
        return bool(re.match(r",? [A-Za-z\d]|-[a-z]", after)) and _may_be_noun(after)
    if not re.match(r" [a-z]", after) or not _may_be_noun(after):
        return False
    return bool(_DETERMINER.search(before))


def describes(match: re.Match[str]) -> bool:
    """Return whether a measure describes the next noun: "40mm drivers"."""
    after = match.string[match.end() : match.end() + 40]
    return is_adjective(match) or (
        _MEASURED_NOUNS.match(after) is not None and not _NO_NOUN.match(after)
    )
