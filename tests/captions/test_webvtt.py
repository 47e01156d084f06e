"""Captions: seconds as heard, cues and escaping."""

from dataclasses import replace

from service.captions.timing_map import timed_sentences
from service.captions.webvtt import write_webvtt
from tests.support.scripts import script_of
from voices.sentence import TITLE, Span
from workers.audio.mp3_frames import ENCODER_DELAY_SAMPLES
from workers.narration import Timing, Transcript

RATE = 22_050


def transcript_of(title: str, start: int = 0) -> Transcript:
    """Return the transcript of a title of two words that sounds for one second."""
    half = RATE // 2
    words = ((start, start + half), (start + half, start + RATE))
    timings = (Timing(0, start, start + RATE, words),)
    return Transcript(script_of(title), timings, RATE)


def test_cue_is_later_by_the_encoder_delay() -> None:
    assert round(ENCODER_DELAY_SAMPLES * 1000 / RATE) == 50
    assert write_webvtt(transcript_of("Tide turns")) == (
        "WEBVTT\n\n00:00:00.050 --> 00:00:01.050\nTide turns\n"
    )


def test_cue_after_an_hour_has_hours_minutes_and_seconds() -> None:
    vtt = write_webvtt(transcript_of("Tide turns", start=RATE * 3_725))
    assert "01:02:05.050 --> 01:02:06.050" in vtt


def test_markup_and_line_breaks_are_escaped_in_cues() -> None:
    transcript = transcript_of("<b>& -->")
    broken = replace(transcript.script.sentences[0], text="<b>&\n\n-->")
    script = replace(transcript.script, sentences=(broken,))
    vtt = write_webvtt(replace(transcript, script=script))
    assert vtt.splitlines()[3] == "&lt;b&gt;&amp; --&gt;"


def test_words_have_their_times_and_spans() -> None:
    (sentence,) = timed_sentences(transcript_of("Tide turns"))
    delay = ENCODER_DELAY_SAMPLES / RATE
    first, second = sentence.words
    assert (first.spoken, first.span) == ("Tide", Span(TITLE, 0, 4))
    assert (second.spoken, second.span) == ("turns", Span(TITLE, 5, 10))
    assert (first.start, first.end) == (delay, delay + 0.5)
    assert (second.start, second.end) == (delay + 0.5, delay + 1)
    assert (sentence.start, sentence.end) == (delay, delay + 1)
