"""Train the weights of the title scores.

    python benchmarks/train_title.py PAGES.jsonl.gz ...

The data is JSON Lines, gzipped: `text`, `gold_title` and `domain` of each page.  Prints
how often the headline is right on domains that were left out of the training, then the
table for service/cleaning/title/title_weights.py, learned from all pages.

The model is a softmax over a page's candidate lines (McFadden's conditional logit);
if several lines are right, for example a repeated headline, their shares are added.
"""

import argparse
import gzip
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from service.cleaning import load_markers
from service.cleaning.boilerplate import find_boilerplate
from service.cleaning.lines import Line
from service.cleaning.markers import Markers
from service.cleaning.text.prose_run import find_prose_run
from service.cleaning.title.find_title import MAX_LINES_ABOVE, MIN_OVERLAP
from service.cleaning.title.title_features import TitleContext, compute_title_features
from service.page import read_text

SHRINKAGE = 0.02
"""Weight of the squared weights, per figure of deviation 1, in the loss of a page."""

STEPS = 400
STEP = 0.1
"""Steps of gradient descent scaled as in Adam (Kingma and Ba, 2015); their size."""

FOLDS = 10
SHUFFLES = 3

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TrainingPage:
    """The candidates of one page."""

    domain: str
    names: tuple[str, ...]
    figures: Array
    """(candidates, names)."""

    right: Array
    """(candidates,), 1 where the line is the headline."""


def main() -> None:
    """Print the cross-validated figures and the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, nargs="+")
    given = parser.parse_args()
    pages = [page for data in given.data for page in read_pages(data)]
    found = [validate(pages, seed) for seed in range(SHUFFLES)]
    print(f"pages {len(pages)}, domains {len({page.domain for page in pages})}")
    print(f"a candidate is right on {np.mean([p.right.any() for p in pages]):.3f}")
    print(f"right on unseen domains {np.mean(found):.3f}, by shuffle {found}")
    print_table(pages)


def read_pages(data: Path) -> list[TrainingPage]:
    """Return the pages of a file, each with its candidates."""
    markers = load_markers()
    with gzip.open(data, "rt", encoding="utf-8") as file:
        pages = [json.loads(line) for line in file]
    return [
        page_of(page["text"], page["gold_title"], domain_of(page), markers)
        for page in pages
        if page["gold_title"]
    ]


def domain_of(page: dict[str, Any]) -> str:
    """Return the publisher of a page."""
    host = page.get("domain") or urlsplit(page.get("url") or "").hostname
    return host or page["id"]


def page_of(text: str, title: str, domain: str, markers: Markers) -> TrainingPage:
    """Return what the cleaner sees of one page when it looks for the headline."""
    paragraphs = read_text(text).texts
    lines = [Line(place, paragraph) for place, paragraph in enumerate(paragraphs)]
    boilerplate = find_boilerplate(lines, markers, "en", None)
    run = find_prose_run(lines, set(boilerplate.rules), boilerplate.closing) or range(0)
    body = [lines[place] for place in run if place not in boilerplate.rules]
    context = TitleContext(
        lines[max(0, run.start - MAX_LINES_ABOVE) : run.start], body, boilerplate.rules
    )
    chosen = [
        index for index, score in enumerate(context.overlap) if score > MIN_OVERLAP
    ]
    figures = [compute_title_features(context, index) for index in chosen]
    right = [float(same_title(context.lines[index].text, title)) for index in chosen]
    names = tuple(figures[0]) if figures else ()
    values = np.array([[*row.values()] for row in figures], ndmin=2)
    return TrainingPage(domain, names, values, np.array(right))


def same_title(first: str, other: str) -> bool:
    """Return whether four fifths of the words are the same, in any order."""
    ours, theirs = words(first), words(other)
    both = (ours & theirs).total()
    return both > 0 and both >= 0.4 * (ours.total() + theirs.total())


def words(text: str) -> Counter[str]:
    """Return the words of a text with how often they stand in it."""
    return Counter(re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower()))


def learn(pages: Sequence[TrainingPage]) -> Array:
    """Return the weights that make the right candidates likeliest."""
    usable = [page for page in pages if page.right.any()]
    figures = np.vstack([page.figures for page in usable])
    right = np.concatenate([page.right for page in usable])
    sizes = [len(page.right) for page in usable]
    starts = np.cumsum([0, *sizes[:-1]])
    scale = figures.std(axis=0) + 1e-9
    figures = figures / scale
    weights, mean, square = np.zeros((3, figures.shape[1]))
    for step in range(1, STEPS + 1):
        chance = softmax(figures @ weights, starts, sizes)
        hit = np.add.reduceat(chance * right, starts)
        wanted = chance * right / np.repeat(hit + 1e-12, sizes)
        slope = figures.T @ (chance - wanted) / len(usable) + 2 * SHRINKAGE * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        speed = STEP / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        weights = weights - speed * mean / (1 - 0.9**step)
    return np.asarray(weights / scale)


def softmax(scores: Array, starts: NDArray[np.intp], sizes: Sequence[int]) -> Array:
    """Return each candidate's share of its page."""
    top = np.repeat(np.maximum.reduceat(scores, starts), sizes)
    powers = np.exp(scores - top)
    return np.asarray(powers / np.repeat(np.add.reduceat(powers, starts), sizes))


def validate(pages: Sequence[TrainingPage], seed: int) -> float:
    """Return the share of pages whose best line is right, their domain left out."""
    domains = sorted({page.domain for page in pages})
    order = np.random.default_rng(seed).permutation(len(domains)) % FOLDS
    fold = dict(zip(domains, order, strict=True))
    right = 0
    for left_out in range(FOLDS):
        weights = learn([page for page in pages if fold[page.domain] != left_out])
        right += sum(
            page.right[np.argmax(page.figures @ weights)] > 0
            for page in pages
            if fold[page.domain] == left_out and page.right.size
        )
    return round(float(right / len(pages)), 3)


def print_table(pages: Sequence[TrainingPage]) -> None:
    """Print the least score of a headline, and the weights as the table has them."""
    weights = learn(pages)
    least = min(
        (page.figures @ weights)[page.right > 0].max()
        for page in pages
        if page.right.any()
    )
    print(f"least score of a headline {least:.1f}")
    names = next(page.names for page in pages if page.names)
    for name, weight in sorted(zip(names, weights, strict=True)):
        print(f'    "{name}": {weight:.1f},')


if __name__ == "__main__":
    main()
