"""Three ways to run a voice's graph, the best first.

`CompiledModel` runs four rewritten graphs: fast, repeatable, in windows.
`SeededModel` runs the exported graph with noise passed in: repeatable.
`StockModel` runs it unchanged: it sounds a little different each time.
"""

from dataclasses import dataclass
from math import prod
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from voices.piper.noise import draw_rhythm, draw_sound, generator_for
from voices.piper.sessions import as_floats, run
from voices.piper.stages import Memoized, Stage, StageBoundary, Whole

ModelKind = Literal["compiled", "seeded", "stock"]
Samples = NDArray[np.float32]
"""Mono samples from -1 to 1, shape [samples]."""

Rows = NDArray[np.float32]
"""Values by position, shape [1, channels, ..., positions]."""


class AudioSource(Protocol):
    """The sound of a sentence by range of frames."""

    def __call__(self, first: int, last: int, lookahead: int, /) -> Samples:
        """Return the samples of the frames from `first` to before `last`.

        Frames up to `lookahead` will be asked for next; what has to be computed before
        their samples may be computed at once.
        """
        ...


@dataclass(frozen=True, slots=True)
class SynthesisConfig:
    """Synthesis parameters from a voice's configuration."""

    noise_scale: float
    length_scale: float
    noise_w: float
    speaker: int | None
    """Number of the speaker; None for a model of one speaker."""

    def values(self, ids: NDArray[np.int64]) -> dict[str, NDArray[np.generic]]:
        """Return the inputs that every voice's graph takes."""
        values: dict[str, NDArray[np.generic]] = {
            "input": ids[np.newaxis],
            "input_lengths": np.array([len(ids)], dtype=np.int64),
            "scales": np.array(
                [self.noise_scale, self.length_scale, self.noise_w], dtype=np.float32
            ),
        }
        if self.speaker is not None:
            values["sid"] = np.array([self.speaker], dtype=np.int64)
        return values


@dataclass(frozen=True, slots=True)
class Rendering:
    """A sentence whose durations are known and whose sound can be computed."""

    frames: NDArray[np.int64]
    """Frames per id."""

    sound: AudioSource


class Model(Protocol):
    """A voice's graph, ready to run."""

    @property
    def kind(self) -> ModelKind:
        """How the graph is run."""
        ...

    @property
    def hop(self) -> int:
        """Samples per frame."""
        ...

    def render(self, ids: tuple[int, ...], identity: bytes) -> Rendering:
        """Start to render a sentence.

        Args:
            ids: the sentence in the voice's symbols.
            identity: seed of the noise, equal for sentences that sound equal.

        Raises:
            SynthesisFailed: the graph cannot be run.
        """
        ...


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the text graph's tensors."""

    rhythm_noise: str
    mean: str
    deviation: str
    """The prior of each phoneme; the deviation as its logarithm."""

    frames: str


@dataclass(frozen=True, slots=True)
class Shape:
    """How the graphs of a compiled voice are joined."""

    names: Names
    boundaries: tuple[StageBoundary, StageBoundary, StageBoundary]
    """Of the flow, the coarse decoder and the fine decoder."""

    windowed: bool
    """Whether a window is bit-identical to the same part of the whole.  Without the
    blocked layout it is not: onnxruntime splits sums by the row's length."""


