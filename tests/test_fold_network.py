from __future__ import annotations

import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from tools.fold_network import folded

cv2 = pytest.importorskip("cv2", reason="the extra vision is not installed")
numpy = pytest.importorskip("numpy")


def network(*nodes: onnx.NodeProto, out: str) -> bytes:
    """Return a network from "samples" of 8 by 8 pixels in 3 channels to `out` in 4 channels."""
    numbers = numpy.random.default_rng(5)
    shapes = {"weights": (4, 3, 3, 3), "bias": (1, 4, 1, 1), "one": (1, 1, 1, 1)}
    graph = helper.make_graph(
        list(nodes),
        "network",
        [helper.make_tensor_value_info("samples", TensorProto.FLOAT, (1, 3, 8, 8))],
        [helper.make_tensor_value_info(out, TensorProto.FLOAT, (1, 4, 6, 6))],
        [
            numpy_helper.from_array(numbers.random(shape, dtype=numpy.float32), name)
            for name, shape in shapes.items()
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    return model.SerializeToString()  # type: ignore[no-any-return]


def node(kind: str, *names: str) -> onnx.NodeProto:
    return helper.make_node(kind, names[:-1], names[-1:])


CONVOLUTION = node("Conv", "samples", "weights", "raw")
NETWORKS = {
    "a bias behind an idle layer": (
        network(
            CONVOLUTION,
            node("Identity", "raw", "same"),
            node("Add", "same", "bias", "biased"),
            node("Identity", "biased", "told"),
            node("Relu", "told", "out"),
            out="out",
        ),
        ["Conv", "Relu"],
    ),
    "a bias that is the output": (
        network(CONVOLUTION, node("Add", "raw", "bias", "out"), out="out"),
        ["Conv"],
    ),
    "an idle layer that is the output": (
        network(CONVOLUTION, node("Identity", "raw", "out"), out="out"),
        ["Conv", "Identity"],
    ),
    "a convolution that two layers use": (
        network(
            CONVOLUTION,
            node("Add", "raw", "bias", "biased"),
            node("Mul", "raw", "biased", "out"),
            out="out",
        ),
        ["Conv", "Add", "Mul"],
    ),
    "an addition of one number": (
        network(CONVOLUTION, node("Add", "raw", "one", "out"), out="out"),
        ["Conv", "Add"],
    ),
    "an addition of two layers": (
        network(
            CONVOLUTION,
            node("Relu", "raw", "positive"),
            node("Add", "raw", "positive", "out"),
            out="out",
        ),
        ["Conv", "Relu", "Add"],
    ),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_folded_network_tells_the_same(name: str) -> None:
    original, left = NETWORKS[name]
    network = folded(original)
    assert [one.op_type for one in onnx.load_from_string(network).graph.node] == left
    samples = numpy.random.default_rng(7).random((1, 3, 8, 8), dtype=numpy.float32)
    told = []
    for content in (original, network):
        net = cv2.dnn.readNetFromONNX(numpy.frombuffer(content, numpy.uint8))
        net.setInput(samples)
        told.append(net.forward(["out"])[0].copy())
    assert numpy.allclose(told[0], told[1], atol=1e-6)
    assert folded(network) == network
