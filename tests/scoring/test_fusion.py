"""The fused distance measures what the others found, says why, and keeps its promise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from calibration.learned import Learned
from calibration.threshold import Calibration, calibrate
from inspector.core.check_spec import DecisionBasis, feature_names
from inspector.core.detection import Detection
from inspector.core.errors import BundleError, DatasetError
from inspector.core.frame import ScoreMap
from inspector.core.ports import PreparedView
from inspector.core.recipe import Box, Recipe
from inspector.scoring.decision import Decision, provisional_checks
from inspector.scoring.fusion import Fusion, fusion_of
from inspector.scoring.raw_check import RawFinding, raw_checks, raw_findings
from inspector.teaching.learning import Fusing
from tests.calibration.engine_info import INFO

FIELD = Box(x=0, y=0, width=80, height=40)
VIEW = PreparedView(np.zeros((20, 40, 1), np.uint8), FIELD)
RIM = {"name": "rim", "polygon": [[0, 0], [20, 0], [20, 40], [0, 40]]}


def basis_of(*checks: str, **more: Any) -> DecisionBasis:
    return DecisionBasis.model_validate({"checks": [{"check": name} for name in checks], **more})


def fusion(basis: DecisionBasis) -> Fusion:
    found = fusion_of(basis)
    assert found is not None
    return found


def seen(score_map: ScoreMap) -> Detection:
    return Detection(score_map[None], score_map.max(keepdims=True)[0])


def good_maps(random: np.random.Generator, count: int) -> NDArray[np.float32]:
    """float32[count, 10, 20]: rough, and each part of a level of its own."""
    levels = random.normal(10.0, 1.0, (count, 1, 1))
    return (levels + random.gamma(2.0, 0.3, (count, 10, 20))).astype(np.float32)


def calibrated(maps: NDArray[np.float32], basis: DecisionBasis, rate: float = 0.05) -> Calibration:
    """The engine and ``mt`` calibrated on maps of good parts, as `threshold_of` does."""
    fusing = Fusing.of(fusion(basis), list(maps.reshape(len(maps), -1)), len(maps))
    scores = []
    for score_map in maps:
        found = raw_findings(raw_checks(basis), VIEW, seen(score_map))
        scores.append(found[0].score)
        fusing.add(VIEW, found)
    return calibrate(
        np.column_stack([scores, fusing.distances()]),
        rate,
        basis,
        info=INFO,
        preparation_hash="b" * 64,
        learned=[None, fusing.learned()],
    )


def test_features_are_of_the_engine_its_zones_and_the_other_checks() -> None:
    basis = basis_of("engine", "lrb", "mt", zones=[RIM, RIM | {"name": "hole", "use": "exclude"}])
    names = feature_names(basis.checks, basis.zones)
    assert names == (
        *("engine max", "engine mean", "engine p99", "engine area"),
        *("zone rim max", "lrb z"),
    )
    score_map = np.zeros((10, 20), np.float32)
    score_map[5, 10:13] = [5.0, 7.0, 6.0]
    score_map[2, 1] = 3.0
    findings = [RawFinding(7.0, score_map), RawFinding(2.5, np.zeros((2, 2), np.float32))]
    found = fusion(basis).features(VIEW, findings, level=5.5)
    area = 2 * 16.0
    assert found == pytest.approx((7.0, 21.0 / 200, 5.0, area, 3.0, 2.5), abs=1e-6)


def test_a_minimum_size_holds_for_features_too() -> None:
    basis = basis_of("engine", "mt", min_area_px=3 * 16.0)
    score_map = np.zeros((10, 20), np.float32)
    score_map[5, 10:13] = [5.0, 7.0, 6.0]
    score_map[2, 1] = 9.0
    highest, _, _, area = fusion(basis).features(VIEW, [RawFinding(5.0, score_map)], level=5.5)
    assert (highest, area) == (5.0, 0.0)


def test_the_recipe_may_choose_features() -> None:
    basis = DecisionBasis.model_validate(
        {
            "checks": [
                {"check": "engine"},
                {"check": "lrb"},
                {"check": "mt", "features": ["lrb z", "engine mean"]},
            ]
        }
    )
    findings = [RawFinding(1.0, np.ones((2, 2), np.float32)), RawFinding(2.5, None)]
    assert fusion(basis).features(VIEW, findings) == (2.5, 1.0)
    assert not fusion(basis).counts_area


def test_a_reject_by_it_alone_has_reasons_and_marks_no_place() -> None:
    features = ["engine max", "engine mean", "zone rim max"]
    checks = [{"check": "engine"}, {"check": "mt", "features": features}]
    basis = DecisionBasis.model_validate({"checks": checks, "zones": [RIM]})
    decision = Decision(calibrated(good_maps(np.random.default_rng(0), 60), basis))
    usual = np.full((10, 20), 13.5, np.float32)
    engine, fused = decision.judge(VIEW, seen(usual))
    assert engine.passed
    assert not fused.passed  # a part of no texture at all: no place of it is strange
    assert fused.map is None
    assert fused.regions == ()
    reason = fused.reason()
    assert reason.startswith(f"mt: score {fused.score:.4g} against {fused.threshold:.4g}, ")
    assert reason.count(" %") >= 1
    assert "p = 0.0164" in reason
    strange = usual.copy()
    strange[5, 2] = 60.0
    engine, fused = decision.judge(VIEW, seen(strange))
    assert not engine.passed
    assert "zone rim max" in fused.explanation


def test_what_passes_is_not_explained() -> None:
    maps = good_maps(np.random.default_rng(0), 60)
    decision = Decision(calibrated(maps, basis_of("engine", "mt")))
    _, fused = decision.judge(VIEW, seen(good_maps(np.random.default_rng(1), 1)[0]))
    assert fused.passed
    assert fused.explanation == ""


def test_not_a_number_never_passes() -> None:
    decision = Decision(
        calibrated(good_maps(np.random.default_rng(0), 40), basis_of("engine", "mt"))
    )
    _, fused = decision.judge(VIEW, seen(np.full((10, 20), np.nan, np.float32)))
    assert not fused.passed


def test_calibration_images_are_judged_by_the_others_alone() -> None:
    maps = good_maps(np.random.default_rng(3), 40)
    maps[7] += 8.0 * np.arange(20) / 20
    made = calibrated(maps, basis_of("engine", "mt"))
    final = [Decision(made).judge(VIEW, seen(one))[1].score for one in maps]
    held_out = made.of("mt").scores
    assert made.cross_fitted
    assert held_out[7] > 2 * final[7]
    assert np.mean(held_out) > np.mean(final)
    assert held_out == calibrated(maps, basis_of("engine", "mt")).of("mt").scores


@pytest.mark.parametrize("parts", [40, pytest.param(100, marks=pytest.mark.slow)])
def test_the_promise_is_kept_on_simulated_parts(parts: int) -> None:
    """New good parts of many calibrations: the mean rate is that promised, within 3 sigma, or less
    (thresholds of several checks err to the safe side)."""
    random = np.random.default_rng(parts)
    promised, draws, unseen = 0.05, 30, 60
    basis, rates, expected = basis_of("engine", "mt"), [], []
    for _ in range(draws):
        made = calibrated(good_maps(random, parts), basis, promised)
        decision = Decision(made)
        judged = [decision.judge(VIEW, seen(one)) for one in good_maps(random, unseen)]
        rates.append(np.mean([not all(one.passed for one in results) for results in judged]))
        expected.append(made.marginal)
    # Parts of one draw share a threshold, so draws are counted, not parts.
    error = float(np.std(rates, ddof=1)) / np.sqrt(draws)
    assert np.mean(rates) <= max(promised, float(np.mean(expected))) + 3 * error
    assert np.mean(rates) >= 0.25 * promised


def test_few_parts_are_shrunk_and_too_few_refused() -> None:
    random = np.random.default_rng(5)
    basis = basis_of("engine", "mt")
    spaces = []
    for parts in (8, 200):
        learned = calibrated(good_maps(random, parts), basis).of("mt").learned
        assert learned is not None
        space = fusion(basis).knowing(learned).space
        assert space is not None
        assert space.wanted_parts == 5 * (4 + 2)
        spaces.append(space)
    assert spaces[0].shrinkage > 5 * spaces[1].shrinkage
    with pytest.raises(DatasetError, match="5 good images to calibrate the check mt"):
        calibrated(good_maps(random, 5), basis)


def _other(learned: Learned, **arrays: NDArray[Any] | None) -> Learned:
    kept = {name: array for name, array in learned.unpacked().items() if name not in arrays}
    kept |= {name: array for name, array in arrays.items() if array is not None}
    return Learned.of(kept, images=9, folds=9, features=learned.features)


def test_arrays_of_something_else_are_refused() -> None:
    basis = basis_of("engine", "mt")
    good = calibrated(good_maps(np.random.default_rng(0), 40), basis)
    learned = good.of("mt").learned
    assert learned is not None
    others = [
        _other(learned, level=None),
        _other(learned, scale=np.zeros(7)),
        _other(learned, used=np.array([True])),
        _other(learned, mean=None),
        learned.model_copy(update={"features": ("lrb z",)}),
        None,
    ]
    for other in others:
        check = good.of("mt").model_copy(update={"learned": other})
        changed = good.model_copy(update={"checks": (good.checks[0], check)})
        with pytest.raises(BundleError, match=r"[Cc]alibrate|Fit it again"):
            Decision(changed)


def test_nothing_provisional_is_fused() -> None:
    assert provisional_checks(basis_of("lrb", "mt"), None) is None
    assert provisional_checks(basis_of("rx-global"), None) is None


@pytest.mark.parametrize(
    ("checks", "words"),
    [
        ([{"check": "engine"}, {"check": "mt"}, {"check": "lrb"}], "put it last"),
        ([{"check": "mt"}], "put it last"),
        ([{"check": "engine"}, {"check": "mt", "features": ["lrb z"]}], "no 'lrb z' here"),
        ([{"check": "engine"}, {"check": "mt", "features": []}], "at least 1"),
    ],
)
def test_recipes_that_make_no_sense_are_refused(checks: list[dict[str, Any]], words: str) -> None:
    engine = {"engine": {"method": "none"}} if len(checks) == 1 else {}
    with pytest.raises(ValidationError, match=words):
        Recipe.model_validate({"product": "part", "checks": checks, **engine})
