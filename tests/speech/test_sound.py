"""The sound of this SOUND_VERSION.

If an intended change makes one of these tests fail, increment SOUND_VERSION and write
the new figures here: a narration's key must always name the same sound.
"""

import io
import wave

import numpy as np
import pytest

from tests.support.scripts import script_of, sentence_of
from voices.engine import SOUND_VERSION
from voices.loudness.bs1770 import integrated_loudness
from voices.piper import PiperEngine
from voices.tone import ToneEngine
from workers.audio.formats import convert
from workers.rendering.render import render_script

GOLDEN_VERSION = 3


def test_sound_of_the_tone() -> None:
    script = script_of("The tide turns", "It turned at noon.", "No one saw it.")
    narration = render_script(script, ToneEngine(), lambda _done, _total: None)
    loudness = float(
        np.abs(ToneEngine().speak(sentence_of("Tide")).sound().samples).mean()
    )
    assert SOUND_VERSION == GOLDEN_VERSION
    assert [(timing.start, timing.end) for timing in narration.timings] == [
        (0, 6615),
        (26460, 35280),
        (44100, 52920),
    ]
    assert len(narration.mp3) == 23187
    assert loudness == pytest.approx(3242, rel=0.01)


@pytest.mark.live
def test_phoneme_ids_of_the_neural_voice(
    piper: PiperEngine,
) -> None:
    pronounced = piper.pronounce(sentence_of("The tide turned at noon."))
    symbols = "41 0 59 0 3 0 32 0 120 0 14 0 74 0 17 0 3 0"
    assert " ".join(map(str, pronounced.ids)).startswith(f"1 0 {symbols}")


@pytest.mark.live
def test_timings_of_the_neural_voice(piper: PiperEngine) -> None:
    """Another CPU may differ by a frame where a length is close to a half."""
    words = piper.speak(sentence_of("The tide turned at noon.")).words
    rate = piper.voice.sample_rate
    assert [word.start / rate for word in words] == pytest.approx(
        [0.01, 0.15, 0.45, 0.72, 0.85], abs=0.025
    )
    assert [word.end / rate for word in words] == pytest.approx(
        [0.15, 0.45, 0.72, 0.85, 1.25], abs=0.025
    )


@pytest.mark.live
def test_narration_has_the_loudness_of_podcasts(piper: PiperEngine) -> None:
    """-19 LUFS in mono, and no peak above -1.5 dBTP, as a listener's player decodes."""
    script = script_of(
        "The ferry sails again",
        "The harbour ferry sails again on Monday, the council said, if it is sound.",
        "“We shall see,” said the captain, who has waited nine weeks for a new engine!",
        "No one asked the passengers.",
    )
    narration = render_script(script, piper, lambda _done, _total: None)
    with wave.open(io.BytesIO(convert(narration.mp3, "wav"))) as track:
        samples = np.frombuffer(track.readframes(track.getnframes()), dtype="<i2")
    sound = (samples / 32768).astype(np.float32)
    assert integrated_loudness(sound, narration.rate) == pytest.approx(-19, abs=1)
    spectrum = np.fft.rfft(sound)
    finer = np.fft.irfft(spectrum, 4 * len(sound)) * 4
    assert 20 * np.log10(np.abs(finer).max()) < -1.5
