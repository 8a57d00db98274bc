"""A long run and an overload: do the counts add up, and is memory flat?

    .venv/bin/python -m scripts.bench.soak --parts 20000 --rate 50 --overload-parts 5000

The overload passes at three times the rate. Memory is the resident set of the process, sampled
twice a second; its growth is a line fitted to the second half of the run.
"""

from __future__ import annotations

import argparse
import json
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import psutil

from inspector.cli.first_start import ensure_taught
from inspector.core.line_config import LineConfig
from inspector.core.state import Latency, StationStatus
from inspector.link.messages import Start
from inspector.station.opening import catalogue_of, data_folder_of, load_line, open_station
from inspector.station.places import find_config

_SAMPLE_S = 0.5


@dataclass(frozen=True)
class Soak:
    """What one run showed. ``growth_mib_per_1000`` is MiB for each 1,000 parts."""

    parts: int
    rate: float
    triggers: int
    frames: int
    lost: int
    verdicts: int
    passed: int
    rejected: int
    late: int
    by_cause: dict[str, int]
    latency: Latency
    reconciled: bool
    dropped_records: int
    dropped_evidence: int
    memory_first_mib: float
    memory_last_mib: float
    growth_mib_per_1000: float


def soak(config: LineConfig, line_file: Path, parts: int, rate: float) -> Soak:
    """Run that many parts and watch the memory."""
    belt = config.belt.model_copy(update={"parts_per_s": rate})
    gate = config.gate.model_copy(update={"late_in_row": 10**9})  # overload is what is measured
    config = config.model_copy(update={"belt": belt, "gate": gate})
    catalogue = catalogue_of(line_file, data_folder_of(config))
    over, process, memory = threading.Event(), psutil.Process(), list[float]()
    with open_station(config, catalogue, limit=parts, on_limit=over.set) as opened:
        opened.console.call(Start())
        while not over.wait(_SAMPLE_S):
            memory.append(process.memory_info().rss / 2**20)
        opened.station.request_stop_and_wait(120.0)
        status = opened.station.status()
    return _figures(status, rate, np.array(memory))


def _figures(status: StationStatus, rate: float, memory: np.ndarray) -> Soak:
    cameras = list(status.cameras.values())
    half = memory[len(memory) // 2 :]
    slope_per_sample = float(np.polyfit(np.arange(len(half)), half, 1)[0]) if len(half) > 2 else 0.0
    return Soak(
        parts=status.parts.parts,
        rate=rate,
        triggers=sum(camera.triggers for camera in cameras),
        frames=sum(camera.frames for camera in cameras),
        lost=sum(camera.lost for camera in cameras),
        verdicts=status.parts.verdicts,
        passed=status.parts.passed,
        rejected=status.parts.rejected,
        late=status.parts.late,
        by_cause=status.parts.by_cause,
        latency=status.latency,
        reconciled=status.parts.reconciled and all(camera.reconciled for camera in cameras),
        dropped_records=status.dropped_records,
        dropped_evidence=status.dropped_evidence,
        memory_first_mib=float(half[0]),
        memory_last_mib=float(half[-1]),
        growth_mib_per_1000=slope_per_sample / (_SAMPLE_S * rate) * 1000,
    )


def main() -> None:
    """Run both and print what they showed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--line", type=Path, default=None)
    parser.add_argument("--parts", type=int, default=20_000)
    parser.add_argument("--rate", type=float, default=50.0, help="parts per second")
    parser.add_argument("--overload-parts", type=int, default=5_000, help="at three times the rate")
    parser.add_argument("--json", type=Path, default=None)
    arguments = parser.parse_args()
    line_file = arguments.line or find_config("line.yaml")
    config = load_line(line_file)
    ensure_taught(config, line_file, data_folder_of(config))
    runs = [
        soak(config, line_file, arguments.parts, arguments.rate),
        soak(config, line_file, arguments.overload_parts, 3 * arguments.rate),
    ]
    text = json.dumps([asdict(run) for run in runs], indent=2)
    print(text)
    if arguments.json is not None:
        arguments.json.write_text(f"{text}\n", encoding="utf-8")
    if not all(run.reconciled for run in runs):
        raise SystemExit("the counts do not add up")


if __name__ == "__main__":
    main()
