"""From a voice's exported graph to graphs that run better.

Needs the onnx package, which takes half a second to import: it is imported with this
module, when a voice is compiled, and not when it speaks.
"""

from itertools import pairwise

import onnx
from google.protobuf.message import DecodeError
from onnx import ModelProto

from voices.errors import InvalidVoice
from voices.piper.compiled_model import Compiled, Graphs
from voices.piper.compiler.external_noise import given, with_external_noise
from voices.piper.compiler.graph_analysis import (
    GraphAnalysis,
    UnknownGraphError,
    analyse_graph,
    find_seams,
    of_phonemes,
    part_of,
)
from voices.piper.compiler.ort_optimizer import Optimiser
from voices.piper.compiler.passes.conv2d import to_conv2d
from voices.piper.compiler.passes.simplify import simplify
from voices.piper.compiler.passes.text_encoder import optimize_text_encoder
from voices.piper.compiler.receptive_field import receptive_field
from voices.piper.model import Names, SeededModel, Shape
from voices.piper.sessions import Providers, open_graph
from voices.piper.source import Source
from voices.piper.stages import StageBoundary

Shapes = dict[str, list[int | str]]
"""Of the tensors at which a part begins; what varies has a name."""


class GraphRewriter:
    """A voice's graph, opened up.

    Raises InvalidVoice when the model is no graph, UnknownGraphError when it is not
    joined as a Piper voice's: then nothing here can be done for it.
    """

    def __init__(self, source: Source) -> None:
        """Read and understand the graph."""
        self._source = source
        self._parts: GraphAnalysis = analyse_graph(self._whole())

    def _whole(self) -> ModelProto:
        """Read it each time: it is 60 MB, beside all that is made of it."""
        try:
            return onnx.load_from_string(self._source.graph())
        except DecodeError as error:
            message = (
                f"Voice {self._source.voice.id} is no Piper voice; choose another."
            )
            raise InvalidVoice(message) from error

    def compiled(self, optimiser: Optimiser) -> Compiled:
        """Cut the graph in four, rewrite the parts and optimise them.

        Raises UnknownGraphError when a part is not built as those that can be, and
        what onnxruntime raises.
        """
        block = optimiser.block()
        try:
            names, read = self._text(optimiser, block)
            joints, sounding = self._sound(tiled=block > 0)
        except (KeyError, ValueError, IndexError) as error:
            message = "a part of the graph is not built as it was seen"
            raise UnknownGraphError(message) from error
        flow, coarse, fine = (optimiser.optimised(graph, block) for graph in sounding)
        shape = Shape(names, joints, windowed=block > 0)
        return Compiled(Graphs(read, flow, coarse, fine), shape)

    def _text(self, optimiser: Optimiser, block: int) -> tuple[Names, bytes]:
        """Make what reads: up to the prior of each phoneme, and how long it is."""
        whole, parts = self._whole(), self._parts
        names = Names(
            parts.rhythm_noise,
            of_phonemes(whole, parts.mean),
            of_phonemes(whole, parts.deviation),
            parts.frames,
        )
        given: Shapes = {parts.rhythm_noise: [1, 2, "phonemes"]}
        text = part_of(whole, given, [names.mean, names.deviation, names.frames])
        del whole
        return names, optimiser.optimised(
            optimize_text_encoder(optimiser.folded(text)), block
        )

    def _sound(
        self, *, tiled: bool
    ) -> tuple[tuple[StageBoundary, StageBoundary, StageBoundary], list[ModelProto]]:
        """Rewrite what makes the sound, and cut it where it can be cut."""
        parts = self._parts
        latent, mask = parts.latent, parts.mask
        given: Shapes = {
            latent: [1, parts.channels, "frames"],
            mask: [1, 1, "frames"],
        }
        plain = simplify(part_of(self._whole(), given, [parts.output]), mask)
        flow, coarse, fine = (
            StageBoundary(start, end, receptive_field(plain, start, end, tiled=tiled))
            for start, end in pairwise((latent, *find_seams(plain), parts.output))
        )
        joints = flow, coarse, fine
        flat = to_conv2d(plain, latent, tiled=tiled)
        return joints, [_between(flat, joint) for joint in joints]

    def seeded(self, providers: Providers) -> SeededModel:
        """Give the graph its noise from outside, and change nothing else."""
        parts = self._parts
        graph = with_external_noise(self._whole(), parts).SerializeToString()
        return SeededModel(
            open_graph(graph, providers),
            self._source.manner,
            rhythm_noise=parts.rhythm_noise,
            sound_noise=given(parts),
            channels=parts.channels,
            frames=parts.frames,
            output=parts.output,
            hop=self._source.config.hop_length,
        )


def _between(flat: ModelProto, joint: StageBoundary) -> ModelProto:
    """Cut a part out of the sound, which takes the latent as it is exported."""
    begins = any(tensor.name == joint.given for tensor in flat.graph.input)
    given: Shapes = {joint.given: [1, "channels", 1, "positions"]}
    return part_of(flat, {} if begins else given, [joint.made])
