"""Weights of the headline features of `title_features`.

Learned by benchmarks/train_title.py from 123 English news pages of 104 publishers.
"""

ENOUGH = 4.5
"""Score above which a line is a headline; the least of those pages' headlines has 4.9.

Headlines of very short articles have less, for little of them is told.
"""

WEIGHTS: dict[str, float] = {
    "above-byline": 3.8,
    "above-furniture": 2.5,
    "above-standfirst": 1.3,
    "above-told": 3.0,
    "below-date": -1.2,
    "below-label": 0.5,
    "below-prose": -1.8,
    "below-shorter-told": -2.3,
    "long": 3.2,
    "short": -3.0,
    "signs": -2.9,
    "stopped": -3.1,
    "told": 4.4,
    "told-and-recurs": 1.1,
    "told-first": 3.1,
}
