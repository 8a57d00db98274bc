from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from inspector.core.canonical import Json
from inspector.core.ports import PlcInputs
from inspector.core.record import RecordKind
from inspector.core.state import Health
from inspector.line.line import Line
from inspector.station.reconciling import KEY, Reconciling
from tests.clocks import HandClock


class Run:
    """Counts of a run; ``unseen`` as the line says it."""

    def __init__(self, before: int = 0) -> None:
        self.before, self.parts = before, 0

    def unseen(self, sensed: int) -> int:
        return sensed - self.before - self.parts


class Told:
    def __init__(self) -> None:
        self.alarms: dict[str, tuple[Health, str]] = {}
        self.events: list[dict[str, int]] = []

    def fault(self, reason: str) -> None:
        raise AssertionError(reason)

    def alarm(self, key: str, health: Health, text: str) -> None:
        self.alarms[key] = (health, text)

    def clear(self, key: str) -> None:
        self.alarms.pop(key, None)

    def note(self, kind: RecordKind, payload: Mapping[str, Json]) -> None:
        assert kind is RecordKind.EVENT
        self.events.append({key: value for key, value in payload.items() if isinstance(value, int)})


class Plant:
    def __init__(self) -> None:
        self.clock, self.told, self.run = HandClock(), Told(), Run(before=100)
        self.sensed = 100
        self.reconciling = Reconciling(self.clock, self.told, self.told)

    def go(self, turns: int, *, under_way: int = 0) -> None:
        """Each turn one part crosses the sensor and, later by so many parts, becomes ours."""
        for _ in range(turns):
            self.clock.move_ms(50.0)
            self.sensed += 1
            self.run.parts = max(self.run.parts, self.sensed - 100 - self.missed - under_way)
            self.reconciling.look(cast("Line", self.run), PlcInputs(triggers=self.sensed))

    missed = 0


def test_parts_under_way_are_not_missing() -> None:
    plant = Plant()
    for under_way in (0, 3, 1, 5, 0):
        plant.go(10, under_way=under_way)
    plant.go(100)
    assert plant.reconciling.unseen == 0
    assert not plant.told.events


def test_a_part_that_no_camera_saw_is_told_once_and_counted() -> None:
    plant = Plant()
    plant.go(100)
    plant.missed = 2
    plant.go(200)
    assert plant.reconciling.unseen == 2
    health, text = plant.told.alarms[KEY]
    assert health is Health.OUT_OF_SPECIFICATION
    assert "2 parts for which no camera was triggered" in text
    assert plant.told.events[-1]["unseen"] == 2
    assert sum(event["more"] for event in plant.told.events) == 2


def test_triggers_without_a_part_are_told_as_such() -> None:
    plant = Plant()
    plant.missed = -1
    plant.go(200)
    assert "triggered 1 times without a part" in plant.told.alarms[KEY][1]


def test_a_plc_that_counts_no_triggers_is_not_compared() -> None:
    plant = Plant()
    for _ in range(200):
        plant.clock.move_ms(50.0)
        plant.reconciling.look(cast("Line", plant.run), PlcInputs())
    assert not plant.told.alarms


def test_the_next_run_begins_anew() -> None:
    plant = Plant()
    plant.missed = 2
    plant.go(200)
    plant.reconciling.look(None, PlcInputs(triggers=plant.sensed))
    assert plant.reconciling.unseen == 0
