"""Tracking by the station: how regularly it looks at the belt, and how exactly it moves the gate.

    .venv/bin/python -m scripts.bench.gate --seconds 60 --json gate.json
    .venv/bin/python -m scripts.bench.gate --busy 2

A Modbus TCP server on loopback counts by the clock: each request that reads its registers gets the
count of that very moment, and each write that moves ``gate_pass`` is stamped on arrival. *scan* is
the time between two reads. *opens* and *closes* are how much later than the count asked for it the
output moved, in ms of the belt's motion. ``--busy`` runs so many busy loops beside.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from inspector.core.plc_config import ModbusClient
from inspector.core.ports import PlcStatus, SystemClock
from inspector.core.verdict import Cause, Outcome, Verdict
from inspector.plc.direct_gate import Drive, run_direct_gateway
from inspector.plc.fieldbus_plc import FieldbusPlc
from inspector.plc.handshake import Demand
from inspector.plc.priority import run_at_once
from inspector.plc.registers import Inputs, Outputs
from inspector.plc.tracking import TrackingSettings
from inspector.sim.plant.modbus_io import ModbusIo

COUNTS_PER_MS = 10
PITCH_MS, DISTANCE_MS, TOLERANCE_MS, LEAD_MS = 200, 1000, 10, 40
_WARM_S = 3.0
_BEAT_S = 0.05


@dataclass(frozen=True)
class Row:
    """Times of one quantity, ms."""

    what: str
    times: int
    p50_ms: float
    p99_ms: float
    p999_ms: float
    max_ms: float


class ClockedPlc(ModbusIo):
    """A belt that is a function of the clock; keeps when it was read and when its gate moved."""

    def __init__(self) -> None:
        super().__init__(0, SystemClock(), wired=True)
        self.began_s = time.perf_counter()
        self.reads: list[float] = []
        self.opens: list[float] = []
        self.closes: list[float] = []

    def _ms(self) -> float:
        return (time.perf_counter() - self.began_s) * 1e3

    def _next_image(self) -> Inputs:
        now_ms = self._ms()
        self.reads.append(now_ms)
        parts = int(now_ms / PITCH_MS)
        return Inputs(
            counts_triggers=True,
            heartbeat=int(now_ms) & 0xFFFF,
            trigger_count=parts,
            encoder=parts * PITCH_MS * COUNTS_PER_MS,
            encoder_now=int(now_ms * COUNTS_PER_MS),
        )

    def _take(self, told: Outputs) -> None:
        before = self._outputs.gate_pass
        super()._take(told)
        if told.gate_pass != before:
            (self.opens if told.gate_pass else self.closes).append(self._ms())

    def late_ms(self, moved: Sequence[float], after_ms: float) -> list[float]:
        """How much later than the part nearest to it asked for; parts lie at whole pitches."""
        return [
            at - PITCH_MS * round((at - after_ms - DISTANCE_MS) / PITCH_MS) - DISTANCE_MS - after_ms
            for at in moved
        ]


def row(what: str, times: Sequence[float]) -> Row:
    """Percentiles by rank."""
    ordered = sorted(times)
    p50, p99, p999 = (
        ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]
        for share in (0.5, 0.99, 0.999)
    )
    return Row(what, len(ordered), p50, p99, p999, ordered[-1])


def _verdict(number: int, encoder: int) -> Verdict:
    return Verdict(
        part_id=number,
        trigger_count=number,
        encoder_count=encoder,
        outcome=Outcome.PASS,
        cause=Cause.GOOD,
        triggered_ns=0,
        deadline_ns=0,
        decided_ns=0,
    )


def measure(seconds: float, scan_ms: float) -> list[Row]:
    """Every part is good; each verdict comes at once."""
    counts = COUNTS_PER_MS
    settings = TrackingSettings(
        distance_counts=DISTANCE_MS * counts,
        tolerance_counts=TOLERANCE_MS * counts,
        lead_counts=LEAD_MS * counts,
        debounce_counts=counts,
        double_counts=PITCH_MS * counts,
        late_in_a_row=1_000_000,
    )
    numbers = iter(range(1, 1 << 30))
    with closing(ClockedPlc()) as plc:
        plc.open()
        config = ModbusClient(
            driver="modbus-client", host="127.0.0.1", port=plc.port, scan_ms=scan_ms
        )

        def decide(demand: Demand) -> None:
            station.publish(_verdict(next(numbers), demand.value))

        entry = partial(run_direct_gateway, drive=Drive(settings))
        station = FieldbusPlc(config, decide, entry=entry)
        station.open()
        over = threading.Event()
        beats = threading.Thread(target=_beat, args=(station, over))
        beats.start()
        station.set_status(replace(PlcStatus(), online=True, ready=True, busy=True))
        time.sleep(_WARM_S)
        for kept in (plc.reads, plc.opens, plc.closes):
            kept.clear()
        time.sleep(seconds)
        over.set()
        beats.join()
        reads, opens, closes = list(plc.reads), list(plc.opens), list(plc.closes)
        station.close()
    periods = [after - before for before, after in pairwise(reads)]
    return [
        row("scan", periods),
        row("opens", plc.late_ms(opens, -TOLERANCE_MS - LEAD_MS)),
        row("closes", plc.late_ms(closes, TOLERANCE_MS)),
    ]


def _beat(station: FieldbusPlc, over: threading.Event) -> None:
    while not over.wait(_BEAT_S):
        station.beat()


def _loop() -> None:
    while True:
        pass


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--scan-ms", type=float, default=2.0)
    parser.add_argument("--busy", type=int, default=0, help="busy loops beside")
    parser.add_argument("--json", type=Path)
    wish = parser.parse_args()
    loops = [multiprocessing.Process(target=_loop, daemon=True) for _ in range(wish.busy)]
    for loop in loops:
        loop.start()
    before = os.getloadavg()[0]
    granted = run_at_once()  # a PLC is not disturbed by the PC's load
    rows = measure(wish.seconds, wish.scan_ms)
    for loop in loops:
        loop.terminate()
    print(f"load before {before:.1f}, scan_ms {wish.scan_ms:g}, busy loops {wish.busy}")
    print(f"real-time priority {'granted' if granted else 'refused'}")
    print(f"{'ms':<8}{'times':>8}{'p50':>8}{'p99':>8}{'p99.9':>8}{'max':>8}")
    for one in rows:
        figures = (one.p50_ms, one.p99_ms, one.p999_ms, one.max_ms)
        print(f"{one.what:<8}{one.times:>8}" + "".join(f"{figure:>8.2f}" for figure in figures))
    if wish.json is not None:
        wish.json.write_text(json.dumps([asdict(one) for one in rows], indent=2) + "\n")


if __name__ == "__main__":
    main()
