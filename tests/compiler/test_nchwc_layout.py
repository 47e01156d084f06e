"""A graph in the blocked layout gives the result of the plain graph."""

from collections.abc import Callable, Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto

from tests.support.voices.graph_sketches import (
    Sketch,
    Step,
    beginning,
    beginning_finer,
    convolved,
    every_second,
    exchanged,
    finer,
    flipped,
    gated,
    joined_along,
    louder,
    parted_unevenly,
    pointwise,
    residual,
    scaled,
    tiled,
    trimmed,
    two_summed,
)
from tests.support.voices.onnx_graphs import ALIKE, CPU, decibels
from voices.piper.compiler.ort_optimizer import Optimizer
from voices.piper.sessions import UNOPTIMIZED, open_graph

WIDTHS = (9, 13, 34)


@pytest.fixture(name="optimizer", scope="module")
def _optimiser(tmp_path_factory: pytest.TempPathFactory) -> Optimizer:
    return Optimizer(CPU, tmp_path_factory.mktemp("graphs"))


def resemblance(
    sketch: Sketch,
    outputs: Iterable[str],
    optimizer: Optimizer,
    widths: Iterable[int] = WIDTHS,
) -> float:
    """Return the ratio of a graph's output to its change by optimization, in dB."""
    model = sketch.model(*outputs)
    plain = open_graph(model.SerializeToString(), CPU, level=UNOPTIMIZED)
    made = optimizer.optimize(model, optimizer.block())
    fast = open_graph(made, CPU, level=UNOPTIMIZED)
    worst = np.inf
    for width in widths:
        values = sketch.values(width)
        for expected, actual in zip(
            plain.run(None, values), fast.run(None, values), strict=True
        ):
            assert expected.shape == actual.shape
            worst = min(worst, decibels(expected, actual))
    return worst


STEPS: dict[str, st.SearchStrategy[Step]] = {
    "conv": st.builds(
        convolved,
        st.sampled_from([7, 16, 20, 32, 64]),
        st.sampled_from([1, 3]),
        st.integers(1, 3),
    ),
    "pointwise": st.builds(
        pointwise, st.sampled_from(["LeakyRelu", "Neg", "Sigmoid", "Tanh"])
    ),
    "one of": st.sampled_from(
        [scaled, louder, residual, two_summed, gated, flipped, trimmed(0), trimmed(1)]
    ),
    "exchanged": st.builds(exchanged, st.sampled_from([8, 16, 20, 32])),
    "finer": st.builds(finer, st.sampled_from([2, 4])),
    "tiled": st.sampled_from([tiled(2, 4), tiled(4, 2)]),
}


@settings(max_examples=200, deadline=None)
@given(
    first=st.sampled_from([4, 7, 16, 24, 32, 48]),
    steps=st.lists(st.one_of(*STEPS.values()), min_size=2, max_size=8),
    also=st.integers(0, 7),
    known=st.booleans(),
)
def test_any_chain_of_operators_is_equal_in_the_blocked_layout(
    optimizer: Optimizer, first: int, steps: list[Step], also: int, *, known: bool
) -> None:
    """Intermediate outputs are read in the plain layout, too."""
    sketch = Sketch(known_channels=known)
    rows = [sketch.conv(sketch.row(first), 32)]
    for step in steps:
        rows.append(step(sketch, rows[-1]))
    last = sketch.conv(rows[-1], 16)
    outputs = dict.fromkeys([last, rows[min(also, len(steps))]])
    assert resemblance(sketch, outputs, optimizer) > ALIKE


def of_products(sketch: Sketch, row: str) -> str:
    return sketch.put("Mul", [row, row])


def computed_late(sketch: Sketch, row: str) -> str:
    """Add a tensor that exists only in the plain layout."""
    return sketch.put("Add", [row, flipped(sketch, row)])


def cut_within(sketch: Sketch, row: str) -> str:
    return sketch.cut(row, 8, 40, 1)


def from_the_end(sketch: Sketch, row: str) -> str:
    return sketch.cut(row, -32, 64, 1)


def to_the_end(sketch: Sketch, row: str) -> str:
    return sketch.cut(row, 32, 10_000, 1)


def of_the_row(sketch: Sketch, row: str) -> str:
    return sketch.cut(row, 1, -2, 3)


def parted_within(sketch: Sketch, row: str) -> str:
    first, two = sketch.parted(row, 24, 40)
    return sketch.put("Concat", [two, first], 64, axis=1)


def told_its_channels(sketch: Sketch, row: str) -> str:
    """Multiply by the Shape of channels and positions."""
    lengths = sketch.put("Shape", [row], 0, start=1, end=4)
    floats = sketch.put("Cast", [lengths], 0, to=TensorProto.FLOAT)
    weight = sketch.put("ReduceSum", [floats], 0, keepdims=0)
    return sketch.put("Mul", [sketch.put("Neg", [row]), weight])


def laid_otherwise(sketch: Sketch, row: str) -> str:
    """Turn a row into one of half the channels, without phases."""
    length = sketch.numbers(1, 32, 1, -1)
    return sketch.put("Reshape", [row, length], 32)


def told_of_few_channels(sketch: Sketch, row: str) -> str:
    """Take the Shape of channels that do not fill a block."""
    return told_its_channels(sketch, sketch.conv(row, 7))


def shared_out(sketch: Sketch, row: str) -> str:
    """Divide by channels that fill a block only in part."""
    # What is next to nothing, but for a bias, rounds as little as this.
    quiet = sketch.put("Mul", [row, sketch.weight(gain=0.01)])
    return sketch.put("Div", [sketch.conv(quiet, 20), sketch.conv(quiet, 20)])


