"""The engine `mt` measures what an engineer would, and judges it as the unit space says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError
from sklearn.covariance import EmpiricalCovariance

from engines.background.image_features import LINES, ImageFeatures, figures_of
from engines.background.mahalanobis_taguchi import UnitSpace, select
from engines.background.mt_engine import BY_CELL, KINDS
from engines.explaining import explain
from engines.methods import teach_engine
from engines.runtimes.onnxruntime import open_session
from engines.taught import Folders, Taught
from inspector.core.engine_spec import MtSpec
from inspector.core.errors import Cancelled, ConfigError, DatasetError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from tests.engines.pictures import part
from tests.engines.tiny_bundle import write_bundle

COLOUR = FrameFormat(64, 64, PixelFormat.RGB8)
GREY = FrameFormat(40, 32, PixelFormat.MONO8)
GOOD = [part(number) for number in range(30)]
Values = NDArray[np.float64]


def silent(stage: str, share: float) -> None:
    """Nobody asks."""


def taught(spec: MtSpec, images: list[Pixels] = GOOD, form: FrameFormat = COLOUR) -> Taught:
    return teach_engine(images, form, spec, silent, Folders())


def judged(engine: Taught, images: list[Pixels]) -> Any:
    session = open_session(engine.graph.SerializeToString(), 1)
    return session.run(["map", "score"], {"image": np.stack(images)})


@pytest.fixture(scope="module")
def whole() -> Taught:
    return taught(MtSpec())


def measured(features: ImageFeatures, image: Pixels) -> list[Values]:
    session = open_session(features.graph().SerializeToString(), 1)
    return [np.asarray(one[0], np.float64) for one in session.run(None, {"image": image[None]})]


def figures(image: Pixels, kinds: Any = KINDS, cells: int = 4, **more: Any) -> list[Values]:
    form = FrameFormat(image.shape[1], image.shape[0], PixelFormat.MONO8)
    return measured(ImageFeatures(form, cells, kinds, **more), image)


def test_figures_are_what_their_names_say_of_each_cell_and_of_the_whole() -> None:
    image = np.random.default_rng(0).integers(0, 256, (32, 40, 1), np.uint8)
    wide = np.pad(image[..., 0] / 255, ((0, 1), (0, 1)), mode="edge")
    smooth = (wide[:-1, :-1] + wide[:-1, 1:] + wide[1:, :-1] + wide[1:, 1:]) / 4
    edge = np.pad(smooth, ((0, 1), (0, 1)), mode="edge")
    steps = (np.abs(edge[:-1, 1:] - smooth) + np.abs(edge[1:, :-1] - smooth)) / 2

    def told(rows: slice, columns: slice) -> list[float]:
        own, step = smooth[rows, columns], steps[rows, columns]
        return [own.mean(), own.std(), step.mean(), own.max(), own.min(), step.max()]

    cells, all_of_it = figures(image)
    assert cells.shape == (6, 4, 4)
    for row in range(4):
        for column in range(4):
            wanted = told(slice(8 * row, 8 * row + 8), slice(10 * column, 10 * column + 10))
            assert cells[:, row, column] == pytest.approx(wanted, rel=1e-5)
    assert all_of_it.ravel() == pytest.approx(told(slice(None), slice(None)), rel=1e-5)


def test_lines_are_counted() -> None:
    image = np.zeros((32, 32, 1), np.uint8)
    image[:, 16:] = 200
    cells, _ = figures(image, LINES, 2, quartiles=[[0.04, 0.5, 0.9]])
    above, crossings = cells[:3], cells[3:]
    # Smoothing moves the edge by half a pixel: at 4 % it is met at the left cell's last column.
    assert above[:, 0].tolist() == [[1 / 16, 1.0], [0.0, 1.0], [0.0, 0.0]]
    assert crossings[:, 0].tolist() == [[1 / 32, 0.0], [1 / 32, 0.0], [0.0, 0.0]]


def test_a_deeper_picture_has_the_same_figures() -> None:
    image = np.random.default_rng(1).integers(0, 256, (32, 40, 1), np.uint8)
    deep = np.rint(image[..., 0] / 255 * 65535).astype("<u2").view(np.uint8).reshape(32, 40, 2)
    found = measured(ImageFeatures(FrameFormat(40, 32, PixelFormat.MONO16), 4, KINDS), deep)
    assert found[0] == pytest.approx(figures(image)[0], abs=1e-5)


@pytest.mark.parametrize("size", [(65, 33), (200, 301), (600, 520), (1024, 1400)])
def test_any_size_has_all_its_cells(size: tuple[int, int]) -> None:
    image = np.random.default_rng(2).integers(0, 256, (*size, 1), np.uint8)
    cells, whole = figures(image, cells=3)
    assert cells.shape == (6, 3, 3)
    assert whole.shape == (6, 1, 1)
    assert cells[0].mean() == pytest.approx(image.mean() / 255, rel=0.02)


def patchwork(random: np.random.Generator) -> Pixels:
    """Cells of levels and of contrasts of their own."""
    level = np.kron(random.normal(120.0, 9.0, (2, 2)), np.ones((16, 20)))
    grain = np.kron(random.uniform(5.0, 30.0, (2, 2)), np.ones((16, 20)))
    stripes = np.where(np.arange(40) // 4 % 2, 1.0, -1.0)
    return np.clip(level + grain * stripes, 0, 255).astype(np.uint8)[..., None]


def test_each_cell_has_scikit_learns_distance_over_the_number_of_figures() -> None:
    random = np.random.default_rng(3)
    good = [patchwork(random) for _ in range(150)]
    others = [patchwork(random) for _ in range(20)]
    kinds = ("level", "contrast")
    engine = taught(MtSpec(form="cells", grid=2, features=kinds), good, GREY)
    maps, scores = judged(engine, others)
    known, asked = (
        np.stack([figures(image, kinds, 2)[0] for image in images]) for images in (good, others)
    )
    for row in range(2):
        for column in range(2):
            oracle = EmpiricalCovariance().fit(known[:, :, row, column])
            wanted = oracle.mahalanobis(asked[:, :, row, column]) / 2
            assert maps[:, row, column] == pytest.approx(wanted, rel=0.1, abs=0.05)
    assert (scores == maps.max(axis=(1, 2))).all()


def test_the_whole_is_one_unit_space_of_all_figures() -> None:
    random = np.random.default_rng(4)
    good = [patchwork(random) for _ in range(40)]
    engine = taught(MtSpec(grid=2), good, GREY)

    def vectors(images: list[Pixels]) -> Values:
        return np.stack(
            [np.concatenate([one.ravel() for one in figures(i, cells=2)]) for i in images]
        )

    known = vectors(good)
    cells = known[:, :24].reshape(40, 6, 4)
    typical = np.sqrt(cells.var(axis=0, ddof=1).mean(axis=1, keepdims=True)).repeat(4, axis=1)
    least = 0.1 * np.concatenate([typical.ravel(), known[:, 24:].std(axis=0, ddof=1)])
    space = UnitSpace.of(known, [str(index) for index in range(30)], least)
    strange = [patchwork(random), np.full((32, 40, 1), 60, np.uint8)]
    maps, scores = judged(engine, strange)
    assert scores == pytest.approx(space.distances(vectors(strange)), rel=1e-3)
    assert maps.shape == (2, 1, 1)
    assert engine.parameters["shrinkage"] == pytest.approx(space.shrinkage, abs=1e-3)


def test_good_parts_are_at_about_one(whole: Taught) -> None:
    scores = judged(whole, [part(number) for number in range(50, 70)])[1]
    assert 0.5 < np.median(scores) < 2.0


def test_contributions_say_where_and_what(whole: Taught, tmp_path: Any) -> None:
    image = part(60)
    image[4:12, 52:60] = 255  # bright, in the upper right
    bundle = write_bundle(tmp_path / "b", whole, "mt", COLOUR, GOOD[:2])
    told = explain(bundle, image)
    _, scores = judged(whole, [image])
    assert sum(told.contributions.values()) == pytest.approx(float(scores[0]), rel=1e-3)
    values = list(told.contributions.values())
    assert values == sorted(values, reverse=True)
    assert next(iter(told.contributions)).startswith("brightest")
    placed = [name for name in told.contributions if "whole" not in name]
    assert placed[0].endswith("row 1 column 4")
    assert told.parts[BY_CELL].argmax() == 3
    assert len(told.contributions) == 6 * 3 * (16 + 1)


def test_contributions_of_cells_are_the_strangest_ones(tmp_path: Any) -> None:
    engine = taught(MtSpec(form="cells", grid=4))
    bundle = write_bundle(tmp_path / "b", engine, "mt", COLOUR, GOOD[:2])
    image = part(60)
    image[4:12, 52:60, 0] = 255
    told = explain(bundle, image)
    maps, scores = judged(engine, [image])
    assert maps[0].argmax() == 3
    assert told.parts[BY_CELL] == pytest.approx(maps[0], rel=1e-4)
    assert sum(told.contributions.values()) == pytest.approx(float(scores[0]), rel=1e-3)
    assert set(told.contributions) == set(figures_of(PixelFormat.RGB8, KINDS))
    assert next(iter(told.contributions)).endswith("red")


def test_the_same_images_give_the_same_engine(whole: Taught) -> None:
    again = taught(MtSpec(seed=5))
    assert again.graph.SerializeToString() == whole.graph.SerializeToString()


def test_kinds_of_the_recipe_count_alone() -> None:
    spec = MtSpec(form="cells", grid=4, features=("abundance", "variation"))
    engine = taught(spec)
    assert engine.parameters["figures"] == len(engine.features) == 2 * 3 * 3
    good = judged(engine, [part(number) for number in range(50, 60)])[1]
    assert judged(engine, [part(60, spot=True)])[1] > good.max()


def test_progress_can_stop_it() -> None:
    def stop(stage: str, share: float) -> None:
        if stage == "unit space":
            raise Cancelled(stage)

    with pytest.raises(Cancelled):
        teach_engine(GOOD, COLOUR, MtSpec(features=("level",)), stop, Folders())


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"on": "features", "grid": 4}, "grid: only on pixels"),
        ({"on": "features", "form": "cells"}, "form: cells: only on pixels"),
        ({"on": "features", "features": ["level"]}, "features: only on pixels"),
        ({"features": []}, "features"),
        ({"features": ["colour"]}, "features"),
    ],
)
def test_what_it_cannot_measure_is_refused(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        MtSpec.model_validate(asked)


def test_too_small_cells_tiles_and_too_few_images_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"engine\.grid: 16 cells a side"):
        taught(MtSpec(grid=16))
    with pytest.raises(ConfigError, match=r"engine\.tile"):
        taught(MtSpec(tile=64))
    with pytest.raises(DatasetError, match="4 good parts"):
        taught(MtSpec(features=("level",)), GOOD[:4])


def test_columns_of_one_name_are_chosen_together() -> None:
    random = np.random.default_rng(5)
    good, defective = random.normal(size=(80, 6)), random.normal(size=(30, 6))
    defective[:, 1] += 8.0
    chosen = select(good, defective, ["level", "edges", "edges", "level", "darkest", "darkest"])
    assert chosen.names == ("level", "edges", "darkest")
    assert chosen.useful == ("edges",)


def test_what_hardly_varies_is_not_trusted_without_limit() -> None:
    random = np.random.default_rng(6)
    good = random.normal(size=(50, 2)) * [1.0, 1e-6]
    free, held = (UnitSpace.of(good, ["a", "b"], least) for least in (0.0, [0.0, 0.1]))
    assert free.distances([[0.0, 0.1]])[0] > 1e8
    assert held.distances([[0.0, 0.1]])[0] == pytest.approx(0.5, rel=0.1)
