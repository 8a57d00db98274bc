"""A torch module as an ONNX graph, once per teaching."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import onnx
import torch
from torch import Tensor, nn

from inspector.core.frame import FrameFormat


def export(module: nn.Module, form: FrameFormat, outputs: tuple[str, ...]) -> onnx.ModelProto:
    """Export with input ``image`` uint8[batch, height, width, channels] and named outputs.

    The graph keeps no trace of the exporting machine: paths and stack traces are dropped.
    """
    example = torch.zeros((2, *form.shape), dtype=torch.uint8)
    return _exported(module, {"image": example}, outputs)


def export_head(
    module: nn.Module, inputs: Mapping[str, Sequence[int]], outputs: tuple[str, ...]
) -> onnx.ModelProto:
    """Export what takes features, to be chained behind their graph (`engines.graphs.chained`).

    ``inputs`` are the features by name with their shapes but for the batch, float32.
    """
    examples = {name: torch.zeros((2, *shape)) for name, shape in inputs.items()}
    return _exported(module, examples, outputs)


def _exported(
    module: nn.Module, examples: Mapping[str, Tensor], outputs: tuple[str, ...]
) -> onnx.ModelProto:
    batch = torch.export.Dim("batch", min=1, max=64)
    with _quiet(), torch.no_grad():
        program = torch.onnx.export(
            module,
            tuple(examples.values()),
            dynamo=True,
            external_data=False,
            input_names=list(examples),
            output_names=list(outputs),
            dynamic_shapes=tuple({0: batch} for _ in examples),
            verbose=False,
        )
    if program is None:
        raise RuntimeError("the exporter returned no program")
    model = program.model_proto
    _drop_metadata(model)
    return model


@contextmanager
def _quiet() -> Iterator[None]:
    """The exporter warns of packages that we don't use and of its own deprecations."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _drop_metadata(model: onnx.ModelProto) -> None:
    graph = model.graph
    for owner in (model, graph, *graph.node, *graph.value_info, *graph.input, *graph.output):
        del owner.metadata_props[:]
        owner.doc_string = ""
    del graph.value_info[:]
