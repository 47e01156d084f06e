"""What the words around an amount say about it."""

import re

_DETERMINER = re.compile(
    r"""\b(?:a|an|the|its|their|his|her|our|this|that|another|each|every|per)
        (?:\ (?:additional|annual|estimated|extra|further|huge|initial|new|planned
              |potential|proposed|record|reported|separate|total|whopping))?\ $""",
    re.VERBOSE | re.IGNORECASE,
)
"""Adjectives seen between the article and the amount in business pages."""

_NO_NOUN = re.compile(
    r" (?:"
    r"a|about|above|across|after|against|all|also|although|an|and|annually|"
    r"are|around|as|at|away|back|be|because|before|behind|being|below|between|"
    r"but|by|can|could|daily|did|do|does|during|each|earlier|early|either|"
    r"every|following|for|from|had|has|have|he|her|higher|his|how|if|in|"
    r"including|into|is|it|its|just|last|later|less|lower|may|might|monthly|"
    r"more|must|next|nor|not|now|of|off|on|once|only|or|out|over|per|plus|"
    r"since|so|some|than|that|the|their|then|there|these|they|this|those|"
    r"though|through|to|today|under|until|up|upon|versus|was|we|weekly|were|"
    r"when|where|whether|which|while|who|whose|will|with|within|without|would|"
    r"yearly|yesterday|yet|you"
    r")\b"
)
"""Lower-case words after which an amount is not an adjective: "a $5 million from"."""

_HEAD_NOUNS = re.compile(
    r" (?:bid|bond|budget|contract|cut|deal|fine|fund|grant|hike|increase|investment"
    r"|lawsuit|loan|package|penalty|prize|project|settlement|stake|valuation)\b"
)
"""What is called after its amount even without an article: "£1.2m fine"."""

COUNT_NOUNS = (
    "accounts|barrels|cars|cases|children|civilians|customers|deaths|doses|employees|"
    "euros|families|feet|fighters|followers|hectares|homes|hours|houses|households|"
    "jobs|kilometers|kilometres|members|meters|metres|migrants|miles|men|others|"
    "passengers|people|police|refugees|residents|seats|shares|soldiers|students|"
    "subscribers|tonnes|tons|troops|units|users|vehicles|viewers|views|visitors|"
    "voters|votes|women|workers|yards"
)
"""What news counts, for "2.4m barrels" and "1500 people"."""


def is_adjective(match: re.Match[str]) -> bool:
    """Tell whether an amount stands before its noun: "a $3.2 billion deal"."""
    after = match.string[match.end() :]
    if re.match(r"-[a-z]", after):
        return True
    if _HEAD_NOUNS.match(after):
        return True
    if not re.match(r" [a-z]", after) or _NO_NOUN.match(after):
        return False
    return bool(_DETERMINER.search(match.string[: match.start()]))
