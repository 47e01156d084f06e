"""Find the parts of a Piper voice's graph by structure, not by name.

A voice is exported as one graph (VITS): an encoder says for each phoneme how many
frames it lasts, a prior gives each frame a mean and a deviation, noise is drawn around
them, and a flow and a decoder make them sound.  Two operators draw the noise.  The
names of the tensors come from the exporter and differ between voices, so none is
trusted.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper

_RANDOM = "RandomNormalLike"


class UnknownGraphError(Exception):
    """A graph is not built like a Piper voice's."""


@dataclass(frozen=True, slots=True)
class GraphAnalysis:
    """Names of the tensors at which a voice's graph can be cut."""

    rhythm_noise: str
    """Noise of the durations, float [1, 2, phonemes]."""

    frames: str
    """Frames that each phoneme lasts, float [1, 1, phonemes], whole numbers."""

    sound_noise: str
    """Noise of the sound, float [1, channels, frames]."""

    mean: str
    deviation: str
    """The prior, float [1, channels, frames]; the deviation as its logarithm."""

    latent: str
    """Mean plus noise: the input of flow and decoder."""

    mask: str
    """1 for each frame of sound; all frames, as one sentence is rendered at a time."""

    channels: int
    """Channels of mean, deviation and noise."""

    output: str


def analyse_graph(model: ModelProto) -> GraphAnalysis:
    """Find where a voice's graph can be cut; raises UnknownGraphError."""
    graph = model.graph
    made_by = {name: node for node in graph.node for name in node.output}
    used_by = users(graph)
    random = [node for node in graph.node if node.op_type == _RANDOM]
    sound = [node for node in random if _is_prior(node, used_by)]
    rhythm = [node for node in random if node not in sound]
    rounded = [node for node in graph.node if node.op_type == "Ceil"]
    if not len(sound) == len(rhythm) == len(rounded) == len(graph.output) == 1:
        message = "the graph does not draw noise as a Piper voice does"
        raise UnknownGraphError(message)
    scaled = used_by[sound[0].output[0]][0]
    exponent = made_by[_other(scaled, sound[0].output[0])]
    latent = _next_of(used_by, scaled.output[0], "Add")
    mean = sound[0].input[0]
    if exponent.op_type != "Exp" or mean not in latent.input:
        message = "the graph does not join mean and noise as a Piper voice does"
        raise UnknownGraphError(message)
    return GraphAnalysis(
        rhythm_noise=rhythm[0].output[0],
        frames=rounded[0].output[0],
        sound_noise=sound[0].output[0],
        mean=mean,
        deviation=exponent.input[0],
        latent=latent.output[0],
        mask=_mask(graph, latent.output[0], rounded[0].output[0]),
        channels=_channels(graph, latent.output[0], used_by),
        output=graph.output[0].name,
    )


def find_decoder_cuts(model: ModelProto) -> tuple[str, str]:
    """Return the tensors between flow and decoder, and within the decoder.

    The first is the input of the convolution before the first upsampling.  The second
    is the input of the second upsampling, before its activation: up to there the
    decoder has a wide receptive field and little work, beyond it the reverse.

    Raises:
        UnknownGraphError: the graph has no such decoder.
    """
    made_by = {name: node for node in model.graph.node for name in node.output}
    upsamplings = [node for node in model.graph.node if node.op_type == "ConvTranspose"]
    if len(upsamplings) > 1:
        first, second = upsamplings[:2]
        before = made_by.get(first.input[0])
        while before is not None and before.op_type != "Conv":
            before = made_by.get(before.input[0])
        activation = made_by.get(second.input[0])
        if before is not None and activation is not None:
            return str(before.input[0]), str(activation.input[0])
    message = "the graph has no decoder"
    raise UnknownGraphError(message)


