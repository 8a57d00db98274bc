"""A gate that is wired to the station: the true program tracks the parts itself."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from inspector.core.ports import SystemClock
from inspector.durable.yaml_files import load_yaml
from inspector.plc.tracking import Fate
from inspector.sim.plant.belt import Lane
from inspector.sim.plant.modbus_io import ModbusIo
from inspector.sim.plant.real_time import RealTimePlant
from inspector.sim.plant.scenario import Scenario
from inspector.sim.plant.score import Score, table
from tests.tiny_plant import make_plant

CONFIG = Path(__file__).parents[2] / "configs/plants/wired.yaml"
PARTS, DEFECTIVE_EVERY = 20, 4
LONGEST_S = 120.0
PATIENT_MS = 20_000.0


class WiredPlant:
    """Plant and station; ``triggered`` are the parts that were counted, and where they lie."""

    def __init__(self, io: ModbusIo, station: subprocess.Popen[bytes], parts: int) -> None:
        self.station = station
        self.triggered: list[int] = []
        plan = load_yaml(CONFIG, Scenario).model_copy(update={"parts": parts, "faults": ()})
        self.plant = RealTimePlant(plan, SystemClock(), io, self._camera)

    def _camera(self, trigger_count: int, encoder: int, *, good: bool) -> None:
        self.triggered.append(trigger_count)

    @property
    def passes(self) -> int:
        """Parts that the station said are good."""
        return sum(list(self.plant.plant.plc.log.accepted.values()))

    def until(self, what: Callable[[], bool]) -> None:
        end = time.monotonic() + LONGEST_S
        while not what():
            assert time.monotonic() < end
            assert self.station.poll() is None, "the station ended"
            time.sleep(0.01)

    def run_empty(self) -> Score:
        assert self.plant.wait_empty(LONGEST_S)
        time.sleep(0.5)  # until the bin has seen the last part
        return self.plant.stop()

    def in_lane(self, lane: Lane) -> set[int]:
        parts = self.plant.plant.belt.parts
        return {part.trigger_count for part in parts if part.lane is lane}


def line_of(port: int) -> dict[str, Any]:
    """The plant's lengths as a line's file has them; nothing that only a slow PC makes late."""
    tracking = load_yaml(CONFIG, Scenario).tracking.model_dump()
    distance = tracking.pop("distance_counts")
    tracking.pop("late_in_a_row")
    gate = {"tracking": "station", "distance_counts": distance, "lengths": tracking}
    gate |= {"deadline_ms": PATIENT_MS, "late_in_row": 100_000}
    times = dict.fromkeys(("heartbeat_ms", "watchdog_ms", "timeout_ms"), PATIENT_MS)
    plc = {"driver": "modbus-client", "host": "127.0.0.1", "port": port, "scan_ms": 5.0}
    return {"gate": gate, "plc": plc | times}


@contextlib.contextmanager
def running(folder: Path, figures: Path, parts: int = PARTS) -> Iterator[WiredPlant]:
    """A true station that inspects, and a belt that is about to start."""
    with contextlib.closing(ModbusIo(0, SystemClock(), wired=True)) as io:
        io.open()
        source = {"driver": "replay", "source": str(folder / "plant/pictures"), "trigger": "plc"}
        line = make_plant(
            folder / "plant",
            parts=PARTS,
            defective_every=DEFECTIVE_EVERY,
            cameras=[source],
            **line_of(io.port),
        ).line_file
        command = [sys.executable, "-m", "inspector", "run", "--headless"]
        command += ["--line", str(line), "--json", str(figures)]
        with (folder / "station.txt").open("wb") as told:
            station = subprocess.Popen(command, stdout=told, stderr=subprocess.STDOUT)
        try:
            real = WiredPlant(io, station, parts)
            real.until(lambda: io.running)
            yield real
        finally:
            station.kill()
            station.wait()


def is_defective(trigger_count: int) -> bool:
    """The pictures come in their order, one for each trigger."""
    return (trigger_count - 1) % DEFECTIVE_EVERY == DEFECTIVE_EVERY - 1


def test_without_a_sorting_plc_no_reject_is_in_the_good_lane(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    with running(tmp_path, out) as real:
        real.plant.start()
        score = real.run_empty()
        real.station.send_signal(signal.SIGTERM)
        assert real.station.wait(LONGEST_S) == 0, (tmp_path / "station.txt").read_text()
    assert score.escapes == 0, table(score)
    good_lane = real.in_lane(Lane.GOOD)
    figures = json.loads(out.read_text(encoding="utf-8"))
    if figures["triggers"] == PARTS:  # none was missed by a PC that was too busy to look
        assert not {count for count in good_lane if is_defective(count)}
    fates = figures["gate"]
    assert sum(fates.values()) == figures["triggers"] <= PARTS
    assert len(good_lane) > 0
    assert len(real.in_lane(Lane.BIN)) + len(good_lane) == PARTS
    assert fates[Fate.PASSED] <= real.passes


@pytest.mark.chaos
def test_a_station_that_is_killed_leaves_the_gate_ejecting(tmp_path: Path) -> None:
    parts = PARTS + 14
    with running(tmp_path, tmp_path / "figures.json", parts) as real:
        real.plant.start()
        real.until(lambda: real.passes >= 6 and len(real.in_lane(Lane.GOOD)) >= 1)
        real.station.kill()
        real.station.wait()
        before, passed = len(real.triggered), len(real.in_lane(Lane.GOOD))
        score = real.run_empty()
    assert before < parts, "it was killed in mid-run"
    assert score.escapes == 0, table(score)
    assert real.in_lane(Lane.BIN) >= set(range(before + 1, parts + 1))
    assert len(real.in_lane(Lane.GOOD)) <= passed + 1, "at most the one that was at the gate"
