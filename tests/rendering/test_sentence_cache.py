"""Sentence cache: a cached sentence is not rendered again."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.engines import CountingEngine, OtherEngine
from tests.support.scripts import script_of, sentence_of
from voices.audio import Audio
from voices.engine import TokenTiming, Utterance
from voices.errors import SynthesisFailed
from voices.sentence import Script, Sentence, Span, Token
from voices.tone import TONE, ToneEngine
from workers.errors import StorageFailed
from workers.rendering.sentence_cache import CachingEngine, pack_audio, unpack_audio
from workers.storage.blobs import MemoryBlobStore

WORD = "xylophonic"
SENTENCE = sentence_of(f"It turned at {WORD} noon.")


def article(changed: str | None = None) -> Script:
    sentences = [f"Boat number {number} came in at dawn." for number in range(60)]
    if changed:
        sentences[30] = changed
    return script_of("The tide turns", *sentences)


def read(script: Script, engine: CachingEngine) -> list[Audio]:
    return [engine.speak(sentence).sound() for sentence in script.sentences]


def same(first: Utterance, other: Utterance) -> bool:
    return first.words == other.words and np.array_equal(
        first.sound().samples, other.sound().samples
    )


def test_a_changed_word_renders_at_most_two_sentences() -> None:
    store = MemoryBlobStore()
    read(article(), CachingEngine(CountingEngine(), store))
    inner = CountingEngine()
    engine = CachingEngine(inner, store)
    changed = article("Boat number 30 came in at dusk.")
    sound = read(changed, engine)
    # The first that is found is said once more: is this the engine that said it?
    assert inner.said == ["The tide turns", "Boat number 30 came in at dusk."]
    assert (engine.rendered, engine.cache_hits) == (1, 60)
    fresh = read(changed, CachingEngine(ToneEngine(), MemoryBlobStore()))
    assert all(
        np.array_equal(a.samples, b.samples) for a, b in zip(sound, fresh, strict=True)
    )


def test_a_repeated_sentence_is_rendered_once() -> None:
    inner = CountingEngine()
    engine = CachingEngine(inner, MemoryBlobStore())
    read(script_of("Tide", *["It turned."] * 9), engine)
    assert (engine.rendered, engine.cache_hits) == (2, 8)
    assert inner.said == ["Tide", *["It turned."] * 2]


def test_a_cache_that_sounds_different_is_not_used() -> None:
    """As after a change of the engine without a change of its description."""
    store = MemoryBlobStore()
    script = script_of("Tide", "It turned.", "It turned back.")
    read(script, CachingEngine(OtherEngine(), store))
    engine = CachingEngine(ToneEngine(), store)
    sound = read(script, engine)
    plain = [ToneEngine().speak(sentence).sound() for sentence in script.sentences]
    assert all(
        np.array_equal(a.samples, b.samples) for a, b in zip(sound, plain, strict=True)
    )
    assert (engine.rendered, engine.cache_hits) == (3, 0)


def test_a_cached_sentence_sounds_the_same() -> None:
    engine = CachingEngine(ToneEngine(), MemoryBlobStore())
    engine.speak(SENTENCE).sound()
    remembered = engine.speak(SENTENCE)
    made = ToneEngine().speak(SENTENCE)
    assert same(remembered, made)
    assert remembered.rate == made.rate
    streamed = Audio.join(remembered.stream(), made.rate)
    assert np.array_equal(streamed.samples, made.sound().samples)
    assert (engine.rendered, engine.cache_hits) == (1, 1)


def test_a_stream_is_cached_after_its_end() -> None:
    engine = CachingEngine(ToneEngine(), MemoryBlobStore())
    first = list(islice(engine.speak(SENTENCE).stream(), 2))
    assert len(first) == 2
    assert (engine.rendered, engine.cache_hits) == (0, 0)
    list(engine.speak(SENTENCE).stream())
    assert (engine.rendered, engine.cache_hits) == (1, 0)
    assert same(engine.speak(SENTENCE), ToneEngine().speak(SENTENCE))
    assert (engine.rendered, engine.cache_hits) == (1, 1)


def test_the_first_chunk_of_a_stream_is_not_delayed() -> None:
    engine = CachingEngine(ToneEngine(), MemoryBlobStore())
    pieces = engine.speak(SENTENCE).stream()
    beat = next(ToneEngine().speak(SENTENCE).stream())
    assert np.array_equal(next(pieces).samples, beat.samples)


SAME = [
    replace(SENTENCE, pause_after=900),
    replace(SENTENCE, text="Written otherwise."),
    replace(
        SENTENCE,
        tokens=tuple(replace(token, span=Span(7, 1, 2)) for token in SENTENCE.tokens),
    ),
]


@pytest.mark.parametrize("sentence", SAME)
def test_pauses_and_spans_are_not_in_the_cache_key(sentence: Sentence) -> None:
    engine = CachingEngine(ToneEngine(), MemoryBlobStore())
    engine.speak(SENTENCE).sound()
    engine.speak(sentence).sound()
    assert (engine.rendered, engine.cache_hits) == (1, 1)


first, *rest = SENTENCE.tokens
OTHER = [
    replace(SENTENCE, tokens=(replace(first, spoken="that"), *rest)),
    replace(SENTENCE, tokens=(replace(first, ipa="ɪt"), *rest)),
    # The same words, shared out otherwise: their times are others.
    replace(SENTENCE, tokens=(Token("It turned", None), *rest[1:])),
]


@pytest.mark.parametrize("sentence", OTHER)
def test_different_words_or_sounds_are_rendered(sentence: Sentence) -> None:
    engine = CachingEngine(ToneEngine(), MemoryBlobStore())
    engine.speak(SENTENCE).sound()
    assert same(engine.speak(sentence), ToneEngine().speak(sentence))
    assert (engine.rendered, engine.cache_hits) == (1, 0) or engine.rendered == 2


class NewerEngine(ToneEngine):
    description = "tone 2"


class LouderEngine(ToneEngine):
    voice = replace(TONE, gain_db=1.0)


@pytest.mark.parametrize(
    "other",
    [
        lambda store: CachingEngine(NewerEngine(), store),
        lambda store: CachingEngine(LouderEngine(), store),
        lambda store: CachingEngine(ToneEngine(), store, "cuda"),
    ],
)
def test_sentences_of_another_engine_or_voice_are_not_used(other) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a maker of engines
    store = MemoryBlobStore()
    CachingEngine(ToneEngine(), store).speak(SENTENCE).sound()
    engine = other(store)
    engine.speak(SENTENCE).sound()
    assert (engine.rendered, engine.cache_hits) == (1, 0)


class FickleEngine(CountingEngine):
    """Never says a sentence twice alike."""

    repeatable = False


def test_an_engine_that_is_not_repeatable_is_not_cached() -> None:
    inner, store = FickleEngine(), MemoryBlobStore()
    engine = CachingEngine(inner, store)
    for _ in range(2):
        engine.speak(SENTENCE).sound()
    assert not engine.repeatable
    assert len(inner.said) == 2
    assert list(store.list()) == []
    assert (engine.rendered, engine.cache_hits) == (2, 0)


def test_the_caching_engine_has_the_description_of_its_engine() -> None:
    engine = CachingEngine(ToneEngine(), MemoryBlobStore())
    assert engine.voice == TONE
    assert engine.description == ToneEngine.description
    assert engine.repeatable


def test_a_synthesis_failure_is_not_cached() -> None:
    engine = CachingEngine(ToneEngine(), MemoryBlobStore())
    for _ in range(2):
        with pytest.raises(SynthesisFailed):
            engine.speak(Sentence("", (), 0))


def test_a_damaged_cache_entry_is_rendered_and_replaced() -> None:
    store = MemoryBlobStore()
    engine = CachingEngine(ToneEngine(), store)
    engine.speak(SENTENCE).sound()
    (item,) = store.list()
    store.remove(item.name)
    store.put_if_absent(item.name, b"OSS1 not what it was")
    assert same(engine.speak(SENTENCE), ToneEngine().speak(SENTENCE))
    assert engine.rendered == 2
    engine.speak(SENTENCE)
    assert engine.cache_hits == 1


class BrokenShelf(MemoryBlobStore):
    """A store on a disk that is full or missing."""

    def __init__(self, *broken: str) -> None:
        super().__init__()
        self._broken = broken

    def put_if_absent(self, name: str, content: bytes) -> bool:
        self._fail("put_if_absent", "full")
        return super().put_if_absent(name, content)

    def read(
        self, name: str, start: int = 0, length: int | None = None
    ) -> bytes | None:
        self._fail("read", "gone")
        return super().read(name, start, length)

    def touch(self, name: str) -> None:
        self._fail("touch", "read-only")
        super().touch(name)

    def _fail(self, method: str, how: str) -> None:
        if method in self._broken:
            raise StorageFailed(f"The disk is {how}; repair it.")


@pytest.mark.parametrize(
    ("broken", "written"),
    [
        (["put_if_absent"], ["full"]),
        (["read", "put_if_absent"], ["gone", "full"]),
        (["touch"], ["only"]),
    ],
)
def test_a_failing_cache_does_not_fail_the_narration(
    broken: list[str], written: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    engine = CachingEngine(ToneEngine(), BrokenShelf(*broken))
    with caplog.at_level(logging.DEBUG):
        for _ in range(5):
            assert same(engine.speak(SENTENCE), ToneEngine().speak(SENTENCE))
            list(engine.speak(SENTENCE).stream())
    assert [
        word for message in caplog.messages for word in written if word in message
    ] == written
    assert len(caplog.messages) == len(written)
    assert WORD not in caplog.text


def test_a_partial_sentence_is_not_cached() -> None:
    class Hoarse(ToneEngine):
        def speak(self, sentence: Sentence) -> Utterance:
            whole = super().speak(sentence)

            def chunks(**_: bool) -> Iterator[Audio]:
                yield next(whole.stream())
                raise SynthesisFailed("The voice broke.")

            return replace(whole, chunks=chunks)

    store = MemoryBlobStore()
    engine = CachingEngine(Hoarse(), store)
    with pytest.raises(SynthesisFailed):
        engine.speak(SENTENCE).sound()
    assert list(store.list()) == []
    assert engine.rendered == 0


WORDS = st.lists(
    st.tuples(st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1)), max_size=5
)
SAMPLES = st.lists(st.integers(-(2**15), 2**15 - 1), max_size=20)


@given(words=WORDS, samples=SAMPLES, rate=st.integers(1, 192_000))
def test_packed_audio_round_trips(
    words: list[tuple[int, int]], samples: list[int], rate: int
) -> None:
    placed = tuple(TokenTiming(start, end) for start, end in words)
    audio = Audio(np.array(samples, np.int16), rate)
    unpacked = unpack_audio(pack_audio(placed, audio))
    assert unpacked
    assert unpacked[0] == placed
    assert unpacked[1].rate == rate
    assert unpacked[1].samples.tolist() == samples


@given(data=st.data())
def test_any_damage_to_packed_audio_is_detected(data: st.DataObject) -> None:
    audio = Audio(np.arange(10, dtype=np.int16), 22050)
    content = pack_audio((TokenTiming(0, 5), TokenTiming(5, 10)), audio)
    at = data.draw(st.integers(0, len(content) - 1))
    flipped = bytes([content[at] ^ data.draw(st.integers(1, 255))])
    assert unpack_audio(content[:at] + flipped + content[at + 1 :]) is None
    assert unpack_audio(content[:at]) is None
    assert unpack_audio(content + b"\0") is None