def added_to_few(sketch: Sketch, row: str) -> str:
    return residual(sketch, sketch.weave(sketch.conv(row, 14), 2, 7))


def with_one_channel(kind: str) -> Step:
    def step(sketch: Sketch, row: str) -> str:
        return sketch.put(kind, [row, sketch.put("Sigmoid", [sketch.conv(row, 1)])])

    return step


def with_its_first_channel(sketch: Sketch, row: str) -> str:
    return sketch.put("Add", [row, sketch.cut(row, 0, 1, 1)])


def with_its_length(sketch: Sketch, row: str) -> str:
    length = sketch.put("Shape", [row], 0, start=3, end=4)
    floats = sketch.put("Cast", [length], 0, to=TensorProto.FLOAT)
    return sketch.put("Mul", [row, floats])


def with_channels_last(sketch: Sketch, row: str) -> str:
    last = sketch.put("Transpose", [row], perm=[0, 2, 3, 1])
    number = sketch.channels[row]
    mixed = sketch.put("MatMul", [last, sketch.weight(number, number, gain=0.1)])
    return sketch.put("Transpose", [mixed], perm=[0, 3, 1, 2])


def of_another_row(sketch: Sketch, row: str) -> str:
    """Interleave a row that is a graph input, and take it by a convolution, too."""
    other = sketch.row(64)
    taken = [sketch.conv(other, 32), sketch.weave(other, 2, 32), sketch.conv(row, 32)]
    return sketch.put("Concat", taken, axis=3)


def turned_otherwise(sketch: Sketch, row: str) -> str:
    """Reshape and transpose as in interleaving, but in another order."""
    apart = sketch.put("Reshape", [row, sketch.numbers(1, 2, 32, -1)])
    between = sketch.put("Transpose", [apart], perm=[0, 1, 3, 2])
    return sketch.put("Reshape", [between, sketch.numbers(1, 32, 1, -1)], 32)


def woven_to_another_row(sketch: Sketch, row: str) -> str:
    made = sketch.weave(row, 2, 32)
    sketch.draft.constant(sketch.draft.nodes[-1].input[1], [1, 64, 1, -1])
    sketch.channels[made] = 64
    return made


def woven_and_read(sketch: Sketch, row: str) -> str:
    """Read an intermediate tensor of an interleaving."""
    made = sketch.weave(row, 2, 32)
    length = sketch.numbers(1, 1, 32, -1)
    again = sketch.put("Reshape", [f"{made}.between", length], 0)
    turned = sketch.put("Transpose", [again], 32, perm=[0, 2, 1, 3])
    return sketch.put("Add", [made, turned])


def folded_over(sketch: Sketch, row: str) -> str:
    """Interleave phases of only half of the channels."""
    return sketch.weave(row, 4, 32)


def mixed_and_folded(sketch: Sketch, row: str) -> str:
    apart = sketch.put("Reshape", [row, sketch.numbers(4, -1)])
    mixed = sketch.put("MatMul", [sketch.weight(4, 4, gain=0.5), apart])
    return sketch.weave(mixed, 2, 64)


@pytest.mark.parametrize("step", [folded_over, mixed_and_folded])
def test_operators_similar_to_interleaving_stay_unchanged(
    step: Step, optimizer: Optimizer
) -> None:
    sketch = Sketch()
    last = sketch.conv(step(sketch, beginning(sketch)), 16)
    assert resemblance(sketch, [last], optimizer, (10, 32)) > ALIKE


@pytest.mark.parametrize(
    "step",
    [
        added_to_few,
        computed_late,
        cut_within,
        every_second,
        exchanged(24),
        exchanged(32),
        finer(4),
        finer(64),
        flipped,
        from_the_end,
        gated,
        joined_along,
        laid_otherwise,
        louder,
        of_another_row,
        of_products,
        of_the_row,
        parted_unevenly,
        parted_within,
        shared_out,
        tiled(2, 4),
        tiled(8, 4),
        to_the_end,
        told_its_channels,
        told_of_few_channels,
        trimmed(0),
        trimmed(1),
        turned_otherwise,
        two_summed,
        with_channels_last,
        with_its_first_channel,
        with_its_length,
        with_one_channel("Add"),
        with_one_channel("Mul"),
        woven_and_read,
        woven_to_another_row,
    ],
)
@pytest.mark.parametrize("also", [False, True])
@pytest.mark.parametrize("start", [beginning, beginning_finer])
def test_an_operator_between_convolutions_is_equal_in_the_blocked_layout(
    step: Step, start: Callable[[Sketch], str], optimizer: Optimizer, *, also: bool
) -> None:
    sketch = Sketch()
    row = start(sketch)
    made = step(sketch, row)
    last = sketch.conv(made, 16)
    outputs = [made, last, row] if also else [last]
    assert resemblance(sketch, outputs, optimizer) > ALIKE


@pytest.mark.parametrize("inner", ["apart", "between"])
def test_intermediate_tensors_of_an_interleaving_stay_available(
    inner: str, optimizer: Optimizer
) -> None:
    sketch = Sketch()
    made = sketch.weave(beginning(sketch), 2, 32)
    outputs = [sketch.conv(made, 16), f"{made}.{inner}"]
    assert resemblance(sketch, outputs, optimizer) > ALIKE


def test_rows_with_fewer_channels_than_a_block_are_added(
    optimizer: Optimizer,
) -> None:
    sketch = Sketch()
    row = sketch.row(64)
    rows = [sketch.weave(sketch.conv(row, 2 * number), 2, number) for number in (16, 1)]
    assert resemblance(sketch, [sketch.put("Add", rows)], optimizer) > ALIKE
