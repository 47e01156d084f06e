"""Relative attention for near distances gives the same result."""

from dataclasses import dataclass

import numpy as np
import onnx
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import ModelProto

from tests.support.voices.onnx_graphs import (
    ALIKE,
    Floats,
    decibels,
    drawn,
    graph,
    made_by,
    padded_products,
)
from voices.piper.compiler.graph import node_of
from voices.piper.compiler.passes.relative_attention import narrow_attention


@dataclass(frozen=True)
class Attention:
    """Relative attention as exported, of a single product."""

    reach: int
    heads: int

    @property
    def few(self) -> Floats:
        return drawn(1, 2 * self.reach + 1, 4)

    def to_keys(self) -> ModelProto:
        """From queries [1, heads, phonemes, 4] to less of [.., phonemes, phonemes]."""
        return self._graph(
            "across = Transpose<perm = [0, 1, 3, 2]>(vectors)",
            "columns = MatMul(x, across)",
            "beside = Pad(columns, one_beside)",
            "flat = Reshape(beside, flat_shape)",
            "fewer = Sub(length, unit)",
            "end = Concat<axis = 0>(zeros5, fewer)",
            "after = Pad(flat, end)",
            "more = Add(length, unit)",
            "shape = Concat<axis = 0>(kept, more, distances)",
            "rows = Reshape(after, shape)",
            "from = Concat<axis = 0>(zero, fewer)",
            "to = Concat<axis = 0>(length, all)",
            "slanted = Slice(rows, from, to, axes)",
            "y = Neg(slanted)",
        )

    def of_values(self) -> ModelProto:
        """From weights [1, heads, phonemes, phonemes] to [1, heads, phonemes, 4]."""
        return self._graph(
            "fewer = Sub(length, unit)",
            "end = Concat<axis = 0>(zeros7, fewer)",
            "beside = Pad(x, end)",
            "flat = Reshape(beside, flat_shape)",
            "begin = Concat<axis = 0>(zeros2, length, zeros3)",
            "before = Pad(flat, begin)",
            "double = Mul(length, two)",
            "shape = Concat<axis = 0>(kept, length, double)",
            "rows = Reshape(before, shape)",
            "columns = Slice(rows, unit, all, three)",
            "y = MatMul(columns, vectors)",
        )

    def _graph(self, *body: str) -> ModelProto:
        return graph(
            f"float[1,{self.heads},P,W] x",
            "length = Shape<start = 2, end = 3>(x)",
            "beyond = Sub(length, near)",
            "around = Concat<axis = 0>(zero, beyond, zero, zero, beyond, zero)",
            "padded = Pad(few, around)",
            "twice = Add(length, length)",
            "distances = Sub(twice, unit)",
            "cut = Slice(padded, zero, distances, unit)",
            "vectors = Unsqueeze(cut, zero)",
            *body,
            few=self.few,
            near=np.array([self.reach + 1]),
            zero=np.array([0]),
            unit=np.array([1]),
            two=np.array([2]),
            three=np.array([3]),
            all=np.array([2**62]),
            axes=np.array([2, 3]),
            kept=np.array([0, 0]),
            flat_shape=np.array([0, 0, -1]),
            one_beside=np.array([0] * 7 + [1]),
            **{f"zeros{number}": np.zeros(number, np.int64) for number in (2, 3, 5, 7)},
        )

    def distances(self, phonemes: int) -> NDArray[np.int64]:
        """Which of the few vectors belongs to each two phonemes, or -1."""
        at = np.arange(phonemes)
        found = at[np.newaxis] - at[:, np.newaxis] + self.reach
        return np.where((found < 0) | (found > 2 * self.reach), -1, found)


@settings(max_examples=60, deadline=None)
@given(reach=st.integers(1, 5), heads=st.integers(1, 3), phonemes=st.integers(1, 20))
def test_near_keys_are_moved_to_the_diagonals(
    reach: int, heads: int, phonemes: int
) -> None:
    attention = Attention(reach, heads)
    model = attention.to_keys()
    made = narrow_attention(model)
    queries = drawn(1, heads, phonemes, 4)
    at = attention.distances(phonemes)
    few = np.concatenate([attention.few[0], np.zeros((1, 4))])
    expected = -np.einsum("hpc,pkc->hpk", queries[0], few[at])[np.newaxis]
    (exported,), (other,) = (made_by(each, {"x": queries}) for each in (model, made))
    assert decibels(expected, exported) > ALIKE
    assert decibels(exported, other) > ALIKE
    assert (padded_products(model), padded_products(made)) == (1, 0)


