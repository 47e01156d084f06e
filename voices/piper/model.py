"""The three ways to run a voice's graph, the best first.

`CompiledModel` runs four rewritten parts: fast, repeatable, in windows.
`SeededModel` runs the graph as it was exported, its noise given from outside:
repeatable.  `StockModel` runs it untouched: it sounds a little different each time.
"""

from collections.abc import Callable
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
Floats = NDArray[np.float32]
AudioSource = Callable[[int, int, int], Floats]


@dataclass(frozen=True, slots=True)
class SynthesisConfig:
    """How a voice speaks, as its configuration says."""

    noise_scale: float
    length_scale: float
    noise_w: float
    speaker: int | None
    """Of those that a model has; None for a model of one speaker."""

    def values(self, ids: NDArray[np.int64]) -> dict[str, NDArray[np.generic]]:
        """Return what every voice's graph takes."""
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
    """A sentence of which the rhythm is known and the sound can be had."""

    frames: NDArray[np.int64]
    """Frames that each id lasts."""

    sound: AudioSource
    """Samples of the frames from the first to before the second, -1 to 1.  Those up to
    the third come next: what has to be made before them may be made at once."""


class Model(Protocol):
    """A voice's graph, ready to run."""

    @property
    def kind(self) -> ModelKind:
        """Which of the three it is."""
        ...

    @property
    def hop(self) -> int:
        """Samples of a frame."""
        ...

    def render(self, ids: tuple[int, ...], identity: bytes) -> Rendering:
        """Begin a sentence; raises SynthesisFailed when the graph cannot be run.

        Args:
            ids: what is said, in the voice's symbols.
            identity: what seeds the noise: equal for sentences that sound equal.
        """
        ...


@dataclass(frozen=True, slots=True)
class Names:
    """What the tensors are called at which a compiled voice is cut."""

    rhythm_noise: str
    mean: str
    deviation: str
    """Of the prior of each phoneme, the deviation as its logarithm."""

    frames: str


@dataclass(frozen=True, slots=True)
class Shape:
    """How the parts of a compiled voice fit together."""

    names: Names
    joints: tuple[StageBoundary, StageBoundary, StageBoundary]
    """Of the flow, the coarse part and the fine one."""

    windowed: bool
    """Whether a piece is the same to the bit by itself as in the whole.  Where there
    are no blocks, onnxruntime cuts long sums as long rows ask for."""


@dataclass(frozen=True)
class CompiledModel:
    """Four parts: text to a prior for each frame, its flow, and two to the sound.

    The coarse one of the two knows what comes before and after, at few positions a
    second; the fine one makes the samples of them, and looks hardly around.
    """

    text: InferenceSession
    flow: InferenceSession
    coarse: InferenceSession
    fine: InferenceSession
    manner: SynthesisConfig
    shape: Shape
    kind: ModelKind = "compiled"

    @property
    def hop(self) -> int:
        """Samples of a frame."""
        return prod(joint.reach.finer for joint in self.shape.joints)

    def render(self, ids: tuple[int, ...], identity: bytes) -> Rendering:
        """Run the first part; the others run window by window."""
        generator, names = generator_for(identity), self.shape.names
        values = self.manner.values(np.array(ids, dtype=np.int64))
        rhythm = draw_rhythm(generator, len(ids))
        mean, deviation, frames = run(
            self.text,
            [names.mean, names.deviation, names.frames],
            {**values, names.rhythm_noise: rhythm},
        )
        lengths = np.ravel(frames).astype(np.int64)
        noise = draw_sound(generator, mean.shape[1], int(lengths.sum()))
        scale = np.exp(deviation) * np.float32(self.manner.noise_scale)
        latent = np.repeat(mean, lengths, axis=2)
        latent += noise * np.repeat(scale, lengths, axis=2)
        return Rendering(lengths, self._sounding(latent))

    def _sounding(self, latent: Floats) -> AudioSource:
        flow, coarse, fine = self.shape.joints
        frames = latent.shape[2]
        positions = frames * coarse.reach.finer
        flowed = Memoized(Stage(self.flow, flow, Whole(latent), frames))
        rough = Memoized(Stage(self.coarse, coarse, flowed, frames))
        samples = Stage(self.fine, fine, rough, positions)

        whole = Memoized(samples)

        def window(first: int, last: int, ahead: int) -> Floats:
            asked = (at * coarse.reach.finer for at in (first, last, ahead))
            return as_floats(samples.piece(*asked))

        def cut(first: int, last: int, _ahead: int) -> Floats:
            asked = (at * self.hop for at in (first, last, frames))
            return as_floats(whole.piece(*asked))

        return window if self.shape.windowed else cut


@dataclass(frozen=True, slots=True)
class SeededModel:
    """The graph as exported, but for its noise, which comes from outside."""

    session: InferenceSession
    manner: SynthesisConfig
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
            **self.manner.values(np.array(ids, dtype=np.int64)),
            self.rhythm_noise: rhythm,
            self.sound_noise: draw_sound(generator, self.channels, _LONGEST * len(ids)),
        }
        sound, frames = run(self.session, [self.output, self.frames], values)
        return _rendered(as_floats(sound), np.ravel(frames).astype(np.int64), self.hop)


_LONGEST = 30
"""Frames for which noise is drawn, for each id: a third of a second, ten times what an
id lasts in the mean.  A sentence that lasts longer cannot be spoken."""


@dataclass(frozen=True, slots=True)
class StockModel:
    """The graph untouched, with noise of its own."""

    session: InferenceSession
    manner: SynthesisConfig
    hop: int
    kind: ModelKind = "stock"

    def render(self, ids: tuple[int, ...], identity: bytes) -> Rendering:
        """Run the whole graph at once; how long each id lasts is not known.

        Every id is given the same share, which places words only roughly.
        """
        del identity
        values = self.manner.values(np.array(ids, dtype=np.int64))
        output = self.session.get_outputs()[0].name
        sound = as_floats(run(self.session, [output], values)[0])
        bounds = np.arange(len(ids) + 1) * (len(sound) // self.hop) // len(ids)
        return _rendered(sound, np.diff(bounds), self.hop)


def _rendered(sound: Floats, frames: NDArray[np.int64], hop: int) -> Rendering:
    return Rendering(
        frames, lambda first, last, _ahead: sound[first * hop : last * hop]
    )
