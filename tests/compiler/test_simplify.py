"""A graph gives the same result without the mask and idle operators."""

import numpy as np
import pytest

from tests.support.voices.onnx_graphs import drawn, graph, kinds, made_by
from voices.piper.compiler.passes.simplify import simplify

MASKED = "float[1,3,N] x, float[1,1,N] mask"
GIVEN = {"x": drawn(1, 3, 6), "mask": np.ones((1, 1, 6), dtype=np.float32)}
WEIGHTS: dict[str, object] = {"none": 0.0, "one": 1.0, "little": -0.5}
WEIGHTS |= {"two": np.array([2]), "last": np.array([3])}


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (["m = Mul(x, mask)", "y = Tanh(m)"], ["Tanh"]),
        (["m = Mul(mask, x)", "y = Tanh(m)"], ["Tanh"]),
        (["a = Mul(x, mask)", "b = Mul(a, mask)", "y = Tanh(b)"], ["Tanh"]),
        (
            [
                "across = Transpose<perm = [0, 2, 1]>(x)",
                "m = Transpose<perm = [0, 2, 1]>(mask)",
                "n = Mul(across, m)",
                "y = Tanh(n)",
            ],
            ["Tanh", "Transpose"],
        ),
        (
            ["s = Shape(x)", "z = ConstantOfShape(s)", "a = Add(x, z)", "y = Tanh(a)"],
            ["Tanh"],
        ),
        (
            ["s = Shape(x)", "z = ConstantOfShape(s)", "a = Add(z, x)", "y = Tanh(a)"],
            ["Tanh"],
        ),
        (
            ["s = Shape(x)", "z = ConstantOfShape(s)", "a = Sub(x, z)", "y = Tanh(a)"],
            ["Tanh"],
        ),
        (
            [
                "s = Shape(x)",
                "o = ConstantOfShape<value = float[1] {1.0}>(s)",
                "a = Mul(x, o)",
                "y = Tanh(a)",
            ],
            ["Tanh"],
        ),
        (
            [
                "s = Shape(x)",
                "z = ConstantOfShape(s)",
                "minus = Neg(z)",
                "o = Exp(minus)",
                "a = Mul(x, o)",
                "y = Tanh(a)",
            ],
            ["Tanh"],
        ),
        (
            [
                "never = Equal(mask, none)",
                "w = Where(never, little, x)",
                "y = Tanh(w)",
            ],
            ["Tanh"],
        ),
        # What the graph makes is called as it was.
        (["t = Tanh(x)", "y = Mul(t, mask)"], ["Identity", "Tanh"]),
        (["a = Mul(x, mask)", "y = Mul(a, mask)"], ["Identity"]),
        (["s = Shape(x)", "z = ConstantOfShape(s)", "y = Add(x, z)"], ["Identity"]),
        (
            [
                "rows = Unsqueeze(mask, two)",
                "columns = Unsqueeze(mask, last)",
                "plane = Mul(rows, columns)",
                "never = Equal(plane, none)",
                "whole = Unsqueeze(x, two)",
                "w = Where(never, little, whole)",
                "y = Tanh(w)",
            ],
            ["Tanh", "Unsqueeze"],
        ),
    ],
)
def test_operators_of_a_mask_of_ones_are_removed(
    body: list[str], left: list[str]
) -> None:
    model = graph(MASKED, *body, **WEIGHTS)
    made = simplify(model, "mask")
    assert sorted(node.op_type for node in made.graph.node) == left
    assert [name.name for name in made.graph.input] == ["x"]
    (before,), (other,) = made_by(model, GIVEN), made_by(made, GIVEN)
    assert np.array_equal(np.broadcast_to(other, before.shape), before)


@pytest.mark.parametrize(
    "body",
    [
        # A mask with another axis makes what it is multiplied with larger.
        ["wide = Unsqueeze(mask, two)", "m = Mul(x, wide)", "y = Tanh(m)"],
        ["wide = Unsqueeze(mask, two)", "m = Mul(wide, x)", "y = Tanh(m)"],
        [
            "wide = Unsqueeze(mask, two)",
            "turned = Transpose<perm = [0, 2, 1, 3]>(wide)",
            "m = Mul(x, turned)",
            "y = Tanh(m)",
        ],
        [
            "wide = Unsqueeze(mask, two)",
            "turned = Transpose<perm = [0, 2, 1]>(mask)",
            "plane = Mul(wide, turned)",
            "whole = Unsqueeze(x, two)",
            "m = Mul(whole, plane)",
            "y = Tanh(m)",
        ],
        # An input that is added, subtracted from or divided by is not a mask.
        ["m = Add(x, mask)", "y = Tanh(m)"],
        ["m = Sub(x, mask)", "y = Tanh(m)"],
        ["m = Sub(mask, x)", "y = Tanh(m)"],
        ["s = Shape(x)", "z = ConstantOfShape(s)", "m = Sub(z, x)", "y = Tanh(m)"],
        ["s = Shape(x)", "z = ConstantOfShape(s)", "m = Mul(z, x)", "y = Tanh(m)"],
        [
            "s = Shape(x)",
            "o = ConstantOfShape<value = float[1] {1.0}>(s)",
            "m = Add(o, x)",
            "y = Tanh(m)",
        ],
        [
            "s = Shape(x)",
            "o = ConstantOfShape<value = float[1] {1.0}>(s)",
            "e = Exp(o)",
            "m = Mul(e, x)",
            "y = Tanh(m)",
        ],
        [
            "s = Shape(x)",
            "t = ConstantOfShape<value = float[1] {2.0}>(s)",
            "m = Mul(x, t)",
            "y = Tanh(m)",
        ],
        # A condition that is not, as exported, whether the mask is zero.
        ["when = Equal(x, none)", "m = Where(when, little, x)", "y = Tanh(m)"],
        ["when = Equal(mask, one)", "m = Where(when, little, x)", "y = Tanh(m)"],
        ["when = Equal(none, mask)", "m = Where(when, little, x)", "y = Tanh(m)"],
    ],
)
def test_operators_with_an_effect_are_kept(body: list[str]) -> None:
    model = graph(MASKED, *body, **WEIGHTS)
    made = simplify(model, "mask")
    assert kinds(made) == kinds(model)
    (before,), (other,) = made_by(model, GIVEN), made_by(made, GIVEN)
    assert np.array_equal(before, other)
