"""Half precision for GPUs: the network in float16, what follows its boundary in float32."""

from __future__ import annotations

from collections.abc import Collection
from itertools import takewhile

import onnx
from onnxruntime.transformers.float16 import convert_float_to_float16

from engines.graphs import crossing, nodes_beyond, part_between, with_part


def halved(graph: onnx.ModelProto, boundary: Collection[str]) -> onnx.ModelProto:
    """A copy whose network, up to the tensors of ``boundary``, computes in float16.

    Squared norms of features overflow float16, and distances are differences of them. The steps
    from pixels to the first convolution stay in float32 as well: white of a 16-bit pixel is beyond
    the largest float16. An engine without a network stays as it is.
    """
    model = onnx.ModelProto()
    model.CopyFrom(graph)
    nodes = model.graph.node
    pixels = [node.name for node in takewhile(lambda node: node.op_type != "Conv", nodes)]
    after = nodes_beyond(model, boundary)
    network = [node.name for node in nodes if node.name not in {*pixels, *after}]
    if not network:
        return model
    inputs = crossing(model, pixels, network)
    part = part_between(
        onnx.shape_inference.infer_shapes(model), inputs, crossing(model, network, after)
    )
    with_part(model, network, convert_float_to_float16(part, keep_io_types=True))
    return model
