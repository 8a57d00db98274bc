"""The bench measures what it says: its plain kernels judge as the fast ones do."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from engines.background.patches import patches_for
from engines.background.windows import windows_for
from scripts.bench.background import (
    judge_images,
    kernels,
    plain_kernels,
    print_merits,
    print_timings,
    time_kernels,
)
from tests.engines.background.images import textured


def test_plain_and_fast_kernels_agree() -> None:
    image = textured((64, 64), seed=1)
    windows, patches = windows_for(64, 64), patches_for(64, 64)
    assert windows.step == 1
    fast = kernels(64, 64)
    for name, judge in plain_kernels(image, windows, patches).items():
        found = fast[name](image)
        for row, column in ((0, 1), (9, 30), (16, 16)):
            assert found[row, column] == pytest.approx(judge(row, column), rel=5e-3), name


def test_times_of_all_kernels_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    rows = time_kernels(64, runs=2, places=2)
    print_timings(rows)
    printed = capsys.readouterr().out
    for row in rows:
        assert row.kernel in printed
        assert 0 < row.best <= row.p50 <= row.p99


@pytest.mark.slow
def test_images_are_judged_with_and_without_their_margin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, part in enumerate(("train/good", "test/good", "test/spot", "ground_truth/spot")):
        (tmp_path / part).mkdir(parents=True)
        image = textured((128, 128), seed=number)
        if part == "test/spot":
            image[60:68, 60:68] = 255
        if part == "ground_truth/spot":
            image[:] = 0
            image[60:68, 60:68] = 255
        name = "0_mask.png" if part.startswith("ground") else "0.png"
        cv2.imwrite(str(tmp_path / part / name), image)
    rows = judge_images(tmp_path, [0, 16])
    assert [row.margin for row in rows] == sorted(row.margin for row in rows)
    z = rows[0]
    assert (z.image_auroc, z.by_kind) == (1.0, {"spot": 1.0})
    assert z.pixel_auroc is not None
    assert z.pixel_auroc > 0.9
    print_merits(rows)
    assert "global RX on the grid (taught)" in capsys.readouterr().out
