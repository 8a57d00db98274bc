"""What every teacher takes and returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import onnx

from engines.bundle import Tiling
from engines.kernels import Kernel
from inspector.core.canonical import Json
from inspector.core.frame import Pixels

Images = Sequence[Pixels]
"""Prepared good images, each uint8[h, w, c] of one shape. Read anew at every access, so that
thousands of them need the memory of one: ask for each as seldom as possible."""

Defects = Mapping[str, Images]
"""Prepared images of defective parts by the kind of their defect, for engines that want them."""

Progress = Callable[[str, float], None]
"""Told the stage and the share done, 0..1; raises to stop the teaching."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where teaching finds weights that a plant brought along, and keeps what costs time to make.

    ``weights`` holds files named ``<sha256>.safetensors``; ``cache`` may be emptied at any time.
    None: such weights are refused, and nothing is kept.
    """

    weights: Path | None = None
    cache: Path | None = None


NOWHERE = Folders()


@dataclass(frozen=True, slots=True)
class Taught:
    """A taught engine: its graph, the shape of its map, and what it was made with.

    ``files`` lie in the bundle beside the graph: ``memory.safetensors`` (what incremental teaching
    starts from), ``training.json`` (loss curves). ``boundary`` names the tensors where the network
    ends and exact arithmetic begins: what comes after them stays in float32 at every precision.
    Where there is ``tiling`` the graph takes a tile; ``map_shape`` is the whole image's.
    ``explains`` names tensors that tell why a map is as it is (`engines.explaining`). An engine
    that judges an image as a whole has no map: its ``map_shape`` is (1, 1), the score its one cell.
    ``classes`` are the kinds of defects that a supervised engine was shown, ``features`` the names
    of what the ``contributions`` of ``explains`` are of.
    """

    graph: onnx.ModelProto
    map_shape: tuple[int, int]
    parameters: dict[str, Json]
    files: Mapping[str, bytes] = field(default_factory=dict)
    boundary: tuple[str, ...] = ()
    tiling: Tiling | None = None
    explains: Mapping[str, str] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    kernel: Kernel | None = None

    @property
    def has_map(self) -> bool:
        """Whether it says where."""
        return self.map_shape != (1, 1)
