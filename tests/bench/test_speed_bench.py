"""The bench of speed compares what finds the same."""

from __future__ import annotations

import pytest

from scripts.bench.speed import cases, table, timed


def test_fast_and_plain_find_the_same() -> None:
    rows = [timed(case, 1) for case in cases(128)]
    for row in rows:
        assert row.differs is None or row.differs < 1e-6, row.name
    assert [row.differs is None for row in rows] == ["K-SVD" in row.name for row in rows]
    assert table(rows).count("\n") == len(rows) + 1


def test_a_part_of_the_work_is_extrapolated() -> None:
    case = cases(128)[0]
    assert case.share == pytest.approx(500 / 961)
