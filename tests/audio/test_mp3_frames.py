"""Frames of a narration's MP3 are where arithmetic says."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import ID3

from voices.audio import Audio
from voices.tone import TONE
from workers.audio.id3 import TAG_HEADER_BYTES, tag_length, write_timestamp
from workers.audio.mp3 import Mp3Encoder, write_tags
from workers.audio.mp3_frames import Mp3Frames, rate_of


def encode(rate: int, seconds: float) -> bytes:
    encoder = Mp3Encoder(rate)
    chance = np.random.default_rng(1)
    noise = chance.normal(0, 3000, round(rate * seconds)).astype(np.int16)
    noise[rate // 2 : rate] = 0
    return encoder.feed(Audio(noise, rate)) + encoder.finish()


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100, 48_000])
def test_every_frame_begins_where_arithmetic_says(rate: int) -> None:
    mp3, frames = encode(rate, 30), Mp3Frames(rate)
    count = frames.count(len(mp3))
    assert frames.offset(count) == len(mp3)
    assert frames.seconds(count) == pytest.approx(30, abs=0.15)
    for number in range(count):
        start = frames.offset(number)
        header = mp3[start : start + 4]
        assert header[0] == 0xFF
        assert header[1] >> 5 == 7
        assert rate_of(header) == rate


@given(st.sampled_from([16_000, 22_050, 44_100]), st.integers(0, 10_000_000))
def test_count_is_of_the_frames_that_are_complete(rate: int, length: int) -> None:
    frames = Mp3Frames(rate)
    count = frames.count(length)
    assert frames.offset(count) <= length < frames.offset(count + 1)


def test_length_of_the_tag_is_read_from_its_header() -> None:
    tag = write_tags(TONE, "Tide turns" * 40)
    assert tag_length((tag + encode(22_050, 1))[:TAG_HEADER_BYTES]) == len(tag)
    assert tag_length(encode(22_050, 1)[:TAG_HEADER_BYTES]) == 0


@pytest.mark.parametrize("ticks", [0, 359_706, (1 << 33) - 1, (1 << 33) + 5])
def test_timestamp_is_a_private_frame_of_33_bits(ticks: int) -> None:
    tag = write_timestamp(ticks)
    (frame,) = ID3(io.BytesIO(tag)).getall("PRIV")
    assert frame.owner == "com.apple.streaming.transportStreamTimestamp"
    assert int.from_bytes(frame.data) == ticks % (1 << 33)
    assert len(frame.data) == 8
    assert tag_length(tag) == len(tag)
