"""The plant in discrete events: what is true of each part, whatever goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from inspector.cli.app import app
from inspector.durable.yaml_files import load_yaml
from inspector.plc.tracking import Alarm, Fate, TrackingSettings
from inspector.sim.plant.belt import Lane
from inspector.sim.plant.faults import Fault, StuckGate
from inspector.sim.plant.scenario import Scenario
from inspector.sim.plant.score import Score, table
from inspector.sim.plant.script import random_faults
from inspector.sim.plant.simulation import Simulation

CONFIG = Path(__file__).parents[2] / "configs/plants/faults.yaml"
PLAN = load_yaml(CONFIG, Scenario)


def scenario(parts: int, seed: int, per_1000: float = 0.0, *faults: Fault) -> Scenario:
    chance = PLAN.random_faults.model_copy(update={"per_1000_parts": per_1000, "seed": seed})
    changes = {"parts": parts, "seed": seed, "random_faults": chance, "faults": faults}
    return PLAN.model_copy(update=changes)


def as_it_is(plan: Scenario) -> Scenario:
    return plan


def blind(plan: Scenario) -> Scenario:
    """Without a sensor before the gate; parts far enough apart for that."""
    tracking = plan.tracking.model_copy(update={"gate_sensor_counts": None})
    belt = plan.belt.model_copy(update={"gap_min": 400.0, "gap_mean": 550.0})
    return plan.model_copy(update={"tracking": tracking, "belt": belt})


def tight(plan: Scenario) -> Scenario:
    """Parts closer to each other than their positions are sure."""
    belt = plan.belt.model_copy(update={"gap_min": 20.0, "gap_mean": 250.0})
    return plan.model_copy(update={"belt": belt})


def slippery(plan: Scenario) -> Scenario:
    """Parts slip by more than the gap between them."""
    changes = {"gate_sensor_counts": 4500, "slip_counts": 300}
    sure = {"tolerance_counts": 30, "lead_counts": 200}
    tracking = TrackingSettings.model_validate(plan.tracking.model_dump() | changes | sure)
    spread = {"speed": 6000.0, "gap_min": 60.0, "gap_mean": 450.0, "slip_counts": 250.0}
    belt = plan.belt.model_copy(update=spread)
    return plan.model_copy(update={"tracking": tracking, "belt": belt})


def assert_kept(score: Score) -> None:
    assert score.kept, f"{table(score)}\n{score.culprits[:5]}"
    assert score.parts == sum(score.lanes.values())
    assert score.triggers == sum(score.fates.values()) + score.forgotten + score.under_way


def test_without_faults_every_part_goes_where_its_verdict_sends_it() -> None:
    score = Simulation(scenario(500, 3)).run()
    assert_kept(score)
    assert score.lanes[Lane.GOOD] == score.fates[Fate.PASSED]
    assert score.lanes[Lane.BIN] == score.fates[Fate.EJECTED] + score.fates[Fate.TIMEOUT_EJECTED]
    assert sum(score.good_ejected.values()) == 0
    assert score.alarms == {}


def test_the_same_seed_gives_the_same_run() -> None:
    first, second = (table(Simulation(scenario(300, 5, 30)).run()) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("kind", range(18))
def test_each_kind_of_fault_is_survived_and_told(kind: int) -> None:
    by_kind: dict[str, list[Fault]] = {}
    for fault in random_faults(scenario(40_000, 1, 20)):
        by_kind.setdefault(fault.kind, []).append(fault)
    name = sorted(by_kind)[kind]
    faults = [
        fault.model_copy(update={"at_s": 5.0 + 7.0 * place})
        for place, fault in enumerate(by_kind[name][:4])
    ]
    score = Simulation(scenario(600, 2, 0.0, *faults)).run()
    assert_kept(score)
    assert set(score.faults) <= {name}
    told = {
        "missed-trigger": Alarm.STRANGER,
        "put-on": Alarm.STRANGER,
        "taken-away": Alarm.NOT_SEEN,
        "encoder-jump": Alarm.POSITION_LOST,
        "network-cut": Alarm.WITHDRAWN,
        "station-crash": Alarm.WITHDRAWN,
        "bypass": Alarm.BYPASS_ON,
    }
    if name in told:
        assert score.alarms[told[name]] >= score.faults[name] > 0


def test_an_ejector_that_fails_is_told_each_time() -> None:
    faults = [StuckGate(at_s=5.0 + place) for place in range(10)]
    score = Simulation(scenario(400, 4, 0.0, *faults)).run()
    assert score.escapes == 0
    assert score.stuck == score.alarms[Alarm.NOT_CONFIRMED] == 10


def test_5000_parts_with_faults_by_chance() -> None:
    score = Simulation(scenario(5_000, 11, 20)).run()
    assert_kept(score)
    assert sum(score.faults.values()) > 60


@pytest.mark.parametrize("variant", [blind, tight, slippery])
def test_2000_parts_on_harder_belts(variant: Callable[[Scenario], Scenario]) -> None:
    assert_kept(Simulation(variant(scenario(2_000, 12, 20))).run())


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    ("parts", "seed", "variant"),
    [(100_000, 11, as_it_is), (20_000, 13, blind), (20_000, 14, tight), (20_000, 15, slippery)],
)
def test_100_000_parts_with_faults_by_chance(
    parts: int, seed: int, variant: Callable[[Scenario], Scenario]
) -> None:
    score = Simulation(variant(scenario(parts, seed, 20))).run()
    print(table(score))
    assert_kept(score)
    assert len(score.faults) == 18


def test_the_command_prints_the_score_and_fails_on_a_wrong_file(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["simulate", str(CONFIG), "--parts", "300"])
    assert result.exit_code == 0, result.output
    assert "kept" in result.output
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(CONFIG.read_text(encoding="utf-8").replace("kind: jog", "kind: jogg"))
    result = CliRunner().invoke(app, ["simulate", str(wrong)])
    assert result.exit_code != 0
