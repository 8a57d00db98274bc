"""The figures of the isolation benchmark, without running a line."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from scripts.bench.disturbances import CASES, QUIET
from scripts.bench.isolation import Run, kept, table


def test_ratios_are_against_the_quiet_case(tmp_path: Path) -> None:
    runs = [
        Run(case, [20.0] * 10, [1.0 if case == QUIET else 2.0] * 10, late=7, unseen=number)
        for number, case in enumerate(CASES)
    ]
    rows = [line.split(" | ") for line in table(runs).splitlines()[2:]]
    assert [row[0].removeprefix("| ") for row in rows] == list(CASES)
    assert [row[5:8] for row in rows] == [["1.00"] * 3] + [["2.00"] * 3] * (len(CASES) - 1)
    assert rows[-1][-3:] == ["15", "7", "5 |"]
    path = tmp_path / "runs.json"
    assert kept(path) == []
    path.write_text(json.dumps([asdict(run) for run in runs]))
    assert kept(path) == runs, "only what is missing is run again"
