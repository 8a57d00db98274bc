"""Does a log-in delay a verdict? Latencies of a simulated line without and beside log-ins.

The tiny plant of the tests (its engine takes a fraction of a millisecond, so that any delay shows):
alone, then with 20 log-ins that are hashed in the station as it was before, then with as many that
are hashed as it is now, in a process of low priority; in turns. Parts of all turns are counted
together, those alone that came while log-ins went on.

    python -m scripts.bench.login --turns 3
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

import numpy as np

from inspector.access.hash_process import HashProcess
from inspector.access.passwords import PasswordHash
from inspector.access.permissions import Role
from inspector.access.users import Users
from inspector.core.errors import RefusedError
from inspector.line.part import JudgedPart
from inspector.link.messages import Login, Start
from inspector.station import opening
from tests.tiny_plant import make_plant

_PASSWORD = "only-for-tests-8"
_WARM_S = 1.0


class _InStation(PasswordHash):
    """As it was: hashed on the link's thread."""

    def close(self) -> None:
        """Nothing to end."""


class _Latencies:
    """A tap that notes trigger to verdict, ms."""

    def __init__(self) -> None:
        self.ms: list[float] = []

    def offer(self, part: JudgedPart) -> None:
        self.ms.append((part.times.published_ns - part.times.triggered_ns) / 1e6)


class Beside:
    """What one way of hashing did in all turns so far."""

    def __init__(self, hashing: type[HashProcess] | type[_InStation] | None) -> None:
        self._hashing = hashing
        self._verdicts: list[float] = []
        self._log_ins: list[float] = []
        self._refused = 0

    def turn(self, rate: float, log_ins: int, pause_s: float) -> None:
        """One run of the line."""
        with patch.object(opening, "HashProcess", self._hashing or HashProcess):
            self._run(rate, log_ins, pause_s)

    def _run(self, rate: float, log_ins: int, pause_s: float) -> None:
        with tempfile.TemporaryDirectory() as folder:
            plant = make_plant(
                Path(folder),
                belt={"parts_per_s": rate, "counts_per_part": 100},
                defective_every=1000,
                link={"enabled": False},
            )
            Users(plant.data_folder).add("oki", Role.OPERATOR, _PASSWORD)
            catalogue = opening.catalogue_of(plant.line_file, plant.data_folder)
            with opening.open_station(opening.load_line(plant.line_file), catalogue) as opened:
                tap = _Latencies()
                opened.console.call(Login("oki", _PASSWORD))  # the process is there from here on
                opened.station.add_tap(tap)
                opened.console.call(Start())
                time.sleep(_WARM_S)
                before = len(tap.ms)
                for _ in range(log_ins):
                    self._log_in(opened)
                    time.sleep(pause_s)
                self._verdicts += tap.ms[before:]
                opened.station.request_stop_and_wait(60.0)

    def _log_in(self, opened: opening.OpenStation) -> None:
        begun = time.perf_counter()
        if self._hashing is None:
            time.sleep(0.05)
            return
        try:
            opened.console.call(Login("oki", _PASSWORD))
        except RefusedError:
            self._refused += 1
        self._log_ins.append(1e3 * (time.perf_counter() - begun))

    def report(self) -> dict[str, object]:
        """Figures in ms."""
        return {
            "parts": len(self._verdicts),
            "verdict": _percentiles(self._verdicts),
            "log_in": _percentiles(self._log_ins) if self._log_ins else None,
            "refused": self._refused,
        }


def _percentiles(values: list[float]) -> dict[str, float]:
    found = np.percentile(values, [50, 90, 99, 100]).round(2).tolist()
    return dict(zip(("p50", "p90", "p99", "max"), found, strict=True))


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--log-ins", type=int, default=20)
    parser.add_argument("--pause", type=float, default=0.05, help="s between log-ins")
    parser.add_argument("--rate", type=float, default=50.0, help="parts/s")
    given = parser.parse_args()
    ways = {
        "alone": Beside(None),
        "in the station": Beside(_InStation),
        "in a process": Beside(HashProcess),
    }
    begun = time.process_time()
    hashing = PasswordHash()
    figures: dict[str, object] = {
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "hash_ms_of_processor": round((time.process_time() - begun) * 1e3, 1),
    }
    del hashing
    for _ in range(given.turns):
        for way in ways.values():
            way.turn(given.rate, given.log_ins, given.pause)
    print(json.dumps(figures | {name: way.report() for name, way in ways.items()}, indent=2))


if __name__ == "__main__":
    main()
