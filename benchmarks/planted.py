"""Measure cleaning on articles with planted repeats and boilerplate.

    python benchmarks/planted.py ARTICLES.jsonl.gz... [--pages 2000] [--seed 0]

ARTICLES has a JSON object per line, with "gold_title" and "gold_paragraphs".  Half of
the pages are text, half HTML.  The figures are the share of planted lines that are gone
and the share of the article's words that are lost, per variant and in total; the words
that are lost because of what is planted are also given alone: those that are kept when
the page has only its menu, its title and its footer.

An article is used if it has a title and at least five paragraphs of twelve words, if
`clean` leaves all of it when it comes alone, and if `find_duplicates` finds no repeat:
what an article itself repeats cannot be separated from what is planted.
"""

import argparse
import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from planting.page import ARTICLE, TITLE, PlantedPage
from planting.plant import plant
from planting.render import to_html, to_text

from service.article import Article, plain_paragraphs
from service.cleaning import Cleaned, clean, load_markers
from service.cleaning.duplicates import find_duplicates
from service.cleaning.lines import Line
from service.errors import NothingToRead
from service.page import read_html, read_text

MARKERS = load_markers()
MIN_PARAGRAPHS = 5
MIN_PARAGRAPH_WORDS = 12


@dataclass
class Score:
    """Counts over pages of one form."""

    planted: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    words: int = 0
    lost: int = 0
    lost_by_planting: int = 0
    titles: int = 0
    pages: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, page: PlantedPage, cleaned: Cleaned, without: Cleaned) -> None:
        """Count what is left of the planted lines and of the article."""
        self.pages += 1
        self.titles += cleaned.article.title == page.title
        left = Counter(cleaned.article.texts)
        rules = {cut.text: cut.rule for cut in cleaned.cuts}
        for line in page.lines:
            if line.what != ARTICLE:
                self.planted[line.what] += line.what != TITLE
                continue
            size = len(line.text.split())
            self.words += size
            if left[line.text]:
                left[line.text] -= 1
            else:
                self.lost += size
                self.lost_by_planting += size * (line.text in without.article.texts)
                rule = rules.get(line.text, "no-prose")
                self.examples.append(f"lost, {rule}: {line.text}")
        for line in page.lines:
            if line.what not in {ARTICLE, TITLE} and left[line.text]:
                left[line.text] -= 1
                self.left[line.what] += 1
                self.examples.append(f"{line.what}: {line.text}")

    def show(self, form: str, examples: int) -> None:
        """Print the figures."""
        planted, left = self.planted.total(), self.left.total()
        print(
            f"{form}: {self.pages} pages, {planted} lines planted,"
            f" {1 - left / planted:.4f} gone; {self.lost / self.words:.5f} of the words"
            f" lost, {self.lost_by_planting / self.words:.5f} by planting;"
            f" {self.titles / self.pages:.3f} of the titles right"
        )
        for what, count in sorted(self.planted.items()):
            if count:
                gone = 1 - self.left[what] / count
                print(f"  {what:<16}{count:>7}{gone:>9.4f}")
        for example in random.Random(0).sample(
            self.examples, min(examples, len(self.examples))
        ):
            print(f"    {example[:160]}")


def main() -> None:
    """Generate, clean and score pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="+", type=Path)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--examples", type=int, default=0)
    given = parser.parse_args()
    articles = [a for path in given.articles for a in read_articles(path)]
    usable = [a for a in articles if is_usable(a)]
    print(f"{len(usable)} of {len(articles)} articles are used")
    scores = {"text": Score(), "html": Score()}
    for number in range(given.pages):
        chance = random.Random(f"{given.seed}/{number}")
        article = chance.choice(usable)
        page = plant(chance, article.title or "", article.texts)
        form, seed = ("html" if number % 2 else "text"), chance.random()
        cleaned = clean_page(page, form, seed)
        without = clean_page(page.without_planted(), form, seed)
        scores[form].add(page, cleaned, without)
    for form, score in scores.items():
        score.show(form, given.examples)


def clean_page(page: PlantedPage, form: str, seed: float) -> Cleaned:
    """Render a page and return what is left of it."""
    chance = random.Random(seed)
    source = (
        read_html(to_html(page, chance))
        if form == "html"
        else read_text(to_text(page, chance))
    )
    try:
        return clean(source, MARKERS)
    except NothingToRead:
        return Cleaned(Article(None, ()), ())


def read_articles(path: Path) -> Iterator[Article]:
    """Yield the articles that have a title, white space normalised."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for entry in map(json.loads, file):
            title = " ".join((entry["gold_title"] or "").split())
            lines = "\n".join(entry["gold_paragraphs"]).splitlines()
            texts = [text for line in lines if (text := " ".join(line.split()))]
            if title:
                yield Article(title, plain_paragraphs(texts))


def is_usable(article: Article) -> bool:
    """Whether the article is clean and repeats nothing."""
    paragraphs = [
        text for text in article.texts if len(text.split()) >= MIN_PARAGRAPH_WORDS
    ]
    lines = [Line(place, text) for place, text in enumerate(article.texts)]
    if len(paragraphs) < MIN_PARAGRAPHS or find_duplicates(lines):
        return False
    alone = read_text("\n\n".join((article.title or "", *article.texts)))
    try:
        cleaned = clean(alone, MARKERS)
    except NothingToRead:
        return False
    return not cleaned.cuts and cleaned.article.title == article.title


if __name__ == "__main__":
    main()
