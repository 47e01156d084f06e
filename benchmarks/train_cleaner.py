"""Train the line classifier on pages whose article is known.

    python benchmarks/train_cleaner.py SCORER PAGES.jsonl.gz ... [--write]

SCORER is the benchmark's score_cleaner.py, which labels the lines and scores the
result.  Scores are estimated on unseen publishers (folds of whole domains) and, harder,
with one source of pages left out at a time: their gold texts differ as publishers do.
With --write the classifier is trained on all pages and written.  Needs scikit-learn.
"""

import argparse
import gzip
import importlib.util
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from service.article import Article
from service.cleaning import Cleaned, load_markers
from service.cleaning.boilerplate import find_boilerplate
from service.cleaning.classifier import line_classifier
from service.cleaning.classifier.features import compute_features
from service.cleaning.classifier.line_classifier import LineClassifier
from service.cleaning.lines import Line
from service.cleaning.pipeline import clean_with
from service.cleaning.text.page_analysis import analyse_page
from service.errors import NothingToRead
from service.page import read_text

FOLDS = 6
SEEDS = (0,)
MAX_JUNK_LINES = 80
"""Lines of boilerplate that are taken of one page; more teach the same."""

OUT = Path(line_classifier.__file__).with_name("line_classifier.json")
MARKERS = load_markers()


@dataclass(frozen=True)
class Lesson:
    """A page's lines as evidence, with what they are."""

    columns: dict[str, np.ndarray]
    is_body: np.ndarray
    weight: np.ndarray


def main() -> None:
    """Estimate, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scorer", type=Path)
    parser.add_argument("pages", type=Path, nargs="+")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--no-estimate", action="store_true")
    given = parser.parse_args()
    scorer = load(given.scorer)
    pages = [page for path in given.pages for page in read_pages(path)]
    lessons = [list(lessons_of(page, scorer)) for page in pages]
    if not given.no_estimate:
        for name, groups in (
            ("unseen domains", fold_domains(pages)),
            ("unseen sources", [source_of(page) for page in pages]),
        ):
            scores = cross_validated(pages, lessons, groups, scorer)
            print(f"{name}: {figures(scores, scorer)}")
    if given.write:
        learned = learn([lesson for several in lessons for lesson in several])
        OUT.write_text(json.dumps(learned, separators=(",", ":")) + "\n")


def read_pages(path: Path) -> list[dict[str, Any]]:
    """Return the pages of a file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def domain_of(page: dict[str, Any]) -> str:
    """Return the publisher of a page."""
    host = page.get("domain") or urlsplit(page.get("url") or "").hostname
    return host or page["id"]


def source_of(page: dict[str, Any]) -> str:
    """Return the collection of a page; a later edition of one is not unseen."""
    return page["source"].rstrip("0123456789k")


def fold_domains(pages: Sequence[dict[str, Any]]) -> list[str]:
    """Return the fold of each page: whole domains, in a fixed random order."""
    domains = sorted({domain_of(page) for page in pages})
    random.Random(3).shuffle(domains)
    fold = {domain: str(at % FOLDS) for at, domain in enumerate(domains)}
    return [fold[domain_of(page)] for page in pages]


