"""An engine of several scales: wide and faint counts as much as small and strong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.threshold import calibrate, read_calibration, write_calibration
from inspector.core.check_spec import DecisionBasis, EngineCheckSpec
from inspector.core.detection import Detection
from inspector.core.errors import BundleError
from inspector.core.frame import ScoreMap
from inspector.core.ports import PreparedView
from inspector.core.recipe import Box
from inspector.scoring.averages import Averages, averaged
from inspector.scoring.decision import Decision
from inspector.scoring.raw_check import raw_checks
from inspector.teaching.learning import Learning, learn_averages
from tests.calibration.engine_info import INFO

VIEW = PreparedView(np.zeros((40, 40, 1), np.uint8), Box(x=0, y=0, width=80, height=80))
BASIS = DecisionBasis(checks=(EngineCheckSpec(scales=3),))


def good_maps(count: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).gamma(2.0, 1.0, (count, 40, 40)).astype(np.float32)


def with_stain(score_map: ScoreMap) -> ScoreMap:
    """12 cells a side, each of which is strange, but none beyond what good parts have somewhere."""
    stained = score_map.copy()
    stained[10:22, 10:22] += 4.0
    stained[10:22, 10:22] = np.minimum(stained[10:22, 10:22], np.float32(score_map.max()))
    return stained


def seen(score_map: ScoreMap) -> Detection:
    return Detection(score_map[None], score_map.max(keepdims=True)[0])


def learned(maps: NDArray[np.float32]) -> Learning:
    (found,) = learn_averages([Learning(raw_checks(BASIS)[0])], lambda: maps, len(maps))
    return found


def test_a_wide_faint_stain_is_found_at_a_coarser_scale_and_only_there() -> None:
    maps = good_maps(60)
    check = learned(maps[:40]).check
    for score_map in maps[40:]:
        plain, fused = (
            [function(each).max() for each in (with_stain(score_map), score_map)]
            for function in (lambda each: each, lambda each: check.map_of(VIEW, seen(each)))
        )
        assert plain[0] == plain[1]
        assert fused[0] > 1.3 * fused[1]


def test_the_map_itself_is_kept_where_it_is_the_strangest() -> None:
    check = learned(good_maps(20)).check
    score_map = np.full((40, 40), 2.0, np.float32)
    score_map[5, 5] = 50.0
    fused = check.map_of(VIEW, seen(score_map))
    assert fused[5, 5] == 50.0
    assert (fused >= score_map).all()


def test_averages_keep_the_mean_and_their_place() -> None:
    score_map = np.zeros((41, 41), np.float32)
    score_map[20, 20] = 1.0
    own, fine, coarse = averaged(score_map, 3)
    assert own is score_map
    at = np.arange(41) - 20
    for average, side in ((fine, 2), (coarse, 4)):
        assert average.sum() == pytest.approx(1.0, abs=1e-5)
        assert average.argmax() == score_map.argmax()
        assert (average.sum(axis=0) * at**2).sum() == pytest.approx(side**2 / 12, rel=0.1)


def test_a_scale_at_which_good_parts_are_all_the_same_is_left_out() -> None:
    averages = Averages.of(np.ones((3, 9), np.float32))
    score_map = good_maps(1)[0]
    assert averages.fused(score_map) is score_map


def test_each_image_is_scored_by_what_the_others_taught() -> None:
    maps = good_maps(10)
    maps[3] *= 100.0
    found = learned(maps)
    assert found.learned is not None
    assert found.learned.folds == len(found.by_image) == 10
    without = learned(np.delete(maps, 3, axis=0)).check
    np.testing.assert_allclose(
        found.of(3).map_of(VIEW, seen(maps[3])), without.map_of(VIEW, seen(maps[3])), rtol=0.05
    )


def test_a_calibration_keeps_what_was_learned(tmp_path: Path) -> None:
    maps = good_maps(20)
    found = learned(maps)
    scores = [[found.of(n).map_of(VIEW, seen(one)).max()] for n, one in enumerate(maps)]
    made = calibrate(
        np.array(scores, np.float64),
        0.05,
        BASIS,
        info=INFO,
        preparation_hash="b" * 64,
        learned=[found.learned],
    )
    assert made.cross_fitted
    write_calibration(tmp_path / "calibration.yaml", made)
    kept = read_calibration(tmp_path / "calibration.yaml")
    stained = with_stain(good_maps(21)[20])
    (result,) = Decision(kept).judge(VIEW, seen(stained))
    assert result.score == found.check.map_of(VIEW, seen(stained)).max()
    assert not result.passed
    (region,) = result.regions[:1]
    assert region.left < 16 / 40 < region.left + region.width


def test_without_what_was_learned_it_does_not_judge() -> None:
    (check,) = raw_checks(BASIS)
    with pytest.raises(BundleError, match="engine: has learned nothing"):
        check.map_of(VIEW, seen(good_maps(1)[0]))
    with pytest.raises(BundleError, match="engine: has learned nothing"):
        check.knowing(None)
    two = replace(check, spec=EngineCheckSpec(scales=2))
    with pytest.raises(BundleError, match="did not learn 2 scales"):
        two.knowing(learned(good_maps(10)).learned)


def test_one_scale_learns_nothing_and_costs_nothing() -> None:
    (check,) = raw_checks(DecisionBasis())
    detection = seen(good_maps(1)[0])
    assert not check.learns
    assert np.shares_memory(check.map_of(VIEW, detection), detection.maps)
    learning = Learning(check)
    assert learn_averages([learning], lambda: pytest.fail("looked"), 10) == (learning,)
