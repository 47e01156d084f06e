"""Where a voice's graph can be cut is found by how its parts are joined."""

import pytest

from tests.support.onnx_graphs import drawn, graph
from voices.piper.compiler.graph_analysis import (
    UnknownGraphError,
    find_seams,
    of_phonemes,
)

REPEATED = (
    "a = Transpose<perm = [0, 2, 1]>(x)",
    "b = MatMul(which, a)",
    "y = Transpose<perm = [0, 2, 1]>(b)",
)


def test_a_prior_is_what_is_repeated_by_a_product() -> None:
    model = graph("float[1,3,P] x, float[1,F,P] which", *REPEATED)
    assert of_phonemes(model, "y") == "x"


@pytest.mark.parametrize(
    "body",
    [
        ["y = Tanh(x)"],
        ["y = Transpose<perm = [0, 2, 1]>(x)"],
        ["b = MatMul(which, x)", "y = Transpose<perm = [0, 2, 1]>(b)"],
        ["a = Transpose<perm = [0, 2, 1]>(x)", "y = MatMul(which, a)"],
        [REPEATED[0], "b = Add(which, a)", REPEATED[2]],
        # The product the other way round.
        [REPEATED[0], "b = MatMul(a, which)", REPEATED[2]],
    ],
)
def test_a_prior_that_is_repeated_otherwise_is_not_known(body: list[str]) -> None:
    model = graph("float[1,3,P] x, float[1,F,P] which", *body)
    with pytest.raises(UnknownGraphError, match="repeat"):
        of_phonemes(model, "y")


DECODER = (
    "a = Tanh(x)",
    "b = Conv(a, k)",
    "c = LeakyRelu(b)",
    "d = ConvTranspose(c, k)",
    "e = Add(d, d)",
    "f = LeakyRelu(e)",
    "g = ConvTranspose(f, k)",
    "y = Tanh(g)",
)


def test_seams_are_before_the_decoder_and_before_its_second_upsampling() -> None:
    assert find_seams(graph("float[1,3,P] x", *DECODER, k=drawn(3, 3, 1))) == ("a", "e")


@pytest.mark.parametrize("missing", ["ConvTranspose", "Conv(", "f = LeakyRelu", "all"])
def test_without_two_upsamplings_there_is_no_decoder(missing: str) -> None:
    replaced = {
        "ConvTranspose": ("g = ConvTranspose(f, k)", "g = Conv(f, k)"),
        "Conv(": ("b = Conv(a, k)", "b = Tanh(a)"),
        "f = LeakyRelu": ("g = ConvTranspose(f, k)", "g = ConvTranspose(x, k)"),
        "all": ("ConvTranspose", "Conv"),
    }[missing]
    body = [line.replace(*replaced) for line in DECODER]
    with pytest.raises(UnknownGraphError, match="decoder"):
        find_seams(graph("float[1,3,P] x", *body, k=drawn(3, 3, 1)))