def prior_per_phoneme(model: ModelProto, name: str) -> str:
    """Return the tensor of a prior per phoneme, before it is repeated per frame.

    The graph repeats it by a product with a matrix of each frame's phoneme.

    Raises:
        UnknownGraphError: the graph does not repeat it so.
    """
    made_by = {name: node for node in model.graph.node for name in node.output}
    for kind, taken in (("Transpose", 0), ("MatMul", 1), ("Transpose", 0)):
        made = made_by.get(name)
        if made is None or made.op_type != kind:
            message = "the graph does not repeat the prior by a product"
            raise UnknownGraphError(message)
        name = made.input[taken]
    return name


def users(graph: GraphProto) -> dict[str, list[NodeProto]]:
    """Return the operators that use each tensor."""
    using: defaultdict[str, list[NodeProto]] = defaultdict(list)
    for node in graph.node:
        for name in node.input:
            using[name].append(node)
    return using


def extract_part(
    model: ModelProto, inputs: Mapping[str, Sequence[int | str]], outputs: Iterable[str]
) -> ModelProto:
    """Return the part of a model between given float tensors.

    Args:
        model: the model; its inputs stay inputs of the part where it needs them.
        inputs: names and shapes of the tensors where the part begins.
        outputs: names of the tensors where it ends.
    """
    graph = model.graph
    made_by = {name: node for node in graph.node for name in node.output}
    wanted, needed = list(outputs), set[str]()
    while wanted:
        name = wanted.pop()
        if name in inputs or name in needed:
            continue
        needed.add(name)
        if name in made_by:
            wanted += made_by[name].input
    nodes = [node for node in graph.node if needed.intersection(node.output)]
    floats = TensorProto.FLOAT
    part = helper.make_graph(
        nodes,
        graph.name,
        [
            *(tensor for tensor in graph.input if tensor.name in needed),
            *(helper.make_tensor_value_info(n, floats, s) for n, s in inputs.items()),
        ],
        [helper.make_tensor_value_info(name, floats, None) for name in outputs],
        [tensor for tensor in graph.initializer if tensor.name in needed],
    )
    made = helper.make_model(part, opset_imports=model.opset_import)
    made.ir_version = model.ir_version
    return made


def _is_prior(node: NodeProto, used_by: Mapping[str, list[NodeProto]]) -> bool:
    """Whether the noise is scaled by an exponential and then added to the mean."""
    steps = []
    name = node.output[0]
    for _ in range(3):
        following = used_by.get(name, [])
        if len(following) != 1:
            return False
        steps.append(following[0].op_type)
        name = following[0].output[0]
    return steps == ["Mul", "Mul", "Add"]


def _next_of(
    used_by: Mapping[str, list[NodeProto]], name: str, op_type: str
) -> NodeProto:
    """Follow single users to the first operator of a type."""
    node = used_by[name][0]
    while node.op_type != op_type:
        node = used_by[node.output[0]][0]
    return node


def _other(node: NodeProto, name: str) -> str:
    return str(next(taken for taken in node.input if taken != name))


def _mask(graph: GraphProto, latent: str, frames: str) -> str:
    """Find the tensor, besides the latent, that carries durations to the sound."""
    of_frames, of_latent = {frames}, {latent}
    found = set[str]()
    for node in graph.node:
        if of_latent.intersection(node.input):
            found |= of_frames.intersection(node.input) - of_latent
            of_latent.update(node.output)
        elif of_frames.intersection(node.input):
            of_frames.update(node.output)
    if len(found) != 1:
        message = "the sound depends on more than latent and mask"
        raise UnknownGraphError(message)
    return found.pop()


def _channels(
    graph: GraphProto, latent: str, used_by: Mapping[str, list[NodeProto]]
) -> int:
    """Return twice the input channels of the first convolution of half the latent."""
    weights = {tensor.name: tensor for tensor in graph.initializer}
    seen, wanted = set[str](), [latent]
    while wanted:
        name = wanted.pop(0)
        for node in used_by.get(name, []):
            if node.op_type == "Conv" and node.input[1] in weights:
                return 2 * int(weights[node.input[1]].dims[1])
            wanted += [name for name in node.output if name not in seen]
            seen.update(node.output)
    message = "the graph has no flow"
    raise UnknownGraphError(message)
