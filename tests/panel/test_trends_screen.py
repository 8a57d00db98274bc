"""Trends: what is drawn of what the office says, at all sizes."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from inspector.link.questions.trends import AskTrends, Duration, Group, Scores, Trends
from inspector.panel.models.trends import Window
from inspector.panel.screens.trends import TrendsScreen
from inspector.panel.translation import Language
from tests.panel.looking import look_everywhere
from tests.panel.stage import Stage

HOUR_US = 3_600_000_000
NOON_US = 1_795_000_000_000_000


def trends(_asked: AskTrends | None = None) -> Trends:
    shares = (0.02, 0.03, 0.02, 0.11, 0.02, 0.01, 0.03, 0.02)
    groups = tuple(
        Group(NOON_US + place * HOUR_US, 1000, round(1000 * share), 0.005, 0.06, share > 0.06)
        for place, share in enumerate(shares)
    )
    bins = 24
    return Trends(
        NOON_US,
        NOON_US + 8 * HOUR_US,
        0.032,
        "binomial",
        groups,
        (
            ("engine", 120),
            ("presence: no part", 61),
            ("frame-lost", 20),
            ("engine: too bright", 9),
            ("rx", 4),
            ("late", 3),
            ("mt", 2),
        ),
        Scores(
            tuple(1.2 * place / bins for place in range(bins + 1)),
            tuple(0.1 if 6 < place < 17 else 0.0 for place in range(bins)),
            tuple(0.125 if 5 < place < 14 else 0.0 for place in range(bins)),
            2000,
            50,
        ),
        tuple(
            Duration(NOON_US + place * HOUR_US, 12.0 + place % 3, 21.0, 4.0) for place in range(8)
        ),
        (219, 2000),
    )


def on_stage(language: Language, answer: object = None) -> tuple[Stage, TrendsScreen]:
    stage = Stage(language, answers={AskTrends: lambda asked: answer or trends(asked)})
    stage.shell.go("trends")
    stage.settle()
    assert isinstance(stage.screen, TrendsScreen)
    return stage, stage.screen


def test_looks(qtbot: QtBot, language: Language) -> None:
    stage, _ = on_stage(language)
    look_everywhere(stage, language)
    stage.close()


def test_points_beyond_the_limits_are_said_in_words(qtbot: QtBot, language: Language) -> None:
    stage, screen = on_stage(language)
    assert screen.says[screen.rate].text() == "1 of 8 points beyond the limits"
    assert screen.says[screen.rate].property("kind") == "warning"
    assert screen.counts.text().startswith("8,000 parts, 260 rejected")
    assert screen.reasons.rows[0] == ("Learned looks", 120)
    assert screen.reasons.rows[-1] == ("others", 5)
    stage.close()


def test_another_time_is_one_touch_away(qtbot: QtBot, language: Language) -> None:
    stage, screen = on_stage(language)
    screen.windows[Window.WEEK].click()
    assert [q.hours for q in stage.questions if isinstance(q, AskTrends)] == [8.0, 168.0]
    stage.close()


def test_a_refusal_stands_in_place_of_the_pictures(qtbot: QtBot, language: Language) -> None:
    stage, screen = on_stage(language, "this line keeps no records")
    assert screen.model.problem == "this line keeps no records"
    stage.close()
