"""The text encoder gives the same result without mask and paddings."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import ModelProto

from tests.support.voices.onnx_graphs import (
    ALIKE,
    CPU,
    decibels,
    drawn,
    graph,
    kinds,
    made_by,
    padded_products,
)
from voices.catalogue import open_catalogue
from voices.piper.compiler.graph_analysis import (
    analyse_graph,
    extract_part,
    prior_per_phoneme,
)
from voices.piper.compiler.ort_optimizer import Optimizer
from voices.piper.compiler.passes.simplify import simplify
from voices.piper.compiler.passes.text_encoder import optimize_text_encoder

LENGTHS = (
    "length = Gather(input_lengths, first)",
    "positions = Range(zero, length, one)",
    "there = Less(positions, length)",
    "mask = Cast<to = 1>(there)",
)
COUNTED: dict[str, object] = {"first": np.array(0), "zero": np.array(0)} | {
    "one": np.array(1)
}


def test_a_computed_mask_is_removed_with_its_operators() -> None:
    model = graph(
        "float[1,3,N] x, int64[1] input_lengths",
        *LENGTHS,
        "m = Mul(x, mask)",
        "t = Tanh(m)",
        "n = Mul(t, mask)",
        "y = Neg(n)",
        **COUNTED,
    )
    values = {"x": drawn(1, 3, 6), "input_lengths": np.array([6])}
    for made in (simplify(model, "mask"), optimize_text_encoder(model)):
        assert [node.op_type for node in made.graph.node] == ["Tanh", "Neg"]
        assert np.array_equal(made_by(model, values)[0], made_by(made, values)[0])


def test_without_lengths_there_is_no_mask() -> None:
    signature = "float[1,3,N] x, float[1,1,N] mask"
    model = graph(signature, "m = Mul(x, mask)", "y = Tanh(m)")
    assert kinds(optimize_text_encoder(model)) == kinds(model)


def convolution(*body: str, **weights: object) -> ModelProto:
    return graph(
        "float[1,3,N] x",
        *body,
        "y = Conv<kernel_shape = [3], pads = [1, 0]>(p, kernel)",
        kernel=drawn(2, 3, 3),
        **weights,
    )


def is_left(model: ModelProto) -> bool:
    """Return whether the padding is kept; check that the result is the same."""
    made = optimize_text_encoder(model)
    values = {"x": drawn(1, 3, 6)}
    (before,), (other,) = made_by(model, values), made_by(made, values)
    assert decibels(before, other) > ALIKE
    return "Pad" in kinds(made)


@pytest.mark.parametrize("around", [(1, 1), (2, 0), (0, 3), (0, 0)])
def test_a_padding_is_merged_into_the_convolution(around: tuple[int, int]) -> None:
    before, after = around
    pads = np.array([0, 0, before, 0, 0, after])
    for body in ("p = Pad(x, pads)", 'p = Pad<mode = "constant">(x, pads)'):
        assert not is_left(convolution(body, pads=pads))


@pytest.mark.parametrize(
    "pads", [(0, 1, 0, 0, 0, 0), (0, 0, 1, 0, 1, 1), (1, 0, 1, 0, 0, 1)]
)
def test_a_padding_that_is_not_along_the_length_stays(pads: tuple[int, ...]) -> None:
    """It adds channels or sentences, which a convolution cannot."""
    model = graph(
        "float[1,C,N] x",
        "p = Pad(x, pads)",
        "y = Conv<kernel_shape = [3], pads = [1, 0]>(p, kernel)",
        pads=np.array(pads),
        kernel=drawn(2, 3, 3),
    )
    made = optimize_text_encoder(model)
    assert kinds(made) == kinds(model)
    values = {"x": drawn(1, 3 - pads[1] - pads[4], 6)}
    assert np.array_equal(made_by(model, values)[0], made_by(made, values)[0])


@pytest.mark.parametrize(
    "padding", ["Pad(x, pads, value)", 'Pad<mode = "reflect">(x, pads)']
)
def test_a_padding_that_is_not_of_zeros_stays(padding: str) -> None:
    pads = np.array([0, 0, 1, 0, 0, 1])
    assert is_left(convolution(f"p = {padding}", pads=pads, value=1.0))


@pytest.mark.parametrize("mode", ["", ', auto_pad = "SAME_UPPER"'])
def test_a_convolution_without_pads_gets_none(mode: str) -> None:
    model = graph(
        "float[1,3,N] x",
        "p = Pad(x, pads)",
        f"y = Conv<kernel_shape = [3]{mode}>(p, kernel)",
        pads=np.array([0, 0, 1, 0, 0, 1]),
        kernel=drawn(2, 3, 3),
    )
    assert is_left(model)


def test_a_padding_that_is_computed_stays() -> None:
    body = "length = Shape<start = 2>(x)", "pads = Concat<axis = 0>(zeros, length)"
    zeros = np.zeros(5, np.int64)
    assert is_left(convolution(*body, "p = Pad(x, pads)", zeros=zeros))


def test_a_padding_with_other_users_stays() -> None:
    pads = np.array([0, 0, 1, 0, 0, 1])
    model = graph(
        "float[1,3,N] x",
        "p = Pad(x, pads)",
        "c = Conv<kernel_shape = [3], pads = [1, 1]>(p, kernel)",
        "t = Tanh(p)",
        "y = Add(c, t)",
        pads=pads,
        kernel=drawn(3, 3, 3),
    )
    assert is_left(model)


@dataclass(frozen=True)
class Read:
    """The packaged voice's text encoder, exported and optimized."""

    exported: ModelProto
    quick: ModelProto
    names: tuple[str, str, str]
    """Return the prior of each phoneme, and its frames."""

    whole: tuple[str, str]
    """Return the prior of each frame."""

    noise: str

    def values(self, phonemes: int) -> dict[str, Any]:
        chance = np.random.default_rng(phonemes)
        return {
            "input": chance.integers(0, 120, (1, phonemes)),
            "input_lengths": np.array([phonemes]),
            "scales": np.array([0.667, 1.0, 0.8], dtype=np.float32),
            self.noise: drawn(1, 2, phonemes),
        }


