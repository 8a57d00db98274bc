"""Patch vectors of images by a bundle's own network: no torch, no export, no backbone's file."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from numpy.typing import NDArray

from engines.bundle import MEMORY, Bundle
from engines.graphs import name_nodes, part_between
from engines.memory.head import append_head
from engines.memory.memory import Memory, unpack_memories
from engines.runtimes.openvino import compile_graph
from engines.tiling import tiles_in
from inspector.core.errors import BundleError
from inspector.core.frame import Pixels

Features = NDArray[np.float32]
"""float32[rows, columns, D] of one scale."""


class Patches:
    """What a bundle's network says of prepared images, before any memory is asked.

    Raises ``EngineError`` when the graph does not compile.
    """

    def __init__(self, bundle: Bundle, threads: int) -> None:
        manifest = bundle.manifest
        self._tiles = tiles_in(manifest)
        self._network = network_of(bundle)
        self._run = compile_graph(self._network.SerializeToString(), threads)
        height, width, channels = manifest.input_shape
        if self._tiles is not None:
            height, width = self._tiles.height, self._tiles.width
        nothing = self._run([np.zeros((1, height, width, channels), np.uint8)])
        self._grids = [(maps.shape[2], maps.shape[3]) for maps in nothing]

    def of(self, image: Pixels) -> list[Features]:
        """Patch vectors of an image uint8[H, W, C], one grid for each scale."""
        if self._tiles is None:
            return [_channels_last(maps)[0] for maps in self._run([image[None]])]
        of_tiles = zip(*(self._run([tile[None]]) for tile in self._tiles.cut(image)), strict=True)
        return [
            self._tiles.joined(image, _channels_last(np.concatenate(parts))) for parts in of_tiles
        ]

    def with_memories(
        self, memories: Sequence[Memory], *, gain: float, reweight: bool
    ) -> onnx.ModelProto:
        """The engine's graph with other memories."""
        graph = append_head(self._network, memories, self._grids, gain=gain, reweight=reweight)
        name_nodes(graph)
        return graph


def network_of(bundle: Bundle) -> onnx.ModelProto:
    """The part of a bundle's graph that comes before its memories."""
    model = onnx.load_from_string(bundle.graph)
    known = onnx.shape_inference.infer_shapes(model)
    part = part_between(known, ["image"], bundle.manifest.boundary).graph
    part.name = model.graph.name
    del part.value_info[:]
    model.graph.CopyFrom(part)
    return model


def memories_of(bundle: Bundle) -> list[Memory]:
    """What a bundle remembers. Raises ``BundleError`` for an engine without memories."""
    path = bundle.path / MEMORY
    remedy = "Teach patchcore, or teach again with all good images, these among them"
    if MEMORY not in bundle.manifest.files or not bundle.manifest.boundary:
        raise BundleError(
            f"{bundle.path}: the engine {bundle.manifest.method} keeps no memory that could grow",
            remedy=remedy,
        )
    try:
        return unpack_memories(path.read_bytes())
    except ValueError as error:
        raise BundleError(f"{path}: {error}", remedy=remedy) from error


def _channels_last(maps: NDArray[np.float32]) -> Features:
    return maps.transpose(0, 2, 3, 1)
