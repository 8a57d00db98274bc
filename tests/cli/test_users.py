"""``inspector users`` as a person types it, without a station and beside one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from inspector.access.permissions import Role
from inspector.access.users import Users
from inspector.core.record import RecordKind
from inspector.core.state import StationState
from inspector.link.client_zmq import ZmqClient
from inspector.link.messages import Start, Stop
from inspector.station.opening import load_line
from inspector.station.recovery import ALARM
from tests.station.production_line import opened, records, wait_for_state
from tests.tiny_plant import TinyPlant, make_plant

PASSWORD = "only-for-tests-8"


@pytest.fixture
def plant(tmp_path: Path) -> TinyPlant:
    made = make_plant(tmp_path)
    Users(made.data_folder).add("adm", Role.ADMINISTRATOR, PASSWORD)
    return made


def users(plant: TinyPlant, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "inspector", "users", *arguments, "--line", str(plant.line_file)],
        input=typed,
        capture_output=True,
        text=True,
        timeout=120.0,
        check=False,
    )


def one_time(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[0].rpartition(" ")[2]


def test_a_user_from_invitation_to_removal_without_a_station(plant: TinyPlant) -> None:
    added = users(plant, "add", "oki", "operator", "--user", "adm", typed=f"{PASSWORD}\n")
    given = one_time(added)
    own = users(plant, "password", "oki", typed=f"{given}\nmy-own-one-9\nmy-own-one-9\n")
    assert own.returncode == 0, own.stderr
    pin = users(plant, "pin", "oki", typed="my-own-one-9\n4711\n4711\n")
    assert pin.returncode == 0, pin.stderr
    listed = users(plant, "list", "--user", "adm", typed=f"{PASSWORD}\n")
    assert "oki              operator         (PIN)" in listed.stdout
    refused = users(plant, "list", "--user", "oki", typed="my-own-one-9\n")
    assert refused.returncode == 2
    assert "not allowed to the role operator" in refused.stderr
    gone = users(plant, "remove", "oki", "--user", "adm", typed=f"{PASSWORD}\n")
    assert gone.returncode == 0, gone.stderr
    told = [one["action"] for one in records(plant, RecordKind.ACTION) if not one["refused"]]
    assert [one for one in told if one != "Login"] == [
        *("AddUser", "SetPassword", "SetPin", "RemoveUser")
    ]
    assert given not in str(records(plant, RecordKind.ACTION))


def test_recovery_beside_a_running_station_is_told_until_acknowledged(plant: TinyPlant) -> None:
    with opened(plant) as station:
        given = one_time(users(plant, "recover", "adm"))
        assert ALARM in {alarm.key for alarm in station.station.status().alarms}
        refused = users(plant, "list", "--user", "adm", typed=f"{given}\n")
        assert "used up" in refused.stderr
    with opened(plant) as station:
        assert ALARM in {alarm.key for alarm in station.station.status().alarms}
    assert "Recover" in {one["action"] for one in records(plant, RecordKind.ACTION)}


def test_at_the_panel_stopping_needs_nobody_and_going_on_does(plant: TinyPlant) -> None:
    config = load_line(plant.line_file)
    link = config.link.model_copy(update={"panel_role": "none"})
    with opened(plant, config.model_copy(update={"link": link})) as station:
        station.console.call(Start())
        wait_for_state(station, StationState.CONTINUOUS_EXECUTION)
        panel = ZmqClient(plant.data_folder)
        try:
            with pytest.raises(Exception, match="nobody is logged in"):
                panel.call(Start())
            panel.call(Stop())
            wait_for_state(station, StationState.READY)
            with pytest.raises(Exception, match="nobody is logged in"):
                panel.call(Start())
        finally:
            panel.close()
