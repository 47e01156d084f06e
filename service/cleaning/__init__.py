"""Reduce a page to its article: `clean`.

    lines ──► boilerplate ──► what is around ──► site:    run, title, classifier
              phrases         the article?       traces:  edges, patterns
                                                 nothing: phrases alone
                                                                       │
                              Cleaned: article, cuts, doubts ◄── duplicates

Known boilerplate is found first, by phrase.  What it shows of the article's page
decides how the rest is cut.  In a copied page the best run of prose is located, and the
headline above it, and a trained classifier weighs every line.  An article alone is cut
line by line, never by position; if the sender states that it is one, only advertisement
markers and exact repeats are cut.  Lines that markup selected are cut by `marked_up`.
`clean` only removes lines: those that it keeps are unchanged.  Phrases are data
in markers/phrases, by language and rule; a publisher can add a file of the same format.
"""

from service.cleaning.cleaned import Cleaned, Cut
from service.cleaning.markers import Markers, load_markers
from service.cleaning.pipeline import clean

__all__ = ["Cleaned", "Cut", "Markers", "clean", "load_markers"]
