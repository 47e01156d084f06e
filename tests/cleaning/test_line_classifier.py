"""What was learned is sound: plain numbers, the same answer every time."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cleaning import Markers, clean, load_markers
from service.cleaning.boilerplate import find_boilerplate
from service.cleaning.classifier.feature_arrays import (
    FAR,
    distances,
    runs,
    since,
    window,
)
from service.cleaning.classifier.features import AnalysedPage, compute_features
from service.cleaning.classifier.line_classifier import (
    REASONS,
    LineClassifier,
    load_classifier,
)
from service.cleaning.classifier.line_features import compute_line_features
from service.cleaning.classifier.tree_ensemble import MOST, Numbers, build_ensemble
from service.cleaning.line_patterns import introduces_author, match_pattern
from service.cleaning.lines import Line
from service.cleaning.pipeline import JUDGED, analyse_page
from service.page import read_text
from tests.support.paths import ROOT

STORY = [
    "The river rose two metres overnight and reached the cellars of Mill Street.",
    "The warden, Jonas Pell, said the water would fall if the rain stopped.",
    "Shops on the quay were emptied by hand, and the school sent its pupils home.",
    "The bridge to the mill stays closed until engineers have looked at its pier.",
]
MENU = [f"{word} {number}" for number in range(20) for word in ("Sport", "Culture")]
TEASERS = [
    "Astronomers in Chile photograph a comet that will not come back for 900 years.",
    "A bakery in Lyon has won a prize for the longest loaf that was ever baked.",
]


@pytest.fixture(name="markers", scope="module")
def _markers() -> Markers:
    return load_markers()


def page_of(texts: list[str], markers: Markers) -> AnalysedPage:
    lines = [Line(place, text) for place, text in enumerate(texts)]
    return analyse_page(lines, find_boilerplate(lines, markers, "en", None), None)


def test_the_story_is_likelier_than_the_menu(markers: Markers) -> None:
    texts = [*MENU, "Flood in Mill Street", *STORY, *MENU]
    judge = load_classifier()
    columns = compute_features(page_of(texts, markers))
    likely = judge.likelihood(judge.evidence(columns, range(len(texts))))
    story = likely[len(MENU) + 1 : len(MENU) + 1 + len(STORY)]
    assert story.min() > 0.6
    assert likely[: len(MENU)].max() < 0.2


def test_a_long_page_gives_the_story_alone(markers: Markers) -> None:
    texts = [*MENU, "River floods Mill Street", *STORY, "Most read", *TEASERS, *MENU]
    assert len(texts) >= JUDGED
    cleaned = clean(read_text("\n".join(texts)), markers)
    assert cleaned.article.paragraphs == tuple(STORY)
    assert cleaned.article.title == "River floods Mill Street"


def test_a_cut_has_reasons(markers: Markers) -> None:
    columns = compute_features(page_of([*MENU, *STORY, *MENU], markers))
    judge = load_classifier()
    (reasons,) = judge.reasons(judge.evidence(columns, [0]))
    assert reasons
    assert set(reasons) <= set(columns)


def test_the_report_tells_the_reasons_of_what_was_judged(markers: Markers) -> None:
    texts = [*MENU, "River floods Mill Street", *STORY, "Advertisement", *MENU]
    cuts = clean(read_text("\n".join(texts)), markers).cuts
    assert any(cut.because for cut in cuts if cut.rule == "before-body")
    assert not any(cut.because for cut in cuts if cut.rule == "advertisement")


def test_every_number_that_was_learned_is_about_a_column(markers: Markers) -> None:
    """A column that is renamed makes the judge deaf: train it anew."""
    judge = load_classifier()
    columns = compute_features(page_of([*MENU, *STORY], markers))
    assert set(judge.names) <= set(columns)
    assert len(judge.names) == len(judge.weights) == len(judge.centre)
    assert judge.feature.max() < len(judge.names)


def test_what_was_learned_is_plain_numbers() -> None:
    text = (
        ROOT / "service" / "cleaning" / "classifier" / "line_classifier.json"
    ).read_text()
    learned = json.loads(text)
    names = learned.pop("names")
    assert all(isinstance(name, str) for name in names)
    numbers = np.concatenate([np.ravel(value) for value in learned.values()])
    assert np.isfinite(numbers).all()


def walked(judge: LineClassifier, row: Numbers, root: int) -> float:
    """Walk down one tree, a question at a time."""
    node = root
    while judge.below[node] != node:
        up = row[judge.feature[node]] > judge.threshold_at[node]
        node = (judge.above if up else judge.below)[node]
    return float(judge.value[node])


@given(seed=st.integers(0, 2**32 - 1))
def test_the_trees_say_what_walking_down_each_would(seed: int) -> None:
    judge = load_classifier()
    chance = np.random.default_rng(seed)
    # On a threshold, and a little above it: there the two ways part.
    table = np.zeros((4, len(judge.names)))
    table[:, judge.feature] = judge.threshold_at + chance.integers(-1, 2, (4, 1))
    expected = [sum(walked(judge, row, root) for root in judge.roots) for row in table]
    assert judge.stand.total(table) == pytest.approx(expected)


def test_a_tree_that_asks_too_much_is_refused() -> None:
    """Nine questions, one below the other."""
    nodes = np.arange(2 * (MOST + 1) + 1)
    below = np.where(nodes % 2, nodes, np.minimum(nodes + 1, nodes[-1]))
    above = np.where(nodes % 2, nodes, np.minimum(nodes + 2, nodes[-1]))
    threshold = nodes.astype(np.float64)
    with pytest.raises(IndexError):
        build_ensemble(
            np.array([0]),
            np.zeros_like(nodes),
            threshold,
            np.stack([below, above]),
            threshold,
        )


def test_the_reasons_are_the_strongest_and_in_order(markers: Markers) -> None:
    judge = load_classifier()
    columns = compute_features(page_of([*MENU, *STORY, *MENU], markers))
    table = judge.evidence(columns, range(len(MENU)))
    against = (table - judge.centre) / judge.scale * judge.weights
    for reasons, row in zip(judge.reasons(table), against, strict=True):
        assert 0 < len(reasons) <= REASONS
        spoke = [row[judge.names.index(name)] for name in reasons]
        assert spoke == sorted(row)[: len(reasons)]
        assert max(spoke) < 0


@given(texts=st.lists(st.text(min_size=1), min_size=1, max_size=20))
def test_a_line_measures_the_same_on_every_page(texts: list[str]) -> None:
    lines = [Line(place, text) for place, text in enumerate(texts)]
    together = compute_line_features(lines)
    assert list(together) == sorted(together)
    for line in lines:
        for name, (alone,) in compute_line_features([line]).items():
            assert alone == together[name][line.place] >= 0


def test_telling_words_come_in_the_order_of_the_line() -> None:
    """Sums over them would else differ by a hair from one run to the next."""
    line = Line(0, "The wardens warned: the river, the bridge and the warden's house.")
    assert list(line.stems) == ["warde", "warne", "river", "bridg", "house"]


COLUMN = st.lists(st.integers(0, 3), min_size=1, max_size=40).map(
    lambda numbers: np.array(numbers, dtype=np.float64)
)


@given(column=COLUMN, near=st.integers(-40, 40), wide=st.integers(0, 40))
def test_a_window_is_the_sum_of_what_is_in_it(
    column: Numbers, near: int, wide: int
) -> None:
    count = len(column)
    expected = [
        sum(column[max(0, at + near) : max(0, at + near + wide)]) for at in range(count)
    ]
    assert window(column, near, near + wide).tolist() == expected
    table = np.stack([column, 2 * column])
    assert window(table, near, near + wide)[1].tolist() == [2 * n for n in expected]


@given(column=COLUMN, data=st.data())
def test_since_a_line_is_the_sum_from_it(column: Numbers, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(column) - 1))
    expected = [
        sum(column[start:at]) if at >= start else -1 for at in range(len(column))
    ]
    assert since(column, start).tolist() == expected


def test_what_is_there_is_counted_on_end_and_away() -> None:
    there = np.array([False, True, True, False, False, True])
    assert runs(there).tolist() == [0, 2, 2, 0, 0, 1]
    assert distances(there).tolist() == [FAR, FAR, 0, 0, 1, 2]


@given(texts=st.lists(st.text(min_size=1), min_size=1, max_size=80))
def test_any_lines_can_be_weighed(markers: Markers, texts: list[str]) -> None:
    columns = compute_features(page_of(texts, markers))
    judge = load_classifier()
    likely = judge.likelihood(judge.evidence(columns, range(len(texts))))
    assert ((likely >= 0) & (likely <= 1)).all()


CAPTIONS = [
    "The mayor opens the new bridge in front of a cheering crowd. Getty Images",
    "The mayor opens the new bridge in front of a crowd. (Photo: Wenlow Courier)",
    "Workers clear the quay, Tuesday, Nov. 19, 2019, after a night of heavy rain.",
    "Image Credits: Wenlow Courier",
    "Ada Brook, AP",
    "Ada Brook/Getty Images",
    "A heron waits for fish below the weir at dawn.Photograph by Ada Brook",
    "This undated file photo shows the ferry on its first day.",
]
PROSE = [
    "The mayor opened the bridge on Tuesday and walked across it with her daughter.",
    "He never subscribed to the newsletter, she said, and nobody ever asked him to.",
    "WASHINGTON (AP) — The bridge was opened on Tuesday.",
    "Reuters and the AP reported the flood.",
    "Ten gardens were bought by the Wenlow Bridge Company (WBC)",
    "The plan was drawn by engineers of the Tern Point Harbour Board (TPHB).",
    "Right now, having waited for three hours, the passengers are tired.",
    "Share prices of the insurer fell (by 3 per cent) after the flood.",
    '"Sign up for our newsletter," said the sign, and you could not miss it.',
]


@pytest.mark.parametrize("text", CAPTIONS)
def test_a_caption_is_known_by_its_shape(text: str) -> None:
    rule = match_pattern(Line(0, text))
    assert rule
    assert rule.name == "caption-or-credit"


@pytest.mark.parametrize("text", PROSE)
def test_prose_has_no_such_shape(text: str) -> None:
    assert match_pattern(Line(0, text)) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("On WenlowCourier.com: Bridge closed for another week", "related-line"),
        ("TWO FERRIES COLLIDE IN FOG OFF TERN POINT", "related-line"),
        ("Sign up for our newsletter and get the news in your inbox.", "prompt"),
    ],
)
def test_other_furniture_has_its_shape(text: str, name: str) -> None:
    rule = match_pattern(Line(0, text))
    assert rule
    assert rule.name == name


def test_an_author_is_known_from_a_person_of_the_story() -> None:
    assert introduces_author(Line(0, "Ada Brook is a reporter who covers the harbour."))
    assert not introduces_author(Line(0, "Jonas Pell is the warden of the river."))
