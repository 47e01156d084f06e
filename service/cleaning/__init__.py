"""A page in, its article out: `clean`.

    lines ──► boilerplate ──► prose run ──► title ──► classifier ──► duplicates
              markers.toml                                             │
                                                   Cleaned: article, cuts

Known boilerplate goes first, by phrase and by pattern.  Then the best run of prose is
found and the headline above it.  On a page of many lines a trained classifier weighs
every line; on a short one, the run and what stands in it is the article.
`clean` only removes: what it keeps, it keeps as it came.  Phrases are data in
markers.toml, by language and rule; a publisher adds a file of the same form.
"""

from service.cleaning.cleaned import Cleaned, Cut
from service.cleaning.markers import Markers, load_markers
from service.cleaning.pipeline import clean

__all__ = ["Cleaned", "Cut", "Markers", "clean", "load_markers"]
