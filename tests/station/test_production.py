"""Production: only what was released, and only while its limit samples are valid."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from inspector.cli.options import PanelLanguage
from inspector.cli.run import _start, _start_when_cleared, _Wish
from inspector.core.errors import RefusedError
from inspector.core.ports import SystemClock
from inspector.core.record import RecordKind
from inspector.core.state import Health, Requirement, StationState
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.ledger import evidence_folder
from inspector.limits.check import check_file
from inspector.link.messages import (
    AddMaster,
    AnnounceMasters,
    Release,
    RemoveMaster,
    SelectProduct,
    Start,
    Withdraw,
)
from inspector.plc.tracking import Fate
from inspector.release.releases import Releases
from inspector.station.opening import OpenStation, load_line
from tests.station.production_line import (
    MASTERS,
    add_masters,
    as_user,
    make_production_plant,
    opened,
    qualified,
    records,
    run_some,
    show_masters,
    wait_for_state,
    wait_until,
)
from tests.tiny_plant import TinyPlant

REASON = "first release of the tiny part"


@pytest.fixture
def plant(tmp_path: Path) -> TinyPlant:
    return make_production_plant(tmp_path)


def state_of(station: OpenStation) -> StationState:
    return station.station.state


def locks(station: OpenStation) -> set[str]:
    return {lock.key.value for lock in station.station.status().locked}


def alarm(station: OpenStation, key: str) -> tuple[Health, str]:
    found = {one.key: one for one in station.station.status().alarms}
    return found[key].health, found[key].text


def test_without_a_release_and_limit_samples_it_is_locked_and_says_why(plant: TinyPlant) -> None:
    with opened(plant) as station:
        assert state_of(station) is StationState.INITIALIZED
        assert locks(station) == {"release", "limit-samples"}
        with pytest.raises(RefusedError, match=r"never released.*inspector release tiny.*good and"):
            station.console.call(Start())
        health, text = alarm(station, "release")
        assert health is Health.CHECK_FUNCTION
        assert text == "Not released: tiny was never released. Release it: inspector release tiny"
        wait_until(lambda: station.plc.registers.status.online, "no status")
        assert not station.plc.registers.status.ready


def test_a_release_needs_the_limit_samples(plant: TinyPlant) -> None:
    with opened(plant) as station:
        add_masters(station)
        with pytest.raises(RefusedError, match="limit samples: they were never shown"):
            as_user(station, "ann", Release("tiny", REASON))
        show_masters(station)
        assert locks(station) == {"release"}
        assert state_of(station) is StationState.INITIALIZED
        as_user(station, "ann", Release("tiny", REASON))
        assert state_of(station) is StationState.READY


def test_a_release_is_not_enough_once_the_limit_samples_are_gone(plant: TinyPlant) -> None:
    with opened(plant) as station:
        qualified(station)
        as_user(station, "ann", RemoveMaster("tiny", "good-3"))
        assert state_of(station) is StationState.INITIALIZED
        assert locks(station) == {"limit-samples"}
        with pytest.raises(RefusedError, match="their list was changed"):
            station.console.call(Start())


def test_shown_and_released_it_runs_and_counts_as_production(plant: TinyPlant) -> None:
    with opened(plant) as station:
        qualified(station)
        assert station.station.status().locked == ()
        assert station.station.status().health is Health.GOOD
        assert station.station.status().limits.valid
        run_some(station)
        assert station.station.status().production
    parts = records(plant, RecordKind.INSPECTION)
    production = [part for part in parts if part["production"]]
    assert len(production) >= 10
    assert not any(part["master"] for part in production)
    masters = [part for part in parts if part["master"]]
    assert [part["master"] for part in masters] == list(MASTERS)
    assert not any(part["production"] for part in masters)


def test_masters_pass_the_gate_are_recorded_with_pictures_and_counted_nowhere(
    plant: TinyPlant,
) -> None:
    with opened(plant) as station:
        add_masters(station)
        show_masters(station)
        assert station.plc.drain(20.0)
        assert station.plc.fates[Fate.PASSED] == 4
        assert station.station.status().parts.parts == 0
    store = EvidenceStore(evidence_folder(plant.data_folder))
    parts = records(plant, RecordKind.INSPECTION)
    assert [part["outcome"] for part in parts[:4]] == ["pass"] * 3 + ["reject"]
    for part in parts[:4]:
        (image, _map) = part["evidence"]
        assert store.path(image["digest"], image["suffix"]).is_file()
    for part in parts[4:]:  # came behind the masters before the belt stood
        assert (part["cause"], part["outcome"]) == ("unannounced", "reject")
        assert not part["production"]


def test_a_check_is_recorded_with_who_and_what(plant: TinyPlant) -> None:
    with opened(plant) as station:
        add_masters(station)
        as_user(station, "oki", AnnounceMasters())
        wait_until(lambda: station.station.status().limits.valid, "not valid")
    (told,) = [r for r in records(plant, RecordKind.EVENT) if r["event"].startswith("limit samp")]
    assert told["event"] == "limit samples passed"
    assert told["user"] == "oki"
    assert [result["name"] for result in told["results"]] == list(MASTERS)
    ids = [part["part_id"] for part in records(plant, RecordKind.INSPECTION) if part["master"]]
    assert [result["part_id"] for result in told["results"]] == ids
    actions = records(plant, RecordKind.ACTION)
    assert ("AnnounceMasters", list(MASTERS)) in [(a["action"], a.get("masters")) for a in actions]


def test_masters_can_be_announced_one_by_one(plant: TinyPlant) -> None:
    with opened(plant) as station:
        add_masters(station, ("good-1", "bad-1"))
        show_masters(station, ("good-1",))
        status = station.station.status()
        assert (status.limits.shown, status.limits.valid) == (1, False)
        assert locks(station) == {"release", "limit-samples"}


def test_a_wrong_verdict_on_a_master_locks_with_an_alarm_and_a_record(plant: TinyPlant) -> None:
    with opened(plant) as station:
        add_masters(station, ("good-1", "bad-1", "good-2", "good-3"))  # the second part is good
        show_masters(station)
        wait_for_state(station, StationState.INITIALIZED)
        assert "limit-samples" in locks(station)
        health, text = alarm(station, "limit-samples")
        assert health is Health.FAILURE
        assert "bad-1 is bad and was passed; good-3 is good and was rejected" in text
        with pytest.raises(RefusedError, match="bad-1 is bad and was passed"):
            as_user(station, "ann", Release("tiny", REASON))
    told = [r for r in records(plant, RecordKind.EVENT) if r["event"] == "limit samples failed"]
    assert len(told) == 1


def test_a_failed_check_ends_the_validity_of_the_one_before(plant: TinyPlant) -> None:
    with opened(plant) as station:
        qualified(station)
    with opened(plant) as station:
        assert state_of(station) is StationState.READY
        show_masters(station, ("good-1", "bad-1"))  # the second part is good
        assert state_of(station) is StationState.INITIALIZED
        assert locks(station) == {"limit-samples"}


def test_a_restart_within_the_validity_needs_the_self_test_alone(plant: TinyPlant) -> None:
    with opened(plant) as station:
        qualified(station)
        run_some(station)
    with opened(plant) as station:
        assert state_of(station) is StationState.READY
        run_some(station)


class LaterClock(SystemClock):
    hours = 0.0

    def utc_us(self) -> int:
        return super().utc_us() + int(self.hours * 3.6e9)


def test_validity_runs_out_in_a_run_which_goes_on_and_locks_at_its_end(plant: TinyPlant) -> None:
    clock = LaterClock()
    with opened(plant, clock=clock) as station:
        qualified(station)
        station.console.call(Start())
        wait_for_state(station, StationState.CONTINUOUS_EXECUTION)
        clock.hours = 9.0
        wait_until(lambda: bool(station.station.status().alarms), "no alarm")
        health, text = alarm(station, "limit-samples")
        assert health is Health.MAINTENANCE_REQUIRED
        assert "shown more than 8 hours ago" in text
        assert state_of(station) is StationState.CONTINUOUS_EXECUTION
        assert station.station.request_stop_and_wait(20.0)
        assert state_of(station) is StationState.INITIALIZED
        wait_until(
            lambda: alarm(station, "limit-samples")[0] is Health.CHECK_FUNCTION, "still running"
        )
        with pytest.raises(RefusedError, match="8 hours ago"):
            station.console.call(Start())


def test_validity_runs_out_after_so_many_parts_and_the_count_survives(tmp_path: Path) -> None:
    plant = make_production_plant(tmp_path, limits={"valid_parts": 15})
    with opened(plant) as station:
        qualified(station)
        run_some(station, 5)
        left = station.station.status().limits.parts_left
        assert left is not None
        assert left <= 10
    with opened(plant) as station:
        if state_of(station) is StationState.READY:
            assert station.station.status().limits.parts_left == left
            run_some(station, 15)
        assert state_of(station) is StationState.INITIALIZED
        assert "15 parts ago" in station.station.status().locked[0].text


def test_a_changeover_within_the_validity_to_the_same_tuple_is_ready(plant: TinyPlant) -> None:
    with opened(plant) as station:
        qualified(station)
        station.console.call(SelectProduct("tiny"))
        wait_until(lambda: not station.station._jobs.qsize(), "busy")
        wait_for_state(station, StationState.READY)


def test_another_recipe_is_locked_and_the_key_is_named(plant: TinyPlant) -> None:
    with opened(plant) as station:
        qualified(station)
    recipe = plant.line_file.parent / "products/tiny.yaml"
    content = yaml.safe_load(recipe.read_text(encoding="utf-8"))
    content["evidence"]["pass_share"] = 0.5
    recipe.write_text(yaml.safe_dump(content), encoding="utf-8")
    with opened(plant) as station:
        assert state_of(station) is StationState.INITIALIZED
        release, limits = station.station.status().locked
        assert release.key is Requirement.RELEASE
        assert "0001.yaml: deciding.recipe: recipe released " in release.text
        assert "changed since they were shown: recipe" in limits.text
        show_masters(station)
        as_user(station, "ann", Release("tiny", "more passes are kept as evidence"))
        assert state_of(station) is StationState.READY
    (made,) = [a for a in records(plant, RecordKind.ACTION) if a["action"] == "Release"][1:]
    assert "evidence.pass_share: 0.01 -> 0.5" in made["changed"]
    assert (made["user"], made["role"], made["old"], made["new"]) == (
        "ann",
        "engineer",
        "entry 1",
        "entry 2",
    )
    assert made["reason"] == "more passes are kept as evidence"


def test_a_changed_release_file_is_found(plant: TinyPlant) -> None:
    with opened(plant) as station:
        qualified(station)
    file = plant.data_folder / "releases/tiny/0001.yaml"
    file.write_text(file.read_text("utf-8").replace("first release", "other release"), "utf-8")
    with opened(plant) as station:
        assert locks(station) == {"release"}
        assert (
            "0001.yaml: hash: the releases were changed" in station.station.status().locked[0].text
        )
        with pytest.raises(RefusedError, match="Restore the folder"):
            station.console.call(Start())


def test_a_release_file_that_was_taken_away_is_missed(plant: TinyPlant) -> None:
    with opened(plant) as station:
        qualified(station)
        as_user(station, "ann", Withdraw("tiny", "the lamp was found broken"))
    (plant.data_folder / "releases/tiny/0002.yaml").unlink()
    with opened(plant) as station:
        assert locks(station) == {"release"}
        assert "ledger" in station.station.status().locked[0].text


def test_a_release_that_the_ledger_does_not_know_is_not_believed(plant: TinyPlant) -> None:
    with opened(plant) as station:
        qualified(station)
    chain = Releases(plant.data_folder, "tiny")
    forged = chain.entries[0].model_copy(update={"user": "eve", "hash": "0" * 64})
    chain.path_of(1).unlink()
    again = Releases(plant.data_folder, "tiny")
    again.append(forged.model_copy(update={"hash": forged.content_hash}))
    with opened(plant) as station:
        assert locks(station) == {"release"}
        assert "its last entry is not the ledger's" in station.station.status().locked[0].text


def test_production_without_a_ledger_is_locked(plant: TinyPlant) -> None:
    with opened(plant) as station:
        qualified(station)
    config = load_line(plant.line_file)
    unrecorded = config.ledger.model_copy(update={"enabled": False})
    with opened(plant, config.model_copy(update={"ledger": unrecorded})) as station:
        assert "ledger.enabled: false" in station.station.status().locked[0].text


def test_in_a_terminal_a_locked_line_says_why_and_starts_once_it_is_cleared(
    plant: TinyPlant, capsys: pytest.CaptureFixture[str]
) -> None:
    wish = _Wish(None, None, False, True, plant.line_file, PanelLanguage.EN, service=False)
    with opened(plant) as station:
        _start(station, wish)
        said = capsys.readouterr().err
        assert "locked: Not released: tiny was never released" in said
        assert "starts once nothing is lacking" in said
        assert _start_when_cleared(station)
        qualified(station)
        assert not _start_when_cleared(station)
        wait_for_state(station, StationState.CONTINUOUS_EXECUTION)


def test_a_changed_check_is_not_believed(plant: TinyPlant) -> None:
    with opened(plant) as station:
        add_masters(station, ("good-1", "bad-1"))
        show_masters(station)
    file = check_file(plant.data_folder, "tiny")
    content = yaml.safe_load(file.read_text("utf-8"))
    content["results"][1]["problem"] = ""
    file.write_text(yaml.safe_dump(content), "utf-8")
    with opened(plant) as station:
        assert "check.yaml: hash: the file was changed" in station.station.status().locked[1].text
        show_masters(station)
        assert "is bad and was passed" in station.station.status().locked[1].text


def test_what_was_withdrawn_does_not_run(plant: TinyPlant) -> None:
    with opened(plant) as station:
        qualified(station)
        as_user(station, "ann", Withdraw("tiny", "the lamp was found broken"))
        assert state_of(station) is StationState.INITIALIZED
        assert "every release was withdrawn" in station.station.status().locked[0].text
        as_user(station, "ann", Release("tiny", "a new lamp, as the one before"))
        assert state_of(station) is StationState.READY


@pytest.mark.parametrize(
    "command",
    [
        Release("tiny", REASON),
        Withdraw("tiny", REASON),
        AddMaster("tiny", "x", good=True),
        RemoveMaster("tiny", "good-1"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_an_operator_may_neither_release_nor_choose_masters(
    plant: TinyPlant, command: Release | Withdraw | AddMaster | RemoveMaster
) -> None:
    with (
        opened(plant) as station,
        pytest.raises(RefusedError, match="not allowed to the role oper"),
    ):
        as_user(station, "oki", command)
    (refused,) = [a for a in records(plant, RecordKind.ACTION) if a["refused"]]
    assert (refused["user"], refused["product"]) == ("oki", "tiny")
    assert not (plant.data_folder / "releases").exists()


def test_masters_are_announced_at_rest_only_and_by_name(plant: TinyPlant) -> None:
    with opened(plant) as station:
        with pytest.raises(RefusedError, match="has no limit samples"):
            station.console.call(AnnounceMasters())
        qualified(station)
        with pytest.raises(RefusedError, match="nobody: no limit sample of tiny"):
            station.console.call(AnnounceMasters(("nobody",)))
        station.console.call(Start())
        wait_for_state(station, StationState.CONTINUOUS_EXECUTION)
        with pytest.raises(RefusedError, match="the line runs"):
            station.console.call(AnnounceMasters())


def test_a_release_wants_a_reason_and_is_made_once(plant: TinyPlant) -> None:
    with opened(plant) as station:
        qualified(station)
        with pytest.raises(RefusedError, match="is no reason"):
            as_user(station, "ann", Withdraw("tiny", "why not"))
        with pytest.raises(RefusedError, match="nothing was changed since"):
            as_user(station, "ann", Release("tiny", REASON))


def test_a_trial_needs_neither_and_its_check_serves_production(plant: TinyPlant) -> None:
    trial = load_line(plant.line_file).model_copy(update={"production": False})
    with opened(plant, trial) as station:
        assert state_of(station) is StationState.READY
        add_masters(station)
        show_masters(station)
        as_user(station, "ann", Release("tiny", REASON))
        run_some(station)
        assert not station.station.status().production
    assert not any(part["production"] for part in records(plant, RecordKind.INSPECTION))
    with opened(plant) as station:
        assert state_of(station) is StationState.READY


def test_masters_broken_off_by_a_fault_are_no_check(plant: TinyPlant) -> None:
    with opened(plant) as station:
        add_masters(station)
        station.console.call(AnnounceMasters())
        wait_for_state(station, StationState.SINGLE_EXECUTION)
        station.station.fault("a device failed")
        assert station.station.request_stop_and_wait(20.0)
        assert state_of(station) is StationState.ERROR
        assert not station.station.status().limits.valid
    told = [r["event"] for r in records(plant, RecordKind.EVENT)]
    assert "limit samples broken off" in told
