"""Tracking by the station in virtual time: faults by chance, and a PC that looks too late."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.durable.yaml_files import load_yaml
from inspector.plc.tracking import Fate
from inspector.sim.plant.belt import Lane
from inspector.sim.plant.direct import DirectWire
from inspector.sim.plant.scenario import Scenario
from inspector.sim.plant.score import Score, table
from inspector.sim.plant.simulation import Simulation
from tests.sim.test_wired_plant import CONFIG

PLAN = load_yaml(CONFIG, Scenario)
BUSY = {"busy_share": 0.05, "busy_ms": 150.0, "deadline_ms": 1200.0}


def run(
    parts: int, seed: int, *, per_1000: float = 0.0, station: Any = None, plc: Any = None
) -> tuple[Score, DirectWire]:
    chance = PLAN.random_faults.model_copy(update={"per_1000_parts": per_1000, "seed": seed})
    changes = {
        "parts": parts,
        "seed": seed,
        "faults": (),
        "random_faults": chance,
        "station": PLAN.station.model_copy(update=station or {}),
        "plc": PLAN.plc.model_copy(update=plc or {}),
    }
    simulation = Simulation(PLAN.model_copy(update=changes))
    score = simulation.run()
    assert isinstance(simulation.outlet, DirectWire)
    return score, simulation.outlet


def test_each_part_goes_where_its_verdict_sends_it_and_is_told_so() -> None:
    score, told = run(60, 1)
    assert score.kept, table(score)
    assert told.fates[Fate.PASSED] == score.lanes[Lane.GOOD] > 0
    assert told.fates[Fate.EJECTED] == score.lanes[Lane.BIN] > 0
    assert not told.alarms
    assert not score.good_ejected


def test_faults_and_a_busy_pc_cost_good_parts_and_let_no_reject_pass() -> None:
    score, told = run(150, 4, per_1000=100, station=BUSY)
    assert score.escapes == 0, table(score)
    assert sum(score.faults.values()) > 5
    assert sum(score.good_ejected.values()) > 0
    assert told.fates[Fate.PASSED] <= score.lanes[Lane.GOOD]


def test_what_keeps_the_gate_of_a_pc_that_stands_still_is_the_watchdog_of_its_output() -> None:
    stalls = {**BUSY, "busy_ms": 600.0, "good_share": 0.5}
    kept, _ = run(100, 3, station=stalls)
    lost, _ = run(100, 3, station=stalls, plc={"watchdog_ms": 10_000.0})
    assert kept.escapes == 0 < lost.escapes


@pytest.mark.slow
@pytest.mark.parametrize("station", [{}, BUSY], ids=["calm", "busy"])
def test_20000_parts_with_faults_by_chance(station: dict[str, float]) -> None:
    score, _ = run(20_000, 5, per_1000=20, station={"deadline_ms": 1200.0, **station})
    print(table(score))
    assert score.escapes == 0, table(score)
