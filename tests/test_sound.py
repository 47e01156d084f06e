"""What a script sounds like is what its key promised.

When one of these fails on purpose, raise SOUND_VERSION and write the new figures here:
the same key must never mean two sounds.
"""

import numpy as np
import pytest

from tests.conftest import script_of, sentence_of
from voices.engine import SOUND_VERSION
from voices.piper import PiperEngine
from voices.tone import ToneEngine
from workers.narrate import narrate

GOLDEN_VERSION = 2


def test_the_tone_sounds_as_this_version_does() -> None:
    script = script_of("The tide turns", "It turned at noon.", "Nobody saw it.")
    narration = narrate(script, ToneEngine(), lambda _done, _total: None)
    loudness = float(
        np.abs(ToneEngine().speak(sentence_of("Tide")).sound().samples).mean()
    )
    assert SOUND_VERSION == GOLDEN_VERSION
    assert [(one.start, one.end) for one in narration.timings] == [
        (0, 6615),
        (26460, 35280),
        (44100, 50715),
    ]
    assert len(narration.mp3) == 22351
    assert loudness == pytest.approx(3242, rel=0.01)


@pytest.mark.live
def test_the_neural_voice_is_told_the_symbols_of_this_version(
    piper: PiperEngine,
) -> None:
    said = piper.pronounce(sentence_of("The tide turned at noon."))
    symbols = "41 0 59 0 3 0 32 0 120 0 14 0 74 0 17 0 3 0"
    assert " ".join(map(str, said.ids)).startswith(f"1 0 {symbols}")


@pytest.mark.live
def test_the_neural_voice_takes_the_time_of_this_version(piper: PiperEngine) -> None:
    """Other processors may differ by a frame where a length is all but between two."""
    words = piper.speak(sentence_of("The tide turned at noon.")).words
    ends = [round(word.end / piper.voice.sample_rate, 2) for word in words]
    assert ends == pytest.approx([0.14, 0.44, 0.7, 0.83, 1.24], abs=0.025)