def load(path: Path) -> ModuleType:
    """Import the scorer from its path."""
    spec = importlib.util.spec_from_file_location("score_cleaner", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lessons_of(page: dict[str, Any], scorer: ModuleType) -> Iterator[Lesson]:
    """Yield the page, with little boilerplate, with a short article, and without both.

    A real copy lacks menus that a stylesheet hides, a publishing system sends hardly
    any boilerplate, and much news is brief: what is learned must hold there too.
    """
    texts = read_text(page["text"]).texts
    kinds = label(page, texts, scorer)
    yield lesson(page, list(zip(texts, kinds, strict=True)))
    chance = random.Random(page["id"])
    for left, longest in ((0.2, len(texts)), (0.04, len(texts)), (0.1, 4)):
        lines = thinned(texts, kinds, chance, left, longest)
        if any(kind == "gold" for _, kind in lines):
            yield lesson(page, lines)
    title = [(page["gold_title"], "title")] if page["gold_title"] else []
    yield lesson(page, [*title, *((text, "gold") for text in page["gold_paragraphs"])])


def thinned(
    texts: Sequence[str],
    kinds: Sequence[str],
    chance: random.Random,
    left: float,
    longest: int,
) -> list[tuple[str, str]]:
    """Keep a share of the boilerplate and `longest` lines of the article."""
    body = 0
    lines = []
    for text, kind in zip(texts, kinds, strict=True):
        body += kind == "gold"
        if (kind == "gold" and body <= longest) or (
            kind != "gold" and chance.random() < left
        ):
            lines.append((text, kind))
    return lines


def label(page: dict[str, Any], texts: Sequence[str], scorer: ModuleType) -> list[str]:
    """Return the scorer's label of each line; lines without words get none."""
    labels = iter(scorer.label_lines(page | {"text": "\n".join(texts)}))
    following = next(labels, None)
    kinds = []
    for text in texts:
        if following and following[0] == text:
            kinds.append(following[2])
            following = next(labels, None)
        else:
            kinds.append("junk")
    return kinds


def lesson(page: dict[str, Any], labels: Sequence[tuple[str, str]]) -> Lesson:
    """Weigh lines so that a page counts, not its length.

    The square root is between every line alike (long menus rule) and every page alike
    (short articles rule); measured, both are worse.
    """
    lines = [Line(place, text) for place, (text, _) in enumerate(labels)]
    kinds = [kind for _, kind in labels]
    boilerplate = find_boilerplate(lines, MARKERS, "en", None)
    columns = compute_features(analyse_page(lines, boilerplate, None))
    body = sum(kind == "gold" for kind in kinds)
    junk = sum(kind in {"junk", "title"} for kind in kinds)
    weights = {"gold": 1 / (body + 8), "junk": 1 / (junk + 8), "title": 1 / (junk + 8)}
    weight = np.sqrt([weights.get(kind, 0.0) for kind in kinds])
    is_body = np.array([float(kind == "gold") for kind in kinds])
    taken = take(is_body, weight, random.Random(page["id"]))
    # The sample has the weight of all.
    scale = np.where(is_body > 0, 1.0, max(1.0, junk / MAX_JUNK_LINES))
    return Lesson(
        {name: column[taken] for name, column in columns.items()},
        is_body[taken],
        (weight * scale)[taken],
    )


def take(is_body: np.ndarray, weight: np.ndarray, chance: random.Random) -> np.ndarray:
    """Return the indices of the article's lines and of a sample of the others."""
    junk = np.flatnonzero((is_body == 0) & (weight > 0)).tolist()
    if len(junk) > MAX_JUNK_LINES:
        junk = chance.sample(junk, MAX_JUNK_LINES)
    return np.sort(np.concatenate([np.flatnonzero(is_body > 0), junk])).astype(int)


def learn(lessons: Sequence[Lesson]) -> dict[str, Any]:
    """Return the fields of a Judge, as JSON can hold them."""
    names = sorted(lessons[0].columns)
    table = np.vstack(
        [np.column_stack([lesson.columns[n] for n in names]) for lesson in lessons]
    )
    is_body = np.concatenate([lesson.is_body for lesson in lessons])
    weight = np.concatenate([lesson.weight for lesson in lessons])
    weight /= weight.mean()
    centre, scale = table.mean(axis=0), table.std(axis=0)
    scale[scale == 0] = 1
    summed = LogisticRegression(C=0.03, max_iter=50, solver="newton-cholesky")
    summed.fit((table - centre) / scale, is_body, sample_weight=weight)
    stages = [plant(seed).fit(table, is_body, sample_weight=weight) for seed in SEEDS]
    return {
        "names": names,
        "centre": rounded(centre),
        "scale": rounded(scale),
        "weights": rounded(summed.coef_[0]),
        "bias": round(float(summed.intercept_[0]), 6),
        **grown(stages),
    }


def plant(seed: int) -> HistGradientBoostingClassifier:
    """Return a stage of small trees that is not fitted yet."""
    return HistGradientBoostingClassifier(
        max_iter=120,
        learning_rate=0.07,
        max_leaf_nodes=8,
        min_samples_leaf=40,
        l2_regularization=5,
        max_features=0.3,
        random_state=seed,
    )


def grown(stages: Sequence[HistGradientBoostingClassifier]) -> dict[str, Any]:
    """Lay the nodes of all trees in one row; each stage has its share of a say."""
    rows: dict[str, list[Any]] = {
        name: [] for name in ("feature", "threshold", "below", "above", "value")
    }
    roots = []
    trees = [tree for stage in stages for (tree,) in stage._predictors]  # noqa: SLF001 - the one way to read them
    for tree in trees:
        first = len(rows["feature"])
        roots.append(first)
        for at, node in enumerate(tree.nodes):
            leaf = bool(node["is_leaf"])
            rows["feature"].append(0 if leaf else int(node["feature_idx"]))
            rows["threshold"].append(
                0.0 if leaf else round(float(node["num_threshold"]), 6)
            )
            rows["below"].append(first + (at if leaf else int(node["left"])))
            rows["above"].append(first + (at if leaf else int(node["right"])))
            rows["value"].append(
                round(float(node["value"]) / len(stages), 6) if leaf else 0.0
            )
    baseline = float(np.ravel(stages[0]._baseline_prediction)[0])  # noqa: SLF001 - as above
    return {**rows, "roots": roots, "baseline": round(baseline, 6)}


def rounded(numbers: np.ndarray) -> list[float]:
    """Six digits are more than was learned."""
    return [round(float(number), 6) for number in numbers]


def cross_validated(
    pages: Sequence[dict[str, Any]],
    lessons: Sequence[list[Lesson]],
    groups: Sequence[str],
    scorer: ModuleType,
) -> list[dict[str, Any]]:
    """Score each page by a classifier that has seen no page of its group."""
    scores = []
    for out in sorted(set(groups)):
        seen = [
            lesson
            for group, several in zip(groups, lessons, strict=True)
            if group != out
            for lesson in several
        ]
        fields = {
            name: line_classifier.parse_field(name, field)
            for name, field in learn(seen).items()
        }
        learned = LineClassifier(**fields)
        left_out = [p for p, group in zip(pages, groups, strict=True) if group == out]
        scores += [scored(page, learned, scorer) for page in left_out]
    return scores


def scored(
    page: dict[str, Any], learned: LineClassifier, scorer: ModuleType
) -> dict[str, Any]:
    """Clean one page and score the answer."""
    article: Article | None
    try:
        cleaned: Cleaned = clean_with(learned, read_text(page["text"]), MARKERS)
        article = cleaned.article
    except NothingToRead:
        article = None
    answer = {
        "title": article and article.title,
        "paragraphs": list(article.texts) if article else [],
    }
    result: dict[str, Any] = scorer.score(page, answer) | {"ms": 0.0}
    return result


def figures(scores: list[dict[str, Any]], scorer: ModuleType) -> str:
    """One line."""
    found = scorer.summary(scores)
    names = ("F1", "P", "R", "lost", "leak", "junk", "dup", "title", "perfect")
    return " ".join(f"{name}={found[name]:.3f}" for name in names)


if __name__ == "__main__":
    main()
