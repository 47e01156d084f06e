"""What a script sounds like is what its key promised.

When one of these fails on purpose, raise SOUND_VERSION and write the new figures here:
the same key must never mean two sounds.
"""

import numpy as np
import pytest

from tests.conftest import script_of, sentence_of
from voices.catalogue import open_catalogue
from voices.engine import SOUND_VERSION
from voices.opening import open_engine
from voices.piper import PiperEngine
from voices.tone import ToneEngine
from workers.narrate import narrate

GOLDEN_VERSION = 1


def test_the_tone_sounds_as_this_version_does() -> None:
    script = script_of("The tide turns", "It turned at noon.", "Nobody saw it.")
    narration = narrate(script, ToneEngine(), lambda _done, _total: None)
    loudness = float(np.abs(ToneEngine().speak(sentence_of("Tide")).samples).mean())
    assert SOUND_VERSION == GOLDEN_VERSION
    assert [(one.start, one.end) for one in narration.timings] == [
        (0, 6615),
        (26460, 35280),
        (44100, 50715),
    ]
    assert len(narration.mp3) == 22351
    assert loudness == pytest.approx(3242, rel=0.01)


@pytest.mark.live
def test_the_neural_voice_is_told_the_phonemes_of_this_version() -> None:
    engine = open_engine(open_catalogue().find("en_US-joe-medium"))
    assert isinstance(engine, PiperEngine)
    (utterance,) = engine.phonemes("The tide turned at noon.")
    assert "".join(utterance) == "ðə tˈaɪd tˈɜːnd æt nˈuːn."
