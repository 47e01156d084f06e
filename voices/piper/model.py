"""The three ways to run a voice's graph, the best first.

`CompiledModel` runs three rewritten parts: fast, repeatable, in windows.
`SeededModel` runs the graph as it was exported, its noise given from outside:
repeatable.  `StockModel` runs it untouched: it sounds a little different each time.
"""

from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Names:
    """What the tensors are called at which a compiled voice is cut."""

    rhythm_noise: str
    mean: str
    deviation: str
    frames: str
    latent: str
    seam: str
    output: str


@dataclass(frozen=True, slots=True)
class Shape:
    """How the parts of a compiled voice fit together."""

    names: Names

    hop: int
    """Samples of a frame."""

    flow_halo: int
    decoder_halo: int
    """Frames on each side of a window without which what a part makes would differ."""


@dataclass(frozen=True)
class CompiledModel:
    """Three parts: text to a prior for each frame, its flow, and frames to sound."""

    text: InferenceSession
    flow: InferenceSession
    decoder: InferenceSession
    manner: Manner
    shape: Shape
    kind: Kind = "compiled"

    @property
    def hop(self) -> int:
        """Samples of a frame."""
        return self.shape.hop

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
        noise = draw_sound(generator, mean.shape[1], mean.shape[2])
        latent = mean + noise * np.exp(deviation) * np.float32(self.manner.noise_scale)
        speaker = {name: values[name] for name in ("sid",) if name in values}
        sounding = _Sounding(self, latent, speaker)
        return Rendering(np.ravel(frames).astype(np.int64), sounding.window)


class _Sounding:
    """One sentence: its flow as far as it has run, its sound wherever it is asked."""

    def __init__(self, model: CompiledModel, latent: Floats, speaker: Values) -> None:
        self._model = model
        self._latent = latent
        self._speaker = speaker
        self._flowed: Floats = latent[:, :, np.newaxis, :0]

    def window(self, first: int, last: int) -> Floats:
        """Samples of the frames from the first to before the last."""
        shape, total = self._model.shape, self._latent.shape[2]
        start = max(0, first - shape.decoder_halo)
        stop = min(total, last + shape.decoder_halo)
        part = np.ascontiguousarray(self._flow_to(stop)[..., start:stop])
        values = _taken(self._model.decoder, {shape.names.seam: part, **self._speaker})
        sound = as_floats(run(self._model.decoder, [shape.names.output], values)[0])
        return sound[(first - start) * shape.hop : (last - start) * shape.hop]

    def _flow_to(self, stop: int) -> Floats:
        """Run the flow: at first as far as is wanted, then to the end.

        It is a sixth of the work and needs little memory, and in one run no halo.
        """
        done, total = self._flowed.shape[3], self._latent.shape[2]
        if done < stop:
            shape = self._model.shape
            to = stop if not done else total
            start, end = (
                max(0, done - shape.flow_halo),
                min(total, to + shape.flow_halo),
            )
            part = np.ascontiguousarray(self._latent[:, :, start:end])
            values = _taken(
                self._model.flow, {shape.names.latent: part, **self._speaker}
            )
            made = run(self._model.flow, [shape.names.seam], values)[0]
            self._flowed = np.concatenate(
                [self._flowed, made[..., done - start : to - start]], axis=3
            )
        return self._flowed


def _taken(session: InferenceSession, values: Values) -> Values:
    """What of the values a graph takes: not every part asks who speaks."""
    asked = {one.name for one in session.get_inputs()}
    return {name: value for name, value in values.items() if name in asked}


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
