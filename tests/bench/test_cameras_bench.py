"""The table of cameras is made of what the cameras say."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from scripts.bench.cameras import LARGEST, SIZES, Case, cases, measured, table


def test_sizes_are_what_a_camera_has() -> None:
    assert {(case.width, case.height) for case in cases("genicam")} == {LARGEST["genicam"]}
    assert {(case.width, case.height) for case in cases("pylon")} == set(SIZES)


def test_a_row_counts_frames_losses_and_times(tmp_path: Path) -> None:
    row = measured(Case("replay", 64, 48), tmp_path, 0.1)
    flat_out, half = row["flat_out"], row["half"]
    assert isinstance(flat_out, dict)
    assert isinstance(half, dict)
    assert flat_out["frames"] > half["frames"] > 0
    assert flat_out["lost"] == 0
    assert 0.0 < half["latency_p50_ms"] <= half["latency_p99_ms"]
    printed = table([row]).splitlines()
    assert "replay | 64x48 Mono8" in printed[-1]
    assert f"| {flat_out['rate_hz']:.0f} |" in printed[-1]


def test_an_adapter_that_is_not_there_says_why() -> None:
    row: dict[str, object] = {
        "case": asdict(Case("pylon", 64, 48)),
        "absent": "driver pylon: not installed",
    }
    assert "driver pylon: not installed" in table([row])
