"""What the network says of the teaching images, one at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import onnx
from numpy.typing import NDArray

from engines.memory.grafting import Grid
from engines.runtimes.openvino import compile_graph
from engines.taught import Images, Progress
from engines.tiling import Tiles

Features = NDArray[np.float32]
"""float32[D, rows, columns]."""


def grids_of(features: onnx.ModelProto) -> list[Grid]:
    """Rows and columns of each scale of a graph of features."""
    shapes = [output.type.tensor_type.shape.dim for output in features.graph.output]
    return [(shape[2].dim_value, shape[3].dim_value) for shape in shapes]


def widths_of(features: onnx.ModelProto) -> list[int]:
    """Features of a patch at each scale."""
    return [output.type.tensor_type.shape.dim[1].dim_value for output in features.graph.output]


def features_of(
    features: onnx.ModelProto, images: Images, tiles: Tiles | None, progress: Progress
) -> Iterator[list[Features]]:
    """Patch vectors of each scale, for each image or each of its tiles.

    They come from the compiled graph, the one that will run. Of a tile only the core is handed
    out: patches that another tile answers for never run in this one.
    """
    run = compile_graph(features.SerializeToString(), threads=0)
    for index, image in enumerate(images):
        progress("features", index / len(images))
        for number, piece in enumerate(image[None] if tiles is None else tiles.cut(image)):
            found = [maps[0] for maps in run([piece[None]])]
            if tiles is None:
                yield found
            else:
                tile = tiles.all[number]
                yield [maps[:, *tile.core(tiles.height // maps.shape[1])] for maps in found]
