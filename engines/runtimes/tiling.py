"""An engine of a tile as an engine of the whole image."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engines.bundle import Bundle, Manifest
from engines.runtimes.checks import check_batch
from engines.tiling import Tiles, tiles_in
from inspector.core.detection import Detection, EngineInfo
from inspector.core.frame import Pixels, ScoreMap
from inspector.core.ports import Engine


def as_whole(bundle: Bundle, load: Callable[[Bundle], Engine]) -> Engine:
    """The engine of a bundle, whose tiles ``load`` compiles where it has any."""
    tiles = tiles_in(bundle.manifest)
    if tiles is None:
        return load(bundle)
    return TiledEngine(load(_of_one_tile(bundle, tiles)), bundle.manifest, tiles)


class TiledEngine:
    """An `Engine` that cuts images, judges their tiles and joins the maps.

    The score is the maximum of the joined map. Raises ``EngineError``.
    """

    def __init__(self, engine: Engine, manifest: Manifest, tiles: Tiles) -> None:
        self._engine = engine
        self._tiles = tiles
        height, width, _ = manifest.input_shape
        map_height, map_width = manifest.map_shape
        self.info: EngineInfo = replace(
            engine.info, height=height, width=width, map_height=map_height, map_width=map_width
        )

    def infer(self, batch: Pixels) -> Detection:
        """Judge uint8[N, H, W, C] prepared images, one after the other."""
        check_batch(batch, self.info)
        maps = np.stack([self._tiles.join(image, self._maps_of) for image in batch])
        return Detection(maps, maps.max(axis=(1, 2)))

    def _maps_of(self, tiles: Pixels) -> ScoreMap:
        return self._engine.infer(tiles).maps

    def close(self) -> None:
        """Free the engine of the tiles."""
        self._engine.close()


def _of_one_tile(bundle: Bundle, tiles: Tiles) -> Bundle:
    """The bundle as though a tile were its image: what a runtime needs to compile the graph."""
    manifest = bundle.manifest
    height, _, channels = manifest.input_shape
    step = height // manifest.map_shape[0]
    tile = {
        "input_shape": (tiles.height, tiles.width, channels),
        "map_shape": (tiles.height // step, tiles.width // step),
        "tiling": None,
    }
    return replace(bundle, manifest=manifest.model_copy(update=tile))
