"""Find lines that repeat other kept lines: `find_duplicates`.

    lines ──► equal lines ──► pull quotes ──► near copies ──► teasers
              repeat          pull-quote      repeat          teaser

Of equal lines the first is kept, of the labels of many items none.  What only resembles
another line is cut wherever it is: a quotation out of a paragraph, its opening, a copy
of it with small edits.  Verse, answers, and the details of different entries may recur.
"""

from service.cleaning.duplicates.find_duplicates import (
    find_duplicates,
    find_duplicates_alone,
)
from service.cleaning.duplicates.find_equal import (
    find_exact_repeats,
    find_repeated_labels,
)

__all__ = [
    "find_duplicates",
    "find_duplicates_alone",
    "find_exact_repeats",
    "find_repeated_labels",
]
