"""MP3 and other formats: length, timings, tags and disclosure."""

import io
import json
import subprocess

import imageio_ffmpeg
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.mp3 import MP3

from tests.support.scripts import sentence_of
from voices.audio import Audio
from voices.sentence import Script
from voices.tone import TONE, ToneEngine
from workers.audio.formats import EXPORT_FORMATS, convert
from workers.audio.mp3 import Mp3Encoder, write_tags
from workers.errors import EncodingFailed
from workers.narration import DISCLOSURE, Narration
from workers.rendering.render import render_script


@pytest.fixture(name="narration", scope="module")
def _narration() -> Narration:
    script = Script("en", tuple(sentence_of("One two three four five.") for _ in "abc"))
    return render_script(script, ToneEngine(), lambda _done, _total: None)


def decode(mp3: bytes) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    command = [ffmpeg, "-v", "error", "-i", "-", "-f", "s16le", "-"]
    done = subprocess.run(command, input=mp3, capture_output=True, check=True)
    assert not done.stderr, "ffmpeg warns of a broken file"
    return np.frombuffer(done.stdout, dtype=np.int16)


def test_the_file_is_one_mono_mp3_of_the_right_length(narration: Narration) -> None:
    file = MP3(io.BytesIO(narration.mp3))
    assert file.info.channels == 1
    assert file.info.bitrate == 64_000
    assert file.info.sample_rate == narration.rate
    seconds = narration.samples / narration.rate
    assert file.info.length == pytest.approx(seconds, abs=0.15)


def test_audio_is_where_the_timings_say(narration: Narration) -> None:
    sound = np.abs(decode(narration.mp3).astype(int))
    delay = 1105
    for timing in narration.timings:
        during = sound[timing.start + delay : timing.end + delay]
        assert during.mean() > 1000
    for before, after in zip(narration.timings, narration.timings[1:], strict=False):
        pause = sound[before.end + delay + 600 : after.start + delay - 600]
        assert pause.max() < 100


def test_the_tags_disclose_the_ai_voice(narration: Narration) -> None:
    tags = MP3(io.BytesIO(narration.mp3)).tags
    assert tags["COMM:AI-generated voice:eng"].text == [DISCLOSURE]
    assert tags["TXXX:AI-generated voice"].text == ["true"]


def test_the_title_is_in_the_tags_when_it_is_read() -> None:
    assert "TIT2" in MP3(io.BytesIO(_file(write_tags(TONE, "Tide")))).tags
    assert "TIT2" not in MP3(io.BytesIO(_file(write_tags(TONE, None)))).tags


def _file(header: bytes) -> bytes:
    encoder = Mp3Encoder(22050)
    return header + encoder.feed(Audio.silence(500, 22050)) + encoder.finish()


@given(st.lists(st.integers(0, 9000), max_size=6))
def test_audio_may_be_fed_in_any_chunks(cuts: list[int]) -> None:
    samples = ToneEngine().speak(sentence_of("One two three four.")).sound().samples
    whole, pieces = Mp3Encoder(22050), Mp3Encoder(22050)
    expected = whole.feed(Audio(samples, 22050)) + whole.finish()
    fed = b"".join(
        pieces.feed(Audio(piece, 22050)) for piece in np.split(samples, sorted(cuts))
    )
    assert fed + pieces.finish() == expected


@pytest.mark.parametrize("suffix", sorted(EXPORT_FORMATS))
def test_other_formats_keep_the_length_and_the_disclosure(
    narration: Narration, suffix: str
) -> None:
    audio = convert(narration.mp3, suffix)
    samples = decode(audio)
    assert len(samples) > 0
    assert DISCLOSURE.encode() in audio or suffix == "mp3"


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(EncodingFailed, match=r"\.flac, \.m4a, \.mp3"):
        convert(b"", "exe")


def test_an_invalid_mp3_cannot_be_converted() -> None:
    with pytest.raises(EncodingFailed):
        convert(json.dumps("no mp3").encode(), "ogg")
