"""Teaching on pictures of more than 8 bits, and what they are good for."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from calibration.metrics import auroc
from engines.bundle import open_bundle
from engines.methods import teach_engine
from engines.runtimes.openvino import compile_graph
from engines.taught import Folders
from inspector.core.engine_spec import PatchCoreSpec
from inspector.core.errors import ImageError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from inspector.core.levels import level_type, pixels_of
from inspector.core.recipe import PreparationSpec, Recipe
from inspector.durable.images import encode_png
from inspector.teaching.new_recipe import new_recipe
from inspector.teaching.prepared import PreparedImages, Preparer
from inspector.teaching.teach import teach
from tests.engines.pictures import part

SIDE = 64
CONTRAST = 0.25
"""Of the stain, in levels of 8 bits."""


def smooth_part(number: int, pixel_format: PixelFormat, *, stained: bool = False) -> Pixels:
    """A smooth surface under a steady lamp, some with a faint stain.

    In levels of 8 bits the lamp drifts by 0.05 from part to part and the camera's noise is 0.02.
    Both must stay that far below the stain: with a drift of 0.3 even 16 bits do not show it
    (image AUROC 0.7), and noise of 0.1 lets 8 bits see as much, by dithering.
    """
    random = np.random.default_rng(number)
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    surface = 100.0 + 20.0 * x + 12.0 * y + 8.0 * np.sin(3.0 * x + 2.0 * y)
    drift, along_x, along_y = random.normal(0.0, 0.05, 3)
    grey = surface + drift + along_x * x + along_y * y + random.normal(0.0, 0.02, (SIDE, SIDE))
    if stained:
        disc = cv2.circle(np.zeros((SIDE, SIDE)), (40, 26), 7, 1.0, -1, cv2.LINE_AA)
        grey += CONTRAST * cv2.GaussianBlur(disc, (0, 0), 1.0)
    levels = np.rint(grey * (pixel_format.white / 255))[:, :, None]
    return pixels_of(levels.astype(level_type(pixel_format)))


def separation(pixel_format: PixelFormat, cache: Path) -> float:
    """Image AUROC of PatchCore on stained against good parts."""
    good = [smooth_part(number, pixel_format) for number in range(24)]
    form = FrameFormat(SIDE, SIDE, pixel_format)
    spec = PatchCoreSpec(coreset=200)
    taught = teach_engine(good, form, spec, lambda stage, share: None, Folders(cache=cache))
    run = compile_graph(taught.graph.SerializeToString(), threads=1)
    output = [value.name for value in taught.graph.graph.output].index("score")
    scores = [
        float(
            run([smooth_part(100 + number, pixel_format, stained=number % 2 == 1)[None]])[output][0]
        )
        for number in range(60)
    ]
    found = auroc(np.array(scores), np.arange(60) % 2 == 1)
    assert found is not None
    return found


def test_sixteen_bits_show_a_quarter_of_a_level_that_eight_hide(cache: Path) -> None:
    assert separation(PixelFormat.MONO16, cache) >= 0.95
    assert separation(PixelFormat.MONO8, cache) <= 0.7


def write(folder: Path, images: dict[int, np.ndarray]) -> Path:
    folder.mkdir(parents=True)
    for number, levels in images.items():
        (folder / f"{number:03}.png").write_bytes(encode_png(levels))
    return folder


def test_deep_colour_in_an_odd_rectangle_is_taught(tmp_path: Path) -> None:
    parts = {n: part(n, height=67, width=131).astype(np.uint16) * 257 for n in range(20)}
    folder = write(tmp_path / "parts", parts)
    recipe = Recipe(
        product="disc",
        preparation=PreparationSpec(width=109, height=45, pixel_format=PixelFormat.RGB16),
        engine=PatchCoreSpec(coreset=50),
    )
    manifest = open_bundle(teach(str(folder), recipe, tmp_path / "data").bundle).manifest
    assert manifest.input_shape == (45, 109, 6)
    assert manifest.map_shape == (12, 28)


def test_a_picture_brighter_than_the_recipe_s_white_is_named(tmp_path: Path) -> None:
    parts = {n: np.full((40, 40, 1), 900 + 4000 * (n == 11), np.uint16) for n in range(12)}
    folder = write(tmp_path / "parts", parts)
    images = PreparedImages(
        Preparer(PreparationSpec(pixel_format=PixelFormat.MONO12)), sorted(folder.iterdir())
    )
    with pytest.raises(ImageError, match=r"011\.png: level 4900, but white of Mono12 is 4095"):
        list(images)


@pytest.mark.parametrize(
    ("brightest", "expected"),
    [(1023, "Mono10"), (1024, "Mono12"), (4095, "Mono12"), (4096, "Mono16")],
)
def test_a_new_recipe_takes_the_depth_that_holds_all_it_looked_at(
    tmp_path: Path, brightest: int, expected: str
) -> None:
    parts = {n: np.full((40, 40, 1), 500, np.uint16) for n in range(40)}
    parts[39][7, 7] = brightest
    folder = write(tmp_path / "parts", parts | {40: parts[39]})
    assert new_recipe("disc", str(folder)).preparation.pixel_format == expected


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (np.full((40, 40, 3), [1, 2, 3], np.uint16), "RGB16"),
        (np.full((40, 40, 3), 5000, np.uint16), "Mono16"),
        (np.full((40, 40, 3), [1, 2, 3], np.uint8), "RGB8"),
        (np.full((40, 40, 1), 3, np.uint8), "Mono8"),
    ],
)
def test_a_new_recipe_follows_the_first_image(
    tmp_path: Path, image: np.ndarray, expected: str
) -> None:
    folder = write(tmp_path / "parts", {0: image})
    assert new_recipe("disc", str(folder)).preparation.pixel_format == expected


def test_a_new_recipe_leaves_bad_files_to_whoever_reads_them(tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    (folder / "0.png").write_bytes(b"")
    assert new_recipe("disc", str(folder)).preparation.pixel_format == "Mono8"
