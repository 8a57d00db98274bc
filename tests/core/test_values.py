"""Values keep their rules: verdicts agree with causes, NaN never passes, hashes name everything."""

from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from inspector.core.canonical import canonical_bytes, hash_of
from inspector.core.judgement import CheckResult, Judgement, Region
from inspector.core.recipe import Recipe
from inspector.core.verdict import Cause, Outcome, Verdict


def verdict(outcome: Outcome, cause: Cause) -> Verdict:
    return Verdict(1, 1, 0, outcome, cause, 0, 100, 40)


@pytest.mark.parametrize("cause", list(Cause))
def test_only_a_good_part_passes(cause: Cause) -> None:
    right = Outcome.PASS if cause is Cause.GOOD else Outcome.REJECT
    wrong = Outcome.REJECT if cause is Cause.GOOD else Outcome.PASS
    assert verdict(right, cause).passed == (cause is Cause.GOOD)
    with pytest.raises(ValueError, match="contradicts"):
        verdict(wrong, cause)


def test_the_margin_is_what_was_left_to_the_deadline() -> None:
    assert verdict(Outcome.PASS, Cause.GOOD).margin_ns == 60


def test_nan_never_passes_and_no_check_is_no_pass() -> None:
    assert not CheckResult("engine", math.nan, 1.0).passed
    assert CheckResult("engine", 1.0, 1.0).passed
    assert not Judgement(()).passed
    assert Judgement(()).worst is None


def test_reasons_name_score_threshold_size_and_place() -> None:
    small = Region(0.5, 0.5, 0.1, 0.1, 40.0, 0.4, peak=2.0)
    large = Region(0.1, 0.2, 0.2, 0.2, 90.0, 0.9, peak=3.0, length_px=21.0, length_mm=2.1)
    failed = CheckResult("engine", 3.0, 1.5, p_value=0.02, regions=(small, large))
    passed = CheckResult("lrb", 0.2, 1.0)
    judgement = Judgement((passed, failed))
    assert not judgement.passed
    assert judgement.reasons == (
        "engine: score 3 against 1.5, 0.90 mm², 2.1 mm long at (20%, 30%), p = 0.02",
    )
    assert small.size_in_words() == "0.40 mm²"
    assert judgement.worst is failed


def test_canonical_bytes_do_not_depend_on_order_and_refuse_nan() -> None:
    assert canonical_bytes({"b": 1, "a": [1.0, None, True]}) == b'{"a":[1,null,true],"b":1}'
    for bad in (math.nan, math.inf, 2**60):
        with pytest.raises(ValueError, match="canonical"):
            canonical_bytes({"x": bad})


def test_the_recipes_hash_covers_every_decision_and_spells_out_defaults() -> None:
    plain = Recipe.model_validate({"product": "part"})
    spelled = Recipe.model_validate({"product": "part", "engine": {"seed": 0}})
    other = Recipe.model_validate({"product": "part", "engine": {"seed": 1}})
    assert plain.hash == spelled.hash == hash_of(plain.model_dump(mode="json"))
    assert plain.hash != other.hash


def test_areas_in_mm_need_a_scale_and_are_turned_into_pixels_by_it() -> None:
    decision = {"min_defect_area_mm2": 0.5}
    with pytest.raises(ValidationError, match="scale_mm_per_px"):
        Recipe.model_validate({"product": "part", "decision": decision})
    scaled = {"product": "part", "decision": decision, "preparation": {"scale_mm_per_px": 0.1}}
    assert Recipe.model_validate(scaled).min_area_px == pytest.approx(50.0)


@pytest.mark.parametrize("key", ["min_defect_length", "merging_distance"])
def test_lengths_in_mm_need_a_scale_and_are_turned_into_pixels_by_it(key: str) -> None:
    decision = {f"{key}_mm": 0.3}
    with pytest.raises(ValidationError, match=f"{key}_mm needs preparation.scale_mm_per_px"):
        Recipe.model_validate({"product": "part", "decision": decision})
    scaled = {"product": "part", "decision": decision, "preparation": {"scale_mm_per_px": 0.1}}
    in_px = {"product": "part", "decision": {f"{key}_px": 3.0}}
    assert Recipe.model_validate(scaled).basis == Recipe.model_validate(in_px).basis
    assert Recipe.model_validate(scaled).basis != Recipe.model_validate({"product": "part"}).basis


def test_unknown_keys_and_impossible_rates_are_refused() -> None:
    for content in (
        {"product": "part", "colour": "red"},
        {"product": "Part One"},
        {"product": "part", "decision": {"false_reject_rate": 0.0}},
        {"product": "part", "decision": {"false_reject_rate": 1.0}},
        {"product": "part", "schema_version": 2},
    ):
        with pytest.raises(ValidationError):
            Recipe.model_validate(content)
