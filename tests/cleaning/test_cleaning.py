"""Tests of cleaning: corpus pages, invariants of `clean`, and markers files."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.article import Article, Omitted
from service.cleaning import Cleaned, clean, load_markers
from service.cleaning.lines import tokenize
from service.errors import InvalidMarkers, NothingToRead
from service.page import decode, read_html, read_text
from tests.support.articles import plain_article
from tests.support.paths import ROOT

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("corpus/*/expected.json"))
FERRY = ROOT / "samples" / "ferry.txt"
PACKAGED = sorted((ROOT / "service/cleaning/markers/phrases").glob("*.toml"))
MARKERS = load_markers()

PROSE = (
    "The river rose two metres overnight and reached the cellars of Mill Street.",
    "Forty people spent the night in the sports hall, where volunteers served soup.",
    "Insurance offices in the town opened an hour early, and the queue was long.",
)
KNOWN = (
    "Advertisement",
    "Share",
    "Most read",
    "By Ada Brook",
    "Feb. 8, 2031",
    "Sign up for our newsletter",
    "© 2031 The Post. All rights reserved.",
    "Yeah.",
    "What happens next",
    "Is it safe to go home?",
    *PROSE,
)
LINE = st.sampled_from(KNOWN) | st.text(
    st.characters(exclude_characters="\0"), min_size=1, max_size=80
)
PAGE = st.lists(LINE, max_size=40)
TITLE = st.none() | LINE


def cleaned_or_none(article: Article) -> Cleaned | None:
    try:
        return clean(article, MARKERS)
    except NothingToRead:
        return None


def read_case(folder: Path) -> Article:
    (page,) = folder.glob("page.*")
    text = decode(page.read_bytes())
    return read_html(text) if page.suffix == ".html" else read_text(text)


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_corpus_page_is_reduced_to_its_article(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text("utf-8"))

    cleaned = clean(read_case(folder), MARKERS)

    assert cleaned.article.title == expected["title"]
    assert list(cleaned.article.texts) == expected["paragraphs"]
    rules = {cut.text: cut.rule for cut in cleaned.cuts}
    wanted = expected.get("rules", {})
    assert {text: rules.get(text) for text in wanted} == wanted


def test_sample_article_is_cleaned_of_boilerplate() -> None:
    cleaned = clean(read_text(decode(FERRY.read_bytes())), MARKERS)

    title = (
        "Last diesel ferry leaves Wenlow as electric boat takes over the harbour run"
    )
    assert cleaned.article.title == title
    paragraphs = cleaned.article.texts
    assert len(paragraphs) == len(set(paragraphs)) == 9
    assert paragraphs[0].startswith("WENLOW: The last diesel ferry")
    assert paragraphs[-1].startswith("As for the old boat")
    rules = {cut.rule for cut in cleaned.cuts}
    assert rules >= {
        "advertisement",
        "audio-notice",
        "before-body",
        "byline",
        "caption-or-credit",
        "copyright",
        "menu",
        "most-read",
        "newsletter",
        "related",
        "related-line",
        "repeat",
        "source-line",
        "timestamp",
        "title-repeated",
    }


@example(
    [
        "Advertisement",
        "Is it safe to go home?",
        "Advertisement",
        "Most read",
        "Is it safe to go home?",
        "The river rose two metres overnight and reached the cellars of Mill Street.",
    ],
    None,
)
@given(PAGE, TITLE)
def test_every_line_is_kept_or_is_the_title_or_is_cut(
    lines: list[str], title: str | None
) -> None:
    cleaned = cleaned_or_none(plain_article(title, tuple(lines)))
    if cleaned is None:
        return

    cut = {entry.line: entry.text for entry in cleaned.cuts}
    left = [line for place, line in enumerate(lines) if place not in cut]
    if not title and cleaned.article.title:
        left.remove(cleaned.article.title)
    assert left == list(cleaned.article.texts)
    assert all(lines[place] == text for place, text in cut.items())
    assert [entry.line for entry in cleaned.cuts] == sorted(cut)


@given(PAGE, TITLE)
def test_given_title_is_unchanged(lines: list[str], title: str | None) -> None:
    cleaned = cleaned_or_none(plain_article(title, tuple(lines)))

    if cleaned is not None and title:
        assert cleaned.article.title == title


@given(PAGE, TITLE)
def test_cleaning_is_idempotent(lines: list[str], title: str | None) -> None:
    once = cleaned_or_none(plain_article(title, tuple(lines)))
    if once is None:
        return

    assert clean(once.article, MARKERS) == Cleaned(once.article, ())


@given(
    st.lists(
        st.sampled_from(PROSE)
        | st.sampled_from(["Yeah.", "“We stay,” he said.", "Why now?", "A night out"]),
        min_size=1,
        unique=True,
    ).filter(lambda lines: any(line.endswith(".") for line in lines))
)
def test_clean_prose_is_unchanged(lines: list[str]) -> None:
    article = plain_article("A title of its own", tuple(lines))

    assert clean(article, MARKERS) == Cleaned(article, ())


def test_line_that_repeats_the_given_title_is_cut() -> None:
    article = plain_article("River floods cellars", ("River floods cellars!", *PROSE))

    cleaned = clean(article, MARKERS)

    assert cleaned.article.texts == PROSE
    assert [(cut.rule, cut.line) for cut in cleaned.cuts] == [("title-repeated", 0)]


def test_refrain_of_a_verse_is_kept() -> None:
    refrain = "And the river ran down to the sea"
    verse = ("The mill was old", refrain, "The bell was cold", refrain)
    song = (*PROSE[:2], *verse, "The end of May", "All day", PROSE[2])

    assert clean(plain_article("A song", song), MARKERS).article.texts == song


def test_error_of_a_page_of_boilerplate_names_its_commonest_rules() -> None:
    lines = ("Advertisement", "Advertisement", "Advertisement", "Share", "Share")
    article = plain_article(None, (*lines, "Menu", "Menu", "Comments"))

    with pytest.raises(NothingToRead, match=r"8 lines.*advertisement, share, menu"):
        clean(article, MARKERS)


def test_error_of_an_empty_result_names_the_size_of_the_longest_text() -> None:
    article = replace(
        plain_article("A title", ("By Ada Brook", *PROSE)),
        omitted=tuple(Omitted(line, "opted-out") for line in range(4)),
    )

    with pytest.raises(
        NothingToRead, match=r"text among them has \d+ words in 3 lines"
    ):
        clean(article, MARKERS)


def test_empty_page_raises_nothing_to_read() -> None:
    with pytest.raises(NothingToRead, match="send the text of an article"):
        clean(plain_article("A title", ()), MARKERS)


def test_markers_apply_only_to_their_language() -> None:
    texts = (*PROSE, "Story continues below")
    english = plain_article("Title", texts)
    german = plain_article("Title", texts, language="de")

    assert clean(english, MARKERS).article.texts == PROSE
    assert clean(german, MARKERS).article.texts == german.texts


def test_word_of_a_menu_is_kept_as_a_subhead_and_cut_in_a_menu() -> None:
    subhead = plain_article("Title", (*PROSE[:2], "Jobs", PROSE[2]))
    menu = plain_article("Title", (*PROSE, "Jobs", "Privacy policy", "Weather"))

    assert clean(subhead, MARKERS).article.texts == subhead.texts
    assert clean(menu, MARKERS).article.texts == PROSE


def test_markers_of_every_language_apply_to_one_without_its_own() -> None:
    article = plain_article("Title", (*PROSE, "© 2031 Y Post"), language="cy")

    assert clean(article, MARKERS).article.texts == PROSE


def test_very_large_page_is_cleaned() -> None:
    lines = tuple(f"{PROSE[n % 3]} It was the {n}th time." for n in range(10_000))
    menu = ("Share", "Menu", "Sport") * 5_000

    cleaned = clean(plain_article("Title", menu + lines + menu), MARKERS)

    assert cleaned.article.texts[0] == lines[0]


@pytest.mark.parametrize("path", PACKAGED, ids=lambda path: path.stem)
def test_packaged_markers_are_sorted_and_unique(path: Path) -> None:
    ((language, rules),) = tomllib.loads(path.read_text("utf-8")).items()
    assert language == path.stem
    assert list(rules) == sorted(rules)
    for name, rule in rules.items():
        phrases = rule.get("phrases", [])
        says = [phrase["says"] for phrase in phrases]
        assert says == sorted(set(says))
        assert phrases or name == "words"


@pytest.mark.parametrize("language", [path.stem for path in PACKAGED])
@pytest.mark.parametrize("times", [0, 1, 2, 10, 12, 14, 100])
def test_token_counts_of_a_phrase_include_every_line_that_it_matches(
    times: int, language: str
) -> None:
    varying = {"number": "7", "name": "Ada", "date": "May", "words": "x", "text": "x"}
    fillers = {slot: " ".join([word] * times) for slot, word in varying.items()}
    matched = 0
    for phrase in MARKERS.phrases(language):
        tokens = tokenize(phrase.says.format(**fillers))
        if phrase.matches("".join(f"{token} " for token in tokens)):
            assert len(tokens) in phrase.tokens
            matched += 1
    assert matched


def test_pull_quote_of_a_later_paragraph_is_cut() -> None:
    quote = "the water came up the cellar stairs one step every quarter of an hour"
    whole = f"“It was slow,” the baker said, “{quote}, and then it was in the shop.”"
    page = (*PROSE[:2], quote.capitalize(), PROSE[2], whole)

    cleaned = clean(plain_article("A title of its own", page), MARKERS)

    assert [(cut.rule, cut.line) for cut in cleaned.cuts] == [("pull-quote", 2)]


def test_own_markers_file_adds_phrases(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        '[en.promotion]\nphrases = [{ says = "win {words} tickets.", seen = "box" }]\n',
        "utf-8",
    )
    article = plain_article(
        "Title", (*PROSE, "Win two opera tickets!", "Advertisement")
    )

    cleaned = clean(article, load_markers(path))

    assert [cut.rule for cut in cleaned.cuts] == ["promotion", "advertisement"]


@pytest.mark.parametrize(
    ("toml", "names"),
    [
        ("[en.a\n", r"own\.toml.*not TOML.*line 1"),
        ("en = 3", r"\[en\].*table of rules"),
        ("[en]\na = 3", r"\[en\.a\].*table"),
        ("[en.A_b]\nphrases = []", r"\[en\.A_b\].*lower-case letters"),
        ("[en.a]\nphrase = []\nphrases = []", r"\[en\.a\].*unknown keys \(phrase\)"),
        ("[en.a]\ncloses = 1\nphrases = []", r"\[en\.a\].*closes must be true"),
        ("[en.a]", r"\[en\.a\] must have a list of phrases"),
        ('[en.a]\nphrases = ["ad"]', r"\[en\.a, phrase 1\].*says and seen"),
        (
            '[en.a]\nphrases = [{says="x", seen="y"}, {says="x {any}", seen="y"}]',
            r"\[en\.a, phrase 2\].*unknown slot \(\{any\}\)",
        ),
        ("[en.words]\nmonth = 'may'", r"\[en\.words\].*only the texts date and name"),
        (
            '[en.a]\nphrases = [{says="{text} {words}", seen="y"}]',
            r"phrase 1\].*match any line",
        ),
        (
            '[en.a]\nphrases = [{says="{words} {text} a {words} {text}", seen="y"}]',
            r"phrase 1\].*too many open slots",
        ),
    ],
)
def test_invalid_markers_file_is_rejected_with_its_place(
    tmp_path: Path, toml: str, names: str
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(toml, "utf-8")

    with pytest.raises(InvalidMarkers, match=names):
        load_markers(path)


def test_unreadable_markers_file_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(
        InvalidMarkers, match=r"Cannot read the markers file .*own\.toml"
    ):
        load_markers(path)
    with pytest.raises(
        InvalidMarkers, match=r"Cannot read the markers file .*missing\.toml"
    ):
        load_markers(tmp_path / "missing.toml")
