"""Learned ISTA: against ISTA itself, against averages by hand, in tiles, its refusals."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch

from engines.background.shrinkage import ista, objective
from engines.methods import teach_engine
from engines.neural.patch_coding import NOISE
from engines.neural.sparse_coding import SparseCoder, SparseMaps
from engines.runtimes.onnxruntime import open_session
from engines.taught import NOWHERE, Taught
from engines.tiling import tiles_of
from inspector.core.engine_spec import ListaSpec
from inspector.core.errors import Cancelled, ConfigError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from tests.engines.pictures import part

FORM = FrameFormat(128, 64, PixelFormat.MONO8)
SHORT: dict[str, Any] = {"atoms": 24, "steps": 3, "epochs": 1, "batch": 2}
COLOURS = 3


def centred_atoms(count: int = 40, side: int = 8) -> Any:
    drawn = np.random.default_rng(0).normal(size=(count, COLOURS * side * side))
    drawn -= drawn.mean(axis=1, keepdims=True)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def images_of(form: FrameFormat, numbers: range) -> list[Pixels]:
    return [
        np.ascontiguousarray(part(number, height=form.height, width=form.width)[:, :, :1])
        for number in numbers
    ]


def taught(spec: ListaSpec, form: FrameFormat = FORM) -> Taught:
    images = images_of(form, range(8))
    return teach_engine(images, form, spec, lambda stage, share: None, NOWHERE)


def maps_of(engine: Taught, images: Pixels) -> Any:
    return open_session(engine.graph.SerializeToString(), 1).run(["map"], {"image": images})[0]


@pytest.mark.parametrize("steps", [1, 7])
def test_untrained_it_is_ista(steps: int) -> None:
    dictionary, penalty = centred_atoms(), 0.3
    coder = SparseCoder(dictionary, penalty, COLOURS, steps)
    picture = torch.randn(1, COLOURS, 24, 20, generator=torch.Generator().manual_seed(0)) + 5.0
    patches = torch.nn.functional.unfold(picture, 8, stride=4)[0].T.double().numpy()
    patches -= patches.mean(axis=1, keepdims=True)
    wanted = next(islice(ista(dictionary, patches, penalty), steps - 1, None))
    codes = coder(picture).detach()
    assert codes.shape == (1, 40, 5, 4)
    assert codes[0].flatten(1).T.numpy() == pytest.approx(wanted, abs=1e-5)
    assert coder.objective(picture).item() == pytest.approx(
        objective(dictionary, patches, wanted, penalty), rel=1e-4
    )


def test_drawn_is_the_average_of_the_patches_that_overlap() -> None:
    dictionary = centred_atoms()
    maps = SparseMaps(SparseCoder(dictionary, 0.3, COLOURS, 4), (24, 18))
    picture = torch.randn(1, COLOURS, 24, 18, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        drawn, roots = maps(picture)
    wide = np.pad(picture[0].numpy(), ((0, 0), (4, 4), (4, 6)), mode="edge").astype(np.float64)
    total, effort, count = np.zeros_like(wide), np.zeros(wide.shape[1:]), np.zeros(wide.shape[1:])
    for top in range(0, wide.shape[1] - 7, 4):
        for left in range(0, wide.shape[2] - 7, 4):
            at = (slice(top, top + 8), slice(left, left + 8))
            patch = wide[:, *at].reshape(1, -1)
            code = next(islice(ista(dictionary, patch - patch.mean(), 0.3), 3, None))
            total[:, *at] += (code @ dictionary + patch.mean()).reshape(COLOURS, 8, 8)
            effort[at] += np.abs(code).sum()
            count[at] += 1
    inner = (slice(4, 28), slice(4, 22))
    assert (count[inner] == 4).all()
    assert drawn[0].numpy() == pytest.approx((total / 4)[:, *inner], abs=1e-4)
    assert roots.shape == (1, 2, 12, 9)
    usual = float(np.sqrt(effort[inner].mean() / 4 + NOISE))
    assert float(roots[0, 1].mean()) == pytest.approx(usual, rel=0.05)


def test_learned_steps_are_worth_more_of_istas() -> None:
    engine = taught(ListaSpec(**SHORT | {"epochs": 4}))
    steps = engine.parameters["ista_steps"]
    assert isinstance(steps, int)
    assert steps > 3


def test_tiles_give_the_map_in_one_piece() -> None:
    spec = ListaSpec(per_position=False, seed=1, **SHORT)
    whole, cut = taught(spec), taught(spec.model_copy(update={"tile": 96}))
    assert cut.tiling is not None
    assert whole.map_shape == cut.map_shape == (32, 64)
    (image,) = images_of(FORM, range(50, 51))
    tiles = tiles_of(FORM.height, FORM.width, cut.tiling)
    assert len(tiles.all) > 1
    joined = tiles.join(image, lambda batch: maps_of(cut, batch))
    wanted = maps_of(whole, image[None])[0]
    assert joined == pytest.approx(wanted, abs=1e-3 * float(wanted.max()))


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (ListaSpec(tile=96), "knows places"),
        (ListaSpec(tile=64, per_position=False), "64 px are only context"),
    ],
)
def test_tiles_that_will_not_do_are_refused(spec: ListaSpec, words: str) -> None:
    with pytest.raises(ConfigError, match=rf"engine\.tile: .*{words}"):
        teach_engine([], FORM, spec, lambda stage, share: None, NOWHERE)


def test_equal_images_of_one_level_are_no_division_by_zero() -> None:
    flat = [np.full(FORM.shape, 7, np.uint8)] * 4
    engine = teach_engine(flat, FORM, ListaSpec(**SHORT), lambda stage, share: None, NOWHERE)
    assert np.isfinite(maps_of(engine, np.stack(flat))).all()


@pytest.mark.parametrize("stage", ["dictionary", "train", "compare", "spread", "graph"])
def test_progress_can_stop_the_teaching(stage: str) -> None:
    def stop(name: str, share: float) -> None:
        assert 0.0 <= share <= 1.0
        if name.startswith(stage):
            raise Cancelled(name)

    images = images_of(FORM, range(3))
    spec = ListaSpec(**SHORT)
    with pytest.raises(Cancelled, match=stage):
        teach_engine(images, FORM, spec, stop, NOWHERE)
