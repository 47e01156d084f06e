"""The three ways to run a voice's graph, the best first.

`CompiledModel` runs two rewritten halves: fast, repeatable, in windows.
`SeededModel` runs the graph as it was exported, its noise given from outside:
repeatable.  `StockModel` runs it untouched: it sounds a little different each time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from voices.piper.noise import draw_rhythm, draw_sound, generator_for
from voices.piper.sessions import Values, as_floats, run

Kind = Literal["compiled", "seeded", "stock"]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Manner:
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

    sound: Callable[[int, int], Floats]
    """Samples of the frames from the first to before the second, -1 to 1."""


class Model(Protocol):
    """A voice's graph, ready to run."""

    @property
    def kind(self) -> Kind:
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


@dataclass(frozen=True)
class CompiledModel:
    """Two halves: text to a prior for each frame, and any frames to sound."""

    text: InferenceSession
    sound: InferenceSession
    manner: Manner
    names: "Names"
    hop: int
    halo: int
    """Frames on each side of a window without which its samples would differ."""

    kind: Kind = "compiled"

    def render(self, ids: tuple[int, ...], identity: bytes) -> Rendering:
        """Run the first half; the second runs window by window."""
        generator = generator_for(identity)
        values = self.manner.values(np.array(ids, dtype=np.int64))
        rhythm = draw_rhythm(generator, len(ids))
        mean, deviation, frames = run(
            self.text,
            [self.names.mean, self.names.deviation, self.names.frames],
            {**values, self.names.rhythm_noise: rhythm},
        )
        noise = draw_sound(generator, mean.shape[1], mean.shape[2])
        latent = mean + noise * np.exp(deviation) * np.float32(self.manner.noise_scale)
        spoken = {"sid": values["sid"]} if self._asks_who else {}
        return Rendering(
            np.ravel(frames).astype(np.int64),
            lambda first, last: self._window(latent, spoken, first, last),
        )

    @cached_property
    def _asks_who(self) -> bool:
        return any(one.name == "sid" for one in self.sound.get_inputs())

    def _window(self, latent: Floats, spoken: Values, first: int, last: int) -> Floats:
        start = max(0, first - self.halo)
        stop = min(latent.shape[2], last + self.halo)
        part = np.ascontiguousarray(latent[:, :, start:stop])
        values = {self.names.latent: part, **spoken}
        sound = as_floats(run(self.sound, [self.names.output], values)[0])
        return sound[(first - start) * self.hop : (last - start) * self.hop]


@dataclass(frozen=True, slots=True)
class Names:
    """What the tensors are called at which a compiled voice is cut."""

    rhythm_noise: str
    mean: str
    deviation: str
    frames: str
    latent: str
    output: str


@dataclass(frozen=True, slots=True)
class SeededModel:
    """The graph as exported, but for its noise, which comes from outside."""

    session: InferenceSession
    manner: Manner
    rhythm_noise: str
    sound_noise: str
    channels: int
    frames: str
    output: str
    hop: int
    kind: Kind = "seeded"

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
    manner: Manner
    hop: int
    kind: Kind = "stock"

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
    return Rendering(frames, lambda first, last: sound[first * hop : last * hop])
