"""Rendering a script: audio, timings and key of a narration."""

from collections.abc import Callable
from dataclasses import replace
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.engines import CountingEngine
from tests.support.scripts import script_of, sentence_of
from voices.audio import Audio
from voices.engine import Utterance
from voices.errors import SynthesisFailed
from voices.sentence import Script, Sentence
from voices.tone import TONE, ToneEngine
from voices.voice import Voice
from workers.encoding import Encoding
from workers.narration import narration_key, title_of
from workers.rendering.narration_builder import NarrationBuilder
from workers.rendering.render import RenderOptions, render_script
from workers.rendering.segment_log import AudioChunk


def ignore(_done: int, _total: int) -> None:
    """Take no notice of progress."""


class MuteEngine(ToneEngine):
    """Loses its voice at one word."""

    def speak(self, sentence: Sentence) -> Utterance:
        if "noon" in sentence.spoken:
            raise SynthesisFailed("No voice.")
        return super().speak(sentence)


def test_sentences_and_pauses_are_in_order(script: Script) -> None:
    narration = render_script(script, ToneEngine(), ignore)
    beat = len(ToneEngine().speak(sentence_of("One")).sound().samples)
    first, second, third = narration.timings
    assert (first.start, first.end) == (0, 3 * beat)
    assert second.start == first.end + round(0.9 * narration.rate)
    assert second.end == second.start + 4 * beat
    assert third.start == second.end + round(0.4 * narration.rate)
    assert narration.samples == third.end + round(0.4 * narration.rate)


def test_every_word_is_timed_within_its_sentence(script: Script) -> None:
    narration = render_script(script, ToneEngine(), ignore)
    beat = len(ToneEngine().speak(sentence_of("One")).sound().samples)
    second = narration.timings[1]
    assert second.words == tuple(
        (second.start + at * beat, second.start + (at + 1) * beat) for at in range(4)
    )


def test_the_file_does_not_depend_on_the_number_of_threads(script: Script) -> None:
    files = {
        render_script(script, ToneEngine(), ignore, RenderOptions(n)).mp3
        for n in (1, 2, 5)
    }
    assert len(files) == 1


@given(st.lists(st.integers(1, 999), min_size=1, max_size=300))
def test_timings_do_not_drift_from_the_samples(pauses: list[int]) -> None:
    """Adding rounded milliseconds would: 1299 for 1300 after two sentences."""
    track = NarrationBuilder(TONE, None)
    laid = 0
    for number, pause in enumerate(pauses):
        audio = Audio.silence(pause, track.rate)
        track.append(AudioChunk(number, last=True, words=(), audio=audio))
        laid += len(audio.samples)
    assert track.samples == laid
    assert track.timings[-1].end == laid


def test_progress_is_reported_after_every_sentence(script: Script) -> None:
    progress: list[tuple[int, int]] = []
    render_script(
        script, ToneEngine(), lambda done, total: progress.append((done, total))
    )
    assert progress == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("threads", [1, 2])
def test_a_sentence_that_cannot_be_spoken_fails_the_narration(
    script: Script, threads: int
) -> None:
    with pytest.raises(SynthesisFailed, match="Sentence 2 of 3") as caught:
        render_script(script, MuteEngine(), ignore, RenderOptions(threads))
    assert "noon" not in str(caught.value)


class HaltingEngine(CountingEngine):
    """An engine that waits for a permit before some sentences."""

    def __init__(self, halts: Callable[[int], bool]) -> None:
        super().__init__()
        self.let = Event()
        self._halts = halts

    def speak(self, sentence: Sentence) -> Utterance:
        utterance = super().speak(sentence)
        if self._halts(int(sentence.spoken)):
            self.let.wait(1)
        return utterance


HUNDRED = script_of(*(str(number) for number in range(100)))


def test_threads_stay_a_bounded_number_of_sentences_ahead() -> None:
    """While the first is said, the others are not said to the end."""
    engine = HaltingEngine(lambda number: number == 0)
    said = []
    render_script(
        HUNDRED, engine, lambda *_: said.append(len(engine.said)), RenderOptions(3)
    )
    assert 3 < said[0] < 40
    assert len(engine.said) == 100


def test_pending_sentences_are_dropped_when_rendering_stops() -> None:
    def end(_done: int, _total: int) -> None:
        raise SynthesisFailed("Enough.")

    engine = HaltingEngine(lambda number: number > 0)
    with pytest.raises(SynthesisFailed, match="Enough"):
        render_script(HUNDRED, engine, end, RenderOptions(4))
    assert len(engine.said) <= 5


def test_the_same_script_gives_the_same_bytes(script: Script) -> None:
    first, second = (render_script(script, ToneEngine(), ignore) for _ in range(2))
    assert first.mp3 == second.mp3


def test_the_title_is_the_title_that_is_read_aloud(script: Script) -> None:
    assert title_of(script) == "The tide turns"
    assert title_of(replace(script, sentences=script.sentences[1:])) is None


def test_the_key_is_the_same_in_every_process(script: Script) -> None:
    """A changed key renders every narration again: change it on purpose only."""
    assert narration_key(script, TONE) == "38852ad21555b47657fe1637cc6248a1"


@pytest.mark.parametrize(
    "other",
    [
        script_of("The tide turns", "It turned at noon.", "No one saw."),
        script_of("The tide turned", "It turned at noon.", "No one saw it."),
        replace(
            script_of("The tide turns", "It turned at noon.", "No one saw it."),
            language="en-GB",
        ),
    ],
)
def test_different_words_have_a_different_key(script: Script, other: Script) -> None:
    assert narration_key(script, TONE) != narration_key(other, TONE)


def test_a_different_pause_has_a_different_key(script: Script) -> None:
    first, *rest = script.sentences
    longer = replace(script, sentences=(replace(first, pause_after=901), *rest))
    assert narration_key(script, TONE) != narration_key(longer, TONE)


def test_a_different_model_or_encoding_has_a_different_key(script: Script) -> None:
    key = narration_key(script, TONE)
    assert key != narration_key(script, replace(TONE, model_sha256="tone-2"))
    assert key != narration_key(script, TONE, encoding=Encoding(kilobits=48))


@pytest.mark.parametrize(
    "other",
    [
        replace(TONE, credit="Another sine wave."),
        replace(TONE, gain_db=1.0),
        replace(TONE, id="hum"),
        replace(TONE, model_sha256="tone-2"),
    ],
)
def test_every_voice_field_in_the_tags_is_in_the_key(
    script: Script, other: Voice
) -> None:
    """Its gain is heard; its name and its credit are in the tags."""
    assert narration_key(script, TONE) != narration_key(script, other)
