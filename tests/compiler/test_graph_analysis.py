"""Analysis of a voice's graph by its structure."""

import pytest

from tests.support.voices.onnx_graphs import drawn, graph
from voices.piper.compiler.graph_analysis import (
    UnknownGraphError,
    find_decoder_cuts,
    prior_per_phoneme,
)

REPEATED = (
    "a = Transpose<perm = [0, 2, 1]>(x)",
    "b = MatMul(which, a)",
    "y = Transpose<perm = [0, 2, 1]>(b)",
)


def test_the_prior_is_the_tensor_repeated_by_a_product() -> None:
    model = graph("float[1,3,P] x, float[1,F,P] which", *REPEATED)
    assert prior_per_phoneme(model, "y") == "x"


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
def test_a_prior_repeated_in_another_way_is_refused(body: list[str]) -> None:
    model = graph("float[1,3,P] x, float[1,F,P] which", *body)
    with pytest.raises(UnknownGraphError, match="repeat"):
        prior_per_phoneme(model, "y")


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


def test_decoder_cuts_are_before_it_and_before_its_second_upsampling() -> None:
    assert find_decoder_cuts(graph("float[1,3,P] x", *DECODER, k=drawn(3, 3, 1))) == (
        "a",
        "e",
    )


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
        find_decoder_cuts(graph("float[1,3,P] x", *body, k=drawn(3, 3, 1)))
