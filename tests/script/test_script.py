"""Sentences, spans and pauses of a script."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from piper.phonemize_espeak import EspeakPhonemizer

from service.script import Pauses, normalize_text, write_script
from service.script.sentences import MAX_SENTENCE_CHARACTERS, split_sentences
from service.script.writer import MAX_SPOKEN_CHARACTERS
from tests.support.articles import plain_article
from tests.support.news_texts import NEWS_TEXTS, TEXTS
from voices.sentence import TITLE, Script, Sentence


def script_of(*paragraphs: str, title: str | None = None) -> Script:
    return write_script(plain_article(title, paragraphs))


def spoken_words(sentence: Sentence, paragraph: str) -> list[tuple[str, str]]:
    return [
        (paragraph[token.span.start : token.span.end], token.spoken)
        for token in sentence.tokens
        if token.span
    ]


@pytest.mark.parametrize(
    ("paragraph", "sentences"),
    [
        ("He left. She stayed.", ["He left.", "She stayed."]),
        (
            "Gov. Lee met Lt. Gen. Moss. They ate.",
            ["Gov. Lee met Lt. Gen. Moss.", "They ate."],
        ),
        ("It opens at 7 p.m. Tuesday. Come.", ["It opens at 7 p.m. Tuesday.", "Come."]),
        (
            "It rose 3.5 percent on Feb. 8. It fell.",
            ["It rose 3.5 percent on Feb. 8.", "It fell."],
        ),
        ("She lives at No. 10 now. He left.", ["She lives at No. 10 now.", "He left."]),
        (
            "The U.S. Navy sailed. J.K. Bell saw it.",
            ["The U.S. Navy sailed.", "J.K. Bell saw it."],
        ),
        (
            "He lives in the U.S. She does not.",
            ["He lives in the U.S.", "She does not."],
        ),
        ("“Really?” he said. “No.”", ["“Really?”", "he said.", "“No.”"]),
        (
            "“Stop!” shouted Ms. Ames. He ran.",
            ["“Stop!”", "shouted Ms. Ames.", "He ran."],
        ),
        (
            "It was “Who Is There?” that won. Good.",
            ["It was “Who Is There?” that won.", "Good."],
        ),
        (
            "“We won. They lost. It’s over,” he said. He left.",
            ["“We won.", "They lost.", "It’s over,” he said.", "He left."],
        ),
        ("She said “I am ill.” He left.", ["She said “I am ill.”", "He left."]),
        ("He left. “I quit.” “Good.”", ["He left.", "“I quit.”", "“Good.”"]),
        ("“I will…,” he said. “I do.”", ["“I will…,” he said.", "“I do.”"]),
        ("It is cold (they say.) in May.", ["It is cold (they say.) in May."]),
        ("(It is cold. It is wet.) Stay.", ["(It is cold.", "It is wet.)", "Stay."]),
        ("Yahoo! said no. It fell.", ["Yahoo! said no.", "It fell."]),
        (
            "He won vs. Cole. George W. Hart lost.",
            ["He won vs. Cole.", "George W. Hart lost."],
        ),
        ("Take vitamin C. It helps.", ["Take vitamin C.", "It helps."]),
        (
            "They met on Elm St. The mayor spoke at St. Mary’s.",
            ["They met on Elm St.", "The mayor spoke at St. Mary’s."],
        ),
        (
            "Rep. Bo Hart, D-N.Y., spoke. Sen. Al Ash (R-Ga.) did not.",
            ["Rep. Bo Hart, D-N.Y., spoke.", "Sen. Al Ash (R-Ga.) did not."],
        ),
        ("Acme Inc. grew. Bolt Co. shrank.", ["Acme Inc. grew.", "Bolt Co. shrank."]),
        (
            "AUSTIN, Texas, March 3 (Reuters) - Rain. Sun.",
            ["AUSTIN, Texas, March 3 (Reuters) - Rain.", "Sun."],
        ),
        ("CONCORD, N.H. — Rain. Sun.", ["CONCORD, N.H. — Rain.", "Sun."]),
        (
            "OSLO, Jan. 5 (Xinhua) -- Snow. Sun.",
            ["OSLO, Jan. 5 (Xinhua) -- Snow.", "Sun."],
        ),
        ("1. Buy bread 2. Buy milk", ["1. Buy bread", "2. Buy milk"]),
        ("a) Bread. b) Milk.", ["a) Bread.", "b) Milk."]),
        ("• Bread rose • Milk fell", ["• Bread rose", "• Milk fell"]),
        ("Will it rain? The U.N. says so!", ["Will it rain?", "The U.N. says so!"]),
        ("Well ... maybe. Yes.", ["Well ... maybe.", "Yes."]),
        (
            "LIMA (Reuters) - Rain fell. It stopped.",
            ["LIMA (Reuters) - Rain fell.", "It stopped."],
        ),
        ("", []),
        (" \n ", []),
    ],
)
def test_split_sentences_of_news(paragraph: str, sentences: list[str]) -> None:
    ranges = split_sentences(paragraph)
    assert [paragraph[start:end] for start, end in ranges] == sentences


def test_long_sentence_is_split_at_a_clause() -> None:
    clause = "the minister spoke of roads, bridges and schools in the north"
    paragraph = "; ".join([clause] * 12) + "."
    pieces = [paragraph[start:end] for start, end in split_sentences(paragraph)]
    assert len(pieces) > 1
    assert all(piece.endswith((";", ".")) for piece in pieces)
    assert " ".join(pieces) == paragraph


def test_long_sentence_without_a_clause_is_split_at_a_space() -> None:
    paragraph = "bread " * 200
    pieces = [paragraph[start:end] for start, end in split_sentences(paragraph)]
    assert all(set(piece.split()) == {"bread"} for piece in pieces)


def test_long_word_is_split() -> None:
    ranges = split_sentences("y" * (3 * MAX_SENTENCE_CHARACTERS + 1))
    assert [end - start for start, end in ranges] == [MAX_SENTENCE_CHARACTERS] * 3 + [1]


def test_script_starts_with_title_and_has_pauses_of_the_table() -> None:
    pauses = Pauses(title=4, paragraph=3, sentence=2, clause=1)
    article = plain_article(
        "Rain falls", ("It rained. It stopped.", "It rained again.")
    )
    sentences = write_script(article, pauses).sentences
    assert [sentence.text for sentence in sentences] == [
        "Rain falls",
        "It rained.",
        "It stopped.",
        "It rained again.",
    ]
    assert [sentence.pause_after for sentence in sentences] == [4, 2, 3, 3]
    assert [token.span.paragraph for token in sentences[0].tokens if token.span] == [
        TITLE,
        TITLE,
    ]


def test_split_sentence_has_clause_pauses() -> None:
    sentences = script_of("the road was long, " * 40).sentences
    assert sentences[0].pause_after == Pauses().clause
    assert sentences[0].spoken.endswith(",")
    assert sentences[-1].spoken.endswith(".")


def test_spans_of_a_date_are_its_own_words() -> None:
    paragraph = "He came on Feb 8, 2024 (Thu)."
    [sentence] = script_of(paragraph).sentences
    assert spoken_words(sentence, paragraph) == [
        ("He", "He"),
        ("came", "came"),
        ("on", "on"),
        ("Feb", "February"),
        ("8", "eighth,"),
        ("2024", "twenty twenty four,"),
        ("(Thu).", "Thu."),
    ]


def test_span_of_an_amount_covers_sign_and_scale() -> None:
    paragraph = "They signed a “$3.2 billion” deal, US-led."
    [sentence] = script_of(paragraph).sentences
    assert spoken_words(sentence, paragraph)[3:] == [
        ("“$3.2 billion”", "three point two billion dollars"),
        ("deal,", "deal,"),
        ("US-led.", "US-led."),
    ]


def test_spans_count_written_code_points_of_entities_and_accents() -> None:
    paragraph = "Caf\u00e9 &amp; cafe\u0301 \N{PARTY POPPER} cost 5½."
    [sentence] = script_of(paragraph).sentences
    assert spoken_words(sentence, paragraph) == [
        ("Caf\u00e9", "Caf\u00e9"),
        ("&amp;", "and"),
        ("cafe\u0301", "caf\u00e9"),
        ("cost", "cost"),
        ("5½.", "five and a half."),
    ]


def test_dateline_is_read_only_at_the_start_of_an_article() -> None:
    first, second = script_of("ROME: Rain.", "ROME: Sun.").sentences
    assert first.spoken == "Rome: Rain."
    assert second.spoken == "ROME: Sun."


def test_paragraph_of_symbols_is_left_out() -> None:
    assert script_of("* * *", "\N{PARTY POPPER}", "").sentences == ()
    [sentence] = script_of("***", "Rain.").sentences
    assert sentence.tokens[0].span is not None
    assert sentence.tokens[0].span.paragraph == 1


def test_language_without_rules_leaves_digits_to_the_voice() -> None:
    article = plain_article(None, ("Am 8. Mai kamen 3.500 Leute.",), language="de")
    assert "3.500" in write_script(article).sentences[-1].spoken


@given(TEXTS, TEXTS)
def test_spans_are_inside_their_paragraph_and_in_order(
    title: str, paragraph: str
) -> None:
    script = script_of(paragraph, title=title)
    places = [(TITLE, 0, 0)]
    for sentence in script.sentences:
        assert sentence.tokens
        for token in sentence.tokens:
            assert token.span is not None
            written = title if token.span.paragraph == TITLE else paragraph
            assert 0 <= token.span.start < token.span.end <= len(written)
            places.append((token.span.paragraph, token.span.start, token.span.end))
    assert places == sorted(places)


@given(TEXTS)
def test_spoken_sentence_has_no_digit_no_inner_full_stop_and_an_end(text: str) -> None:
    for sentence in script_of(text).sentences:
        spoken = sentence.spoken
        assert not re.search(r"\d", spoken)
        assert not any(character.isdigit() for character in spoken)
        assert not re.search(r"[?!]|\.(?![A-Z])", spoken[:-1])
        assert spoken[-1] in ".?!,"
        assert "[[" not in spoken
        assert all(token.spoken.strip() for token in sentence.tokens)


@given(st.lists(NEWS_TEXTS, min_size=2, max_size=3))
def test_phonemes_of_a_sentence_do_not_depend_on_earlier_sentences(
    paragraphs: list[str],
) -> None:
    phonemizer = EspeakPhonemizer()
    phonemes_of: dict[str, list[list[str]]] = {}
    spoken = [sentence.spoken for sentence in script_of(*paragraphs).sentences]
    for words in (*spoken, *reversed(spoken)):
        phonemes = phonemizer.phonemize("en-us", words)
        assert len(phonemes) == 1
        assert phonemes_of.setdefault(words, phonemes) == phonemes


@given(TEXTS)
def test_script_is_deterministic(text: str) -> None:
    assert script_of(text) == script_of(text)


@given(st.text(alphabet="a1 .\ufdfa\u337f", max_size=1500))
def test_spoken_sentence_has_at_most_the_engine_limit(text: str) -> None:
    for sentence in script_of(text).sentences:
        assert 0 < len(sentence.spoken) <= MAX_SPOKEN_CHARACTERS


@given(st.text(st.characters(), max_size=60))
def test_normalize_text_takes_any_characters(text: str) -> None:
    assert isinstance(normalize_text(text), str)


@given(TEXTS)
def test_split_sentences_keeps_all_but_white_space(text: str) -> None:
    position = 0
    for start, end in split_sentences(text):
        assert not text[position:start].strip()
        assert start < end <= start + MAX_SENTENCE_CHARACTERS
        position = end
    assert not text[position:].strip()


def test_question_before_its_speaker_has_a_short_pause() -> None:
    """The question keeps its tone; its speaker follows a clause pause."""
    article = plain_article(
        title=None, paragraphs=("“Is it safe?” he asked. No one knew.",)
    )
    question, speaker, _ = write_script(article).sentences
    assert question.spoken.endswith("?")
    assert question.pause_after < speaker.pause_after
