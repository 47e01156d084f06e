"""What is committed of a narration is never rewritten, and can be gone on with."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import CountingEngine, script_of
from voices.audio import Audio
from voices.sentence import Sentence
from voices.tone import ToneEngine
from voices.utterance import Sounding, Utterance
from workers.errors import Overtaken, PutBack, ReelBroken
from workers.rendering.render import IN_TURN, Manner, narrate
from workers.rendering.segment_log import (
    Part,
    Piece,
    Reel,
    begin_reel,
    find_reel,
    remove_reels,
)
from workers.storage.blobs import MemoryShelf, Shelf

KEY = "0" * 32
SCRIPT = script_of("The tide turns", "It turned at noon.", "Nobody saw it.", "Or so.")


def ignore(_done: int, _total: int) -> None:
    """Take no notice of progress."""


class OtherEngine(ToneEngine):
    """Sounds as the tone does, but for one unit of one sample."""

    def speak(self, sentence: Sentence) -> Utterance:
        utterance = super().speak(sentence)
        samples = utterance.sound().samples.copy()
        samples[len(samples) // 2] += 1
        audio = Audio(samples, utterance.rate)
        return Utterance(utterance.words, utterance.rate, lambda _: iter([audio]))


class ChanceEngine(ToneEngine):
    """Says that it cannot repeat itself."""

    repeatable = False


class Stop:
    """Ends the work after so many sentences."""

    def __init__(self, sentences: int) -> None:
        self.sentences = sentences

    def __call__(self, done: int, _total: int) -> None:
        if done == self.sentences:
            raise PutBack("Enough.")


def begun(shelf: Shelf, sentences: int, manner: Manner = IN_TURN) -> Reel:
    """Return a reel whose maker stopped after so many sentences."""
    reel = Reel(shelf, KEY, 1)
    with pytest.raises(PutBack):
        narrate(SCRIPT, ToneEngine(), Stop(sentences), manner, reel)
    return reel


def whole() -> bytes:
    return narrate(SCRIPT, ToneEngine(), ignore, reel=Reel(MemoryShelf(), KEY, 1)).mp3


@pytest.mark.parametrize("manner", [Manner(), Manner(threads=3), Manner(soon=True)])
def test_the_parts_joined_are_the_file(manner: Manner) -> None:
    reel = Reel(MemoryShelf(), KEY, 1)
    narration = narrate(SCRIPT, ToneEngine(), ignore, manner, reel)
    parts = list(reel.parts())
    assert b"".join(part.mp3 for part in parts) == narration.mp3 == whole()
    assert [reel.mp3(number) for number in range(len(parts))] == [
        part.mp3 for part in parts
    ]
    assert reel.mp3(len(parts)) is None


def test_a_waiting_listener_gets_the_first_sentence_in_windows() -> None:
    reel = Reel(MemoryShelf(), KEY, 1)
    narrate(SCRIPT, ToneEngine(), ignore, Manner(soon=True), reel)
    sentences = [part.piece.sentence for part in reel.parts()]
    # A beat a word, the pause, the other sentences whole, the end of the file.
    assert sentences == [0, 0, 0, 0, 1, 2, 3, 4]


@pytest.mark.parametrize("sentences", [1, 2, 3])
@pytest.mark.parametrize("manner", [Manner(), Manner(soon=True)])
def test_another_goes_on_where_the_first_stopped(
    sentences: int, manner: Manner
) -> None:
    reel = begun(MemoryShelf(), sentences, manner)
    before = [part.mp3 for part in reel.parts()]
    engine = CountingEngine()
    narration = narrate(SCRIPT, engine, ignore, manner, reel)
    assert narration.mp3 == whole()
    assert [part.mp3 for part in reel.parts()][: len(before)] == before
    # The first is said again for comparison, and none of the others.
    spoken = [sentence.spoken for sentence in SCRIPT.sentences]
    assert engine.said == [spoken[0], *spoken[sentences:]]


@pytest.mark.parametrize("windows", [1, 2, 3])
def test_another_goes_on_in_the_middle_of_the_first_sentence(windows: int) -> None:
    shelf, whole_shelf = MemoryShelf(), MemoryShelf()
    reel, whole_reel = Reel(shelf, KEY, 1), Reel(whole_shelf, KEY, 1)
    narrate(SCRIPT, ToneEngine(), ignore, Manner(soon=True), whole_reel)
    for number, part in enumerate(list(whole_reel.parts())[:windows]):
        reel.commit(number, part)
    narration = narrate(SCRIPT, ToneEngine(), ignore, reel=reel)
    first = narrate(SCRIPT, ToneEngine(), ignore, reel=Reel(MemoryShelf(), KEY, 1))
    assert narration == first


def test_a_file_that_only_had_to_be_kept_is_not_made_again() -> None:
    reel = Reel(MemoryShelf(), KEY, 1)
    narrate(SCRIPT, ToneEngine(), ignore, reel=reel)
    engine = CountingEngine()
    assert narrate(SCRIPT, engine, ignore, reel=reel).mp3 == whole()
    assert engine.said == [SCRIPT.sentences[0].spoken]


@pytest.mark.parametrize("engine", [OtherEngine(), ChanceEngine()])
def test_an_engine_that_sounds_otherwise_does_not_go_on(engine: ToneEngine) -> None:
    reel = begun(MemoryShelf(), 2)
    with pytest.raises(ReelBroken):
        narrate(SCRIPT, engine, ignore, reel=reel)


def test_a_beginning_by_another_encoder_is_not_gone_on_with() -> None:
    shelf = MemoryShelf()
    (part, *_) = begun(MemoryShelf(), 1).parts()
    reel = Reel(shelf, KEY, 1)
    reel.commit(0, Part(part.piece, part.mp3[:-1] + b"?"))
    with pytest.raises(ReelBroken):
        narrate(SCRIPT, ToneEngine(), ignore, reel=reel)


@pytest.mark.parametrize("damage", ["short", "one bit of silence"])
def test_a_damaged_part_is_not_gone_on_with(damage: str) -> None:
    shelf = MemoryShelf()
    begun(shelf, 2)
    name = max(item.name for item in shelf.items())
    content = shelf.read(name)
    assert content
    shelf.remove(name)
    bent = content[:-1] + bytes([content[-1] ^ 1])
    shelf.keep(name, content[:-2] if damage == "short" else bent)
    with pytest.raises(ReelBroken, match="damaged"):
        narrate(SCRIPT, ToneEngine(), ignore, reel=Reel(shelf, KEY, 1))


def test_two_makers_of_one_sound_end_with_one_file() -> None:
    shelf = MemoryShelf()
    reel = Reel(shelf, KEY, 1)
    first = narrate(SCRIPT, ToneEngine(), ignore, reel=reel)
    again = Reel(shelf, KEY, 1)
    for number, part in enumerate(reel.parts()):
        again.commit(number, part)
    assert narrate(SCRIPT, ToneEngine(), ignore, reel=again).mp3 == first.mp3


def test_what_is_committed_is_not_written_over() -> None:
    shelf = MemoryShelf()
    reel = Reel(shelf, KEY, 1)
    mine, theirs = (
        Part(Piece(0, last=True, words=(), audio=Audio.silence(9, 22050)), mp3)
        for mp3 in (b"mine", b"theirs")
    )
    reel.commit(0, theirs)
    with pytest.raises(Overtaken):
        reel.commit(0, mine)
    assert reel.mp3(0) == b"theirs"


def test_the_latest_reel_is_the_one_that_counts() -> None:
    shelf = MemoryShelf()
    assert find_reel(shelf, KEY) is None
    assert begin_reel(shelf, KEY).number == 1
    begun(shelf, 1)
    second = begin_reel(shelf, KEY)
    assert second.number == 2
    for number, part in enumerate(begun(MemoryShelf(), 1).parts()):
        second.commit(number, part)
    found = find_reel(shelf, KEY)
    assert found
    assert found.number == 2
    remove_reels(shelf, KEY)
    assert find_reel(shelf, KEY) is None


@given(
    sentence=st.integers(0, 9999),
    last=st.booleans(),
    words=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6))),
    sound=st.binary(max_size=2000).map(lambda b: b[: len(b) // 2 * 2]),
    mp3=st.binary(max_size=100_000),
    pause=st.integers(0, 10**6),
)
def test_every_part_comes_back_as_it_went(
    *,
    sentence: int,
    last: bool,
    words: list[tuple[int, int]],
    sound: bytes,
    mp3: bytes,
    pause: int,
) -> None:
    reel = Reel(MemoryShelf(), KEY, 1)
    soundings = tuple(Sounding(start, end) for start, end in words)
    audio = Audio(np.frombuffer(sound, dtype=np.int16), 22050)
    reel.commit(0, Part(Piece(sentence, last, soundings, audio, pause), mp3))
    (part,) = reel.parts()
    piece = part.piece
    assert (piece.sentence, piece.last, piece.words) == (sentence, last, soundings)
    assert piece.audio.samples.tobytes() == sound
    assert (piece.pause, piece.audio.rate) == (pause, 22050)
    assert part.mp3 == mp3 == reel.mp3(0)