@pytest.fixture(name="read", scope="module")
def _read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    whole = onnx.load(open_catalogue().find("en_US-joe-medium").model or "")
    parts = analyse_graph(whole)
    prior = parts.mean, parts.deviation
    mean, deviation = (prior_per_phoneme(whole, name) for name in prior)
    names = mean, deviation, parts.frames
    shapes: dict[str, list[int | str]] = {parts.rhythm_noise: [1, 2, "phonemes"]}
    exported = extract_part(whole, shapes, [*names, *prior])
    part = extract_part(whole, shapes, names)
    quick = optimize_text_encoder(
        Optimizer(CPU, tmp_path_factory.mktemp("graphs")).fold_constants(part)
    )
    return Read(exported, quick, names, prior, parts.rhythm_noise)


@pytest.mark.live
@pytest.mark.parametrize("phonemes", [1, 2, 3, 4, 5, 6, 8, 9, 10, 17, 37, 60])
def test_the_packaged_text_encoder_is_equal_optimized(
    read: Read, phonemes: int
) -> None:
    """Distances up to four have vectors; shorter and longer texts are tried."""
    values = read.values(phonemes)
    mean, deviation, frames, *_ = made_by(read.exported, values)
    quick = made_by(read.quick, values)
    assert np.array_equal(frames, quick[2])
    assert decibels(mean, quick[0]) > ALIKE
    assert decibels(deviation, quick[1]) > ALIKE


@pytest.mark.live
def test_the_packaged_text_encoder_has_no_paddings(read: Read) -> None:
    assert padded_products(read.exported) == 12
    assert padded_products(read.quick) == 0
    before, after = kinds(read.exported), kinds(read.quick)
    assert after["Where"] < before["Where"]
    makers = {name: node for node in read.quick.graph.node for name in node.output}
    for node in read.quick.graph.node:
        if node.op_type == "Conv" and node.input[0] in makers:
            assert makers[node.input[0]].op_type != "Pad"


@pytest.mark.live
def test_the_prior_repeated_by_frames_is_the_exported_one(read: Read) -> None:
    *each, frames, mean, deviation = made_by(read.exported, read.values(23))
    number = frames.ravel().astype(int)
    assert number.sum() > 23
    for phoneme_values, repeated in zip(each, (mean, deviation), strict=True):
        assert np.array_equal(np.repeat(phoneme_values, number, axis=2), repeated)
