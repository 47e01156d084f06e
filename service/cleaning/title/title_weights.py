"""Weights of the headline features of `title_features`.

Learned by benchmarks/train_title.py from 123 English news pages of 104 publishers.
"""

MIN_SCORE = 4.5
"""Score above which a line is a headline; the lowest of those pages' headlines has 4.9.

Headlines of very short articles score lower, because the body repeats little of them.
"""

WEIGHTS: dict[str, float] = {
    "above-boilerplate": 2.5,
    "above-byline": 3.8,
    "above-overlap": 3.0,
    "above-standfirst": 1.3,
    "below-date": -1.2,
    "below-label": 0.5,
    "below-prose": -1.8,
    "below-shorter-overlap": -2.3,
    "full-stop": -3.1,
    "long": 3.2,
    "overlap": 4.4,
    "overlap-if-repeated": 1.1,
    "overlap-opening": 3.1,
    "short": -3.0,
    "symbols": -2.9,
}
