"""How long a page of HTML takes, beside trafilatura alone.

    python benchmarks/cleaning_speed.py PAGES.jsonl.gz

PAGES holds a JSON object a line, with "html".  The two take turns on each page, so that
what else the machine does weighs on both; the first round is not counted.  The last
line has the median page of each in milliseconds and the median over pages of their
ratio.
"""

import gzip
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import trafilatura

from service.cleaning import clean, load_markers
from service.errors import NothingToRead
from service.page import read_html

ROUNDS = 3
"""Rounds that count; the quickest of them stands for a page."""


def main(path: Path) -> None:
    """Measure every page and print the figures."""
    markers = load_markers()

    def ours(html: str) -> None:
        try:
            clean(read_html(html), markers)
        except NothingToRead:
            print("a page has nothing to read", file=sys.stderr)

    def alone(html: str) -> None:
        trafilatura.extract(html, include_comments=False)

    pages = read_pages(path)
    taken = [measure(html, ours, alone) for html in pages]
    mine, theirs = (statistics.median(times) for times in zip(*taken, strict=True))
    ratio = statistics.median(one / other for one, other in taken)
    print(
        f"pages={len(pages)} ours={mine:.1f}ms trafilatura={theirs:.1f}ms "
        f"ratio={ratio:.2f}"
    )


def read_pages(path: Path) -> list[str]:
    """Return the HTML of every page in a file of JSON lines, packed or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["html"] for line in lines if line.strip()]


def measure(html: str, *readers: Callable[[str], None]) -> list[float]:
    """Return the milliseconds that each reader takes for a page, at its quickest."""
    best = [float("inf")] * len(readers)
    for turn in range(ROUNDS + 1):
        for place, read in enumerate(readers):
            start = time.perf_counter()
            read(html)
            taken = (time.perf_counter() - start) * 1000
            if turn:
                best[place] = min(best[place], taken)
    return best


if __name__ == "__main__":
    main(Path(sys.argv[1]))
