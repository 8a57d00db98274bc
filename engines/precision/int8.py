"""INT8: the network quantised after teaching, what follows its boundary left alone."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Collection, Iterator
from types import ModuleType
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

from engines.graphs import nodes_beyond
from engines.runtimes import quiet_openvino  # noqa: F401  # NNCF imports OpenVINO
from engines.taught import Images
from inspector.core.errors import EngineError

IMAGES = 100
"""Good images that the ranges of activations are taken from, at most."""

EXACT_LAYERS = 3
"""Convolutions at the start of the network that stay in float32."""


def quantised(graph: onnx.ModelProto, boundary: Collection[str], images: Images) -> onnx.ModelProto:
    """A copy with quantise/dequantise nodes up to the tensors of ``boundary``.

    The ranges of activations come from prepared good images; every zero-point is 0. Distances are
    not quantised: they are small differences of large numbers, and all scores would become one.
    Neither are the first ``EXACT_LAYERS`` convolutions, whose few channels carry all that follows,
    and depthwise ones, whose channels differ most in range: together they make most of the error
    and little of the time. Raises ``EngineError`` where NNCF is not installed.
    """
    with _quiet():
        nncf = _nncf()
        count = min(len(images), IMAGES)
        dataset = nncf.Dataset([{"image": images[index][None]} for index in range(count)])
        found: Any = nncf.quantize(
            graph,
            dataset,
            subset_size=count,
            preset=nncf.QuantizationPreset.PERFORMANCE,
            ignored_scope=nncf.IgnoredScope(
                names=[*nodes_beyond(graph, boundary), *_sensitive_nodes(graph)], validate=False
            ),
        )
    model: onnx.ModelProto = found
    onnx.checker.check_model(model, full_check=True)
    return model


def _sensitive_nodes(graph: onnx.ModelProto) -> list[str]:
    names = []
    layers = 0
    for node in graph.graph.node:
        groups = next((item.i for item in node.attribute if item.name == "group"), 1)
        layers += node.op_type == "Conv"
        if layers <= EXACT_LAYERS or (node.op_type == "Conv" and groups > 1):
            names.append(node.name)
    return names


def with_signed_bytes(quantised_graph: onnx.ModelProto) -> onnx.ModelProto:
    """The same ranges on signed bytes, the only ones that TensorRT takes.

    What is never negative had 255 steps and now has 127: less exact than unsigned bytes.
    """
    model = onnx.ModelProto()
    model.CopyFrom(quantised_graph)
    values = {value.name: value for value in model.graph.initializer}
    scales = set()
    for node in model.graph.node:
        if node.op_type not in {"QuantizeLinear", "DequantizeLinear"}:
            continue
        _, scale, zero_point = node.input
        if values[zero_point].data_type == TensorProto.UINT8:
            scales.add(scale)
    for value in values.values():
        if value.data_type == TensorProto.UINT8:
            value.CopyFrom(_constant(value.name, numpy_helper.to_array(value).astype(np.int8)))
        elif value.name in scales:
            wider = numpy_helper.to_array(value) * np.float32(255 / 127)
            value.CopyFrom(_constant(value.name, wider))
    del model.graph.value_info[:]  # it tells of the unsigned bytes
    onnx.checker.check_model(model, full_check=True)
    return model


def _constant(name: str, value: np.ndarray[Any, np.dtype[Any]]) -> TensorProto:
    return numpy_helper.from_array(value, name)


def _nncf() -> ModuleType:
    try:
        import nncf  # noqa: PLC0415  # only the PC that compiles needs it
    except ImportError as error:
        raise EngineError(
            "INT8 needs the package nncf", remedy="Install the extra 'int8' on the PC that compiles"
        ) from error
    module: ModuleType = nncf
    return module


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """NNCF draws progress bars of its own and warns of packages that we don't use."""
    logger = logging.getLogger("nncf")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
