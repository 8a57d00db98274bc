"""From ONNX graph to plan, with the parser's own words where it refuses.

Graphs are strongly typed: the plan computes in the types that the graph names, nothing is narrowed
behind its back. TensorFloat-32 is off, since it would round the operands of float32 distances to
ten bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engines.runtimes.nvidia.sdk import Sdk
from inspector.core.errors import EngineError

if TYPE_CHECKING:
    import tensorrt as trt

_OTHER_RUNTIME = "Choose another runtime (runtime.name), or teach the product again"


@dataclass(frozen=True, slots=True)
class BatchRange:
    """Images that a plan takes at once; kernels are chosen for ``usual``."""

    smallest: int = 1
    usual: int = 1
    largest: int = 8


def build_plan(
    sdk: Sdk, graph: bytes, batch: BatchRange = BatchRange(), architectures: Sequence[int] = ()
) -> bytes:
    """The serialised plan of a graph with the input ``image`` uint8[N, H, W, C].

    ``architectures`` are those that TensorRT-RTX builds for, without any GPU (86 stands for 8.6);
    full TensorRT builds for the current GPU, whose context is the caller's. Raises ``EngineError``.
    """
    sdk.rows.clear()
    try:
        builder = sdk.api.Builder(sdk.logger)
    except (RuntimeError, TypeError) as error:
        raise sdk.failure(f"does not start ({error})", "Check the NVIDIA driver") from error
    flags = 1 << int(sdk.api.NetworkDefinitionCreationFlag.STRONGLY_TYPED)
    network = builder.create_network(flags)
    parser = sdk.api.OnnxParser(network, sdk.logger)
    if not parser.parse(graph) or network.num_inputs != 1:
        said = _complaints(parser) or f"{network.num_inputs} inputs instead of one"
        refusal = EngineError(f"{sdk.title} cannot read the graph: {said}", remedy=_OTHER_RUNTIME)
        refusal.add_note("\n".join(sdk.rows))  # the same at length
        raise refusal
    config = builder.create_builder_config()
    config.clear_flag(sdk.api.BuilderFlag.TF32)
    sdk.aim(config, architectures)
    _allow_batches(sdk, builder, network, config, batch)
    plan = builder.build_serialized_network(network, config)
    if plan is None:
        raise sdk.failure("cannot build a plan of the graph", _OTHER_RUNTIME)
    return bytes(plan)


def _complaints(parser: trt.OnnxParser) -> str:
    """Code, node and description of everything that the parser refused."""
    errors = (parser.get_error(number) for number in range(parser.num_errors))
    return "; ".join(
        f"{error.code().name} at node '{error.node_name()}' ({error.node_operator()}): "
        f"{' '.join(error.desc().split())}"
        for error in errors
    )


def _allow_batches(
    sdk: Sdk,
    builder: trt.Builder,
    network: trt.INetworkDefinition,
    config: trt.IBuilderConfig,
    batch: BatchRange,
) -> None:
    """State the range of a graph whose batch is open; a fixed one needs nothing."""
    image = network.get_input(0)
    images, *sides = image.shape
    if images >= 0:
        return
    profile = builder.create_optimization_profile()
    smallest, usual, largest = (
        sdk.api.Dims((count, *sides)) for count in (batch.smallest, batch.usual, batch.largest)
    )
    profile.set_shape(image.name, smallest, usual, largest)
    config.add_optimization_profile(profile)