@dataclass(frozen=True)
class CompiledModel:
    """Four graphs: text encoder, flow, coarse decoder and fine decoder.

    The coarse decoder has a wide receptive field at few positions per second; the fine
    one makes samples of them with a narrow receptive field.
    """

    text: InferenceSession
    flow: InferenceSession
    coarse: InferenceSession
    fine: InferenceSession
    synthesis: SynthesisConfig
    shape: Shape
    kind: ModelKind = "compiled"

    @property
    def hop(self) -> int:
        """Samples per frame."""
        return prod(boundary.field.upsampling for boundary in self.shape.boundaries)

    def render(self, ids: tuple[int, ...], identity: bytes) -> Rendering:
        """Run the text encoder; the other graphs run window by window."""
        generator, names = generator_for(identity), self.shape.names
        values = self.synthesis.values(np.array(ids, dtype=np.int64))
        rhythm = draw_rhythm(generator, len(ids))
        mean, deviation, frames = run(
            self.text,
            [names.mean, names.deviation, names.frames],
            {**values, names.rhythm_noise: rhythm},
        )
        lengths = np.ravel(frames).astype(np.int64)
        noise = draw_sound(generator, mean.shape[1], int(lengths.sum()))
        scale = np.exp(deviation) * np.float32(self.synthesis.noise_scale)
        latent = np.repeat(mean, lengths, axis=2)
        latent += noise * np.repeat(scale, lengths, axis=2)
        return Rendering(lengths, self._decode(latent))

    def _decode(self, latent: Rows) -> AudioSource:
        flow, coarse, fine = self.shape.boundaries
        frames = latent.shape[2]
        positions = frames * coarse.field.upsampling
        flowed = Memoized(Stage(self.flow, flow, Whole(latent), frames))
        rough = Memoized(Stage(self.coarse, coarse, flowed, frames))
        samples = Stage(self.fine, fine, rough, positions)

        whole = Memoized(samples)

        def window(first: int, last: int, lookahead: int, /) -> Samples:
            scale = coarse.field.upsampling
            return as_floats(
                samples.piece(first * scale, last * scale, lookahead * scale)
            )

        def cut(first: int, last: int, _lookahead: int, /) -> Samples:
            return as_floats(
                whole.piece(first * self.hop, last * self.hop, frames * self.hop)
            )

        return window if self.shape.windowed else cut


@dataclass(frozen=True, slots=True)
class SeededModel:
    """The graph as exported, except that its noise is an input."""

    session: InferenceSession
    synthesis: SynthesisConfig
    rhythm_noise: str
    sound_noise: str
    channels: int
    frames: str
    output: str
    hop: int
    kind: ModelKind = "seeded"

    def render(self, ids: tuple[int, ...], identity: bytes) -> Rendering:
        """Run the whole graph at once."""
        generator = generator_for(identity)
        rhythm = draw_rhythm(generator, len(ids))
        values = {
            **self.synthesis.values(np.array(ids, dtype=np.int64)),
            self.rhythm_noise: rhythm,
            self.sound_noise: draw_sound(
                generator, self.channels, _MAX_FRAMES_PER_ID * len(ids)
            ),
        }
        sound, frames = run(self.session, [self.output, self.frames], values)
        return _rendered(as_floats(sound), np.ravel(frames).astype(np.int64), self.hop)


_MAX_FRAMES_PER_ID = 30
"""Frames of noise drawn per id: a third of a second, ten times the mean duration of an
id.  A sentence that lasts longer fails."""


@dataclass(frozen=True, slots=True)
class StockModel:
    """The graph unchanged, with noise of its own."""

    session: InferenceSession
    synthesis: SynthesisConfig
    hop: int
    kind: ModelKind = "stock"

    def render(self, ids: tuple[int, ...], identity: bytes) -> Rendering:
        """Run the whole graph at once.

        The durations are not among its outputs: every id gets the same share, so word
        timings are rough.
        """
        del identity
        values = self.synthesis.values(np.array(ids, dtype=np.int64))
        output = self.session.get_outputs()[0].name
        sound = as_floats(run(self.session, [output], values)[0])
        bounds = np.arange(len(ids) + 1) * (len(sound) // self.hop) // len(ids)
        return _rendered(sound, np.diff(bounds), self.hop)


def _rendered(sound: Samples, frames: NDArray[np.int64], hop: int) -> Rendering:
    return Rendering(
        frames, lambda first, last, _lookahead: sound[first * hop : last * hop]
    )
