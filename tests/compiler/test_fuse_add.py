"""Additions are fused into blocked convolutions."""

import pytest
from onnx import NodeProto

from voices.piper.compiler.graph import node_of
from voices.piper.compiler.passes.fuse_add import DOMAIN, fuse_adds


def blocked_conv(*addends: str, made: str = "c", **given: str) -> NodeProto:
    return node_of(
        "Conv", ["x", "kernel", *addends], made, domain=DOMAIN, group=1, **given
    )


OTHER = node_of("Tanh", ["x"], "other")


@pytest.mark.parametrize("order", [["c", "other"], ["other", "c"]])
def test_an_addition_is_fused_into_the_convolution_before_it(order: list[str]) -> None:
    nodes = [blocked_conv("bias"), OTHER, node_of("Add", order, "y")]
    _, made = fuse_adds(nodes, frozenset(["y"]))
    assert made == blocked_conv("bias", "other", made="y")


def test_a_sum_of_two_convolutions_is_fused_into_one() -> None:
    nodes = [
        blocked_conv("bias"),
        blocked_conv("bias", made="d"),
        node_of("Add", ["c", "d"], "y"),
    ]
    made = fuse_adds(nodes, frozenset(["y"]))
    assert made == [
        blocked_conv("bias", made="d"),
        blocked_conv("bias", "d", made="y"),
    ]


def test_a_sum_of_several_terms_is_fused_stepwise() -> None:
    nodes = [
        OTHER,
        blocked_conv("bias"),
        node_of("Add", ["c", "other"], "partly"),
        blocked_conv("bias", made="d"),
        node_of("Add", ["partly", "d"], "y"),
    ]
    assert fuse_adds(nodes, frozenset(["y"])) == [
        OTHER,
        blocked_conv("bias", "other", made="partly"),
        blocked_conv("bias", "partly", made="y"),
    ]


SUM = node_of("Add", ["c", "other"], "y")


@pytest.mark.parametrize(
    "nodes",
    [
        pytest.param(
            [blocked_conv("bias"), OTHER, SUM, node_of("Neg", ["c"], "z")],
            id="taken twice",
        ),
        pytest.param(
            [blocked_conv("bias"), node_of("Add", ["c", "c"], "y")], id="its double"
        ),
        pytest.param(
            [blocked_conv("bias", activation="Relu"), OTHER, SUM], id="activation"
        ),
        pytest.param(
            [blocked_conv("bias"), node_of("Add", ["c", "weight"], "y")], id="weight"
        ),
        pytest.param([blocked_conv(), OTHER, SUM], id="without a bias"),
        pytest.param([blocked_conv("bias", "sum"), OTHER, SUM], id="adds already"),
        pytest.param(
            [node_of("Conv", ["x", "kernel", "bias"], "c"), OTHER, SUM], id="plain"
        ),
        pytest.param(
            [blocked_conv("bias"), OTHER, node_of("Mul", ["c", "other"], "y")],
            id="a product",
        ),
    ],
)
def test_a_convolution_is_not_fused(nodes: list[NodeProto]) -> None:
    assert fuse_adds(nodes, frozenset(["y", "z"])) == nodes


def test_a_convolution_that_is_a_graph_output_is_not_fused() -> None:
    nodes = [blocked_conv("bias"), OTHER, SUM]
    assert fuse_adds(nodes, frozenset(["c", "y"])) == nodes
