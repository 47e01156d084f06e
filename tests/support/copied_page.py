"""A page as copied: its story, its menu and its footer."""

from service.cleaning.lines import Line

STORY = [
    "The river rose two metres overnight and reached the cellars of Mill Street.",
    "The warden, Jonas Pell, said the water would fall if the rain stopped.",
    "Shops on the quay were emptied by hand, and the school sent its pupils home.",
    "The bridge to the mill stays closed until engineers have looked at its pier.",
]
SECTIONS = ["News", "World", "Business", "Culture", "Weather", "Travel", "Opinion"]
MENU = ["Menu", "Log in", *SECTIONS, "Sport", "Puzzles", "Newsletters"]
FOOTER = ["Contact us", "Privacy policy", "© 2031 The Post. All rights reserved."]


def to_lines(texts: list[str]) -> list[Line]:
    """Return the lines of a page, in order."""
    return [Line(place, text) for place, text in enumerate(texts)]