@settings(max_examples=60, deadline=None)
@given(reach=st.integers(1, 5), heads=st.integers(1, 3), phonemes=st.integers(1, 20))
def test_near_values_are_moved_from_the_diagonals(
    reach: int, heads: int, phonemes: int
) -> None:
    attention = Attention(reach, heads)
    model = attention.of_values()
    made = narrow_attention(model)
    weights = drawn(1, heads, phonemes, phonemes)
    at = attention.distances(phonemes)
    few = np.concatenate([attention.few[0], np.zeros((1, 4))])
    expected = np.einsum("hpk,pkc->hpc", weights[0], few[at])[np.newaxis]
    (exported,), (other,) = (made_by(each, {"x": weights}) for each in (model, made))
    assert decibels(expected, exported) > ALIKE
    assert decibels(exported, other) > ALIKE
    assert (padded_products(model), padded_products(made)) == (1, 0)


def test_columns_that_are_graph_outputs_keep_their_name() -> None:
    model = Attention(2, 1).to_keys()
    del model.graph.node[-1]
    model.graph.node[-1].output[0] = "y"
    values = {"x": drawn(1, 1, 7, 4)}
    made = narrow_attention(model)
    assert padded_products(made) == 0
    assert decibels(made_by(model, values)[0], made_by(made, values)[0]) > ALIKE


def test_no_tensor_has_a_column_for_every_distance() -> None:
    """Columns are bounded by the phonemes plus the reach, not by twice the phonemes."""
    attention, phonemes = Attention(2, 1), 30
    for model, width in ((attention.to_keys(), 4), (attention.of_values(), phonemes)):
        made = narrow_attention(model)
        names = [node.output[0] for node in made.graph.node]
        made.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
        tensors = made_by(made, {"x": drawn(1, 1, phonemes, width)})
        wide = [tensor for tensor in tensors if tensor.ndim == 4]
        assert max(tensor.shape[-1] for tensor in wide) <= phonemes + 5


def test_a_product_without_distances_stays() -> None:
    padded = "vectors = Pad(few, around)", "cut = Slice(vectors, zero, four, unit)"
    weights: dict[str, object] = {"few": drawn(1, 3, 4)} | {
        name: np.array(values)
        for name, values in (
            ("around", [0, 2, 0, 0, 2, 0]),
            ("zero", [0]),
            ("unit", [1]),
            ("four", [4]),
        )
    }
    for body in (
        # Of padded vectors, but what comes of it is laid on no slant.
        ["u = Unsqueeze(cut, zero)", "y = MatMul(x, u)"],
        ["u = Unsqueeze(cut, zero)", "m = MatMul(x, u)", "y = Tanh(m)"],
        # Not of vectors that are cut out of the padded ones, or not by an axis more.
        ["y = MatMul(x, cut)"],
        ["u = Unsqueeze(vectors, zero)", "y = MatMul(x, u)"],
    ):
        model = graph("float[1,1,5,W] x", *padded, *body, **weights)
        made = narrow_attention(model)
        width = 7 if "vectors" in body[0] else 4
        values = {"x": drawn(1, 1, 5, width)}
        assert padded_products(made) == padded_products(model) == 1
        assert np.array_equal(made_by(model, values)[0], made_by(made, values)[0])


def test_columns_with_two_users_stay() -> None:
    model = Attention(2, 1).to_keys()
    del model.graph.node[-1]
    for line in (
        ("Pad", ["columns", "one_beside"], "again"),
        ("ReduceSum", ["again"], "total"),
        ("Add", ["slanted", "total"], "y"),
    ):
        model.graph.node.append(node_of(*line))
    values = {"x": drawn(1, 1, 7, 4)}
    made = narrow_attention(model)
    assert np.array_equal(made_by(model, values)[0], made_by(made, values)[0])
