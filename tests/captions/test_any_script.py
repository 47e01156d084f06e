"""Cues of made-up articles keep the limits, the words and their times."""

import re
import unicodedata
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.article import Article, Paragraph
from service.captions.cues import Cue, split_cues
from service.captions.paragraphs import write_text
from service.captions.timing_map import timed_sentences
from service.script import write_script
from service.script.announcements import Announcements
from tests.support.scripts import RATE
from workers.narration import Timing, Transcript

AMOUNTS = ("$1.2 billion", "350 km", "5 March 2021", "No. 10", "17 per cent")
NAMES = ("J. K. Rowling", "George W. Bush", "Dr. Mora")
WORDS = (
    "a", "and", "because", "ferry", "harbour", "in", "of", "said", "that", "the",
    "to", "was", "Übermut", "тест", "well-known", "“quoted”", "(bracket)", "—", "&",
    "🎉", "e\N{COMBINING ACUTE ACCENT}tude", "counterrevolutionaries", "x" * 60,
    "https://a.example/b/c?d=e-f_g/" * 3,
    "政府宣布改善渡轮服务", "これはテストです", "การทดสอบ",
)  # fmt: skip
MARKS = ("", "", "", ",", ";", ".", "?", "!", "…", "，", "。")

words = st.tuples(st.sampled_from(WORDS + AMOUNTS + NAMES), st.sampled_from(MARKS)).map(
    "".join
)
paragraphs = st.lists(words, min_size=1, max_size=60).map(" ".join)
anything = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]))
languages = st.sampled_from(["en", "de", "ja", "th", "zh-Hans", "xx"])


@st.composite
def transcripts(
    draw: st.DrawFn,
    texts: st.SearchStrategy[str] = paragraphs | anything,
    longest_s: float = 3,
) -> Transcript:
    """Return the transcript of an article, with any times of its words."""
    article = Article(
        draw(st.none() | texts),
        tuple(map(Paragraph, draw(st.lists(texts, max_size=3)))),
        byline=draw(st.none() | texts),
        language=draw(languages),
    )
    announcements = Announcements("By {byline}.", "Read by an AI voice, in 2 parts.")
    script = write_script(article, announcements=announcements)
    timings, position = [], 0
    durations = st.floats(0.05, longest_s)
    for number, sentence in enumerate(script.sentences):
        start, times = position, []
        for _ in sentence.tokens:
            end = position + round(draw(durations) * RATE)
            times.append((position, end))
            position = end
        timings.append(Timing(number, start, position, tuple(times)))
        position += RATE // 3
    return Transcript(script, tuple(timings), RATE)


def columns(line: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(each) in "WF") for each in line)


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@given(transcripts())
def test_no_cue_is_over_the_limits(transcript: Transcript) -> None:
    cues = split_cues(transcript)
    for cue in cues:
        start, end = cue.milliseconds
        assert 1 <= len(cue.lines) <= 2
        assert all(0 < columns(line) <= 42 for line in cue.lines)
        assert 0 < end - start <= 7000
    for before, after in pairwise(cues):
        assert before.milliseconds[1] <= after.milliseconds[0] + 1


@given(transcripts())
def test_every_word_is_in_the_cues_in_order_and_once(transcript: Transcript) -> None:
    cues = split_cues(transcript)
    shown = [sentence.text for sentence in timed_sentences(transcript)]
    assert bare("".join("".join(cue.lines) for cue in cues)) == bare("".join(shown))
    assert bare(write_text(transcript)) == bare("".join(shown))


@given(transcripts(paragraphs))
def test_text_is_that_of_the_article(transcript: Transcript) -> None:
    """No word of these has a footnote, a tag or the target of a link."""
    written = [sentence.text for sentence in transcript.script.sentences]
    cues = split_cues(transcript)
    assert bare("".join(cue.text for cue in cues)) == bare("".join(written))


@given(transcripts())
def test_cues_have_the_times_of_their_words(transcript: Transcript) -> None:
    cues = split_cues(transcript)
    places = list(_places(transcript))
    first = 0
    for cue in cues:
        last = first + len(bare("".join(cue.lines)))
        inside = [place for place in places if first <= place[0] and place[1] <= last]
        outside = [place for place in places if place[0] < first < place[1]]
        if inside and not outside and _fits(cue):
            assert abs(cue.start - inside[0][2]) < 0.1
        if inside and inside[-1][1] == last and _fits(cue):
            assert abs(cue.end - inside[-1][3]) < 0.1
        first = last


def _places(transcript: Transcript) -> "list[tuple[int, int, float, float]]":
    """Return each word's range of the text without spaces, and its times."""
    places, offset = [], 0
    for sentence in timed_sentences(transcript):
        for word in sentence.words:
            start = offset + len(bare(sentence.text[: word.first]))
            end = offset + len(bare(sentence.text[: word.last]))
            places.append((start, end, word.start, word.end))
        offset += len(bare(sentence.text))
    return places


def _fits(cue: Cue) -> bool:
    """Whether a cue was not cut off: a single character may take longer than it."""
    return cue.end - cue.start < 6.99


@given(transcripts(paragraphs, longest_s=0.4))
def test_no_number_and_no_name_is_broken(transcript: Transcript) -> None:
    lines = "\n".join("\n".join(cue.lines) for cue in split_cues(transcript))
    for kept in (*AMOUNTS, *NAMES):
        for place in re.finditer(" ", kept):
            before, after = kept[: place.start()], kept[place.end() :]
            assert f"{before}\n{after}" not in lines


@given(transcripts())
def test_same_transcript_gives_the_same_cues(transcript: Transcript) -> None:
    assert split_cues(transcript) == split_cues(replace(transcript))
