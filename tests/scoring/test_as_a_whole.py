"""An engine without a map: its one cell is a score, and marks nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from inspector.core.check_spec import DecisionBasis
from inspector.core.judgement import Judgement
from inspector.core.recipe import Recipe
from inspector.scoring.decision import AS_A_WHOLE
from inspector.scoring.raw_check import raw_checks
from tests.scoring.test_decision import VIEW, decision, seen, zone

ONE_CELL = np.array([[3.0]], np.float32)


def test_a_reject_marks_no_place_and_says_so() -> None:
    (result,) = decision(DecisionBasis(), 2.0).judge(VIEW, seen(ONE_CELL))
    assert not result.passed
    assert result.map is None
    assert result.regions == ()
    assert AS_A_WHOLE in result.reason()
    assert Judgement((result,)).worst is result


def test_a_good_part_passes() -> None:
    (result,) = decision(DecisionBasis(), 4.0).judge(VIEW, seen(ONE_CELL))
    assert result.passed
    assert result.map is None


def test_zones_and_sizes_of_other_checks_leave_the_score_as_it_is() -> None:
    basis = DecisionBasis(
        min_area_px=500.0,
        min_length_px=40.0,
        zones=(zone("exclude", 0.0, 0.9), zone("zone", 0.0, 1.0, sensitivity=5.0)),
    )
    (check,) = raw_checks(basis)
    assert check.score_of(check.map_of(VIEW, seen(ONE_CELL)), VIEW) == 3.0


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ({"checks": [{"check": "engine", "scales": 2}]}, "checks: engine: scales"),
        ({"checks": [{"check": "engine", "statistic": "area"}]}, "checks: engine: statistic"),
        ({"checks": [{"check": "engine"}, {"check": "mt"}]}, "checks: mt: features"),
        ({"decision": {"min_defect_area_px": 9.0}}, "decision.min_defect"),
        ({"zones": [zone("exclude", 0.0, 0.5).model_dump()]}, "zones"),
    ],
)
@pytest.mark.parametrize("method", ["rotation", "cutpaste"])
def test_what_only_a_map_can_tell_is_refused(method: str, asked: dict[str, Any], key: str) -> None:
    content = {"product": "nut", **asked}
    Recipe.model_validate(content)
    words = rf"{key}.*engine\.method {method} judges a part as a whole"
    with pytest.raises(ValidationError, match=words):
        Recipe.model_validate(content | {"engine": {"method": method}})


def test_beside_a_check_that_has_a_map_sizes_and_zones_are_its() -> None:
    recipe = Recipe.model_validate(
        {
            "product": "nut",
            "engine": {"method": "rotation"},
            "checks": [
                {"check": "engine"},
                {"check": "lrb"},
                {"check": "mt", "features": ["lrb z"]},
            ],
            "decision": {"min_defect_area_px": 9.0},
            "zones": [zone("exclude", 0.0, 0.5).model_dump()],
        }
    )
    assert recipe.min_area_px == 9.0


def test_deep_rx_with_learned_features_has_a_map() -> None:
    engine = {"method": "deep_rx", "features": "rotation"}
    asked = {"checks": [{"check": "engine", "scales": 2}]}
    assert Recipe.model_validate({"product": "nut", "engine": engine, **asked}).checks[0].weight
