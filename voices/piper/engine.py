"""Speak sentences with a Piper voice."""

from collections.abc import Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voices.audio import Audio
from voices.engine import TokenTiming, Utterance
from voices.loudness.limiter import limit_peaks
from voices.piper.load_model import open_model
from voices.piper.model import Model, ModelKind
from voices.piper.phonemizer import Phonemizer, Pronunciation
from voices.piper.sessions import Providers
from voices.piper.source import read_source
from voices.piper.windows import SentenceWindows
from voices.sentence import Sentence
from voices.voice import Voice

_LEAD_S, _TAIL_S = 0.02, 0.06
"""Sound kept before the first token and after the last: a plosive begins before its
frames do, and a vowel rings after them."""

_JOINED_S = 0.12
"""Longest gap between the phonemes of two words without silence between them; at a
comma it is 0.15 s or more."""

_ONSET_S = 0.02
"""Time by which a word after a pause is heard before its phonemes' frames begin.
Both were measured against forced alignment (benchmarks/timing.py)."""


class PiperEngine:
    """Engine that runs one Piper model.

    Thread-safe: sessions may run in several threads at once, and espeak is locked.
    """

    def __init__(self, voice: Voice, model: Model, phonemizer: Phonemizer) -> None:
        """Speak as `voice` with an opened model."""
        self.voice = voice
        self._model = model
        self._phonemizer = phonemizer

    @classmethod
    def open(
        cls,
        voice: Voice,
        model: Path,
        cache: Path | None,
        providers: Providers,
        *,
        compile_graph: bool = True,
    ) -> "PiperEngine":
        """Open a voice, compiling it if this machine has not done so yet.

        Raises:
            InvalidVoice: a file is missing, damaged or not a Piper voice.
        """
        source = read_source(voice, model)
        opened = open_model(source, cache, providers, compile_graph=compile_graph)
        return cls(voice, opened, Phonemizer(source.config))

    @property
    def kind(self) -> ModelKind:
        """How the model is run: compiled, seeded or stock."""
        return self._model.kind

    @property
    def description(self) -> str:
        """Libraries with versions, and how the model is run."""
        runtime = f"onnxruntime {version('onnxruntime')}"
        return f"piper-tts {version('piper-tts')}, {runtime}, {self.kind}"

    @property
    def repeatable(self) -> bool:
        """Whether the same sentence gives the same samples every time."""
        return self._model.kind != "stock"

    def pronounce(self, sentence: Sentence) -> Pronunciation:
        """Return the model's input for a sentence.

        Raises:
            SynthesisFailed: nothing of it can be pronounced.
        """
        return self._phonemizer.pronounce(sentence)

    def speak(self, sentence: Sentence) -> Utterance:
        """Start to render a sentence.

        Raises:
            SynthesisFailed: nothing of it can be pronounced, or the model fails.
        """
        said = self.pronounce(sentence)
        identity = f"{self.voice.model_sha256}:{said.ids}".encode()
        rendering = self._model.render(said.ids, identity)
        hop, rate = self._model.hop, self.voice.sample_rate
        words = time_tokens(said, rendering.frames * hop, len(sentence.tokens), rate)
        whole = range(int(rendering.frames.sum()) * hop)
        start = max(0, words[0].start - round(_LEAD_S * rate))
        windows = SentenceWindows(
            rendering, hop, whole[start : words[-1].end + round(_TAIL_S * rate)]
        )
        return Utterance(
            words=tuple(
                TokenTiming(word.start - start, word.end - start) for word in words
            ),
            rate=rate,
            chunks=partial(self._chunks, windows),
        )

    def _chunks(
        self, windows: SentenceWindows, *, low_latency: bool
    ) -> Iterator[Audio]:
        gain, rate = 10 ** (self.voice.gain_db / 20), self.voice.sample_rate
        for samples in limit_peaks(
            windows.windows(rate, gain, low_latency=low_latency), gain, rate
        ):
            yield Audio(samples, rate)


def time_tokens(
    said: Pronunciation, lengths: NDArray[np.int64], tokens: int, rate: int
) -> tuple[TokenTiming, ...]:
    """Compute when each token is heard, in samples from the rendering's start.

    Frames that the model gives to the space between two words are heard as the
    beginning of the second.

    Args:
        said: ids, each with its token.
        lengths: samples per id.
        tokens: number of tokens; a token without ids follows the one before it and has
            no duration.
        rate: samples per second.
    """
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    spans: dict[int, tuple[int, int]] = {}
    for index, owner in enumerate(said.owners):
        if owner is not None:
            start, _ = spans.get(owner, (int(bounds[index]), 0))
            spans[owner] = start, int(bounds[index + 1])
    early, joined = round(_ONSET_S * rate), round(_JOINED_S * rate)
    placed: list[TokenTiming] = []
    last = max(0, min(start for start, _ in spans.values()) - early)
    for token in range(tokens):
        start, end = spans.get(token, (last, last))
        start = last if start - last <= joined else start - early
        placed.append(TokenTiming(start, end))
        last = end
    return tuple(placed)
