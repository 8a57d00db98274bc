from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from engines.background.streaming import StreamingRx
from scripts.bench.streaming import HEADS, rows_of


def test_a_web_that_drifts_raises_the_scores_of_the_fixed_background_alone(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    for number in range(12):
        frame = 80 + 6 * number + 6 * np.linspace(0, 1, 48)[:, None] + random.normal(0, 3, (48, 64))
        cv2.imwrite(str(tmp_path / f"{number:03}.png"), np.rint(frame).astype(np.uint8))
    rows = rows_of(sorted(tmp_path.iterdir()), StreamingRx(memory=48, block=8), taught=2)
    assert len(rows) == 13
    assert all(len(row) == len(HEADS) for row in rows)
    assert rows[0][3] == "-"
    streaming, fixed = (np.array([float(row[at]) for row in rows[2:12]]) for at in (1, 3))
    assert fixed[-1] > 2 * fixed[0]
    assert streaming.max() < fixed[-1]
