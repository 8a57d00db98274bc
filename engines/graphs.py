"""Small operations on ONNX graphs."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import onnx
from onnx.utils import Extractor


def name_nodes(model: onnx.ModelProto) -> None:
    """Give every node a name of its own, in place; what cuts a graph in two goes by names."""
    for index, node in enumerate(model.graph.node):
        node.name = f"{index:04d}_{node.op_type}"


def nodes_after(model: onnx.ModelProto, tensors: Collection[str]) -> list[str]:
    """Names of the nodes that need any of these tensors, directly or not."""
    known = set(tensors)
    names = []
    for node in model.graph.node:
        if known.intersection(node.input):
            known.update(node.output)
            names.append(node.name)
    return names


def part_before(model: onnx.ModelProto, tensors: Sequence[str]) -> onnx.ModelProto:
    """The part of a graph that computes these tensors from its input ``image``."""
    return Extractor(model).extract_model(["image"], list(tensors))
