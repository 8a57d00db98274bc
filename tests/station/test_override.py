"""Production without a valid check of limit samples: signed, told, and ended by what changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.core.errors import RefusedError
from inspector.core.record import RecordKind
from inspector.core.state import StationState
from inspector.link.messages import OverrideLimits, Signature
from inspector.station.override import OVERRIDE
from tests.access.clocks import HandClock
from tests.station.production_line import (
    PASSWORD,
    as_user,
    make_production_plant,
    opened,
    qualified,
    records,
    wait_for_state,
    wait_until,
)


class _MovedClock(HandClock):
    """Runs in steps of the test; monotonic time is the computer's."""

    def monotonic_ns(self) -> int:
        import time

        return time.monotonic_ns()


def test_an_override_unlocks_for_a_shift_and_says_so(tmp_path: Path) -> None:
    plant = make_production_plant(tmp_path, limits={"valid_hours": 8.0})
    clock = _MovedClock()
    sign = (Signature("ann", PASSWORD, "responsibility"),)
    with opened(plant, clock=clock) as station:
        qualified(station)
        wait_for_state(station, StationState.READY)
        clock.seconds += 9 * 3600
        wait_for_state(station, StationState.INITIALIZED)
        with pytest.raises(RefusedError, match="needs your signature"):
            as_user(station, "ann", OverrideLimits("tiny", "masters are at the metrology lab"))
        with pytest.raises(RefusedError, match="not allowed to the role operator"):
            as_user(station, "oki", OverrideLimits("tiny", "no time", sign))
        as_user(station, "ann", OverrideLimits("tiny", "masters are at the metrology lab", sign))
        wait_for_state(station, StationState.READY)
        alarms = {alarm.key: alarm.text for alarm in station.station.status().alarms}
        assert "signed by ann" in alarms[OVERRIDE]
        assert not station.station.status().limits.valid, "the check itself is still void"
        clock.seconds += 8 * 3600 + 1
        wait_for_state(station, StationState.INITIALIZED)
        gone = "the alarm stands"
        wait_until(lambda: OVERRIDE not in {a.key for a in station.station.status().alarms}, gone)
    told = [one for one in records(plant, RecordKind.ACTION) if one["action"] == "OverrideLimits"]
    assert [bool(one["refused"]) for one in told] == [True, True, False]
    assert told[-1]["signatures"][0]["meaning"] == "responsibility"
