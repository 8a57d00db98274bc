"""Charts of scores that are few, all alike, negative, or far apart."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from calibration.threshold import Calibration
from inspector.teaching.report.charts import bound_chart, roc_chart, score_chart, tail_chart
from inspector.teaching.report.svg import Axis
from scripts.bench.coverage import calibrated

RANDOM = np.random.default_rng(2)
SCORES = {
    "few": RANDOM.normal(1.0, 0.1, (5, 1)),
    "alike": np.full((30, 1), 0.25),
    "zero": np.zeros((30, 1)),
    "negative": RANDOM.normal(-8.0, 1.0, (60, 1)),
    "large": RANDOM.gamma(2.0, 1e6, (60, 1)),
    "three checks": RANDOM.normal(1.0, 0.1, (120, 3)),
}


def drawn(chart: str) -> list[str]:
    """The chart is well formed and within its frame; its words."""
    root = ET.fromstring(chart)
    width, height = (float(root.attrib[name]) for name in ("width", "height"))
    for name, end in (("x", width), ("cx", width), ("y", height), ("cy", height)):
        for value in re.findall(rf' {name}="([^"]*)"', chart):
            assert -0.5 <= float(value) <= end + 0.5
    return [text for node in root.iter() if (text := node.text)]


@pytest.mark.parametrize("kind", SCORES)
@pytest.mark.parametrize("rate", [0.001, 0.05])
def test_all_scores_can_be_drawn(kind: str, rate: float) -> None:
    made: Calibration = calibrated(SCORES[kind], rate)
    good = np.array(made.scores)
    for defective in (np.array([]), good[:3] + 1.0, good + 1e9):
        words = drawn(score_chart(made, good, defective))
        assert f"threshold {made.threshold:.4g}" in words
    assert f"threshold {made.threshold:.4g}" in drawn(tail_chart(made))
    assert any("images prove" in text for text in drawn(bound_chart(made)))


def test_defects_far_away_are_counted_not_drawn() -> None:
    made = calibrated(SCORES["negative"], 0.05)
    words = drawn(score_chart(made, np.array(made.scores), np.array([-5.0, 900.0, 901.0])))
    assert any(text.startswith("2 of 3 defects lie beyond") for text in words)


def test_roc_marks_the_threshold() -> None:
    assert "threshold" in drawn(roc_chart([(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)], (0.0, 0.9), []))


@pytest.mark.parametrize(
    ("axis", "ticks"),
    [
        (Axis("", 0.0, 1.0), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (Axis("", -3.2, 4.1), [-2.0, 0.0, 2.0, 4.0]),
        (Axis("", 0.004, 1.0, log=True), [0.01, 0.1, 1.0]),
        (Axis("", 20.0, 600.0, log=True), [20.0, 50.0, 100.0, 200.0, 500.0]),
    ],
)
def test_ticks_are_round(axis: Axis, ticks: list[float]) -> None:
    assert axis.ticks() == pytest.approx(ticks)
