"""Fields of vectors less what is usual around each: graphs behind the graph of a field.

A field's outputs ``scale0``, ... become ``field0``, ... there, and ``scale0``, ... the differences,
so that whatever judges vectors judges these in their place.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from numpy.typing import NDArray

from engines.background.windows import Windows
from engines.memory.seen import grids_of, widths_of
from engines.nodes import Nodes
from inspector.core.errors import ConfigError

FIELD = "field"
"""What stands in a field's names where ``scale`` stood."""


def less_ring_means(field: onnx.ModelProto, windows: Windows) -> onnx.ModelProto:
    """Each vector less the mean of the ring of cells around it.

    Beyond the borders the field goes on as its mirrored opposite, so that a slope stays a slope:
    a ring that was cut off would differ from its middle wherever brightness falls. Raises
    ``ConfigError`` where the grid of a scale is smaller than half a window.
    """
    nodes = Nodes()
    kernel = windows.kernel() / windows.kernel().sum()
    reach = windows.outer // 2
    pads = [0, 0, reach, reach, 0, 0, reach, reach]
    for index, (width, grid) in enumerate(zip(widths_of(field), grids_of(field), strict=True)):
        if min(grid) <= reach:
            raise ConfigError(
                f"engine.outer: {windows.outer} cells around each of {grid[0]}x{grid[1]} cells",
                remedy="Prepare images larger, or give a smaller outer and guard",
            )
        source = f"field{index}"
        edge = nodes.add("Pad", f"edge{index}", source, pads, mode="edge")
        mirrored = nodes.add("Pad", f"mirrored{index}", source, pads, mode="reflect")
        twice = nodes.add("Mul", f"twice{index}", edge, 2.0)
        wide = nodes.add("Sub", f"wide{index}", twice, mirrored)
        kernels = np.broadcast_to(kernel, (width, 1, *kernel.shape))
        means = nodes.add("Conv", f"around{index}", wide, kernels, group=width)
        nodes.add("Sub", f"scale{index}", source, means)
    return _behind(field, nodes)


def less_lines_above(
    field: onnx.ModelProto, means: Sequence[NDArray[np.float64]], memory: float
) -> onnx.ModelProto:
    """Each vector less the mean of all lines above it, which are forgotten exponentially.

    ``m_t = (1 - a) m_(t-1) + a y_(t-1)`` with the mean ``y`` of each line of cells, ``m_0`` the
    ``means`` of good images and ``a`` such that a line counts 1/e after the share ``memory`` of
    the image's height. One lower triangular matrix for each scale.
    """
    nodes = Nodes()
    for index, (mean, (rows, _)) in enumerate(zip(means, grids_of(field), strict=True)):
        weights, first = forgetting(rows, memory * rows)
        usual = nodes.add("ReduceMean", f"lines{index}", f"field{index}", [3])
        usual = nodes.add("Transpose", f"turned{index}", usual, perm=[0, 2, 1, 3])
        usual = nodes.add("Conv", f"seen{index}", usual, weights[:, :, None, None])
        taught = (first[:, None] * mean)[None, :, :, None]
        usual = nodes.add("Add", f"usual{index}", usual, taught)
        usual = nodes.add("Transpose", f"above{index}", usual, perm=[0, 2, 1, 3])
        nodes.add("Sub", f"scale{index}", f"field{index}", usual)
    return _behind(field, nodes)


def forgetting(lines: int, memory: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What each line's background is made of: weights [t, s] of lines s < t, [t] of the first."""
    kept = np.exp(-1.0 / memory)
    age = np.subtract.outer(np.arange(lines), np.arange(lines)) - 1.0
    weights = np.where(age >= 0.0, (1.0 - kept) * kept ** np.maximum(age, 0.0), 0.0)
    return weights, kept ** np.arange(lines)


def _behind(field: onnx.ModelProto, nodes: Nodes) -> onnx.ModelProto:
    """The nodes behind a copy of a field whose outputs are called ``field0``, ..."""
    shapes = {
        f"scale{index}": (width, *grid)
        for index, (width, grid) in enumerate(zip(widths_of(field), grids_of(field), strict=True))
    }
    renamed = onnx.ModelProto()
    renamed.CopyFrom(field)
    for node in renamed.graph.node:
        for names in (node.input, node.output):
            names[:] = [_renamed(name) if name in shapes else name for name in names]
    del renamed.graph.value_info[:]
    return nodes.behind(renamed, shapes)


def _renamed(name: str) -> str:
    return name.replace("scale", FIELD)
