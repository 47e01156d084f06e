"""A page in, its article out: `clean`.

    lines ──► furniture ──► body ──► title ──► repeats ──► Cleaned(article, cuts)
              markers.toml  prose

`clean` only removes: what it keeps, it keeps as it came.  Phrases are data in
markers.toml, by language and rule; a publisher adds a file of the same form.
"""

from service.cleaning.cleaned import Cleaned, Cut
from service.cleaning.markers import Markers, load_markers
from service.cleaning.pipeline import clean

__all__ = ["Cleaned", "Cut", "Markers", "clean", "load_markers"]
