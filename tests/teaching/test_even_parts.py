"""Parts that are almost, or wholly, alike: float32 must not be what tells them apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from calibration.metrics import auroc
from engines.bundle import open_bundle
from engines.runtimes import load_engine
from inspector.core.engine_spec import PatchCoreSpec
from inspector.core.frame import PixelFormat, Pixels
from inspector.core.levels import levels_of
from inspector.core.line_config import RuntimeConfig
from inspector.core.recipe import PreparationSpec, Recipe
from inspector.durable.images import encode_png
from inspector.teaching.teach import TeachResult, teach
from tests.engines.pictures import part
from tests.teaching.test_deep import SIDE, smooth_part

COUNT = 24


def even_part(number: int, *, stained: bool = False) -> Pixels:
    return smooth_part(number, PixelFormat.MONO16, stained=stained)


def taught(image: Callable[[int], Pixels], form: PixelFormat, folder: Path) -> TeachResult:
    (folder / "good").mkdir()
    for number in range(COUNT):
        # What follows the end of a PNG is not read; it makes equal images different files.
        data = encode_png(levels_of(image(number))) + bytes([number])
        (folder / f"good/{number:03}.png").write_bytes(data)
    recipe = Recipe(
        product="even",
        preparation=PreparationSpec(width=SIDE, height=SIDE, pixel_format=form),
        engine=PatchCoreSpec(coreset=200),
    )
    return teach(str(folder / "good"), recipe, folder / "data")


def maps(result: TeachResult, images: list[Pixels], runtime: RuntimeConfig) -> np.ndarray:
    engine = load_engine(open_bundle(result.bundle), runtime)
    return np.stack([engine.infer(image[None]).maps[0].copy() for image in images])


def test_sixteen_bits_of_a_smooth_surface_are_taught(tmp_path: Path) -> None:
    result = taught(even_part, PixelFormat.MONO16, tmp_path)
    stained = np.arange(60) % 2 == 1
    images = [even_part(100 + number, stained=bool(bad)) for number, bad in enumerate(stained)]
    found = auroc(maps(result, images, RuntimeConfig()).max(axis=(1, 2)), stained)
    assert found is not None
    assert found >= 0.95


@pytest.mark.parametrize("grey", [0, 100, 255, None], ids=lambda grey: f"grey{grey}")
def test_a_product_without_any_variation_is_taught(grey: int | None, tmp_path: Path) -> None:
    good = part(0) if grey is None else np.full((SIDE, SIDE, 3), grey, np.uint8)
    bad = good.copy()
    bad[24:34, 36:46] = 60 if grey == 0 else good[24:34, 36:46] // 2
    result = taught(lambda _: good, PixelFormat.RGB8, tmp_path)
    for name in ("openvino", "onnxruntime"):
        of_good, of_bad = maps(result, [good, bad], RuntimeConfig.model_validate({"name": name}))
        assert of_good.max() < 0.02
        assert of_bad.max() > 50 * max(of_good.max(), result.calibration.threshold)
