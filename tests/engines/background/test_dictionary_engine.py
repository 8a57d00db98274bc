"""Dictionaries as an engine: layers against their arithmetic, averages by hand, its refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from pydantic import ValidationError

from engines.background.coders import (
    DictionaryCoder,
    PursuitCoder,
    RidgeCoder,
    SubspaceCoder,
    coder_of,
)
from engines.background.dictionary import centred, omp, ridge_codes
from engines.background.dictionary_engine import Residual
from engines.background.subspaces import subspaces_of
from engines.graphs import with_outputs
from engines.methods import teach_engine
from engines.neural.patch_coding import NOISE, vectors_on_grid
from engines.runtimes.onnxruntime import open_session
from engines.taught import NOWHERE, Taught
from engines.tiling import tiles_of
from inspector.core.engine_spec import DictionarySpec, EngineSpec, ListaSpec
from inspector.core.errors import Cancelled, ConfigError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from tests.engines.pictures import part

FORM = FrameFormat(48, 64, PixelFormat.MONO8)
COLOURS = 3

Rows = NDArray[np.float64]


def centred_atoms(count: int) -> Rows:
    return centred(np.random.default_rng(0).normal(size=(count, COLOURS * 64)))


def directed_patches() -> Rows:
    drawn = np.random.default_rng(3).normal(size=(400, COLOURS * 64)) * np.linspace(3.0, 0.1, 192)
    return np.asarray(drawn - drawn.mean(axis=1, keepdims=True))


def plain_pursuit(atoms: Rows, rows: Rows, steps: int) -> Rows:
    """Patch by patch, every atom tried in every step: the one that leaves least is taken."""

    def made(row: Rows, taken: list[int]) -> Rows:
        return np.asarray(np.linalg.lstsq(atoms[taken].T, row, rcond=None)[0] @ atoms[taken])

    found = []
    for row in rows:
        taken: list[int] = []
        for _ in range(steps):
            others = (atom for atom in range(len(atoms)) if atom not in taken)
            best = min(
                others, key=lambda one: float(np.square(row - made(row, [*taken, one])).sum())
            )
            taken.append(best)
        found.append(made(row, taken))
    return np.stack(found)


def coders() -> dict[str, tuple[DictionaryCoder, Any]]:
    """Each layer, and from patches to what its arithmetic makes of them."""
    atoms = centred_atoms(40)
    asked, made = ridge_codes(atoms, 0.1)
    groups = subspaces_of(directed_patches(), 6, 3, np.random.default_rng(1))
    return {
        "global": (RidgeCoder(atoms, 0.1, COLOURS), lambda rows: rows @ asked.T @ made),
        "ksvd": (PursuitCoder(atoms, 4, COLOURS), lambda rows: plain_pursuit(atoms, rows, 4)),
        "clusters": (SubspaceCoder(groups, COLOURS), groups.made),
    }


def images_of(form: FrameFormat, numbers: range) -> list[Pixels]:
    return [
        np.ascontiguousarray(part(number, height=form.height, width=form.width)[:, :, :1])
        for number in numbers
    ]


def silent(stage: str, share: float) -> None:
    """Nobody asks."""


def taught(spec: EngineSpec, form: FrameFormat = FORM) -> Taught:
    return teach_engine(images_of(form, range(6)), form, spec, silent, NOWHERE)


def found(engine: Taught, images: Pixels) -> Any:
    session = open_session(engine.graph.SerializeToString(), 1)
    return session.run(["map", "score"], {"image": images})


@pytest.mark.parametrize("form", ["global", "ksvd", "clusters"])
def test_layers_make_what_their_arithmetic_makes(form: str) -> None:
    coder, arithmetic = coders()[form]
    picture = torch.randn(1, COLOURS, 24, 16, generator=torch.Generator().manual_seed(0)) + 5.0
    patches = torch.nn.functional.unfold(picture, 8, stride=4).movedim(1, 2).flatten(0, 1)
    rows = patches.double().numpy()
    rows -= rows.mean(axis=1, keepdims=True)
    codes = coder(picture).movedim(1, 3).flatten(0, 2)
    made = (codes @ coder.dictionary.flatten(1)).numpy()
    assert made == pytest.approx(arithmetic(rows), abs=1e-4)
    left = np.square(rows - arithmetic(rows)).mean(axis=1)
    assert coder.left(picture).flatten().numpy() == pytest.approx(left, abs=1e-4)


def test_pursuit_of_flat_patches_and_of_equal_atoms_ends() -> None:
    atoms = centred_atoms(4)
    coder = PursuitCoder(np.concatenate([atoms, atoms]), 6, COLOURS)
    flat = torch.full((1, COLOURS, 16, 16), 3.0)
    assert coder(flat).abs().max() < 1e-4
    codes = coder(torch.randn(1, COLOURS, 16, 16, generator=torch.Generator().manual_seed(1)))
    assert torch.isfinite(codes).all()
    assert (codes != 0).sum(1).max() == 4


def test_first_step_is_that_of_plain_matching_pursuit() -> None:
    atoms, rows = centred_atoms(40), directed_patches()[:4]
    coder = PursuitCoder(atoms, 1, COLOURS)
    codes = coder(torch.from_numpy(rows).float().reshape(-1, COLOURS, 8, 8)).flatten(1)
    assert codes.numpy() == pytest.approx(omp(atoms, rows, 1), abs=1e-4)


def test_what_overlapping_patches_leave_and_draw_is_averaged() -> None:
    coder, arithmetic = coders()["clusters"]
    maps = Residual(coder, (24, 18), 1)
    picture = torch.randn(1, COLOURS, 24, 18, generator=torch.Generator().manual_seed(2))
    wide = np.pad(picture[0].numpy(), ((0, 0), (4, 4), (4, 6)), mode="edge").astype(np.float64)
    drawn, left = np.zeros_like(wide), np.zeros(wide.shape[1:])
    for top in range(0, wide.shape[1] - 7, 4):
        for left_edge in range(0, wide.shape[2] - 7, 4):
            at = (slice(top, top + 8), slice(left_edge, left_edge + 8))
            patch = wide[:, *at].reshape(1, -1)
            made = arithmetic(patch - patch.mean()) + patch.mean()
            drawn[:, *at] += made.reshape(COLOURS, 8, 8) / 4.0
            left[at] += np.square(patch - made).mean() / 4.0
    inner = (slice(4, 28), slice(4, 22))
    assert maps.drawn(picture)[0].numpy() == pytest.approx(drawn[:, *inner], abs=1e-4)
    spread = maps.spread_out(coder.left(maps.seen(picture)))[0, 0].numpy()
    assert spread == pytest.approx(left[inner], abs=1e-4)
    root = maps(picture)
    assert root.shape == (1, 1, 12, 9)
    assert float(root.mean()) == pytest.approx(np.sqrt(left[inner].mean() + NOISE), rel=0.05)


def test_larger_patches_see_the_same_picture_coarser() -> None:
    coder, _ = coders()["clusters"]
    fine = torch.randn(1, COLOURS, 24, 16, generator=torch.Generator().manual_seed(4))
    coarse = fine.repeat_interleave(2, 2).repeat_interleave(2, 3)
    maps, larger = Residual(coder, (24, 16), 1), Residual(coder, (48, 32), 2)
    assert larger(coarse).shape == (1, 1, 24, 16)
    again = larger.drawn(coarse)[..., ::2, ::2].numpy()
    assert again == pytest.approx(maps.drawn(fine).numpy(), abs=1e-4)


def test_grid_lies_evenly_and_goes_through_the_images() -> None:
    places = torch.arange(6 * 9).reshape(1, 6, 9)
    drawn = vectors_on_grid(lambda index: places + 100 * index, [2, 5], 6)[:, 0]
    assert sorted(drawn.tolist()) == [210.0, 216.0, 240.0, 513.0, 537.0, 543.0]


def test_ksvd_has_the_atoms_of_lista() -> None:
    def atoms(engine: Taught) -> Any:
        tensors = map(numpy_helper.to_array, engine.graph.graph.initializer)
        return next(tensor for tensor in tensors if tensor.shape == (25, 1, 8, 8))

    shared: dict[str, Any] = {"seed": 4, "atoms": 24, "sparsity": 2}
    lista = taught(ListaSpec(epochs=1, steps=1, batch=2, **shared))
    assert np.array_equal(atoms(taught(DictionarySpec(form="ksvd", **shared))), atoms(lista))


def test_a_large_faint_stain_is_seen_by_large_patches() -> None:
    random = np.random.default_rng(0)
    grainy = np.clip(random.normal(128, 4, (12, 64, 64, 1)), 0, 255)
    down, across = np.mgrid[:64, :64]
    stain = 15.0 * np.exp(-((down - 32) ** 2 + (across - 32) ** 2) / (2 * 7.0**2))
    good, stained = (some.astype(np.uint8) for some in (grainy, grainy[6:] - stain[..., None]))
    spec = DictionarySpec(patches=(8, 16, 32), atoms=16, per_position=False)
    form = FrameFormat(64, 64, PixelFormat.MONO8)
    graph = teach_engine(list(good[:6]), form, spec, silent, NOWHERE).graph
    parts = ["map", "of_8_px"]
    with_outputs(graph, parts)
    session = open_session(graph.SerializeToString(), 1)
    usual, strange = (
        [values.max((1, 2)).mean() for values in session.run(parts, {"image": images})]
        for images in (good[6:], stained)
    )
    assert strange[0] / usual[0] > 1.2 * strange[1] / usual[1]


def test_tiles_give_the_map_in_one_piece() -> None:
    form = FrameFormat(256, 64, PixelFormat.MONO8)
    spec = DictionarySpec(patches=(8, 16), atoms=16, per_position=False)
    whole, cut = taught(spec, form), taught(spec.model_copy(update={"tile": 192}), form)
    assert cut.tiling is not None
    assert whole.map_shape == cut.map_shape == (32, 128)
    (image,) = images_of(form, range(50, 51))
    tiles = tiles_of(form.height, form.width, cut.tiling)
    assert len(tiles.all) > 1
    joined = tiles.join(image, lambda batch: found(cut, batch)[0])
    wanted = found(whole, image[None])[0][0]
    assert joined == pytest.approx(wanted, abs=1e-3 * float(wanted.max()))


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"on": "pixels"}, "a single pixel"),
        ({"patches": [16, 8]}, "smallest first"),
        ({"on": "features", "tile": 256}, "on features an image is taken in one piece"),
    ],
)
def test_recipes_that_make_no_sense_are_refused(section: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        DictionarySpec.model_validate(section)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (DictionarySpec(tile=96), r"engine\.tile: .*knows places"),
        (DictionarySpec(tile=64, per_position=False), r"engine\.tile: 64 px are only context"),
        (DictionarySpec(patches=(8, 32)), r"engine\.patches: 32 px, but images have 80x24 px"),
    ],
)
def test_what_does_not_fit_the_image_is_refused(spec: DictionarySpec, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        teach_engine([], FrameFormat(80, 24, PixelFormat.MONO8), spec, silent, NOWHERE)


def vectors_of(index: int) -> torch.Tensor:
    return torch.randn(64, 6, 5, generator=torch.Generator().manual_seed(index))


@pytest.mark.parametrize("form", ["global", "ksvd", "clusters"])
def test_equal_images_of_one_level_are_no_division_by_zero(form: Any) -> None:
    spec = DictionarySpec(form=form, atoms=8)
    coder = coder_of(lambda index: torch.zeros(64, 6, 5), [0, 1], spec, 1)
    assert coder(torch.zeros(1, 1, 16, 16)).abs().max() <= 1.0
    assert torch.isfinite(coder(torch.ones(1, 1, 16, 16))).all()


@pytest.mark.parametrize("form", ["global", "ksvd", "clusters"])
def test_the_seed_decides(form: Any) -> None:
    spec = DictionarySpec(form=form, atoms=8, seed=1)
    first, again, other = (
        coder_of(vectors_of, [0, 1, 2], one, 1).dictionary
        for one in (spec, spec, spec.model_copy(update={"seed": 2}))
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize("stage", ["levels", "dictionary", "spread", "graph"])
def test_progress_can_stop_the_teaching(stage: str) -> None:
    def stop(name: str, share: float) -> None:
        assert 0.0 <= share <= 1.0
        if name == stage:
            raise Cancelled(name)

    with pytest.raises(Cancelled, match=stage):
        teach_engine(images_of(FORM, range(3)), FORM, DictionarySpec(atoms=8), stop, NOWHERE)
