"""Small operations on ONNX graphs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import onnx
from onnx import TensorProto, compose, helper
from onnx.utils import Extractor


def name_nodes(model: onnx.ModelProto) -> None:
    """Give every node a name of its own, in place; what cuts a graph in two goes by names."""
    for index, node in enumerate(model.graph.node):
        node.name = f"{index:04d}_{node.op_type}"


def nodes_beyond(model: onnx.ModelProto, tensors: Collection[str]) -> list[str]:
    """Names of the nodes that none of these tensors needs, directly or not."""
    needed = set(tensors)
    names = []
    for node in reversed(model.graph.node):
        if needed.intersection(node.output):
            needed.update(node.input)
        else:
            names.append(node.name)
    return names


def crossing(model: onnx.ModelProto, earlier: Collection[str], later: Collection[str]) -> list[str]:
    """Tensors that nodes of these names hand over to nodes of those."""
    made = {name for node in model.graph.node if node.name in earlier for name in node.output}
    asked = [name for node in model.graph.node if node.name in later for name in node.input]
    return [name for name in dict.fromkeys(asked) if name in made]


def part_between(
    model: onnx.ModelProto, inputs: Sequence[str], outputs: Sequence[str]
) -> onnx.ModelProto:
    """The part of a graph that computes some of its tensors from others."""
    return Extractor(model).extract_model(list(inputs), list(outputs))


def with_part(model: onnx.ModelProto, names: Collection[str], part: onnx.ModelProto) -> None:
    """Put a part in the place of the nodes of these names, in place.

    It takes and gives tensors under the names that they have in the graph. Constants that both
    sides use are the part's own there: it may have them in another precision.
    """
    graph = model.graph
    kept = [node for node in graph.node if node.name not in names]
    needed = {name for node in kept for name in node.input}
    constants = [value for value in graph.initializer if value.name in needed]
    own = {value.name: f"{value.name}_of_part" for value in part.graph.initializer}
    shared = {name: new for name, new in own.items() if name in needed}
    nodes, values = _renamed(part, shared)
    del graph.node[:], graph.initializer[:], graph.value_info[:]
    graph.node.extend(_sorted([*kept, *nodes]))
    graph.initializer.extend([*constants, *values])
    onnx.checker.check_model(model, full_check=True)


def _renamed(
    part: onnx.ModelProto, names: Mapping[str, str]
) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """Copies of nodes and constants in which some constants have other names."""
    copy = onnx.ModelProto()
    copy.CopyFrom(part)
    for node in copy.graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
    for value in copy.graph.initializer:
        value.name = names.get(value.name, value.name)
    return list(copy.graph.node), list(copy.graph.initializer)


def chained(first: onnx.ModelProto, second: onnx.ModelProto) -> onnx.ModelProto:
    """One graph of two: what the first gives, the second takes under the same names."""
    names = [value.name for value in second.graph.input]
    renamed = compose.add_prefix(
        second, f"{names[0]}_head_", rename_inputs=False, rename_outputs=False
    )
    joined: onnx.ModelProto = compose.merge_models(first, renamed, [(name, name) for name in names])
    onnx.checker.check_model(joined, full_check=True)
    return joined


def without_outputs(model: onnx.ModelProto, names: Collection[str]) -> None:
    """Let a graph keep to itself some of what it computes, in place; runtimes drop it then."""
    kept = [value for value in model.graph.output if value.name not in names]
    del model.graph.output[:]
    model.graph.output.extend(kept)


def with_outputs(model: onnx.ModelProto, names: Collection[str]) -> None:
    """Let a graph hand out some float32 tensors of any shape, in place, and nothing else."""
    del model.graph.output[:]
    model.graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names
    )


def _sorted(nodes: Sequence[onnx.NodeProto]) -> list[onnx.NodeProto]:
    """Nodes after those that make what they need; otherwise in the order given."""
    makers = {name for node in nodes for name in node.output}
    found: list[onnx.NodeProto] = []
    waiting = list(nodes)
    while waiting:
        ready: list[onnx.NodeProto] = []
        rest: list[onnx.NodeProto] = []
        for node in waiting:
            (ready if makers.isdisjoint(node.input) else rest).append(node)
        if not ready:
            raise ValueError(f"node {waiting[0].name} needs what no node makes")
        makers -= {name for node in ready for name in node.output}
        found += ready
        waiting = rest
    return found
