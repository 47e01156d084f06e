"""Cues are broken as subtitles should be."""

import pytest

from service.article import Article, Paragraph
from service.captions.cues import Cue, split_cues
from service.script import write_script
from service.script.announcements import Announcements
from tests.support.scripts import transcript_of


def cues_of(*paragraphs: str, language: str = "en", token_s: float = 0.35) -> list[Cue]:
    """Return the cues of an article, as the script writer writes it."""
    article = Article(None, tuple(map(Paragraph, paragraphs)), language=language)
    return split_cues(transcript_of(write_script(article), token_s))


def lines_of(
    *paragraphs: str, language: str = "en", token_s: float = 0.35
) -> list[str]:
    """Return the lines of the cues, with / between those of one cue."""
    cues = cues_of(*paragraphs, language=language, token_s=token_s)
    return [" / ".join(cue.lines) for cue in cues]


def test_each_sentence_is_a_cue_of_its_own() -> None:
    assert lines_of("The ferry sails again. The council said so on Monday.") == [
        "The ferry sails again.",
        "The council said so on Monday.",
    ]


def test_sentence_that_is_too_short_shares_a_cue() -> None:
    assert lines_of("He left. She stayed at the harbour.", token_s=0.2) == [
        "He left. She stayed at the harbour."
    ]


def test_cue_never_continues_in_another_paragraph() -> None:
    assert lines_of("No.", "Yes.", "Perhaps.", token_s=0.1) == [
        "No.",
        "Yes.",
        "Perhaps.",
    ]


def test_long_sentence_is_broken_at_its_clauses() -> None:
    assert lines_of(
        "The ferry was late on Monday, the council of the island said, because the"
        " storm had damaged the quay; it will sail again when it is over."
    ) == [
        "The ferry was late on Monday, / the council of the island said,",
        "because the storm had damaged the quay; / it will sail again when it is over.",
    ]


def test_lines_are_balanced_and_do_not_end_with_an_article() -> None:
    assert lines_of(
        "Elections for the northern islands will be held within a year."
    ) == ["Elections for the northern islands / will be held within a year."]


KEPT = [
    "$1.2 billion",
    "5 million people",
    "10 per cent",
    "350 km",
    "J. K. Rowling",
    "George W. Bush",
    "Dr. Mora",
    "No. 10",
    "March 5",
    "5 March",
    "5 March 2021",
    "11:40 p.m.",
    "1 000 000",
    "EUR 500",
    "two hundred and five",
    "Article 50",
]


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize("before", range(14))
def test_number_with_its_unit_and_name_with_initials_stay_on_a_line(
    kept: str, before: int
) -> None:
    text = f"{'The tide is high near '[:before]}{'ab ' * 6}{kept} {'xy ' * 20}end."
    lines = [line for cue in cues_of(text) for line in cue.lines]
    assert any(kept in line for line in lines), lines


def test_sentence_in_chinese_is_broken_at_its_marks() -> None:
    lines = lines_of(
        "政府将拨款3000万元改善渡轮服务，预计工程于明年3月15日动工，"
        "“这是居民期待已久的决定”，他在星期三说。",
        language="zh",
    )
    assert lines == [
        "政府将拨款3000万元改善渡轮服务， / 预计工程于明年3月15日动工，",
        "“这是居民期待已久的决定”，他在星期三说。",
    ]


def test_word_that_is_too_long_for_a_line_is_divided_behind_a_mark() -> None:
    address = "https://a.example/" + "/".join(
        f"section{number}" for number in range(12)
    )
    lines = [line for cue in cues_of(f"It is at {address} now.") for line in cue.lines]
    assert address in "".join(lines)
    assert all(len(line) <= 42 for line in lines)
    assert any(line.endswith("/") for line in lines)


def test_number_that_takes_longer_than_a_cue_is_divided() -> None:
    cues = cues_of("It has 1,234,567,890,123 grains.", token_s=9)
    assert all(cue.end - cue.start <= 7 for cue in cues)
    assert "".join(cue.text for cue in cues).count("1,234,567,890,123") == 1


def test_title_and_announcements_are_cues_of_their_own() -> None:
    article = Article("Tide turns", (Paragraph("It turned."),))
    announcements = Announcements(
        "From {publication}.", "Read by an AI voice.", publication="The Bay"
    )
    script = write_script(article, announcements=announcements)
    assert [cue.text for cue in split_cues(transcript_of(script))] == [
        "From The Bay.",
        "Tide turns",
        "It turned.",
        "Read by an AI voice.",
    ]


def test_cue_lasts_from_its_first_word_to_its_last() -> None:
    cues = cues_of("The ferry sails again. The council said so.", token_s=0.5)
    starts = [round(cue.start - cues[0].start, 3) for cue in cues]
    lengths = [round(cue.end - cue.start, 3) for cue in cues]
    assert (starts, lengths) == ([0, 2.4], [2, 2])
