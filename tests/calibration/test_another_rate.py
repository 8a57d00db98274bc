"""The same scores at another rate: what calibrating anew would give, and falling thresholds."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.another_rate import at_rate, comparable
from calibration.threshold import Calibration, calibrate
from inspector.core.check_spec import DecisionBasis, EngineCheckSpec, RxCheckSpec
from tests.calibration.engine_info import INFO

RATES = (0.0001, 0.0003, 0.001, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1)


def made(images: int, rate: float, checks: int) -> Calibration:
    specs = (EngineCheckSpec(), RxCheckSpec(check="rx", weight=2.0))[:checks]
    scores = np.random.default_rng(images).gamma(2.0, 1.0, (images, checks))
    basis = DecisionBasis(checks=specs)
    levels = [None, 3.0][:checks]
    return calibrate(scores, rate, basis, info=INFO, preparation_hash="b" * 64, levels=levels)


@pytest.mark.parametrize("checks", [1, 2])
@pytest.mark.parametrize("images", [20, 150])
def test_it_is_what_calibrating_anew_would_give(images: int, checks: int) -> None:
    here, there = made(images, 0.02, checks), made(images, 0.1, checks)
    assert at_rate(here, 0.1) == there
    assert at_rate(there, 0.02) == here
    assert comparable(here, there)


@pytest.mark.parametrize("checks", [1, 2])
@pytest.mark.parametrize("images", [20, 150])
def test_thresholds_only_fall_as_the_rate_rises(images: int, checks: int) -> None:
    calibration = made(images, 0.02, checks)
    columns = np.array(
        [[check.threshold for check in at_rate(calibration, rate).checks] for rate in RATES]
    )
    assert (np.diff(columns, axis=0) <= 0).all()
    assert (columns[0] > columns[-1]).all()


def test_scores_of_another_bundle_are_no_comparison() -> None:
    calibration = made(20, 0.02, 1)
    assert not comparable(calibration, calibration.model_copy(update={"bundle_hash": "c" * 64}))
    assert not comparable(calibration, calibration.model_copy(update={"fingerprint": "other"}))
