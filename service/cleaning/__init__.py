"""Reduce a page to its article: `clean`.

    lines ──► boilerplate ──► prose run ──► title ──► classifier ──► duplicates
              phrases                                                  │
                                                   Cleaned: article, cuts

Known boilerplate is cut first, by phrase and by pattern.  Then the best run of prose is
located, and the headline above it.  On a page of many lines a trained classifier weighs
every line; on a short page the run is the article, with the lines inside it.
`clean` only removes lines: those that it keeps are unchanged.  Phrases are data
in markers/phrases, by language and rule; a publisher can add a file of the same format.
"""

from service.cleaning.cleaned import Cleaned, Cut
from service.cleaning.markers import Markers, load_markers
from service.cleaning.pipeline import clean

__all__ = ["Cleaned", "Cut", "Markers", "clean", "load_markers"]
