"""From the recipe of an engine that represents cells by their ring to the kernel that does it."""

from __future__ import annotations

from typing import Any

import onnx

from engines.background.fields import patches_of
from engines.explaining import EXPECTED
from engines.kernels import Kernel, PatchGrid
from engines.memory.features import features_graph
from engines.memory.seen import grids_of
from engines.taught import Folders, Taught
from inspector.core.canonical import Json
from inspector.core.engine_spec import CrdSpec, LrbSpec
from inspector.core.frame import FrameFormat


def ring_of(spec: LrbSpec | CrdSpec) -> dict[str, Any]:
    """What all kernels with a ring are told."""
    return {name: getattr(spec, name) for name in ("outer", "guard", "ridge", "levels")}


def cells_of(spec: LrbSpec | CrdSpec, form: FrameFormat) -> dict[str, Any]:
    """The same, and what a cell is. Raises ``ConfigError`` where the image is too small."""
    grid = None
    if spec.on == "patches":
        patches = patches_of(spec, form)
        grid = PatchGrid(side=patches.side, stride=patches.stride, order=patches.order)
    return {**ring_of(spec), "patches": grid, "cascade": spec.cascade}


def taught_of(
    kernel: Kernel, spec: LrbSpec | CrdSpec, form: FrameFormat, folders: Folders
) -> Taught:
    """An engine of a kernel alone, or behind the features of the spec's backbone."""
    parameters: dict[str, Json] = {"on": spec.on}
    if spec.on == "features":
        graph = features_graph(spec, form, folders)
        parameters |= {
            "backbone": spec.backbone,
            "scales": " ".join("+".join(map(str, scale)) for scale in spec.scales),
            "neighbourhood": spec.neighbourhood,
        }
        return Taught(graph, grids_of(graph)[0], parameters, kernel=kernel)
    shape = form.height, form.width
    if spec.on == "patches":
        shape = patches_of(spec, form).grid(*shape)
    explains = {EXPECTED: kernel.name}
    return Taught(onnx.ModelProto(), shape, parameters, explains=explains, kernel=kernel)
