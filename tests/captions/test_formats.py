"""Formats of captions: WebVTT, SubRip, plain text, words, speech marks, podcasts."""

import json
from dataclasses import replace
from itertools import pairwise

from service.article import Article, Paragraph
from service.captions.paragraphs import write_text
from service.captions.podcast import list_segments
from service.captions.speech_marks import write_speech_marks
from service.captions.srt import write_srt
from service.captions.webvtt import write_paragraphs, write_webvtt
from service.captions.words import WordBody, list_words
from service.script import write_script
from service.script.announcements import Announcements
from tests.support.scripts import RATE, script_of, transcript_of
from workers.narration import Transcript

QUAY = "Prices rose 5% at the quay, traders said. “It is too much,” said Ms. Núñez."


def narrated(*paragraphs: str, title: str | None = None) -> Transcript:
    article = Article(title, tuple(map(Paragraph, paragraphs)))
    return transcript_of(write_script(article))


def words_of(*paragraphs: str) -> list[WordBody]:
    return list_words(narrated(*paragraphs)).words


def test_webvtt_has_its_language_and_a_cue_for_each_sentence() -> None:
    assert write_webvtt(transcript_of(script_of("Tide turns", "It did."), 0.5)) == (
        "WEBVTT\nLanguage: en\n\n"
        "00:00:00.050 --> 00:00:01.050\nTide turns\n\n"
        "00:00:01.950 --> 00:00:02.950\nIt did.\n"
    )


def test_time_after_an_hour_has_hours_minutes_and_seconds() -> None:
    transcript = transcript_of(script_of("Tide turns"), 0.5)
    (timing,) = transcript.timings
    late = tuple((a + 3725 * RATE, b + 3725 * RATE) for a, b in timing.words)
    later = replace(timing, start=late[0][0], end=late[-1][1], words=late)
    vtt = write_webvtt(replace(transcript, timings=(later,)))
    assert "01:02:05.050 --> 01:02:06.050" in vtt


def test_markup_is_escaped_in_webvtt_and_cannot_end_a_cue() -> None:
    script = script_of("Tide turns")
    broken = replace(script.sentences[0], text="5 < 6 &\n\n--> x")
    vtt = write_webvtt(transcript_of(replace(script, sentences=(broken,))))
    assert vtt.splitlines()[4] == "5 &lt; 6 &amp; --&gt; x"
    assert vtt.count("-->") == 1


def test_subrip_has_numbered_cues() -> None:
    assert write_srt(transcript_of(script_of("Tide turns", "It did."), 0.5)) == (
        "1\n00:00:00,050 --> 00:00:01,050\nTide turns\n\n"
        "2\n00:00:01,950 --> 00:00:02,950\nIt did.\n"
    )


def test_webvtt_by_paragraph_has_a_cue_for_each_in_lines_of_65_columns() -> None:
    transcript = narrated(f"{QUAY} " * 3, "It rained.", title="Prices rise")
    header, *cues = write_paragraphs(transcript).split("\n\n")
    assert header == "WEBVTT\nLanguage: en"
    title, first, second = (cue.splitlines()[1:] for cue in cues)
    assert title == ["Prices rise"]
    assert " ".join(first) == f"{QUAY} {QUAY} {QUAY}"
    assert second == ["It rained."]
    assert max(map(len, first)) <= 65
    assert all(len(a) + len(b.split()[0]) >= 65 for a, b in pairwise(first))


def test_plain_text_has_an_empty_line_between_paragraphs() -> None:
    transcript = narrated(QUAY, "It rained.[3] It stopped.", title="Prices rise")
    assert write_text(transcript) == (
        f"Prices rise\n\n{QUAY}\n\nIt rained. It stopped.\n"
    )


def test_sentences_of_a_language_without_spaces_are_joined_without() -> None:
    article = Article(None, (Paragraph("渡轮恢复。居民高兴。"),), language="zh")
    assert write_text(transcript_of(write_script(article))) == "渡轮恢复。居民高兴。\n"


def test_word_has_what_is_written_and_what_is_said() -> None:
    word = words_of("It paid $1.2bn in May.")[2]
    assert word.model_dump() == {
        "text": "$1.2bn",
        "spoken": "one point two billion dollars",
        "start": 0.75,
        "end": 1.1,
        "span": {"paragraph": 0, "start": 8, "end": 14},
        "utf16": {"start": 8, "end": 14},
    }


def test_spans_of_words_are_their_places_in_the_paragraph() -> None:
    for word in words_of(QUAY):
        assert word.span
        assert QUAY[word.span.start : word.span.end] == word.text


def test_spans_in_utf_16_count_pairs_of_surrogates() -> None:
    text = "Calm 🌊 seas. The 🚢 sails."
    units = text.encode("utf-16-le")
    words = words_of(text)
    assert [word.text for word in words] == ["Calm", "seas.", "The", "sails."]
    for word in words:
        assert word.utf16
        place = slice(2 * word.utf16.start, 2 * word.utf16.end)
        assert units[place].decode("utf-16-le") == word.text


def test_span_in_utf_16_is_null_behind_characters_that_are_not_recorded() -> None:
    assert [word.utf16 for word in words_of("🌊 Calm seas.")] == [None, None]
    first, second = words_of("Calm. 🌊🌊 Seas.")
    assert first.utf16
    assert second.utf16 is None


def test_words_of_announcements_have_no_span() -> None:
    article = Article(None, (Paragraph("It turned."),))
    script = write_script(article, announcements=Announcements(outro="By a machine."))
    words = list_words(transcript_of(script)).words
    assert [word.span is None for word in words] == [False, False, True, True, True]


def test_speech_marks_are_places_in_the_bytes_of_the_plain_text() -> None:
    transcript = narrated(QUAY, "It rained. It “stopped”.", title="Núñez")
    text = write_text(transcript).encode()
    marks = [json.loads(line) for line in write_speech_marks(transcript).splitlines()]
    assert marks[0] == {
        "time": 50,
        "type": "sentence",
        "start": 0,
        "end": 7,
        "value": "Núñez",
    }
    assert [mark["type"] for mark in marks].count("sentence") == 5
    for mark in marks:
        assert text[mark["start"] : mark["end"]].decode() == mark["value"]
    times = [mark["time"] for mark in marks]
    assert times == sorted(times)


def test_podcast_transcript_has_a_segment_for_each_cue() -> None:
    body = list_segments(transcript_of(script_of("Tide turns", "It did."), 0.5))
    assert body.model_dump() == {
        "version": "1.0.0",
        "segments": [
            {
                "speaker": "AI voice",
                "startTime": 0.05,
                "endTime": 1.05,
                "body": "Tide turns",
            },
            {
                "speaker": "AI voice",
                "startTime": 1.95,
                "endTime": 2.95,
                "body": "It did.",
            },
        ],
    }
