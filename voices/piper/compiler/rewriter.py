"""Rewrite a voice's exported graph into four faster graphs.

Imports onnx, which takes half a second: import this module only to compile a voice.
"""

from itertools import pairwise

import onnx
from google.protobuf.message import DecodeError
from onnx import ModelProto

from voices.errors import InvalidVoice
from voices.piper.compiled_model import Compiled, Graphs
from voices.piper.compiler.external_noise import noise_input, with_external_noise
from voices.piper.compiler.graph_analysis import (
    GraphAnalysis,
    UnknownGraphError,
    analyse_graph,
    extract_part,
    find_decoder_cuts,
    prior_per_phoneme,
)
from voices.piper.compiler.ort_optimizer import Optimizer
from voices.piper.compiler.passes.conv2d import to_conv2d
from voices.piper.compiler.passes.simplify import simplify
from voices.piper.compiler.passes.text_encoder import optimize_text_encoder
from voices.piper.compiler.receptive_field import receptive_field
from voices.piper.model import Names, SeededModel, Shape
from voices.piper.sessions import Providers, open_graph
from voices.piper.source import Source
from voices.piper.stages import StageBoundary

Shapes = dict[str, list[int | str]]
"""Shapes of a part's inputs; dimensions that vary have a name."""


class GraphRewriter:
    """Rewrites the graph of one voice.

    Raises:
        InvalidVoice: the model is not an onnx graph.
        UnknownGraphError: the graph is not built like a Piper voice's.
    """

    def __init__(self, source: Source) -> None:
        """Read and analyse the graph."""
        self._source = source
        self._parts: GraphAnalysis = analyse_graph(self._whole())

    def _whole(self) -> ModelProto:
        """Read the model; not kept, as it takes 60 MB."""
        try:
            return onnx.load_from_string(self._source.graph())
        except DecodeError as error:
            message = (
                f"Voice {self._source.voice.id} is not a Piper voice; choose another."
            )
            raise InvalidVoice(message) from error

    def compiled(self, optimizer: Optimizer) -> Compiled:
        """Cut the graph into four, rewrite the parts and optimize them.

        Raises:
            UnknownGraphError: a part is not built as those that can be rewritten.
            Exception: any of onnxruntime's errors, which have no common class.
        """
        block = optimizer.block()
        try:
            names, read = self._text(optimizer, block)
            boundaries, sounding = self._sound(tiled=block > 0)
        except (KeyError, ValueError, IndexError) as error:
            message = "a part of the graph is not built as in known voices"
            raise UnknownGraphError(message) from error
        flow, coarse, fine = (optimizer.optimize(graph, block) for graph in sounding)
        shape = Shape(names, boundaries, windowed=block > 0)
        return Compiled(Graphs(read, flow, coarse, fine), shape)

    def _text(self, optimizer: Optimizer, block: int) -> tuple[Names, bytes]:
        """Make the text encoder: ids to durations and the prior of each phoneme."""
        whole, parts = self._whole(), self._parts
        names = Names(
            parts.rhythm_noise,
            prior_per_phoneme(whole, parts.mean),
            prior_per_phoneme(whole, parts.deviation),
            parts.frames,
        )
        given: Shapes = {parts.rhythm_noise: [1, 2, "phonemes"]}
        text = extract_part(whole, given, [names.mean, names.deviation, names.frames])
        del whole
        return names, optimizer.optimize(
            optimize_text_encoder(optimizer.fold_constants(text)), block
        )

    def _sound(
        self, *, tiled: bool
    ) -> tuple[tuple[StageBoundary, StageBoundary, StageBoundary], list[ModelProto]]:
        """Rewrite flow and decoder, and cut them into three parts."""
        parts = self._parts
        latent, mask = parts.latent, parts.mask
        given: Shapes = {
            latent: [1, parts.channels, "frames"],
            mask: [1, 1, "frames"],
        }
        plain = simplify(extract_part(self._whole(), given, [parts.output]), mask)
        flow, coarse, fine = (
            StageBoundary(start, end, receptive_field(plain, start, end, tiled=tiled))
            for start, end in pairwise(
                (latent, *find_decoder_cuts(plain), parts.output)
            )
        )
        boundaries = flow, coarse, fine
        flat = to_conv2d(plain, latent, tiled=tiled)
        return boundaries, [_between(flat, boundary) for boundary in boundaries]

    def seeded(self, providers: Providers) -> SeededModel:
        """Open the exported graph with its noise as an input."""
        parts = self._parts
        graph = with_external_noise(self._whole(), parts).SerializeToString()
        return SeededModel(
            open_graph(graph, providers),
            self._source.synthesis,
            rhythm_noise=parts.rhythm_noise,
            sound_noise=noise_input(parts),
            channels=parts.channels,
            frames=parts.frames,
            output=parts.output,
            hop=self._source.config.hop_length,
        )


def _between(flat: ModelProto, boundary: StageBoundary) -> ModelProto:
    """Cut out one part; only the first takes the latent in its exported shape."""
    begins = any(tensor.name == boundary.input for tensor in flat.graph.input)
    given: Shapes = {boundary.input: [1, "channels", 1, "positions"]}
    return extract_part(flat, {} if begins else given, [boundary.output])
