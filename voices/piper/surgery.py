"""From a voice's exported graph to graphs that run better.

Needs the onnx package, which takes half a second to import: it is imported with this
module, when a voice is compiled, and not when it speaks.
"""

import onnx
from google.protobuf.message import DecodeError

from voices.errors import VoiceBroken
from voices.piper.anatomy import (
    Anatomy,
    AnatomyUnknownError,
    anatomy_of,
    part_of,
    seam_of,
)
from voices.piper.compile import Providers, Thirds
from voices.piper.model import Names, SeededModel, Shape
from voices.piper.reach import reach_of
from voices.piper.rewrite import flattened, simplified
from voices.piper.seed import given, seeded
from voices.piper.sessions import open_graph
from voices.piper.source import Source


class Surgery:
    """A voice's graph, opened up.

    Raises VoiceBroken when the model is no graph, AnatomyUnknownError when it is not
    joined as a Piper voice's: then nothing here can be done for it.
    """

    def __init__(self, source: Source) -> None:
        """Read and understand the graph."""
        self._source = source
        try:
            self._whole = onnx.load_from_string(source.graph())
        except DecodeError as error:
            message = f"Voice {source.voice.id} is no Piper voice; choose another."
            raise VoiceBroken(message) from error
        self._parts: Anatomy = anatomy_of(self._whole)

    def thirds(self) -> Thirds:
        """Cut the graph in three and rewrite what makes the sound.

        Raises AnatomyUnknownError when a part is not built as those that can be.
        """
        whole, parts = self._whole, self._parts
        text = part_of(
            whole,
            {parts.rhythm_noise: [1, 2, "phonemes"]},
            [parts.mean, parts.deviation, parts.frames],
        )
        sound = part_of(
            whole,
            {
                parts.latent: [1, parts.channels, "frames"],
                parts.mask: [1, 1, "frames"],
            },
            [parts.output],
        )
        try:
            plain = simplified(sound, parts.mask)
            seam = seam_of(plain)
            flow_reach = reach_of(plain, parts.latent, seam)
            decoder_reach = reach_of(plain, seam, parts.output)
            flat = flattened(plain, parts.latent)
            flow = part_of(flat, {}, [seam])
            decoder = part_of(
                flat, {seam: [1, parts.channels, 1, "frames"]}, [parts.output]
            )
        except (KeyError, ValueError, IndexError) as error:
            message = "a part of the graph is not built as it was seen"
            raise AnatomyUnknownError(message) from error
        names = Names(
            rhythm_noise=parts.rhythm_noise,
            mean=parts.mean,
            deviation=parts.deviation,
            frames=parts.frames,
            latent=parts.latent,
            seam=seam,
            output=parts.output,
        )
        return Thirds(
            text.SerializeToString(),
            flow.SerializeToString(),
            decoder.SerializeToString(),
            Shape(names, decoder_reach.hop, flow_reach.halo, decoder_reach.halo),
        )

    def seeded(self, providers: Providers) -> SeededModel:
        """Give the graph its noise from outside, and change nothing else."""
        parts = self._parts
        graph = seeded(self._whole, parts).SerializeToString()
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
