"""Does a log-in delay a verdict? Latencies of a simulated line with and without log-ins beside it.

The tiny plant of the tests (its engine takes a fraction of a millisecond, so that any delay shows),
first alone, then with a thread that logs in again and again, then with the same hashing in another
process, which an interpreter's lock cannot matter to; in turns. Also the longest time for
which a Python thread that wants to run every 0.5 ms is kept from it, which shows the interpreter's
lock: argon2 releases it.

    python -m scripts.bench.login --seconds 20 --turns 3
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from inspector.access.passwords import PasswordHash
from inspector.access.permissions import Role
from inspector.access.users import Users
from inspector.line.part import JudgedPart
from inspector.link.messages import Login, Start
from inspector.station.opening import catalogue_of, load_line, open_station
from tests.tiny_plant import make_plant

_PASSWORD = "only-for-tests-8"


class _Latencies:
    """A tap that notes trigger to verdict, ms."""

    def __init__(self) -> None:
        self.ms: list[float] = []

    def offer(self, part: JudgedPart) -> None:
        self.ms.append((part.times.published_ns - part.times.triggered_ns) / 1e6)


def _percentiles(values: list[float]) -> dict[str, float]:
    found = np.percentile(values, [50, 99, 99.9, 100]).round(3).tolist()
    return dict(zip(("p50", "p99", "p999", "max"), found, strict=True))


def line(seconds: float, rate: float, beside: str) -> dict[str, object]:
    """One run: latencies of all verdicts, and how many log-ins went by beside it."""
    with tempfile.TemporaryDirectory() as folder:
        plant = make_plant(
            Path(folder),
            belt={"parts_per_s": rate, "counts_per_part": 100},
            defective_every=1000,
            link={"enabled": False},
        )
        Users(plant.data_folder).add("oki", Role.OPERATOR, _PASSWORD)
        tap, over, done = _Latencies(), threading.Event(), [0]
        with open_station(
            load_line(plant.line_file), catalogue_of(plant.line_file, plant.data_folder)
        ) as opened:
            opened.station.add_tap(tap)
            opened.console.call(Start())

            def log_in() -> None:
                while not over.is_set():
                    opened.console.call(Login("oki", _PASSWORD))
                    done[0] += 1

            thread = threading.Thread(target=log_in if beside == "thread" else over.wait)
            thread.start()
            hashing = multiprocessing.get_context("spawn").Process(target=_hash_on, daemon=True)
            if beside == "process":
                hashing.start()
            time.sleep(seconds)
            over.set()
            thread.join()
            if beside == "process":
                hashing.kill()
                hashing.join()
            opened.station.request_stop_and_wait(30.0)
        kept = tap.ms[len(tap.ms) // 10 :]
        return {"parts": len(kept), "logins": done[0], "ms": _percentiles(kept)}


def _hash_on() -> None:
    hashing = PasswordHash()
    stored = hashing.make(_PASSWORD)
    while True:
        hashing.matches(stored, _PASSWORD)


def lock(seconds: float, *, logins: bool) -> dict[str, float]:
    """How late a thread is that wakes every 0.5 ms, ms."""
    hashing, over = PasswordHash(), threading.Event()
    stored = hashing.make(_PASSWORD)

    def log_in() -> None:
        while not over.is_set():
            hashing.matches(stored, _PASSWORD)

    thread = threading.Thread(target=log_in if logins else over.wait)
    thread.start()
    late, until = [], time.monotonic() + seconds
    while (now := time.monotonic()) < until:
        time.sleep(0.0005)
        late.append((time.monotonic() - now) * 1e3 - 0.5)
    over.set()
    thread.join()
    return _percentiles(late)


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--rate", type=float, default=50.0)
    given = parser.parse_args()
    hashing = PasswordHash()
    stored, before = hashing.make(_PASSWORD), time.perf_counter()
    for _ in range(20):
        hashing.matches(stored, _PASSWORD)
    figures: dict[str, object] = {
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "hash_ms": round((time.perf_counter() - before) / 20 * 1e3, 1),
        "lock_alone": lock(given.seconds / 2, logins=False),
        "lock_beside": lock(given.seconds / 2, logins=True),
    }
    for turn in range(given.turns):
        for beside in ("nothing", "thread", "process"):
            figures[f"beside_{beside}_{turn}"] = line(given.seconds, given.rate, beside)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
