"""Every background check of a recipe finds a defect by itself, in grey, colour and deep pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from engines.background.pyramid import Pyramid
from inspector.core.check_spec import CheckSpec, DecisionBasis
from inspector.core.detection import Detection
from inspector.core.frame import Pixels, ScoreMap
from inspector.core.ports import PreparedView
from inspector.core.recipe import Box
from inspector.scoring.kernels import kernel_for
from inspector.scoring.raw_check import raw_checks

CHECKS = ("local", "rx", "lrb", "crd")
NONE = Detection(np.zeros((1, 1, 1), np.float32), np.zeros(1, np.float32))


def view(colours: int, depth: int, defect: int = 0) -> PreparedView:
    """A smooth texture of 96 x 128 px with noise of 2 levels of 256; the defect is a 4 px spot."""
    random = np.random.default_rng(3)
    y, x = np.mgrid[:96, :128]
    grey = 110 + 8 * np.sin(x / 15) + 5 * np.cos(y / 11) + random.normal(0, 2, (96, 128))
    grey[60:64, 30:34] += defect
    image = np.repeat(grey[..., None], colours, axis=2)
    scale = (2**depth - 1) / 255
    levels = np.rint(image * scale).astype(np.uint8 if depth == 8 else np.uint16)
    pixels: Pixels = levels.view(np.uint8)
    return PreparedView(pixels, Box(x=0, y=0, width=128, height=96))


def look(check: dict[str, Any], seen: PreparedView) -> tuple[ScoreMap, float]:
    spec: CheckSpec = TypeAdapter(CheckSpec).validate_python(check)
    raw = raw_checks(DecisionBasis(checks=(spec,)))[0]
    score_map = raw.map_of(seen, NONE)
    return score_map, raw.score_of(score_map, seen)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize(("colours", "depth"), [(1, 8), (3, 8), (1, 12), (3, 16)])
def test_a_spot_is_the_strangest_place(check: str, colours: int, depth: int) -> None:
    score_map, score = look({"check": check}, view(colours, depth, defect=40))
    _, usual = look({"check": check}, view(colours, depth))
    assert score > 2 * usual
    row, column = np.unravel_index(int(score_map.argmax()), score_map.shape)
    y = (row + 0.5) * 96 / score_map.shape[0]
    x = (column + 0.5) * 128 / score_map.shape[1]
    assert abs(y - 62) <= 6
    assert abs(x - 32) <= 6


@pytest.mark.parametrize("check", CHECKS)
def test_with_scales_a_wide_faint_stain_stands_out_more(check: str) -> None:
    seen = view(1, 8)
    y, x = np.mgrid[:96, :128]
    stain = 12 * np.exp(-((y - 48) ** 2 + (x - 64) ** 2) / (2 * 8.0**2))
    pixels = np.clip(seen.pixels[..., 0] + stain, 0, 255).astype(np.uint8)[..., None]
    stained = PreparedView(np.ascontiguousarray(pixels), seen.field)
    one, three = (
        look({"check": check, "scales": scales}, stained)[1]
        / look({"check": check, "scales": scales}, seen)[1]
        for scales in (1, 3)
    )
    assert three >= 0.95 * one


@pytest.mark.parametrize("check", ["lrb", "crd"])
@pytest.mark.parametrize("defect", [0, 40])
def test_a_cascade_scores_like_the_exact_form(check: str, defect: int) -> None:
    seen = view(1, 8, defect)
    exact, usual = look({"check": check}, seen)
    found, score = look({"check": check, "cascade": True}, seen)
    assert score == pytest.approx(usual, rel=1e-5)
    assert (found > exact).any()


def test_a_recipe_without_a_cascade_keeps_its_identity() -> None:
    check = TypeAdapter[CheckSpec](CheckSpec)
    plain, quick = ({"check": "lrb"}, {"check": "lrb", "cascade": True})
    assert "cascade" not in check.dump_python(check.validate_python(plain | {"cascade": False}))
    assert check.dump_python(check.validate_python(quick))["cascade"] is True


@pytest.mark.parametrize("check", CHECKS)
def test_coarser_scales_look_at_larger_defects(check: str) -> None:
    """Windows have the same size in pixels at every scale, so they cover more of the part."""
    spec: Any = TypeAdapter(CheckSpec).validate_python({"check": check, "scales": 3})
    pyramid = kernel_for(spec, 256, 320, 1)
    assert isinstance(pyramid, Pyramid)
    assert pyramid.kernels == pyramid.kernels[:1] * 3
    assert pyramid.kernels[0] == kernel_for(spec.model_copy(update={"scales": 1}), 256, 320, 1)


def test_a_stain_beyond_the_guard_is_found_with_scales_only() -> None:
    """A disc of 48 px in 256 with a guard of 12: at a quarter of the size it fits into it."""
    random = np.random.default_rng(5)
    grey = random.normal(120, 6, (256, 256))
    y, x = np.mgrid[:256, :256]
    disc = np.hypot(y - 130, x - 100) < 24
    pixels = np.clip(grey + 14 * disc, 0, 255).astype(np.uint8)[..., None]
    seen = PreparedView(np.ascontiguousarray(pixels), Box(x=0, y=0, width=256, height=256))

    def at_disc(scales: int) -> bool:
        score_map, _ = look({"check": "rx", "scales": scales}, seen)
        row, column = np.unravel_index(int(score_map.argmax()), score_map.shape)
        return bool(disc[row, column])

    assert not at_disc(1)
    assert at_disc(3)
