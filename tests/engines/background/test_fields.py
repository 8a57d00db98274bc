"""Fields of vectors as graphs: those of the kernels that look at the same vectors without one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from engines.background.fields import LEVELS, boundary_of, field_graph, patches_of
from engines.background.pictures import picture_of
from engines.memory.features import features_graph
from engines.precision.half import halved
from engines.runtimes.onnxruntime import open_session
from engines.runtimes.openvino import compile_graph
from engines.taught import NOWHERE, Folders
from inspector.core.engine_spec.field import OnField
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat, PixelFormat
from tests.engines.conftest import FORM

SIZES = [(33, 47), (64, 64), (100, 61)]


def picture(form: FrameFormat, seed: int = 0) -> NDArray[Any]:
    """Levels of a bright surface with a soft texture: uint8 or uint16 [H, W] or [H, W, 3]."""
    random = np.random.default_rng(seed)
    colours = form.pixel_format.colours
    rows, columns = np.indices((form.height, form.width))
    shade = 0.85 + 0.1 * np.sin(rows / 5.0) * np.cos(columns / 7.0)
    levels = shade[..., None] + random.normal(0.0, 0.004, (form.height, form.width, colours))
    kind = np.uint8 if form.pixel_format.depth == 8 else np.uint16
    deep: NDArray[Any] = np.rint(levels.clip(0.0, 1.0) * form.pixel_format.white).astype(kind)
    return deep if colours == 3 else deep[..., 0]


def raw(levels: NDArray[Any]) -> NDArray[np.uint8]:
    """The same as it travels: uint8[H, W, C]."""
    image = levels[..., None] if levels.ndim == 2 else levels
    return image if image.dtype == np.uint8 else image.astype("<u2").view(np.uint8)


def of_graph(spec: OnField, form: FrameFormat, levels: NDArray[Any]) -> NDArray[np.float32]:
    graph = field_graph(spec, form, NOWHERE).SerializeToString()
    images = np.stack([raw(levels), raw(levels[::-1])])
    (found,) = open_session(graph, 1).run(["scale0"], {"image": images})
    (other,) = compile_graph(graph, threads=1)([images])
    np.testing.assert_allclose(other, found, atol=2e-6 * max(1.0, float(np.abs(found).max())))
    vectors: NDArray[np.float32] = found
    return vectors


@pytest.mark.parametrize("pixel_format", PixelFormat)
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_pixels_are_those_of_the_kernels(
    pixel_format: PixelFormat, height: int, width: int
) -> None:
    form = FrameFormat(width, height, pixel_format)
    levels = picture(form)
    found = of_graph(OnField(on="pixels"), form, levels)
    for one, image in zip(found, (levels, levels[::-1]), strict=True):
        planes = picture_of(image.astype(np.float64), graded=True)
        wanted = np.stack(planes.planes(0, height))
        wanted[: len(planes.centre)] += planes.centre[:, None, None]
        np.testing.assert_allclose(one, wanted / pixel_format.white, atol=2e-7)


@pytest.mark.parametrize("pixel_format", PixelFormat)
@pytest.mark.parametrize(("height", "width"), SIZES)
@pytest.mark.parametrize("patch", [None, 9])
def test_patches_are_those_of_the_kernels(
    pixel_format: PixelFormat, height: int, width: int, patch: int | None
) -> None:
    form = FrameFormat(width, height, pixel_format)
    spec = OnField(patch=patch)
    levels = picture(form)
    found = of_graph(spec, form, levels)
    for one, image in zip(found, (levels, levels[::-1]), strict=True):
        # by numpy in float64; its planes count from the image's mean, which only the first
        # coefficient of a patch knows of
        kernel = patches_of(spec, form)
        wanted = np.moveaxis(kernel.vectors(image.astype(np.float64)), -1, 0)
        depth = len(wanted) // pixel_format.colours
        means = np.atleast_1d(image.mean(axis=(0, 1), dtype=np.float64))
        wanted[::depth] += means[:, None, None] * kernel.side
        assert one.shape == wanted.shape
        np.testing.assert_allclose(one, wanted / pixel_format.white, rtol=1e-6, atol=3e-6)


def test_what_coefficients_leave_out_is_exact_on_a_bright_flat_16_bit_field() -> None:
    form = FrameFormat(64, 64, PixelFormat.MONO16)
    levels = np.full((64, 64), 60000, np.uint16)
    levels[20, 20] += 8
    found = of_graph(OnField(patch=16), form, levels)[0] * form.pixel_format.white
    assert found[-1].max() == pytest.approx(8.0, rel=0.1)
    assert np.median(found[-1]) < 1.5  # over 256 pixels: 0.1 of a level each


def test_features_are_those_of_the_backbone(cache: Path) -> None:
    spec = OnField(on="features")
    graph = field_graph(spec, FORM, Folders(cache=cache))
    assert graph == features_graph(spec, FORM, Folders(cache=cache))
    assert boundary_of(spec, graph) == ("scale0", "scale1")


@pytest.mark.parametrize("on", ["pixels", "patches"])
def test_half_precision_leaves_pixels_and_patches_alone(on: Any) -> None:
    form = FrameFormat(40, 40, PixelFormat.MONO8)
    spec = OnField(on=on)
    graph = field_graph(spec, form, NOWHERE)
    assert boundary_of(spec, graph) == (LEVELS,)
    for index, node in enumerate(graph.graph.node):
        node.name = str(index)
    assert halved(graph, boundary_of(spec, graph)) == graph


def test_what_cannot_be_is_refused() -> None:
    small = FrameFormat(40, 20, PixelFormat.MONO8)
    with pytest.raises(ConfigError, match=r"engine\.patch: 24 px, but images have 40x20 px"):
        field_graph(OnField(patch=24), small, NOWHERE)
    with pytest.raises(ValidationError, match="tile: on patches"):
        OnField(tile=128)
    assert OnField(on="features", tile=128).tile == 128
