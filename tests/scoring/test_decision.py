"""A check's score, zones and regions; the decision is the calibration's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from calibration.threshold import calibrate
from inspector.core.check_spec import DecisionBasis, EngineCheckSpec, Zone
from inspector.core.detection import Detection
from inspector.core.errors import ConfigError
from inspector.core.frame import ScoreMap
from inspector.core.ports import PreparedView
from inspector.core.recipe import Box, Recipe
from inspector.scoring.decision import Decision
from inspector.scoring.raw_check import RawCheck, raw_checks
from inspector.scoring.zones import zone_weights
from tests.calibration.engine_info import INFO

FIELD = Box(x=100, y=50, width=160, height=80)
VIEW = PreparedView(np.zeros((20, 40, 1), np.uint8), FIELD)


def zone(use: str, left: float, right: float, **more: Any) -> Zone:
    """A band of the field from left to right, in fractions of its width."""
    x = [FIELD.x + share * FIELD.width for share in (left, right)]
    y = [FIELD.y, FIELD.y + FIELD.height]
    corners = ((x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1]))
    return Zone.model_validate({"name": use, "use": use, "polygon": corners, **more})


def seen(score_map: ScoreMap) -> Detection:
    return Detection(score_map[None], score_map.max(keepdims=True)[0])


def decision(basis: DecisionBasis, threshold: float, level: float | None = None) -> Decision:
    """A decision with that threshold: all calibration scores are the same."""
    made = calibrate(
        np.full((20, 1), threshold),
        0.05,
        basis,
        info=INFO,
        preparation_hash="b" * 64,
        levels=[level],
    )
    return Decision(made)


def test_zones_weigh_the_map() -> None:
    zones = (
        zone("include", 0.0, 0.75),
        zone("zone", 0.25, 0.5, sensitivity=3.0),
        zone("zone", 0.25, 1.0, sensitivity=0.5),
        zone("exclude", 0.4, 0.6),
    )
    weights = zone_weights(zones, FIELD, (4, 20))
    assert weights is not None
    expected = [1.0] * 5 + [3.0] * 3 + [0.0] * 4 + [0.5] * 3 + [0.0] * 5
    assert weights.tolist() == [expected] * 4


def test_without_zones_nothing_is_multiplied() -> None:
    assert zone_weights((), FIELD, (4, 4)) is None


def test_a_triangle_takes_the_cells_that_lie_mostly_in_it() -> None:
    corner = Zone(name="corner", use="exclude", polygon=((100, 50), (260, 50), (100, 130)))
    weights = zone_weights((corner,), FIELD, (10, 10))
    assert weights is not None
    assert weights[0, 0] == 0.0
    assert weights[9, 9] == 1.0
    assert (weights == 0).mean() == pytest.approx(0.5, abs=0.06)


def test_a_defect_in_an_excluded_place_passes_and_in_a_sensitive_one_fails() -> None:
    basis = DecisionBasis(
        zones=(zone("exclude", 0.0, 0.25), zone("zone", 0.75, 1.0, sensitivity=2.0))
    )
    judged = decision(basis, threshold=1.0)
    for column, score in ((1, 0.0), (10, 0.9), (18, 1.8)):
        score_map = np.zeros((10, 20), np.float32)
        score_map[5, column] = 0.9
        (result,) = judged.judge(VIEW, seen(score_map))
        assert result.score == pytest.approx(score)
        assert result.passed == (score <= 1.0)
        assert len(result.regions) == (not result.passed)


def test_statistics() -> None:
    score_map = np.zeros((10, 20), np.float32)
    score_map[2, 2:6] = [4.0, 3.0, 2.0, 1.0]
    cell = FIELD.width * FIELD.height / 200

    def score(spec: EngineCheckSpec, level: float | None = None, area: float = 0.0) -> float:
        basis = DecisionBasis(checks=(spec,), min_area_px=area)
        return raw_checks(basis)[0].at_level(level).score_of(score_map, VIEW)

    assert score(EngineCheckSpec()) == 4.0
    assert score(EngineCheckSpec(), area=3 * cell) == 2.0
    assert score(EngineCheckSpec(statistic="top-mean", top_share=4 / 200)) == 2.5
    assert score(EngineCheckSpec(statistic="area"), level=1.5) == 3 * cell
    assert score(EngineCheckSpec(statistic="area"), level=1.5, area=4 * cell) == 0.0


def test_a_minimum_length_and_a_merging_distance_decide_and_are_shown() -> None:
    score_map = np.zeros((10, 20), np.float32)
    score_map[2, 2:12:2] = 3.0
    for merge, score in ((0.0, 0.0), (8.0, 3.0)):
        basis = DecisionBasis(min_length_px=64.0, merge_px=merge)
        (result,) = decision(basis, threshold=1.0).judge(VIEW, seen(score_map))
        assert result.score == score
        assert [region.area_px for region in result.regions] == [5 * 64.0] * (score > 1.0)
    assert result.regions[0].length_px == pytest.approx(72.0, rel=0.01)


@pytest.mark.parametrize("key", ["min_area_px", "min_length_px"])
def test_a_size_beyond_the_field_is_refused(key: str) -> None:
    check = raw_checks(DecisionBasis.model_validate({key: 12801.0}))[0]
    with pytest.raises(ConfigError, match="the field is 160x80"):
        check.score_of(np.zeros((10, 20), np.float32), VIEW)


def test_area_needs_a_level_that_was_learned() -> None:
    basis = DecisionBasis(checks=(EngineCheckSpec(statistic="area"),))
    check: RawCheck = raw_checks(basis)[0]
    with pytest.raises(ValueError, match="learned no level"):
        check.score_of(np.zeros((2, 2), np.float32), VIEW)


def test_regions_of_the_area_statistic_are_what_it_counts() -> None:
    basis = DecisionBasis(checks=(EngineCheckSpec(statistic="area"),))
    score_map = np.zeros((10, 20), np.float32)
    score_map[2:4, 2:6] = 2.0
    (result,) = decision(basis, threshold=100.0, level=1.0).judge(VIEW, seen(score_map))
    assert not result.passed
    assert result.score == sum(region.area_px for region in result.regions) == 8 * 64


def test_reason_states_what_is_counted_and_what_is_modelled() -> None:
    scores = np.random.default_rng(0).gamma(3.0, 1.0, (40, 1))
    basis = DecisionBasis()
    made = calibrate(scores, 0.05, basis, info=INFO, preparation_hash="b" * 64)
    score_map = np.zeros((10, 20), np.float32)
    score_map[5, 5] = 60.0
    (result,) = Decision(made).judge(VIEW, seen(score_map))
    assert "p = 0.0244; extrapolated " in result.reason()
    assert result.extrapolated_p is not None
    assert result.extrapolated_p < 1e-3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"checks": [{"check": "engine"}, {"check": "engine"}]}, "the same check twice"),
        ({"checks": []}, "at least 1"),
        ({"checks": [{"check": "lrb", "guard": 9, "outer": 5}]}, "the guard smaller"),
        ({"zones": [{"name": "a", "polygon": [[0, 0], [1, 1]]}]}, "at least 3"),
        (
            {
                "zones": [
                    {
                        "name": "a",
                        "use": "exclude",
                        "sensitivity": 2,
                        "polygon": [[0, 0], [1, 1], [0, 1]],
                    }
                ]
            },
            "sensitivity is for use: zone",
        ),
    ],
)
def test_recipes_that_make_no_sense_are_refused(content: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Recipe.model_validate({"product": "part", **content})
