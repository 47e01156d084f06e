"""Tests of the line classifier: its features, its trees and its packaged model."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cleaning import Markers, clean, load_markers
from service.cleaning.boilerplate import find_boilerplate
from service.cleaning.classifier.feature_arrays import (
    MAX_DISTANCE_LINES,
    FeatureArray,
    distances,
    run_lengths,
    sum_since,
    window_sum,
)
from service.cleaning.classifier.features import AnalysedPage, compute_features
from service.cleaning.classifier.line_classifier import (
    MAX_REASONS,
    LineClassifier,
    load_classifier,
)
from service.cleaning.classifier.line_features import compute_line_features
from service.cleaning.classifier.tree_ensemble import (
    MAX_SPLITS,
    FeatureVector,
    build_ensemble,
)
from service.cleaning.line_patterns import (
    introduces_author,
    match_pattern,
    match_patterns,
)
from service.cleaning.lines import Line
from service.cleaning.text.edges import find_tail_lines
from service.cleaning.text.page_analysis import analyse_page
from service.page import read_text
from tests.support.paths import ROOT

STORY = [
    "The river rose two metres overnight and reached the cellars of Mill Street.",
    "The warden, Jonas Pell, said the water would fall if the rain stopped.",
    "Shops on the quay were emptied by hand, and the school sent its pupils home.",
    "The bridge to the mill stays closed until engineers have looked at its pier.",
]
MENU = [
    f"{region} {section}"
    for region in ("Harbour", "Hill", "Mill", "Quay", "Varn", "Wenlow", "West", "World")
    for section in ("Business", "Culture", "Opinion", "Sport", "Weather")
]
TEASERS = [
    "Astronomers in Chile photograph a comet that will not come back for 900 years.",
    "A bakery in Lyon has won a prize for the longest loaf that was ever baked.",
]


@pytest.fixture(name="markers", scope="module")
def _markers() -> Markers:
    return load_markers()


def analyse_texts(texts: list[str], markers: Markers) -> AnalysedPage:
    lines = [Line(place, text) for place, text in enumerate(texts)]
    return analyse_page(lines, find_boilerplate(lines, markers, "en", None), None)


def test_story_is_likelier_than_menu(markers: Markers) -> None:
    texts = [*MENU, "Flood in Mill Street", *STORY, *MENU]
    classifier = load_classifier()
    features = compute_features(analyse_texts(texts, markers))
    likely = classifier.likelihood(
        classifier.feature_matrix(features, range(len(texts)))
    )
    story = likely[len(MENU) + 1 : len(MENU) + 1 + len(STORY)]
    assert story.min() > 0.6
    assert likely[: len(MENU)].max() < 0.2


def test_long_page_is_reduced_to_its_story(markers: Markers) -> None:
    texts = [*MENU, "River floods Mill Street", *STORY, "Most read", *TEASERS, *MENU]
    cleaned = clean(read_text("\n".join(texts)), markers)
    assert cleaned.article.texts == tuple(STORY)
    assert cleaned.article.title == "River floods Mill Street"


def test_reasons_are_names_of_features(markers: Markers) -> None:
    features = compute_features(analyse_texts([*MENU, *STORY, *MENU], markers))
    classifier = load_classifier()
    (reasons,) = classifier.reasons(classifier.feature_matrix(features, [0]))
    assert reasons
    assert set(reasons) <= set(features)


def test_cuts_of_the_classifier_have_reasons_and_others_none(markers: Markers) -> None:
    texts = [*MENU, "River floods Mill Street", *STORY, "Advertisement", *MENU]
    cuts = clean(read_text("\n".join(texts)), markers).cuts
    assert any(cut.because for cut in cuts if cut.rule == "before-body")
    assert not any(cut.because for cut in cuts if cut.rule == "advertisement")


def test_every_learned_weight_has_a_feature(markers: Markers) -> None:
    """A feature that is renamed must be renamed in line_classifier.json too."""
    classifier = load_classifier()
    features = compute_features(analyse_texts([*MENU, *STORY], markers))
    assert set(classifier.names) <= set(features)
    assert len(classifier.names) == len(classifier.weights) == len(classifier.centre)
    assert classifier.feature.max() < len(classifier.names)


def test_model_file_has_only_names_and_finite_numbers() -> None:
    text = (
        ROOT / "service" / "cleaning" / "classifier" / "line_classifier.json"
    ).read_text()
    document = json.loads(text)
    names = document.pop("names")
    assert all(isinstance(name, str) for name in names)
    numbers = np.concatenate([np.ravel(value) for value in document.values()])
    assert np.isfinite(numbers).all()


def walk_tree(classifier: LineClassifier, row: FeatureVector, root: int) -> float:
    """Walk down one tree, one split at a time."""
    node = root
    while classifier.below[node] != node:
        up = row[classifier.feature[node]] > classifier.threshold[node]
        node = (classifier.above if up else classifier.below)[node]
    return float(classifier.value[node])


@given(seed=st.integers(0, 2**32 - 1))
def test_ensemble_total_equals_walking_down_each_tree(seed: int) -> None:
    classifier = load_classifier()
    chance = np.random.default_rng(seed)
    # At, below and above each threshold, where the two implementations could differ.
    matrix = np.zeros((4, len(classifier.names)))
    matrix[:, classifier.feature] = classifier.threshold + chance.integers(
        -1, 2, (4, 1)
    )
    expected = [
        sum(walk_tree(classifier, row, root) for root in classifier.roots)
        for row in matrix
    ]
    assert classifier.ensemble.total(matrix) == pytest.approx(expected)


def test_tree_with_too_many_splits_is_rejected() -> None:
    """Nine splits, one below the other."""
    nodes = np.arange(2 * (MAX_SPLITS + 1) + 1)
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


def test_reasons_are_the_strongest_in_order(markers: Markers) -> None:
    classifier = load_classifier()
    features = compute_features(analyse_texts([*MENU, *STORY, *MENU], markers))
    matrix = classifier.feature_matrix(features, range(len(MENU)))
    against = (matrix - classifier.centre) / classifier.scale * classifier.weights
    for reasons, row in zip(classifier.reasons(matrix), against, strict=True):
        assert 0 < len(reasons) <= MAX_REASONS
        weights = [row[classifier.names.index(name)] for name in reasons]
        assert weights == sorted(row)[: len(reasons)]
        assert max(weights) < 0


@given(texts=st.lists(st.text(min_size=1), min_size=1, max_size=20))
def test_line_features_do_not_depend_on_other_lines(texts: list[str]) -> None:
    lines = [Line(place, text) for place, text in enumerate(texts)]
    together = compute_line_features(lines)
    assert list(together) == sorted(together)
    for line in lines:
        for name, (alone,) in compute_line_features([line]).items():
            assert alone == together[name][line.place] >= 0


def test_stems_are_in_the_order_of_the_line() -> None:
    """Otherwise floating-point sums over them would differ between runs."""
    line = Line(0, "The wardens warned: the river, the bridge and the warden's house.")
    assert list(line.stems) == ["warde", "warne", "river", "bridg", "house"]


VALUES = st.lists(st.integers(0, 3), min_size=1, max_size=40).map(
    lambda numbers: np.array(numbers, dtype=np.float64)
)


@given(values=VALUES, start=st.integers(-40, 40), length=st.integers(0, 40))
def test_window_sum_equals_the_sum_of_its_slice(
    values: FeatureArray, start: int, length: int
) -> None:
    count = len(values)
    expected = [
        sum(values[max(0, line + start) : max(0, line + start + length)])
        for line in range(count)
    ]
    assert window_sum(values, start, start + length).tolist() == expected
    matrix = np.stack([values, 2 * values])
    assert window_sum(matrix, start, start + length)[1].tolist() == [
        2 * n for n in expected
    ]


@given(values=VALUES, data=st.data())
def test_sum_since_equals_the_sum_of_its_slice(
    values: FeatureArray, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(values) - 1))
    expected = [
        sum(values[start:line]) if line >= start else -1 for line in range(len(values))
    ]
    assert sum_since(values, start).tolist() == expected


def test_run_lengths_and_distances_of_set_lines() -> None:
    far = MAX_DISTANCE_LINES
    is_set = np.array([False, True, True, False, False, True])
    assert run_lengths(is_set).tolist() == [0, 2, 2, 0, 0, 1]
    assert distances(is_set).tolist() == [far, far, 0, 0, 1, 2]


@given(texts=st.lists(st.text(min_size=1), min_size=1, max_size=80))
def test_any_lines_can_be_classified(markers: Markers, texts: list[str]) -> None:
    features = compute_features(analyse_texts(texts, markers))
    classifier = load_classifier()
    likely = classifier.likelihood(
        classifier.feature_matrix(features, range(len(texts)))
    )
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
    "He never subscribed to the newsletter, she said, and no one ever asked him to.",
    "WASHINGTON (AP) — The bridge was opened on Tuesday.",
    "Reuters and the AP reported the flood.",
    "Ten gardens were bought by the Wenlow Bridge Company (WBC)",
    "The plan was drawn by engineers of the Tern Point Harbour Board (TPHB).",
    "Right now, having waited for three hours, the passengers are tired.",
    "Share prices of the insurer fell (by 3 per cent) after the flood.",
    '"Sign up for our newsletter," said the sign, and you could not miss it.',
]


@pytest.mark.parametrize("text", CAPTIONS)
def test_caption_is_recognised_by_its_pattern(text: str) -> None:
    rule = match_pattern(Line(0, text))
    assert rule
    assert rule.name == "caption-or-credit"


@pytest.mark.parametrize("text", PROSE)
def test_prose_matches_no_pattern(text: str) -> None:
    assert match_pattern(Line(0, text)) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("On WenlowCourier.com: Bridge closed for another week", "related-line"),
        ("TWO FERRIES COLLIDE IN FOG OFF TERN POINT", "related-line"),
        ("Sign up for our newsletter and get the news in your inbox.", "prompt"),
    ],
)
def test_other_boilerplate_is_recognised_by_its_pattern(text: str, name: str) -> None:
    rules = match_patterns([Line(0, text)], ())
    assert rules[0].name == name


LONG = "The harbour of Varn was dredged in spring and then again in the autumn, " * 4
SHORT = "The harbour of Varn was dredged "

PARAGRAPHS = {
    "name in brackets at the end": "{}as the council had asked (Ada Brook)",
    "name after a sentence": "{}which was dear. Ada Brook",
    "calls to the reader": "Join our club and get its newsletter. {}we signed up",
    "networks": "Follow the harbour on Facebook and Instagram, as {}we do",
}


@pytest.mark.parametrize("text", PARAGRAPHS.values(), ids=PARAGRAPHS)
def test_long_paragraph_is_not_boilerplate_by_its_pattern_alone(text: str) -> None:
    assert match_pattern(Line(0, text.format(SHORT)))
    assert match_pattern(Line(0, text.format(LONG))) is None


def test_long_paragraph_in_capitals_is_not_the_headline_of_another_story() -> None:
    assert match_patterns([Line(0, f"{SHORT}in spring".upper())], ())
    assert not match_patterns([Line(0, LONG.upper())], ())


def test_appeal_for_letters_is_short() -> None:
    appeal = "Send your letters to post@courier.example"

    assert find_tail_lines([Line(0, appeal)])
    assert not find_tail_lines([Line(0, LONG + LONG + appeal)])


def test_author_is_distinguished_from_a_person_of_the_story() -> None:
    assert introduces_author(Line(0, "Ada Brook is a reporter who covers the harbour."))
    assert not introduces_author(Line(0, "Jonas Pell is the warden of the river."))


def test_profession_of_another_person_does_not_introduce_an_author() -> None:
    paragraph = (
        "Jonas Pell is not the first warden to go to law over the weir.  Two years ago"
        " his neighbour at the mill, who had once been a reporter, went to court."
    )

    assert not introduces_author(Line(0, paragraph))
