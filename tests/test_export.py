"""Weights take little room in an ONNX file, and cost nothing once it is loaded."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the train extra is not installed")
onnx = pytest.importorskip("onnx", reason="the train extra is not installed")
onnxruntime = pytest.importorskip("onnxruntime")

from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import save_file

from futoshiki.training.export import BYTE_FROM, OPSET, in_steps, save_half, store_compactly
from futoshiki.training.models import load_weights

WIDE, NARROW = 512, 8


@pytest.fixture
def network(tmp_path):
    """The ONNX file of two convolutions, the weights of the first of which are among the largest."""
    noise = np.random.default_rng(0)
    weights = {
        "large": noise.normal(size=(WIDE, WIDE, 1, 1)),
        "medium": noise.normal(size=(NARROW, WIDE, 1, 1)),
        "bias": noise.normal(size=NARROW),
    }
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["input", "large"], ["wide"]),
            helper.make_node("Conv", ["wide", "medium", "bias"], ["output"]),
        ],
        "two convolutions",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, WIDE, 2, 2])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, NARROW, 2, 2])],
        [numpy_helper.from_array(values.astype(np.float32), name) for name, values in weights.items()],
    )
    path = tmp_path / "network.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8), path)
    return path


def output(path, options=None):
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return session.run(None, {"input": np.random.default_rng(1).normal(size=(1, WIDE, 2, 2)).astype(np.float32)})[0]


def test_the_largest_weights_are_stored_in_a_byte_and_others_in_two(network):
    before, floats = output(network), network.stat().st_size
    store_compactly(network)
    types = {tensor.name: tensor.data_type for tensor in onnx.load(network).graph.initializer}
    assert WIDE * WIDE >= BYTE_FROM
    assert types == {
        "large.steps": TensorProto.INT8,
        "large.step": TensorProto.FLOAT,
        "medium.half": TensorProto.FLOAT16,
        "bias": TensorProto.FLOAT,
    }
    assert network.stat().st_size < 0.27 * floats
    assert np.abs(output(network) - before).max() < 0.02 * np.abs(before).max()


def test_a_loaded_network_holds_plain_weights(network, tmp_path):
    store_compactly(network)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(tmp_path / "loaded.onnx")
    output(network, options)
    assert [node.op_type for node in onnx.load(tmp_path / "loaded.onnx").graph.node] == ["Conv", "Conv"]


def test_each_output_channel_is_rounded_to_steps_of_its_own():
    values = np.array([[1.0, -0.3], [-1e-4, 5e-5], [0.0, 0.0]], np.float32)
    steps, step = in_steps(values)
    assert steps.dtype == np.int8 and step.dtype == np.float32 and step.shape == (3, 1)
    assert (np.abs(steps * step - values) <= step / 2 + 1e-9).all() and np.abs(steps).max() == 127


def test_weights_too_large_for_16_bits_stay_finite(tmp_path):
    save_file({"variance": torch.tensor([1.5, 70_000.0, -1e9])}, tmp_path / "weights.safetensors")
    save_half(tmp_path / "weights.safetensors", tmp_path / "half.safetensors")
    assert load_weights(tmp_path / "half.safetensors")["variance"].tolist() == [1.5, 65_504, -65_504]
    save_file({"variance": torch.tensor([1.5, float("inf")]).half()}, tmp_path / "half.safetensors")  # as files made before
    assert load_weights(tmp_path / "half.safetensors")["variance"].tolist() == [1.5, 65_504]
