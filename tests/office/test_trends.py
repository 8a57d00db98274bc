"""What the trends screen is told of a tiny plant: 24 parts, every fourth defective."""

from __future__ import annotations

import pytest

from inspector.link.questions.trends import AskTrends, Trends
from tests.office.conftest import PARTS, Desk


@pytest.fixture
def told(desk: Desk) -> Trends:
    answer = desk.ask(AskTrends(hours=1.0, product="tiny"), desk.log_in("oki"))
    assert isinstance(answer, Trends)
    return answer


def test_every_part_is_in_one_group_of_the_chart(told: Trends) -> None:
    parts, rejects = (sum(getattr(group, name) for group in told.groups) for name in PAIR)
    assert parts >= PARTS
    assert told.centre == pytest.approx(rejects / parts)
    assert rejects == told.looked_at[0] == sum(number for _, number in told.reasons)
    assert told.reasons[0][0] == "engine"


def test_scores_stand_beside_those_of_the_calibration(told: Trends) -> None:
    assert told.scores is not None
    assert sum(told.scores.line) == pytest.approx(1.0)
    assert sum(told.scores.calibration) == pytest.approx(1.0)
    beyond = [
        share for edge, share in zip(told.scores.edges, told.scores.line, strict=False) if edge >= 1
    ]
    assert sum(beyond) == pytest.approx(0.25, abs=0.1)


def test_no_verdict_took_longer_than_the_slowest_hundredth(told: Trends) -> None:
    assert told.durations
    assert all(0.0 < stretch.p50_ms <= stretch.p99_ms for stretch in told.durations)


def test_another_product_has_no_scores(desk: Desk) -> None:
    answer = desk.ask(AskTrends(hours=1.0, product="other"), desk.log_in("oki"))
    assert isinstance(answer, Trends)
    assert answer.scores is None


PAIR = ("parts", "rejects")
