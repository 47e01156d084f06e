"""Measure the time to clean a page; for HTML, also of trafilatura alone.

    python benchmarks/cleaning_speed.py PAGES.jsonl.gz

PAGES has one JSON object per line, with "html" or "text".  On HTML the two alternate on
each page, so that other load affects both; the first round is not counted.  The last
line has the median page of each in milliseconds, and for HTML the median ratio.
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
from service.page import read_html, read_text

ROUNDS = 3
"""Rounds counted; the fastest is the time of a page."""


def main(path: Path) -> None:
    """Measure every page and print the figures."""
    markers = load_markers()

    def html(page: str) -> None:
        try:
            clean(read_html(page), markers)
        except NothingToRead:
            print("a page has nothing to read", file=sys.stderr)

    def text(page: str) -> None:
        clean(read_text(page), markers)

    def alone(page: str) -> None:
        trafilatura.extract(page, include_comments=False)

    pages = read_pages(path)
    if "html" not in pages[0]:
        own = [measure(page["text"], text)[0] for page in pages]
        print(f"pages={len(pages)} text={statistics.median(own):.1f}ms")
        return
    taken = [measure(page["html"], html, alone) for page in pages]
    mine, theirs = (statistics.median(times) for times in zip(*taken, strict=True))
    ratio = statistics.median(ours / other for ours, other in taken)
    print(
        f"pages={len(pages)} ours={mine:.1f}ms trafilatura={theirs:.1f}ms "
        f"ratio={ratio:.2f}"
    )


def read_pages(path: Path) -> list[dict[str, str]]:
    """Return every page in a file of JSON lines, packed or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def measure(page: str, *readers: Callable[[str], None]) -> list[float]:
    """Return the milliseconds that each reader takes for a page, at its quickest."""
    best = [float("inf")] * len(readers)
    for turn in range(ROUNDS + 1):
        for place, read in enumerate(readers):
            start = time.perf_counter()
            read(page)
            taken = (time.perf_counter() - start) * 1000
            if turn:
                best[place] = min(best[place], taken)
    return best


if __name__ == "__main__":
    main(Path(sys.argv[1]))
