"""Thresholds keep their promise on simulated scores, and say when they only model it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from calibration.threshold import (
    Calibration,
    calibrate,
    images_to_prove,
    load_calibration,
    write_calibration,
)
from inspector.core.check_spec import DecisionBasis
from inspector.core.errors import BundleError, DatasetError, EngineError
from tests.calibration.engine_info import INFO

BASIS = DecisionBasis()

Draw = Callable[[np.random.Generator, int], np.ndarray]
DRAWS: dict[str, Draw] = {
    "gaussian": lambda random, n: random.normal(10.0, 2.0, n),
    "gamma": lambda random, n: random.gamma(2.0, 1.0, n),
    "heavy": lambda random, n: random.standard_t(4, n),
}


def made(scores: np.ndarray, rate: float = 0.1) -> Calibration:
    return calibrate(
        scores.reshape(len(scores), -1), rate, BASIS, info=INFO, preparation_hash="b" * 64
    )


def mean_rate(draw: Draw, images: int, rate: float) -> float:
    """Average true exceedance rate over repeated calibrations."""
    random = np.random.default_rng(5)
    population = np.sort(draw(random, 200_000))
    thresholds = [made(draw(random, images), rate).threshold for _ in range(200)]
    return float(
        1.0 - np.searchsorted(population, thresholds, side="right").mean() / len(population)
    )


@pytest.mark.parametrize("kind", DRAWS)
def test_order_statistic_keeps_its_promise(kind: str) -> None:
    assert mean_rate(DRAWS[kind], 99, 0.05) == pytest.approx(0.05, abs=0.006)


@pytest.mark.parametrize("kind", DRAWS)
def test_extrapolation_stays_near_its_promise(kind: str) -> None:
    assert mean_rate(DRAWS[kind], 50, 0.005) < 0.015


@pytest.mark.parametrize(
    ("images", "rate", "place", "extrapolated"),
    [(99, 0.01, 98, False), (98, 0.01, 97, True), (99, 0.1, 89, False), (199, 0.01, 197, False)],
)
def test_rank_of_the_threshold(images: int, rate: float, place: int, extrapolated: bool) -> None:
    scores = np.arange(images, dtype=float)
    calibration = made(scores, rate)
    assert calibration.extrapolated is extrapolated
    if extrapolated:
        assert calibration.threshold >= scores[-1]
    else:
        assert calibration.threshold == scores[place]
        assert calibration.marginal <= rate


def test_bound_and_wanted_images() -> None:
    calibration = made(np.random.default_rng(0).gamma(2.0, 1.0, 100), 0.001)
    assert calibration.bound95 == pytest.approx(0.0295, abs=1e-4)
    assert calibration.wants_images == 2995 - 100
    assert images_to_prove(0.01) == 299


def test_p_value_is_conformal() -> None:
    calibration = made(np.arange(1.0, 100.0)).of("engine")
    assert calibration.p_value(1e9) == pytest.approx(1 / 100)
    assert calibration.p_value(99.0) == pytest.approx(2 / 100)
    assert calibration.p_value(-1.0) == 1.0


def test_equal_scores_give_their_value() -> None:
    assert made(np.full(20, 3.0), 0.001).threshold == 3.0


def test_too_few_scores_are_refused() -> None:
    with pytest.raises(DatasetError, match="4 good images"):
        made(np.arange(4.0))


def test_nan_is_a_fault() -> None:
    with pytest.raises(EngineError, match="not a number"):
        made(np.array([1.0] * 20 + [np.nan]))


def test_file_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "b.calibration-openvino.yaml"
    calibration = made(np.random.default_rng(3).random(30), 0.01)
    write_calibration(path, calibration)
    loaded = load_calibration(path, INFO, BASIS)
    assert loaded == calibration
    assert loaded.hash == calibration.hash


@pytest.mark.parametrize(
    ("key", "value"),
    [("bundle_hash", "c" * 64), ("fingerprint", "other"), ("statistic_version", 9)],
)
def test_calibration_for_something_else_is_refused(tmp_path: Path, key: str, value: object) -> None:
    path = tmp_path / "c.yaml"
    write_calibration(path, made(np.arange(20.0)).model_copy(update={key: value}))
    with pytest.raises(BundleError, match=rf"c\.yaml: {key}: made for .*calibrate the product"):
        load_calibration(path, INFO)


def test_other_defect_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    write_calibration(path, made(np.arange(20.0)))
    with pytest.raises(BundleError, match="min_area_px"):
        load_calibration(path, INFO, DecisionBasis(min_area_px=5.0))


@pytest.mark.parametrize("text", ["threshold: .nan", "[1, 2", "just words", ""])
def test_damaged_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BundleError, match=r"c\.yaml"):
        load_calibration(path, INFO)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no calibration"):
        load_calibration(tmp_path / "none.yaml", INFO)
