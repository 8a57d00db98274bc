"""What a master must show, and how long a check holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.deciding import DecidingTuple
from inspector.core.errors import ConfigError
from inspector.core.judgement import CheckResult, Judgement, Region
from inspector.core.line_config import LimitsConfig
from inspector.core.verdict import Cause, Outcome, Verdict
from inspector.limits.check import (
    Conditions,
    LimitCheck,
    MasterResult,
    check_file,
    load_check,
    parts_file,
    result_of,
    save_check,
    save_parts,
    why_invalid,
)
from inspector.limits.masters import Expected, Master, Place

HOUR_US = 3_600_000_000
SHOWN_US = 1_790_000_000_000_000
GOOD = Master(name="good-1", expected=Expected.GOOD)
BAD = Master(name="bad-1", expected=Expected.BAD)
DECIDING = DecidingTuple(
    recipe="a", preparation="b", bundle="c", calibration="d", fingerprint="cpu", software="1"
)
NOW = Conditions(
    station="s", deciding=DECIDING, masters="m", cameras=("24011234",), simulated=False
)
LIMITS = LimitsConfig()


def verdict(cause: Cause, *checks: CheckResult) -> Verdict:
    outcome = Outcome.PASS if cause is Cause.GOOD else Outcome.REJECT
    judgement = Judgement(checks) if checks else None
    return Verdict(7, 1, 100, outcome, cause, 0, 10, 5, judgement)


def found(left: float, top: float, name: str = "engine") -> CheckResult:
    region = Region(left, top, 0.1, 0.1, 30.0, None, 3.0)
    return CheckResult(name, 3.0, 2.0, regions=(region,))


QUIET = CheckResult("engine", 1.0, 2.0)


@pytest.mark.parametrize(
    ("master", "said", "problem"),
    [
        (GOOD, verdict(Cause.GOOD, QUIET), ""),
        (GOOD, verdict(Cause.DEFECT, found(0.1, 0.1)), "good-1 is good and was rejected"),
        (BAD, verdict(Cause.DEFECT, found(0.1, 0.1)), ""),
        (BAD, verdict(Cause.GOOD, QUIET), "bad-1 is bad and was passed"),
    ],
)
def test_a_master_must_show_what_it_is(master: Master, said: Verdict, problem: str) -> None:
    result = result_of(master, said)
    assert result.problem == problem
    assert result.part_id == 7
    assert result.score == (1.0 if said.passed else 3.0)


@pytest.mark.parametrize(
    "cause", [c for c in Cause if c not in (Cause.GOOD, Cause.DEFECT)], ids=str
)
def test_a_reject_without_a_judgement_is_no_proof_that_a_defect_is_found(cause: Cause) -> None:
    assert result_of(BAD, verdict(cause)).problem == f"bad-1 was not judged ({cause})"
    late = verdict(cause, found(0.1, 0.1))
    assert "was not judged" in result_of(BAD, late).problem


def test_a_bad_master_can_name_its_check_and_its_place() -> None:
    place = Place(left=0.15, top=0.15, width=0.1, height=0.1)
    there = BAD.model_copy(update={"check": "engine", "place": place})
    assert result_of(there, verdict(Cause.DEFECT, found(0.1, 0.1))).problem == ""
    elsewhere = verdict(Cause.DEFECT, found(0.5, 0.5))
    assert result_of(there, elsewhere).problem == "bad-1 was found at another place"
    by_another = verdict(Cause.DEFECT, QUIET, found(0.1, 0.1, "local"))
    assert result_of(there, by_another).problem == "bad-1 was not found by engine"


def check(**changes: Any) -> LimitCheck:
    fields: dict[str, Any] = {
        "product": "tiny",
        "station": "s",
        "user": "oki",
        "utc_us": SHOWN_US,
        "deciding": DECIDING,
        "masters": "m",
        "cameras": ("24011234",),
        "from_pictures": False,
        "results": (
            MasterResult(name="good-1", expected=Expected.GOOD, cause="good", part_id=1),
            MasterResult(name="bad-1", expected=Expected.BAD, cause="defect", part_id=2),
        ),
    }
    return LimitCheck.sealed(**{**fields, **changes})


def why(made: LimitCheck | None, *, hours: float = 1.0, parts: int = 0, **now: Any) -> str:
    limits = LimitsConfig(valid_hours=8.0, valid_parts=100)
    conditions = NOW.model_copy(update=now)
    at = SHOWN_US + round(hours * HOUR_US)
    return why_invalid(made, conditions, limits, now_us=at, parts=parts)


def test_it_holds_so_long_and_for_so_many_parts() -> None:
    assert why(check()) == ""
    assert why(check(), hours=7.99, parts=99) == ""
    assert why(check(), hours=8.0) == "shown more than 8 hours ago"
    assert why(check(), parts=100) == "shown 100 parts ago or more"
    assert "clock" in why(check(), hours=-0.1)
    assert why(None) == "they were never shown to this station"


def test_no_limit_of_parts_is_none() -> None:
    assert not why_invalid(check(), NOW, LIMITS, now_us=SHOWN_US, parts=10**9)


@pytest.mark.parametrize("key", DecidingTuple.model_fields)
def test_any_other_hash_needs_a_new_check(key: str) -> None:
    other = DECIDING.model_copy(update={key: "other"})
    assert why(check(), deciding=other) == f"changed since they were shown: {key}"


def test_other_masters_cameras_or_stations_need_a_new_check() -> None:
    assert "list was changed" in why(check(), masters="n")
    assert "other cameras: 24011234" in why(check(), cameras=("24019999",))
    assert "to station s" in why(check(), station="t")


def test_pictures_do_where_the_line_has_nothing_else() -> None:
    assert why(check(from_pictures=True)) == "only their pictures were shown"
    assert why(check(from_pictures=True), simulated=True) == ""


def test_what_was_wrong_is_said() -> None:
    wrong = MasterResult(
        name="bad-1", expected=Expected.BAD, cause="good", part_id=2, problem="bad-1 was passed"
    )
    assert why(check(results=(wrong,))) == "bad-1 was passed"
    assert why(check(results=())) == "none was judged"


def test_a_check_survives_the_disk_and_its_count(tmp_path: Path) -> None:
    made = check()
    save_check(tmp_path, made)
    assert load_check(tmp_path, "tiny") == (made, 0)
    save_parts(tmp_path, made, 12)
    assert load_check(tmp_path, "tiny") == (made, 12)
    assert load_check(tmp_path, "other") == (None, 0)


@given(st.sampled_from(["oki", "24011234", "good-1", "utc_us: 179", "part_id: 2", "false"]))
def test_a_changed_file_is_not_believed(
    tmp_path_factory: pytest.TempPathFactory, word: str
) -> None:
    folder = tmp_path_factory.mktemp("data")
    save_check(folder, check())
    file = check_file(folder, "tiny")
    text = file.read_text(encoding="utf-8")
    other = {"utc_us: 179": "utc_us: 180", "part_id: 2": "part_id: 3", "false": "true"}
    changed = text.replace(word, other.get(word, "someone"), 1)
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"check\.yaml: hash: the file was changed"):
        load_check(folder, "tiny")


def test_a_count_that_is_missing_or_of_another_check_is_not_believed(tmp_path: Path) -> None:
    save_check(tmp_path, check())
    save_parts(tmp_path, check(user="eve"), 0)
    with pytest.raises(ConfigError, match="belongs to something else"):
        load_check(tmp_path, "tiny")
    parts_file(tmp_path, "tiny").unlink()
    with pytest.raises(ConfigError, match="no such file"):
        load_check(tmp_path, "tiny")
