"""Words of a narration with their times as heard, and what is shown of the text."""

from dataclasses import replace

import pytest

from service.article import Article, Paragraph
from service.captions.timing_map import TimedSentence, timed_sentences
from service.script import write_script
from service.script.announcements import Announcements
from tests.support.scripts import RATE, script_of, transcript_of
from voices.sentence import TITLE, Script, Sentence, Span, Token
from workers.audio.mp3_frames import ENCODER_DELAY_SAMPLES

DELAY = ENCODER_DELAY_SAMPLES / RATE


def sentences_of(*paragraphs: str, title: str | None = None) -> list[TimedSentence]:
    """Return the sentences of an article, as the script writer writes them."""
    article = Article(title, tuple(map(Paragraph, paragraphs)))
    return list(timed_sentences(transcript_of(write_script(article))))


def words_of(sentence: TimedSentence) -> list[tuple[str, str]]:
    """Return the words of a sentence as written and as said."""
    return [(sentence.text_of(word), word.spoken) for word in sentence.words]


def test_words_are_heard_later_by_the_encoder_delay() -> None:
    (sentence,) = timed_sentences(transcript_of(script_of("Tide turns"), 0.5))
    assert round(DELAY * 1000) == 50
    first, second = sentence.words
    assert (first.spoken, first.span) == ("Tide", Span(TITLE, 0, 4))
    assert (second.spoken, second.span) == ("turns", Span(TITLE, 5, 10))
    assert (first.start, first.end) == (DELAY, DELAY + 0.5)
    assert (second.start, second.end) == (DELAY + 0.5, DELAY + 1)
    assert (sentence.start, sentence.end) == (DELAY, DELAY + 1)


def test_number_is_a_word_as_written_and_as_said() -> None:
    (sentence,) = sentences_of("It paid $1.2bn in May.")
    assert words_of(sentence)[2] == ("$1.2bn", "one point two billion dollars")


def test_tokens_of_the_same_characters_are_one_word() -> None:
    span = Span(0, 3, 9)
    tokens = (Token("In", Span(0, 0, 2)), Token("one two", span), Token("three.", span))
    script = Script("en", (Sentence("In 123456.", tokens, 400),))
    (sentence,) = timed_sentences(transcript_of(script, 1))
    assert words_of(sentence) == [("In", "In"), ("123456", "one two three")]
    assert sentence.words[1].end - sentence.words[1].start == pytest.approx(2)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Sales grew,[3] and costs fell.", "Sales grew, and costs fell."),
        ("Sales grew, [3] and costs fell.", "Sales grew, and costs fell."),
        ("Sales <b>grew</b> in May.", "Sales grew in May."),
        ("See [the report](https://a.example/x) now.", "See the report now."),
        ("Sales  grew\t in \n May.", "Sales grew in May."),
        ("Sales\N{NO-BREAK SPACE}grew in May.", "Sales\N{NO-BREAK SPACE}grew in May."),
        ("Beijing (北京) said so.", "Beijing (北京) said so."),
        ("Before the 12th of June, it rained.", "Before the 12th of June, it rained."),
    ],
)
def test_text_is_shown_without_footnotes_tags_and_targets(
    written: str, shown: str
) -> None:
    (sentence,) = sentences_of(written)
    assert sentence.text == shown
    assert sentence.written == written


def test_words_of_an_announcement_have_no_span() -> None:
    article = Article(
        "Tide turns", (Paragraph("It turned."),), published="2024-03-05T09:00:00Z"
    )
    announcements = Announcements("From {publication}, {date}.", publication="The Bay")
    script = write_script(article, announcements=announcements)
    first, *others = timed_sentences(transcript_of(script))
    assert first.paragraph is None
    assert others[0].paragraph == TITLE
    assert [word.span for word in first.words] == [None] * len(first.words)
    assert [written for written, _ in words_of(first)][:3] == ["From", "The", "Bay,"]
    assert " ".join(written for written, _ in words_of(first)) == first.text
    assert first.words[-1].end == first.end


def test_text_that_lacks_the_ranges_of_its_tokens_is_shown_all_the_same() -> None:
    script = script_of("Tide turns")
    short = replace(script.sentences[0], text="Tide")
    (sentence,) = timed_sentences(transcript_of(replace(script, sentences=(short,))))
    assert sentence.text == "Tide"
    assert sentence.words[-1].end == sentence.end
