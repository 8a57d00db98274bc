"""What the station makes of a gate that it drives itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from inspector.core.canonical import Json
from inspector.core.errors import ConfigError, PlcLost
from inspector.core.gate_config import GateConfig
from inspector.core.line_config import LineConfig
from inspector.core.ports import SystemClock
from inspector.core.record import RecordKind
from inspector.core.state import Health
from inspector.plc.tracking import Alarm, Fate, Reason
from inspector.plc.tracking.direct import Gone, Noticed
from inspector.plc.wire import GateNews
from inspector.station.camera_lines import CameraLines
from inspector.station.devices import make_belt
from inspector.station.gate_watch import KEY, GateWatch
from inspector.station.telling import make_plc

CLOCK = SystemClock()
ON_CAMERA = GateConfig.model_validate(
    {"tracking": "station", "camera_line": {"camera": "top", "output": "UserOutput1"}}
)


class Told:
    """Findings and records."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.alarms: dict[str, Health] = {}
        self.notes: list[Mapping[str, Json]] = []

    def fault(self, reason: str) -> None:
        self.faults.append(reason)

    def alarm(self, key: str, health: Health, text: str) -> None:
        self.alarms[key] = health

    def clear(self, key: str) -> None:
        self.alarms.pop(key, None)

    def note(self, kind: RecordKind, payload: Mapping[str, Json]) -> None:
        self.notes.append(payload)


class Lines(CameraLines):
    """One output of a camera that may not obey."""

    def __init__(self) -> None:
        super().__init__()
        self.set_to: list[tuple[str, str, bool]] = []
        self.broken = False

    def set(self, name: str, output: str, *, on: bool) -> None:
        if self.broken:
            raise PlcLost("gone")
        self.set_to.append((name, output, on))


def after(watch: GateWatch, *news: GateNews, running: bool = True) -> Told:
    told = Told()
    for one in news:
        watch.hear(one)
    watch.look(told, told, CLOCK, running=running)
    return told


def test_fates_are_counted_and_those_that_differ_from_the_verdict_recorded() -> None:
    watch = GateWatch(GateConfig(), CameraLines())
    gone = (
        Gone(1, 100, Fate.PASSED, Reason.GOOD),
        Gone(2, 200, Fate.EJECTED, Reason.DEFECT),
        Gone(3, 300, Fate.EJECTED, Reason.UNCERTAIN),
        Gone(0, 400, Fate.TIMEOUT_EJECTED, Reason.NO_VERDICT),
    )
    told = after(watch, GateNews(gone))
    assert watch.fates == {Fate.PASSED: 1, Fate.EJECTED: 2, Fate.TIMEOUT_EJECTED: 1}
    assert told.notes == [{"event": "gate", "part": 3, "fate": "ejected", "reason": "uncertain"}]


@pytest.mark.parametrize("running", [True, False])
def test_what_asks_for_a_stop_is_a_fault_while_parts_are_inspected(running: bool) -> None:
    noticed = Noticed(Alarm.BIN_FULL, (), "", stop=True)
    told = after(GateWatch(GateConfig(), CameraLines()), GateNews((), (noticed,)), running=running)
    assert bool(told.faults) is running
    assert (told.alarms == {KEY: Health.OUT_OF_SPECIFICATION}) is not running


def test_a_camera_output_follows_at_once_and_its_failure_is_a_fault() -> None:
    lines = Lines()
    watch = GateWatch(ON_CAMERA, lines)
    watch.hear(GateNews(let_pass=True))
    watch.hear(GateNews(let_pass=False))
    assert lines.set_to == [("top", "UserOutput1", True), ("top", "UserOutput1", False)]
    lines.broken = True
    assert after(watch, GateNews(let_pass=True)).faults


@pytest.mark.parametrize(
    ("plc", "gate", "named"),
    [
        ({"driver": "sim"}, {}, "gate.tracking"),
        ({"driver": "camera-output", "camera": "top"}, {}, "gate.tracking"),
        (
            {"driver": "modbus-client", "host": "127.0.0.1"},
            {"lengths": {"gate_sensor_counts": 3990}},
            "gate.lengths: .*gate_sensor_counts",
        ),
    ],
)
def test_what_cannot_be_tracked_is_refused_by_its_key(
    plc: dict[str, Any], gate: dict[str, Any], named: str, tmp_path: Any
) -> None:
    config = LineConfig.model_validate(
        {
            "product": "tiny",
            "cameras": [{"driver": "sim"}],
            "plc": plc,
            "gate": {"tracking": "station", **gate},
        }
    )
    with pytest.raises(ConfigError, match=named):
        make_plc(config, tmp_path, make_belt(config, CLOCK), CLOCK)
