"""Probability of detection of an engine that is known: the mean grey of 4x4 pixels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from calibration.threshold import Calibration, load_calibration
from engines.bundle import open_bundle
from engines.runtimes import load_engine
from inspector.core.check_spec import DecisionBasis
from inspector.core.line_config import RuntimeConfig
from inspector.core.ports import Engine
from inspector.core.recipe import Box, PreparationSpec
from inspector.scoring.decision import Decision
from inspector.sim.defects import Kind
from inspector.teaching.bundles import calibration_path
from inspector.teaching.detectability import (
    Grid,
    Pod,
    Trial,
    at_defect,
    capabilities,
    detectability,
    is_found,
    trials,
)
from inspector.teaching.prepared import Preparer
from inspector.teaching.scores import final_scores
from tests.tiny_plant import SIDE, make_bundle, picture, tiny_recipe

CONTRASTS = (0.0, 0.1, 0.3, 0.6, 1.5)
SIZES = (2.0, 4.0, 8.0, 16.0)


@dataclass(frozen=True)
class Bench:
    """The tiny engine at its threshold, and good pictures that it has never seen."""

    engine: Engine
    preparer: Preparer
    paths: list[Path]
    calibration: Calibration

    def decision(self, min_area_px: float = 0.0) -> Decision:
        basis = DecisionBasis(min_area_px=min_area_px)
        return Decision(self.calibration.model_copy(update={"basis": basis}))

    def measure(self, grid: Grid, min_area_px: float = 0.0) -> dict[tuple[float, float], Pod]:
        pods = detectability(
            self.engine,
            self.preparer,
            self.paths,
            grid,
            decision=self.decision(min_area_px),
        )
        return {(pod.size_px, pod.contrast): pod for pod in pods}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("tiny")
    paths = []
    for number in range(6):
        paths.append(folder / f"{number}.png")
        cv2.imwrite(str(paths[-1]), picture(5000 + number, defective=False))
    recipe = tiny_recipe()
    bundle = open_bundle(make_bundle(folder / "data", recipe))
    with closing(load_engine(bundle, RuntimeConfig(threads=1))) as engine:
        calibration = load_calibration(calibration_path(bundle.path, "openvino"), engine.info)
        preparer = Preparer(recipe.preparation)
        decision = Decision(calibration)
        good = [score for score, _ in final_scores(engine, preparer, paths, decision)]
        # None of these few is a false alarm, which could lie at a defect by chance.
        threshold = max(calibration.threshold, *good)
        own = calibration.of("engine").model_copy(update={"threshold": threshold})
        changed = calibration.model_copy(update={"threshold": threshold, "checks": (own,)})
        yield Bench(engine, preparer, paths, changed)


def grid(**changes: object) -> Grid:
    values: dict[str, object] = {
        "sizes_px": {Kind.SPOT: SIZES},
        "contrasts": CONTRASTS,
        "trials": 12,
        "polarity": "bright",
    }
    return Grid(**(values | changes))  # type: ignore[arg-type]  # the values of a test's table


def test_pod_rises_from_nothing_to_everything_with_contrast_and_with_size(bench: Bench) -> None:
    found = bench.measure(grid())
    shares = np.array([[found[size, c].share for c in CONTRASTS] for size in SIZES])
    assert (shares[:, 0] == 0.0).all()
    assert (shares[1:, -1] == 1.0).all()
    assert (np.diff(shares, axis=1) >= 0).all()
    assert (np.diff(shares[:, 2]) >= 0).all()
    assert 0.0 < shares.mean() < 1.0


def test_the_interval_holds_the_share_and_tells_how_little_a_dozen_trials_prove(
    bench: Bench,
) -> None:
    sure = bench.measure(grid(sizes_px={Kind.SPOT: (16.0,)}, contrasts=(1.5,)))[16.0, 1.5]
    assert (sure.hits, sure.trials, sure.share) == (12, 12, 1.0)
    assert sure.interval == pytest.approx((0.735, 1.0), abs=0.001)


def test_an_engine_for_bright_things_misses_dark_ones(bench: Bench) -> None:
    def share(polarity: str) -> float:
        at = grid(sizes_px={Kind.SPOT: (8.0,)}, contrasts=(0.6,), polarity=polarity)
        return bench.measure(at)[8.0, 0.6].share

    assert share("dark") == 0.0
    assert share("bright") == 1.0
    assert share("both") == 0.5


def test_the_minimum_defect_size_hides_what_is_smaller(bench: Bench) -> None:
    at = grid(contrasts=(1.5,))
    found = bench.measure(at, min_area_px=100.0)
    assert found[4.0, 1.5].share == 0.0
    assert found[16.0, 1.5].share == 1.0


def test_the_size_that_is_found_shrinks_with_contrast(bench: Bench) -> None:
    pods = list(bench.measure(grid(trials=30)).values())
    found = capabilities(pods)
    assert found[Kind.SPOT, 0.0].a90 is None
    sizes = [found[Kind.SPOT, contrast].a90 for contrast in CONTRASTS[2:]]
    assert all(sizes)
    assert sizes == sorted(sizes, key=lambda size: -(size or 0.0))


def test_the_same_grid_paints_the_same_images(bench: Bench) -> None:
    small = grid(trials=3)
    one, again = (list(trials(bench.preparer, bench.paths, small)) for _ in range(2))
    assert len(one) == 3 * len(SIZES) * len(CONTRASTS)
    assert all(
        np.array_equal(a.view.pixels, b.view.pixels) for a, b in zip(one, again, strict=True)
    )
    other = next(trials(bench.preparer, bench.paths, grid(seed=1)))
    assert not np.array_equal(other.defect, one[0].defect)


def test_trials_go_round_the_images_with_either_polarity_on_each(bench: Bench) -> None:
    at = grid(sizes_px={Kind.SPOT: (6.0,)}, contrasts=(0.5,), trials=12, polarity="both")
    flaws = [trial.flaw.dark for trial in trials(bench.preparer, bench.paths, at)]
    assert flaws.count(True) == 6
    assert all(first is not second for first, second in zip(flaws[:6], flaws[6:], strict=True))


def test_an_alarm_elsewhere_is_no_detection(bench: Bench) -> None:
    at = grid(sizes_px={Kind.SPOT: (6.0,)}, contrasts=(0.0,), trials=1)
    trial = next(trials(bench.preparer, bench.paths, at))
    prepared = trial.view.pixels.copy()
    row, column = (int(places.mean()) for places in np.nonzero(trial.defect))
    far = slice(0, 8) if row > SIDE // 2 else slice(SIDE - 8, SIDE)
    prepared[far, far] = 250
    alarm = Trial(trial.flaw, replace(trial.view, pixels=prepared), trial.defect)
    assert bench.engine.infer(prepared[None]).scores[0] > bench.calibration.threshold
    assert not is_found(bench.engine, alarm, bench.decision())
    prepared[row - 2 : row + 3, column - 2 : column + 3] = 255
    prepared[far, far] = 70
    assert is_found(bench.engine, alarm, bench.decision())


@pytest.mark.parametrize(
    ("cell", "hit"),
    [((5, 5), True), ((5, 6), True), ((4, 5), True), ((5, 8), False), ((15, 15), False)],
)
def test_the_strongest_cell_must_lie_at_the_defect(cell: tuple[int, int], hit: bool) -> None:
    defect = np.zeros((160, 160), bool)
    defect[52:58, 52:58] = True
    score_map = np.zeros((16, 16), np.float32)
    score_map[cell] = 1.0
    assert at_defect(score_map, defect) is hit


def test_a_region_in_deep_colour(tmp_path: Path) -> None:
    """The truth is that of the region, and the pixels are those that the camera would give."""
    spec = PreparationSpec.model_validate(
        {
            "region": Box(x=30, y=10, width=64, height=64),
            "width": 64,
            "height": 64,
            "pixel_format": "RGB16",
        }
    )
    image = np.random.default_rng(0).normal(30000, 300, (100, 120, 3)).astype(np.uint16)
    cv2.imwrite(str(tmp_path / "deep.png"), image)
    at = grid(sizes_px={Kind.SPOT: (10.0,)}, contrasts=(0.0, 0.5), trials=1)
    good, bad = trials(Preparer(spec), [tmp_path / "deep.png"], at)
    assert good.defect.shape == (64, 64)
    levels = [t.view.pixels.view(np.uint16).astype(int) for t in (good, bad)]
    rise = (levels[1] - levels[0])[..., 1]
    assert rise[bad.defect].mean() == pytest.approx(15000, rel=0.2)
    assert rise[~cv2.dilate(bad.defect.astype(np.uint8), np.ones((9, 9))).astype(bool)].max() == 0
