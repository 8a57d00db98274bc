"""The engine `rpca`: its graph against plain arithmetic, one image against itself, refusals."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from pydantic import ValidationError

from engines.background.fields import LEVELS, add_levels
from engines.background.rpca import soft
from engines.background.rpca_columns import Basis
from engines.background.rpca_engine import NOISE
from engines.background.rpca_nodes import add_low_rank, add_map, add_roots, map_shape
from engines.background.rpca_windows import CELLS, Reduced, Windows, reduced, windows_of
from engines.explaining import EXPECTED
from engines.graphs import with_outputs
from engines.methods import teach_engine
from engines.neural.residual import Residuals
from engines.neural.spread import Spread, StandardisedMap
from engines.nodes import Nodes
from engines.runtimes.onnxruntime import open_session
from engines.taught import NOWHERE, Taught
from inspector.core.engine_spec import RpcaSpec
from inspector.core.errors import Cancelled, ConfigError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from tests.engines.pictures import part

FORM = FrameFormat(64, 48, PixelFormat.RGB8)
SHAPE = (3, 48, 64)
GOOD = [part(number, height=48, width=64) for number in range(12)]
THRESHOLD = 0.05

Floats = NDArray[np.floating[Any]]
PLACES: dict[str, Windows | None] = {
    "images": None,
    "cells": CELLS,
    "patches": Windows((10, 10), (5, 5)),
    "hankel": Windows((1, 10), (1, 1)),
}


def basis_of(windows: Windows | None, rank: int = 3) -> Basis:
    random = np.random.default_rng(5)
    shape = (3, *(windows.side if windows else SHAPE[1:]))
    size = int(np.prod(shape))
    axes = np.linalg.qr(random.normal(size=(size, min(rank, size))))[0].T
    whole = windows is None
    mean = random.uniform(0.3, 0.6, SHAPE if whole else (3, 1, 1))
    return Basis(
        np.array([1.0, 2.0, 0.5], np.float32),
        mean.astype(np.float32),
        axes.reshape(-1, *shape).astype(np.float32),
        THRESHOLD,
        windows,
    )


def plain_projection(centred: Floats, basis: Basis) -> Floats:
    """Window by window."""
    axes = basis.axes.reshape(len(basis.axes), -1).astype(np.float64)
    if basis.windows is None:
        return (axes.T @ (axes @ centred.ravel())).reshape(centred.shape)
    (down, across), (rows, columns) = basis.windows.side, basis.windows.stride
    _, height, width = centred.shape
    after = basis.windows.after(height, width)
    wide = np.pad(centred, ((0, 0), (0, after[0]), (0, after[1])), mode="edge")
    total, count = np.zeros_like(wide), np.zeros(wide.shape[1:])
    for top in range(0, wide.shape[1] - down + 1, rows):
        for left in range(0, wide.shape[2] - across + 1, columns):
            at = (slice(top, top + down), slice(left, left + across))
            total[:, *at] += (axes.T @ (axes @ wide[:, *at].ravel())).reshape(3, down, across)
            count[at] += 1
    assert (count[:height, :width] == basis.windows.counts(height, width)).all()
    return np.asarray((total / count)[:, :height, :width])


def run(nodes: Nodes, names: list[str], images: Pixels) -> Any:
    graph = nodes.model(FORM, {})
    with_outputs(graph, names)
    return open_session(graph.SerializeToString(), 1).run(names, {"image": images})


@pytest.mark.parametrize("places", PLACES)
def test_the_graph_takes_the_steps_of_plain_arithmetic(places: str) -> None:
    basis = basis_of(PLACES[places])
    image = GOOD[0]
    levels = image.transpose(2, 0, 1) / 255.0 * basis.scale[:, None, None]
    centred = cleaned = levels - basis.mean
    for _ in range(3):
        background = plain_projection(cleaned, basis)
        sparse = soft(centred - background, THRESHOLD)
        cleaned = centred - sparse
    nodes = Nodes()
    add_levels(nodes, FORM)
    parts = add_low_rank(nodes, LEVELS, SHAPE, basis, 3, name="own")
    names = [parts.background, parts.rest, parts.sparse]
    found = run(nodes, names, np.stack([image, image]))
    wanted = [background + basis.mean, centred - background, sparse]
    for one, other in zip(found, wanted, strict=True):
        assert one.shape == (2, *SHAPE)
        assert one[1] == pytest.approx(other, abs=1e-5)


def test_many_steps_end_at_hubers_fit() -> None:
    """There the sum of what is left, each no more than the threshold, has no part in the axes."""
    basis = basis_of(None)
    nodes = Nodes()
    add_levels(nodes, FORM)
    parts = add_low_rank(nodes, LEVELS, SHAPE, basis, 60, name="own")
    (rest,) = run(nodes, [parts.rest], GOOD[0][None])
    axes = basis.axes.reshape(3, -1)
    influence = axes @ np.clip(rest[0].ravel(), -THRESHOLD, THRESHOLD)
    plain = axes @ np.clip((rest[0] + 0.2).ravel(), -THRESHOLD, THRESHOLD)
    assert np.abs(influence).max() < 1e-3 * np.abs(plain).max()


def test_the_map_is_that_of_the_redrawing_engines() -> None:
    random = np.random.default_rng(7)
    size = map_shape(*SHAPE[1:])
    spread = Spread(random.uniform(0, 0.1, (1, *size)), random.uniform(0.1, 1.0, (1, *size)))
    nodes = Nodes()
    add_levels(nodes, FORM)
    roots = add_roots(nodes, LEVELS, NOISE, "roots")
    centred = nodes.add("Sub", "centred", roots, spread.mean)
    add_map(nodes, nodes.add("Mul", "standard", centred, 1.0 / spread.deviation))
    score_map, score = run(nodes, ["map", "score"], np.stack(GOOD[:2]))
    levels = torch.from_numpy(np.stack(GOOD[:2]).transpose(0, 3, 1, 2) / 255.0).float()
    mean = Residuals("mse", 0.0)(levels, torch.zeros_like(levels))
    wanted, highest = StandardisedMap(spread)((mean + NOISE**2).sqrt())
    assert score_map == pytest.approx(wanted.numpy(), rel=1e-4)
    assert score == pytest.approx(highest.numpy(), rel=1e-4)


def taught(spec: RpcaSpec, form: FrameFormat = FORM, images: list[Pixels] = GOOD) -> Taught:
    return teach_engine(images, form, spec, lambda stage, share: None, NOWHERE)


def told_of(engine: Taught, image: Pixels, *names: str) -> Any:
    graph = engine.graph
    with_outputs(graph, list(names))
    return open_session(graph.SerializeToString(), 1).run(list(names), {"image": image[None]})


@pytest.mark.parametrize(
    "spec",
    [
        RpcaSpec(fit="godec"),
        RpcaSpec(matrix="patches", patch=8, fit="godec"),
        RpcaSpec(matrix="hankel"),
        RpcaSpec(on="patches"),
        RpcaSpec(on="patches", matrix="patches"),
    ],
    ids=lambda spec: f"{spec.on} {spec.matrix} {spec.fit}",
)
def test_a_spot_is_stranger_than_good_parts(spec: RpcaSpec) -> None:
    session = open_session(taught(spec).graph.SerializeToString(), 1)
    good, bad = (
        session.run(
            ["score"],
            {"image": np.stack([part(n, spot=spot, height=48, width=64) for n in range(40, 46)])},
        )[0]
        for spot in (False, True)
    )
    assert good.max() < bad.min()
    assert 0.3 < good.mean() < 4.0


def test_light_that_changes_as_a_whole_is_background() -> None:
    """Brighter and darker images are of rank 1, whether or not just this light was seen."""
    picture = part(0, height=48, width=64) / 2.0
    random = np.random.default_rng(0)

    def lit(gain: float) -> Pixels:
        noisy = picture * gain + random.normal(0, 2, picture.shape)
        return np.clip(noisy, 0, 255).astype(np.uint8)

    engine = taught(RpcaSpec(rank=2), images=[lit(g) for g in np.linspace(0.6, 1.6, 20)])
    scored = [told_of(engine, lit(gain), "score")[0][0] for gain in (0.73, 1.0, 1.41)]
    spotted = lit(1.0)
    spotted[20:26, 20:26] //= 2
    assert told_of(engine, spotted, "score")[0][0] > 3 * max(scored)


def weave(height: int = 96, width: int = 96) -> Floats:
    rows, columns = np.mgrid[:height, :width]
    waves = np.sin(2 * np.pi * (rows + 0.4 * columns) / 9.3) + np.cos(2 * np.pi * columns / 7.1)
    return np.asarray(120 + 30 * waves, np.float64)


@pytest.mark.parametrize("matrix", ["patches", "hankel"])
def test_one_image_is_held_against_itself(matrix: Any) -> None:
    form = FrameFormat(96, 96, PixelFormat.MONO8)
    clean = weave()
    noisy = clean + np.random.default_rng(1).normal(0, 2, clean.shape)
    noisy[40:46, 50:56] = 120.0
    image = np.rint(noisy).astype(np.uint8)[..., None]
    engine = taught(RpcaSpec(form="single", matrix=matrix, patch=16, rank=6), form, [])
    score_map, expected = told_of(engine, image, "map", EXPECTED)
    row, column = np.unravel_index(score_map[0].argmax(), score_map[0].shape)
    assert abs(2 * row - 43) < 8
    assert abs(2 * column - 53) < 8
    assert np.median(score_map) < 1.5
    assert score_map.max() > 3.0
    assert np.abs(expected[0, 0] - clean).mean() < 4.0
    assert np.abs(expected[0, 0] - clean)[40:46, 50:56].mean() < 20.0


def test_a_larger_image_is_averaged_and_drawn_at_its_own_size() -> None:
    form = FrameFormat(330, 301, PixelFormat.MONO12)
    random = np.random.default_rng(0)

    def deep() -> Pixels:
        levels = random.integers(1000, 1100, (301, 330)) + 800
        return np.ascontiguousarray(levels.astype("<u2").view(np.uint8).reshape(301, 330, 2))

    engine = taught(RpcaSpec(rank=2), form, [deep() for _ in range(4)])
    assert engine.parameters["pixel_px"] == 2
    assert engine.map_shape == (76, 83)
    score_map, expected, sparse = told_of(engine, deep(), "map", EXPECTED, "sparse")
    assert score_map.shape == (1, 76, 83)
    assert expected.shape == (1, 1, 301, 330)
    assert expected.mean() == pytest.approx(1850 / 4095 * 255, rel=0.01)
    assert sparse.shape == (1, 151, 165)


def test_equal_images_of_one_level_are_no_division_by_zero() -> None:
    flat = [np.full(FORM.shape, 7, np.uint8)] * 4
    for spec in (
        RpcaSpec(),
        RpcaSpec(matrix="patches", patch=8, fit="godec"),
        RpcaSpec(on="patches"),
    ):
        assert np.isfinite(told_of(taught(spec, images=flat), flat[0], "map")[0]).all()
    single = taught(RpcaSpec(form="single", matrix="patches", patch=8), images=[])
    assert told_of(single, flat[0], "map")[0].max() < 1e-3


def test_same_images_same_engine() -> None:
    spec = RpcaSpec(matrix="patches", patch=4, fit="godec", seed=4)
    assert taught(spec).graph == taught(spec).graph
    assert taught(spec).graph != taught(spec.model_copy(update={"seed": 5})).graph


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"matrix": "hankel", "on": "features"}, "hankel is made of pixels"),
        ({"form": "single"}, "form: single takes on: pixels and matrix: patches"),
        ({"form": "single", "on": "features", "matrix": "patches"}, "form: single takes"),
        ({"on": "features", "matrix": "patches", "tile": 256}, "in one piece"),
        ({"rank": 21}, "less than or equal to 20"),
    ],
)
def test_recipes_that_make_no_sense_are_refused(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        RpcaSpec(**wrong)


def test_only_one_image_is_held_against_itself_without_teaching() -> None:
    assert RpcaSpec().learns
    assert RpcaSpec().knows_places
    single = RpcaSpec(form="single", matrix="hankel")
    assert not single.learns
    assert not single.knows_places


@pytest.mark.parametrize(("matrix", "columns"), [("images", 7), ("patches", 10)])
def test_matrices_are_bounded(matrix: Any, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    size = 3 * (48 * 64 if matrix == "images" else 4 * 4)
    monkeypatch.setattr("engines.background.rpca_columns.ENTRIES", columns * size + 1)
    engine = taught(RpcaSpec(matrix=matrix, patch=4, fit="godec", rank=2), images=GOOD[:11])
    assert engine.parameters["columns"] == str(columns)


def test_one_image_needs_no_torch() -> None:
    program = """
