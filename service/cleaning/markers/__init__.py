"""Phrases that mark boilerplate: `Markers`, read from TOML.

    phrases/<language>.toml ─┐
    phrases/mul.toml ────────┼──► parse_markers ──► Markers.find_rule(line, language)
    a publisher's own file ──┘      slots             MarkerRule

A phrase matches a whole line, never a part of one.  Case, quotes and punctuation do not
count, except for the symbols that `service.cleaning.lines` keeps.  Slots stand for what
varies:

    {number}    one number
    {name}      one to ten words of names: capitalised, or "and", "of", ...
    {date}      a date, a time or both
    {words}     up to twelve words
    {text}      up to a hundred words

A phrase matches a line that ends as a sentence only if the phrase ends with a full stop
too: "Back" is cut, the answer "Back." is not.

A file has a table per language, with its rules and their phrases.  The table `words` of
a language lists the lower-case words that dates and names may contain.  The phrases of
`mul` apply to every language.
"""

from service.cleaning.markers.load_markers import Markers, load_markers, primary_tag
from service.cleaning.markers.marker_phrase import MarkerPhrase, MarkerRule

__all__ = ["MarkerPhrase", "MarkerRule", "Markers", "load_markers", "primary_tag"]
