"""Trigger-to-verdict time of the whole line, and where it goes, side by side.

The same parts pass the same station with the ledger on and off, and with a panel (a process of its
own that reads events and pictures as the touchscreen does) on and off. Rounds alternate, so that a
disturbance of the PC meets all alike.

    .venv/bin/python -m scripts.bench.line --parts 1000 --rate 40 --rounds 3
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from inspector.cli.first_start import ensure_taught
from inspector.cli.priority import give_way
from inspector.core.line_config import LineConfig
from inspector.core.verdict import StageTimes
from inspector.line.part import JudgedPart
from inspector.link.client_zmq import ZmqClient
from inspector.link.messages import Hello, Start
from inspector.station.opening import catalogue_of, data_folder_of, load_line, open_station
from inspector.station.places import find_config

STAGES = {
    "transfer": ("triggered_ns", "arrived_ns"),
    "copy": ("arrived_ns", "copied_ns"),
    "wait": ("copied_ns", "started_ns"),
    "prepare": ("started_ns", "prepared_ns"),
    "infer": ("prepared_ns", "inferred_ns"),
    "score": ("inferred_ns", "scored_ns"),
    "output": ("scored_ns", "published_ns"),
}


@dataclass(frozen=True)
class Case:
    """One way of running."""

    ledger: bool
    panel: bool

    @property
    def name(self) -> str:
        """For the table."""
        return f"ledger {'on' if self.ledger else 'off'}, panel {'on' if self.panel else 'off'}"


class StageTap:
    """Keeps the stage times of every part that was looked at."""

    def __init__(self) -> None:
        self.times: list[StageTimes] = []

    def offer(self, part: JudgedPart) -> None:
        """Keep them."""
        if part.verdict.judgement is not None:
            self.times.append(part.times)


def watch_as_a_panel_does(data_folder: Path) -> None:
    """Take every event and picture for as long as the parent lives."""
    give_way()
    client, parent = ZmqClient(data_folder), os.getppid()
    client.call(Hello(client="bench"))
    print("watching", flush=True)
    while os.getppid() == parent:
        client.next_event(0.02)
        client.picture()


def run_once(config: LineConfig, line_file: Path, case: Case, parts: int) -> list[StageTimes]:
    """One run; the stage times of its inspected parts."""
    config = config.model_copy(
        update={"ledger": config.ledger.model_copy(update={"enabled": case.ledger})}
    )
    data_folder, over, tap = data_folder_of(config), threading.Event(), StageTap()
    watcher: subprocess.Popen[bytes] | None = None
    with open_station(
        config, catalogue_of(line_file, data_folder), limit=parts, on_limit=over.set
    ) as opened:
        opened.station.add_tap(tap)
        if case.panel:
            command = [sys.executable, "-m", "scripts.bench.line", "--watch", str(data_folder)]
            watcher = subprocess.Popen(command, stdout=subprocess.PIPE)
            assert watcher.stdout is not None
            watcher.stdout.readline()  # it is connected: its start-up is not what is measured
        opened.console.call(Start())
        over.wait()
        opened.station.request_stop_and_wait(60.0)
        if not opened.station.status().parts.reconciled:
            raise SystemExit("the counts do not add up")
    if watcher is not None:
        watcher.kill()
        watcher.wait()
    return tap.times


def milliseconds(times: list[StageTimes], begin: str, end: str) -> np.ndarray[Any, Any]:
    """Duration of one stage for every part, ms."""
    return np.array([(getattr(t, end) - getattr(t, begin)) / 1e6 for t in times])


def summary(values: np.ndarray[Any, Any]) -> dict[str, float]:
    """The percentiles that are printed."""
    p50, p99, p999 = np.percentile(values, [50, 99, 99.9])
    return {"p50": p50, "p99": p99, "p999": p999, "max": float(values.max())}


def table(results: dict[str, list[StageTimes]]) -> str:
    """Markdown: total percentiles, then the median of each stage."""
    head = "| case | p50 | p99 | p99.9 | max | " + " | ".join(STAGES) + " |"
    rows = [head, "|---" * (5 + len(STAGES)) + "|"]
    for name, times in results.items():
        total = summary(milliseconds(times, "triggered_ns", "published_ns"))
        medians = (np.median(milliseconds(times, *ends)) for ends in STAGES.values())
        cells = [f"{value:.2f}" for value in (*total.values(), *medians)]
        rows.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def main() -> None:
    """Run all cases and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--line", type=Path, default=None)
    parser.add_argument("--parts", type=int, default=1000, help="per case and round")
    parser.add_argument("--rate", type=float, default=40.0, help="parts per second")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=None, help="inference threads")
    parser.add_argument("--json", type=Path, default=None)
    parser.add_argument("--watch", type=Path, default=None, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.watch is not None:
        watch_as_a_panel_does(arguments.watch)
        return
    line_file = arguments.line or find_config("line.yaml")
    config = load_line(line_file)
    belt = config.belt.model_copy(update={"parts_per_s": arguments.rate})
    config = config.model_copy(update={"belt": belt})
    cases = [Case(ledger, panel) for ledger, panel in itertools.product((True, False), repeat=2)]
    results: dict[str, list[StageTimes]] = {case.name: [] for case in cases}
    ensure_taught(config, line_file, data_folder_of(config))
    for _ in range(arguments.rounds):
        for case in cases:
            results[case.name] += run_once(config, line_file, case, arguments.parts)
    print(f"{arguments.rate:g} parts/s, {arguments.rounds} rounds of {arguments.parts} parts; ms\n")
    print(table(results))
    print(f"\nmemory now: {psutil.Process().memory_info().rss / 2**20:.0f} MiB")
    if arguments.json is not None:
        figures = {
            name: {
                "total": summary(milliseconds(times, "triggered_ns", "published_ns")),
                **{stage: summary(milliseconds(times, *ends)) for stage, ends in STAGES.items()},
            }
            for name, times in results.items()
        }
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
