"""Garbage collection, inference threads and processor affinity, side by side on the demo line.

The policy in ``docs/decisions/0005-collector-threads-affinity.md`` was chosen by this. Rounds
alternate, so that a disturbance of the PC meets all variants alike.

    .venv/bin/python -m scripts.bench.policy --parts 600 --rate 40 --rounds 3
"""

from __future__ import annotations

import argparse
import gc
import threading
from dataclasses import dataclass

import numpy as np
import psutil

from inspector.cli.first_start import ensure_taught
from inspector.core.line_config import LineConfig
from inspector.core.verdict import StageTimes
from inspector.link.messages import Start
from inspector.station.opening import catalogue_of, data_folder_of, load_line, open_station
from inspector.station.places import find_config
from scripts.bench.line import StageTap, milliseconds, summary


@dataclass(frozen=True)
class Variant:
    """One policy. ``collector`` is frozen (the product's), default or off."""

    threads: int
    collector: str
    one_core: bool = False

    @property
    def name(self) -> str:
        """For the table."""
        cores = ", all threads on one core" if self.one_core else ""
        return f"{self.threads} inference threads, collector {self.collector}{cores}"


VARIANTS = (
    Variant(2, "frozen"),
    Variant(2, "default"),
    Variant(2, "off"),
    Variant(1, "frozen"),
    Variant(1, "frozen", one_core=True),
)


def run_once(config: LineConfig, variant: Variant, parts: int) -> list[StageTimes]:
    """One run under one policy."""
    line_file = find_config("line.yaml")
    runtime = config.runtime.model_copy(update={"threads": variant.threads})
    config = config.model_copy(update={"runtime": runtime})
    over, tap, process = threading.Event(), StageTap(), psutil.Process()
    cores = process.cpu_affinity()
    if variant.one_core:
        process.cpu_affinity(cores[:1])
    try:
        catalogue = catalogue_of(line_file, data_folder_of(config))
        with open_station(config, catalogue, limit=parts, on_limit=over.set) as opened:
            opened.station.add_tap(tap)
            opened.console.call(Start())
            while not opened.station.state.running:
                over.wait(0.01)
            if variant.collector != "frozen":
                gc.unfreeze()
            if variant.collector == "off":
                gc.disable()
            over.wait()
            opened.station.request_stop_and_wait(60.0)
    finally:
        gc.enable()
        process.cpu_affinity(cores)
    return tap.times


def main() -> None:
    """Run all variants and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--parts", type=int, default=600, help="per variant and round")
    parser.add_argument("--rate", type=float, default=40.0, help="parts per second")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    line_file = find_config("line.yaml")
    config = load_line(line_file)
    belt = config.belt.model_copy(update={"parts_per_s": arguments.rate})
    config = config.model_copy(update={"belt": belt})
    ensure_taught(config, line_file, data_folder_of(config))
    results: dict[str, list[StageTimes]] = {variant.name: [] for variant in VARIANTS}
    for _ in range(arguments.rounds):
        for variant in VARIANTS:
            results[variant.name] += run_once(config, variant, arguments.parts)
    print("| variant | p50 | p99 | p99.9 | max | infer p50 |\n|---|---|---|---|---|---|")
    for name, times in results.items():
        total = summary(milliseconds(times, "triggered_ns", "published_ns"))
        infer = float(np.median(milliseconds(times, "prepared_ns", "inferred_ns")))
        cells = " | ".join(f"{value:.2f}" for value in (*total.values(), infer))
        print(f"| {name} | {cells} |")


if __name__ == "__main__":
    main()
