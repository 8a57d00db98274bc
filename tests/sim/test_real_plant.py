"""The plant by the real clock against the true program, over Modbus TCP on loopback."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inspector.core.ports import SystemClock
from inspector.durable.yaml_files import load_yaml
from inspector.plc.tracking import Fate
from inspector.sim.plant.belt import Lane
from inspector.sim.plant.modbus_io import ModbusIo
from inspector.sim.plant.real_time import RealTimePlant
from inspector.sim.plant.scenario import Scenario
from inspector.sim.plant.score import table
from tests.tiny_plant import make_plant

CONFIG = Path(__file__).parents[2] / "configs/plants/loopback.yaml"
PARTS, DEFECTIVE_EVERY = 40, 4
LONGEST_S = 120.0
PATIENT_MS = 20_000.0


def scenario(parts: int) -> Scenario:
    plan = load_yaml(CONFIG, Scenario)
    belt = plan.belt.model_copy(update={"speed": 5000.0})
    plc = plan.plc.model_copy(update={"silence_ms": 2000.0})
    changes = {"parts": parts, "faults": (), "belt": belt, "plc": plc}
    return plan.model_copy(update=changes)


class RealPlant:
    """Plant and station; ``triggered`` are the counts of the parts that came to the camera."""

    def __init__(self, io: ModbusIo, station: subprocess.Popen[bytes], parts: int) -> None:
        self.io, self.station = io, station
        self.triggered: list[int] = []
        self.plant = RealTimePlant(scenario(parts), SystemClock(), io, self._camera)

    def _camera(self, trigger_count: int, encoder: int, *, good: bool) -> None:
        self.triggered.append(trigger_count)

    def until(self, what: Callable[[], bool]) -> None:
        end = time.monotonic() + LONGEST_S
        while not what():
            assert time.monotonic() < end
            assert self.station.poll() is None, "the station ended"
            time.sleep(0.01)

    def in_lane(self, lane: Lane) -> set[int]:
        """Trigger counts of the parts that physically came there."""
        parts = self.plant.plant.belt.parts
        return {part.trigger_count for part in parts if part.lane is lane}


@contextlib.contextmanager
def running(folder: Path, figures: Path, parts: int = PARTS) -> Iterator[RealPlant]:
    """A true station that inspects, and a belt that is about to start."""
    with contextlib.closing(ModbusIo(0, SystemClock())) as io:
        io.open()
        plc = {"driver": "modbus-client", "host": "127.0.0.1", "port": io.port, "scan_ms": 5.0}
        times = dict.fromkeys(("heartbeat_ms", "watchdog_ms", "timeout_ms"), PATIENT_MS)
        source = {"driver": "replay", "source": str(folder / "plant/pictures"), "trigger": "plc"}
        line = make_plant(
            folder / "plant",
            parts=PARTS,
            defective_every=DEFECTIVE_EVERY,
            plc=plc | times,
            cameras=[source],
        ).line_file
        command = [sys.executable, "-m", "inspector", "run", "--headless"]
        command += ["--line", str(line), "--json", str(figures)]
        with (folder / "station.txt").open("wb") as told:
            station = subprocess.Popen(command, stdout=told, stderr=subprocess.STDOUT)
        try:
            real = RealPlant(io, station, parts)
            real.until(lambda: io.running)
            yield real
        finally:
            station.kill()
            station.wait()


def is_defective(trigger_count: int) -> bool:
    """The pictures come in their order, one for each trigger."""
    return (trigger_count - 1) % DEFECTIVE_EVERY == DEFECTIVE_EVERY - 1


def test_no_defective_part_is_in_the_good_lane_and_all_counts_agree(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    with running(tmp_path, out) as real:
        real.plant.start()
        assert real.plant.wait_empty(LONGEST_S)
        score = real.plant.stop()
        real.station.send_signal(signal.SIGTERM)
        assert real.station.wait(LONGEST_S) == 0, (tmp_path / "station.txt").read_text()
    good_lane = real.in_lane(Lane.GOOD)
    assert not {count for count in good_lane if is_defective(count)}
    assert score.kept, table(score)
    assert real.triggered == list(range(1, PARTS + 1))
    assert len(good_lane) == score.fates[Fate.PASSED] > 0
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert (figures["triggers"], figures["parts"], figures["verdicts"]) == (PARTS,) * 3
    accepted = real.plant.plant.plc.log.accepted
    assert figures["passed"] >= sum(accepted.values()) >= len(good_lane)


@pytest.mark.chaos
def test_once_the_station_is_killed_every_part_is_ejected(tmp_path: Path) -> None:
    parts = 2 * PARTS
    with running(tmp_path, tmp_path / "figures.json", parts) as real:
        real.plant.start()
        accepted = real.plant.plant.plc.log.accepted
        real.until(lambda: sum(list(accepted.values())) >= 4)
        real.station.kill()
        real.station.wait()
        before = len(real.triggered)
        assert real.plant.wait_empty(LONGEST_S)
        score = real.plant.stop()
    assert before < parts, "it was killed in mid-run"
    good_lane = real.in_lane(Lane.GOOD)
    assert not {count for count in good_lane if is_defective(count)}
    assert real.in_lane(Lane.BIN) >= set(range(before + 1, parts + 1))
    assert score.kept, table(score)
    assert score.fates[Fate.TIMEOUT_EJECTED] > 0
    assert real.plant.plant.plc.log.silences > 0, "the passes of before were withdrawn"
    assert score.triggers == parts