import sys
sys.modules["torch"] = None
from engines.methods import teach_engine
from engines.taught import NOWHERE
from inspector.core.engine_spec import RpcaSpec
from inspector.core.frame import FrameFormat, PixelFormat
form = FrameFormat(64, 64, PixelFormat.MONO8)
teach_engine((), form, RpcaSpec(form="single", matrix="patches"), lambda *_: None, NOWHERE)
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)


def test_what_cannot_be_taught_is_refused_with_the_figures() -> None:
    with pytest.raises(ConfigError, match="1 teaching images are too few"):
        taught(RpcaSpec(), images=GOOD[:1])
    large = FrameFormat(1024, 1024, PixelFormat.RGB8)
    with pytest.raises(ConfigError, match=r"engine\.rank: 20 axes of whole images take 240 MiB"):
        taught(RpcaSpec(on="patches", patch=8, rank=20), large, GOOD[:2])
    with pytest.raises(ConfigError, match=r"engine\.patch: 32 px, but images have 64x48"):
        taught(RpcaSpec(matrix="patches", patch=32))


def test_windows_by_default() -> None:
    image = reduced(FrameFormat(1024, 512, PixelFormat.MONO8), RpcaSpec(matrix="hankel"))
    assert image == Reduced(512, 1024, 3)
    assert windows_of(image, RpcaSpec(matrix="hankel")) == Windows((1, 22), (1, 1))
    whole = reduced(FrameFormat(1024, 512, PixelFormat.MONO8), RpcaSpec(matrix="patches"))
    assert windows_of(whole, RpcaSpec(matrix="patches")) == Windows((32, 32), (16, 16))


@pytest.mark.parametrize(
    ("spec", "stage"),
    [
        (RpcaSpec(), "features"),
        (RpcaSpec(), "low rank"),
        (RpcaSpec(on="patches"), "field"),
        (RpcaSpec(form="single", matrix="patches"), "graph"),
    ],
)
def test_progress_can_stop_the_teaching(spec: RpcaSpec, stage: str) -> None:
    def stop(name: str, share: float) -> None:
        assert 0.0 <= share <= 1.0
        if name == stage:
            raise Cancelled(name)

    with pytest.raises(Cancelled, match=stage):
        teach_engine(GOOD[:4], FORM, spec, stop, NOWHERE)
