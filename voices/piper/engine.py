"""A Piper voice that speaks sentences."""

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

_LEAD, _TAIL = 0.02, 0.06
"""Seconds that may be heard before the first token and after the last: a plosive begins
before its frames do, and a vowel rings after them."""


_JOINED = 0.12
"""Seconds between the phonemes of two words up to which nothing is silent between them;
at a comma there are 0.15 and more."""

_EARLY = 0.02
"""Seconds by which a word after a pause is heard before its phonemes' frames begin.
Both were measured against forced alignment (benchmarks/timing.py)."""


class PiperEngine:
    """Speaks sentences with one Piper model.

    Sessions may be run by several threads at once, and espeak is guarded: an engine
    may speak in as many threads as there are processors.
    """

    def __init__(self, voice: Voice, model: Model, phonemiser: Phonemizer) -> None:
        """Speak as `voice` through an opened model."""
        self.voice = voice
        self._model = model
        self._phonemiser = phonemiser

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
        """Which of the three ways the model is run."""
        return self._model.kind

    @property
    def description(self) -> str:
        """Programs, versions and the way the model is run."""
        runtime = f"onnxruntime {version('onnxruntime')}"
        return f"piper-tts {version('piper-tts')}, {runtime}, {self.kind}"

    @property
    def repeatable(self) -> bool:
        """Whether the same sentence gives the same samples every time."""
        return self._model.kind != "stock"

    def pronounce(self, sentence: Sentence) -> Pronunciation:
        """Return what the model is given; raises SynthesisFailed when it is nothing."""
        return self._phonemiser.pronounce(sentence)

    def speak(self, sentence: Sentence) -> Utterance:
        """Begin to say one sentence; raises SynthesisFailed when it has no sound."""
        said = self.pronounce(sentence)
        identity = f"{self.voice.model_sha256}:{said.ids}".encode()
        rendering = self._model.render(said.ids, identity)
        hop, rate = self._model.hop, self.voice.sample_rate
        words = soundings(said, rendering.frames * hop, len(sentence.tokens), rate)
        whole = range(int(rendering.frames.sum()) * hop)
        start = max(0, words[0].start - round(_LEAD * rate))
        takes = SentenceWindows(
            rendering, hop, whole[start : words[-1].end + round(_TAIL * rate)]
        )
        return Utterance(
            words=tuple(
                TokenTiming(word.start - start, word.end - start) for word in words
            ),
            rate=rate,
            chunks=partial(self._chunks, takes),
        )

    def _chunks(self, takes: SentenceWindows, *, low_latency: bool) -> Iterator[Audio]:
        gain, rate = 10 ** (self.voice.gain_db / 20), self.voice.sample_rate
        for samples in limit_peaks(
            takes.windows(rate, gain, soon=low_latency), gain, rate
        ):
            yield Audio(samples, rate)


def soundings(
    said: Pronunciation, lengths: NDArray[np.int64], tokens: int, rate: int
) -> tuple[TokenTiming, ...]:
    """Place each token by the ids that say it.

    What the model lays on the space between two words is heard as the beginning of the
    second.

    Args:
        said: ids and whose they are.
        lengths: samples that each id lasts.
        tokens: how many there are; one that nothing says is placed after the one
            before it, and lasts no time.
        rate: samples a second.
    """
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    spans: dict[int, tuple[int, int]] = {}
    for at, owner in enumerate(said.owners):
        if owner is not None:
            start, _ = spans.get(owner, (int(bounds[at]), 0))
            spans[owner] = start, int(bounds[at + 1])
    early, joined = round(_EARLY * rate), round(_JOINED * rate)
    placed: list[TokenTiming] = []
    last = max(0, min(start for start, _ in spans.values()) - early)
    for token in range(tokens):
        start, end = spans.get(token, (last, last))
        start = last if start - last <= joined else start - early
        placed.append(TokenTiming(start, end))
        last = end
    return tuple(placed)
