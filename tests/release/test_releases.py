"""The chain of releases: what it takes, what it shows, what it does not believe."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from calibration.threshold import Calibration, calibrate
from inspector.core.deciding import DecidingTuple
from inspector.core.detection import EngineInfo
from inspector.core.errors import ConfigError, InputError, RefusedError
from inspector.core.recipe import Recipe
from inspector.limits.check import LimitCheck, MasterResult
from inspector.limits.masters import Expected
from inspector.release.backtest import Backtest, load_backtest, make_backtest, save_backtest
from inspector.release.difference import changes
from inspector.release.making import Draft, Signature, release, withdraw
from inspector.release.releases import Releases
from tests.tiny_plant import tiny_recipe

WHEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def deciding(recipe: Recipe, **changed: str) -> DecidingTuple:
    fields = {"preparation": "b" * 64, "bundle": "c" * 64, "calibration": "d" * 64}
    more = {"fingerprint": "cpu", "software": "1"}
    return DecidingTuple.model_validate({"recipe": recipe.hash, **fields, **more, **changed})


def calibration(images: int = 40) -> Calibration:
    info = EngineInfo("grey", "test", "test", "0" * 64, 8, 8, 1, 4, 4)
    scores = np.random.default_rng(0).normal(60, 2, (images, 1))
    return calibrate(scores, 0.05, tiny_recipe().basis, info=info, preparation_hash="0" * 64)


def passed_check(recipe: Recipe) -> LimitCheck:
    result = MasterResult(name="bad-1", expected=Expected.BAD, cause="defect", part_id=2)
    return LimitCheck.sealed(
        product="tiny",
        station="s",
        user="oki",
        utc_us=1_790_000_000_000_000,
        deciding=deciding(recipe),
        masters="m",
        cameras=("cam",),
        from_pictures=False,
        results=(result,),
    )


def draft(recipe: Recipe | None = None, **changed: Any) -> Draft:
    recipe = recipe or tiny_recipe()
    fields: dict[str, Any] = {
        "recipe": recipe,
        "deciding": deciding(recipe),
        "calibration": calibration(),
        "check": passed_check(recipe),
        "why_no_limits": "",
    }
    return Draft(**{**fields, **changed})


def signed(reason: str = "because it was time") -> Signature:
    return Signature("s", "ann", "engineer", WHEN, reason)


def chain_of(folder: Path, count: int) -> Releases:
    """Releases of a recipe whose rate changes every time."""
    chain = Releases(folder, "tiny")
    for number in range(count):
        release(chain, draft(tiny_recipe(false_reject_rate=0.01 + 0.01 * number)), signed())
    return chain


def test_the_first_release_says_who_when_why_and_what_it_rests_on(tmp_path: Path) -> None:
    chain = Releases(tmp_path, "tiny")
    assert chain.why_not(draft().deciding) == "tiny was never released"
    made = release(chain, draft(), signed())
    assert Releases(tmp_path, "tiny").entries == (made,)
    assert (made.number, made.previous, made.user, made.role) == (1, "", "ann", "engineer")
    assert made.utc == WHEN
    assert made.validation.calibration.images == 40
    assert not made.validation.calibration.extrapolated
    assert made.validation.limits.masters == 1
    assert made.validation.backtest is None
    assert chain.why_not(draft().deciding) == ""


def test_few_images_are_stated_as_extrapolated(tmp_path: Path) -> None:
    made = release(Releases(tmp_path, "tiny"), draft(calibration=calibration(10)), signed())
    assert made.validation.calibration.extrapolated


def test_the_next_release_says_what_changed(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, 2)
    made = chain.active
    assert made is not None
    assert [str(change) for change in made.recipe_changes] == [
        "decision.false_reject_rate: 0.01 -> 0.02"
    ]
    assert [change.key for change in made.changed] == ["recipe"]
    assert made.previous == chain.entries[0].hash


def test_another_tuple_than_the_released_one_is_refused_by_name(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, 1)
    loaded = deciding(tiny_recipe(false_reject_rate=0.01), bundle="e" * 64, software="2")
    assert chain.why_not(loaded) == (
        f"{chain.path_of(1)}: deciding.bundle: bundle released cccccccccccc, loaded eeeeeeeeeeee; "
        "software released '1', loaded '2'"
    )


def test_provisional_verdicts_are_never_released(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="tiny: calibration: none, its verdicts are provisional"):
        release(Releases(tmp_path, "tiny"), draft(calibration=None), signed())
    assert not (tmp_path / "releases").exists()


@pytest.mark.parametrize(
    "lacking", [{"check": None, "why_no_limits": "never shown"}, {"why_no_limits": "too old"}]
)
def test_without_limit_samples_nothing_is_released(tmp_path: Path, lacking: dict[str, Any]) -> None:
    with pytest.raises(RefusedError, match=r"limit samples: (never shown|too old)\. Show them"):
        release(Releases(tmp_path, "tiny"), draft(**lacking), signed())


def test_a_withdrawal_is_an_entry_and_the_release_before_stands_again(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, 2)
    withdraw(chain, signed("the lamp is broken"))
    chain = Releases(tmp_path, "tiny")
    assert len(chain.entries) == 3
    assert chain.active is chain.entries[0]
    withdraw(chain, signed("both were wrong"))
    assert Releases(tmp_path, "tiny").active is None
    assert chain.why_not(draft().deciding) == "tiny: every release was withdrawn"
    with pytest.raises(RefusedError, match="no release to withdraw"):
        withdraw(chain, signed())


def test_a_reason_is_required(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="reason: '  because ' is no reason"):
        signed("  because ")


def test_nothing_changed_is_no_release(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, 1)
    with pytest.raises(RefusedError, match="this is release 1"):
        release(chain, draft(tiny_recipe(false_reject_rate=0.01)), signed())


@given(st.data())
def test_any_change_of_any_file_is_found(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("data")
    chain = chain_of(folder, 2)
    file = chain.path_of(data.draw(st.sampled_from([1, 2])))
    text = file.read_text(encoding="utf-8")
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("0123456789abcxyz"))
    file.write_text(text[:at] + letter + text[at + 1 :], encoding="utf-8")
    found = None
    with contextlib.suppress(ConfigError):
        found = Releases(folder, "tiny").entries
    # White space, quotes or the letter itself leave the content as it was.
    assert found in (None, chain.entries)


def test_a_missing_entry_is_found(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, 3)
    chain.path_of(2).unlink()
    with pytest.raises(ConfigError, match=r"0003\.yaml: number: .*one is missing"):
        Releases(tmp_path, "tiny")
    chain.path_of(3).rename(chain.path_of(2))
    with pytest.raises(ConfigError, match=r"0002\.yaml: number"):
        Releases(tmp_path, "tiny")


def test_the_releases_of_another_product_are_not_taken(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, 1)
    chain.folder.rename(chain.folder.with_name("other"))
    with pytest.raises(ConfigError, match="product"):
        Releases(tmp_path, "other")


def test_an_entry_must_follow_the_last_one(tmp_path: Path) -> None:
    stale = Releases(tmp_path, "tiny")
    chain_of(tmp_path, 1)
    with pytest.raises(RefusedError, match="does not follow"):
        release(stale, draft(), signed())


def tried(verdicts: dict[str, bool], before: Backtest | None = None) -> Backtest:
    good = {"a": True, "b": True, "c": False, "d": False}
    return make_backtest(
        deciding(tiny_recipe()), verdicts, good, product="tiny", dataset="set", before=before
    )


def test_a_backtest_counts_wrong_and_changed_verdicts(tmp_path: Path) -> None:
    first = tried({"a": True, "b": False, "c": False, "d": True})
    assert (first.good, first.good_rejected) == (2, 1)
    assert (first.defective, first.defective_passed) == (2, 1)
    assert (first.compared, first.changed) == (0, 0)
    save_backtest(tmp_path, first)
    assert load_backtest(tmp_path, "tiny", first.hash) == first
    second = tried({"a": True, "b": True, "c": False, "d": False}, first)
    assert (second.compared, second.changed) == (4, 2)
    made = release(Releases(tmp_path, "tiny"), draft(backtest=second), signed())
    assert made.validation.backtest is not None
    assert made.validation.backtest.changed == 2


def test_a_backtest_of_another_tuple_is_refused(tmp_path: Path) -> None:
    made = tried({"a": True, "b": True, "c": False, "d": False})
    other = deciding(tiny_recipe(), bundle="e" * 64)
    with pytest.raises(RefusedError, match="made with another bundle"):
        release(Releases(tmp_path, "tiny"), draft(deciding=other, backtest=made), signed())


def test_differences_name_keys_that_come_go_and_change() -> None:
    old: dict[str, JsonValue] = {"a": 1, "b": {"c": [1, 2]}, "d": {}}
    new: dict[str, JsonValue] = {"a": 1, "b": {"c": [1, 3, 4]}, "e": "x"}
    assert [str(change) for change in changes(old, new)] == [
        "b.c[1]: 2 -> 3",
        "b.c[2]: None -> 4",
        "d: {} -> None",
        "e: None -> x",
    ]
