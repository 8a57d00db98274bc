"""The panel without Qt: what it believes, for how long, and what it shows first."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from inspector.core.judgement import Region
from inspector.core.state import Health, StationState
from inspector.core.verdict import Cause
from inspector.link.messages import Hello, Login, Logout, Session, Start
from inspector.link.questions import AnyQuestion
from inspector.link.questions.comparing import AskExplanation, Explained, Nearest
from inspector.panel.models.alarms import AlarmList
from inspector.panel.models.comparison import Asking, Beside, Comparison
from inspector.panel.models.desk import Desk
from inspector.panel.models.figures import Figure, readings
from inspector.panel.models.keyboard import KeyboardModel
from inspector.panel.models.live import HOLD_REJECT_S, STALE_AFTER_S, Face, LiveModel
from inspector.panel.models.mosaic import places
from inspector.panel.models.overlay import CLEAR_BELOW, FULL_FROM, heat, outline
from inspector.panel.models.panel import PanelModel
from inspector.panel.models.rejects import CAPACITY, RejectStrip
from tests.panel import fakes


class Clock:
    def __init__(self) -> None:
        self.s = 50.0

    def __call__(self) -> float:
        return self.s


def face_of(model: LiveModel) -> Face:
    return model.face


def part_shown(model: LiveModel) -> int:
    return model.part.verdict.part_id if model.part is not None else 0


def logged_in(panel: PanelModel) -> bool:
    return panel.session.logged_in


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def live(clock: Clock) -> LiveModel:
    model = LiveModel(clock)
    model.take_status(fakes.status(), clock.s)
    return model


@pytest.mark.parametrize("package", ["PyQt6", "cv2"])
def test_models_need_no_qt_and_the_panel_no_opencv(package: str) -> None:
    module = "inspector.panel.models.panel" if package == "PyQt6" else "inspector.panel.app"
    code = f"import sys, {module}; sys.exit({package!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_nothing_is_live_before_the_first_snapshot(clock: Clock) -> None:
    model = LiveModel(clock)
    model.take_picture(fakes.picture(1), clock.s)
    assert model.face is Face.NO_CONNECTION


def test_verdict_of_the_newest_part(live: LiveModel, clock: Clock) -> None:
    assert face_of(live) is Face.WAITING
    live.take_picture(fakes.picture(1), clock.s)
    assert face_of(live) is Face.PASS
    live.take_picture(fakes.picture(2, passed=False), clock.s)
    assert face_of(live) is Face.REJECT


def test_silence_is_not_shown_as_life_and_is_told_once(live: LiveModel, clock: Clock) -> None:
    live.take_picture(fakes.picture(1), clock.s)
    live.tick()
    told: list[Face] = []
    live.changed.connect(lambda: told.append(live.face))
    clock.s += STALE_AFTER_S + 0.1
    for _ in range(3):
        live.tick()
    assert face_of(live) is Face.NO_CONNECTION
    assert told == [Face.NO_CONNECTION]


def test_an_old_snapshot_from_the_inbox_is_not_news(live: LiveModel, clock: Clock) -> None:
    arrived = clock.s
    clock.s += 60
    live.take_status(fakes.status(), arrived)
    assert face_of(live) is Face.NO_CONNECTION


def test_pictures_alone_do_not_prove_that_the_station_is_well(
    live: LiveModel, clock: Clock
) -> None:
    clock.s += STALE_AFTER_S + 0.1
    live.take_picture(fakes.picture(1), clock.s)
    assert face_of(live) is Face.NO_CONNECTION


def test_a_reject_is_held_against_passes_but_not_against_rejects(
    live: LiveModel, clock: Clock
) -> None:
    live.take_picture(fakes.picture(1, passed=False), clock.s)
    live.take_picture(fakes.picture(2), clock.s + 0.1)
    assert face_of(live) is Face.REJECT
    assert live.picture is not None
    assert live.picture.part_id == 1
    live.take_picture(fakes.picture(3, passed=False), clock.s + 0.2)
    assert live.picture.part_id == 3
    live.take_picture(fakes.picture(4), clock.s + 0.2 + HOLD_REJECT_S)
    assert face_of(live) is Face.PASS


def test_a_lost_frame_rejects_without_a_picture(live: LiveModel, clock: Clock) -> None:
    live.take_picture(fakes.picture(1), clock.s)
    live.take_reject(fakes.reject(2, Cause.FRAME_LOST), clock.s)
    assert face_of(live) is Face.REJECT
    assert live.verdict is not None
    assert live.verdict.cause == Cause.FRAME_LOST


def test_a_notice_about_an_earlier_part_changes_nothing(live: LiveModel, clock: Clock) -> None:
    live.take_picture(fakes.picture(9), clock.s)
    live.take_reject(fakes.reject(8), clock.s)
    assert face_of(live) is Face.PASS


def test_a_reject_without_live_picture_is_shown_by_its_thumbnail(
    live: LiveModel, clock: Clock
) -> None:
    live.take_picture(fakes.picture(1), clock.s)
    live.take_reject(fakes.reject(2), clock.s)
    assert live.part is not None
    assert live.part.thumbnail_jpeg
    live.take_picture(fakes.picture(2, passed=False), clock.s)
    live.take_reject(fakes.reject(2), clock.s)
    assert live.part.picture is not None


def test_the_picture_of_a_noticed_reject_is_still_taken(live: LiveModel, clock: Clock) -> None:
    live.take_reject(fakes.reject(2), clock.s)
    live.take_picture(fakes.picture(2, passed=False), clock.s)
    assert live.picture is not None


@pytest.mark.parametrize(
    ("state", "face"),
    [
        (StationState.ERROR, Face.ERROR),
        (StationState.READY, Face.STOPPED),
        (StationState.HALTED, Face.STOPPED),
        (StationState.SINGLE_EXECUTION, Face.PASS),
    ],
)
def test_the_state_decides_what_a_verdict_is_worth(
    live: LiveModel, clock: Clock, state: StationState, face: Face
) -> None:
    live.take_picture(fakes.picture(1), clock.s)
    live.take_status(fakes.status(state), clock.s)
    assert face_of(live) is face


def test_a_restarted_station_shows_no_old_part(live: LiveModel, clock: Clock) -> None:
    live.take_picture(fakes.picture(700), clock.s)
    live.take_status(fakes.status(uptime_s=1.0), clock.s)
    assert face_of(live) is Face.WAITING
    live.take_picture(fakes.picture(3), clock.s)
    assert face_of(live) is Face.PASS


def test_figures_say_what_the_counters_say() -> None:
    shown = readings(fakes.status(parts=1_000_000, rejected=1, late=2))
    assert shown[Figure.PARTS].text == "1,000,000"
    assert shown[Figure.YIELD].text == "99.9"
    assert shown[Figure.RATE].text == "150"
    assert shown[Figure.MARGIN].text == "88"
    assert shown[Figure.LATE].alert


def test_a_margin_below_a_tenth_of_the_deadline_alerts() -> None:
    assert not readings(fakes.status())[Figure.MARGIN].alert
    assert readings(replace(fakes.status(), margin_ms=1.2))[Figure.MARGIN].alert
    assert readings(fakes.status(parts=0, rejected=0))[Figure.MARGIN].text == "–"


def test_parts_of_a_bypass_are_no_lost_ones() -> None:
    status = fakes.status(StationState.READY)
    parts = replace(status.parts, passed=status.parts.passed - 5, bypassed=5)
    assert not readings(replace(status, parts=parts))[Figure.PARTS].alert


def test_figures_alert_when_a_part_has_no_verdict() -> None:
    running = fakes.status()
    under_way = replace(running, parts=replace(running.parts, parts=running.parts.parts + 1))
    assert not readings(under_way)[Figure.PARTS].alert
    assert readings(replace(under_way, state=StationState.READY))[Figure.PARTS].alert
    lost = replace(running, parts=replace(running.parts, passed=running.parts.passed - 1))
    assert readings(lost)[Figure.PARTS].alert


def test_no_yield_before_the_first_part() -> None:
    assert readings(fakes.status(parts=0, rejected=0))[Figure.YIELD].text == "–"
    assert {reading.text for reading in readings(None).values()} == {"–"}


def test_the_strip_keeps_the_last_dozen_newest_first() -> None:
    strip = RejectStrip()
    for part_id in [*range(1, 20), 19]:
        strip.add(fakes.reject(part_id, Cause.OVERRUN))
    assert [notice.part_id for notice in strip.notices] == list(range(19, 19 - CAPACITY, -1))


def test_the_worst_unacknowledged_alarm_comes_first_and_a_new_one_to_the_front() -> None:
    alarms = AlarmList()
    seen = fakes.alarm(Health.FAILURE, seen=True)
    warn = fakes.alarm(Health.OUT_OF_SPECIFICATION)
    minor = fakes.alarm(Health.MAINTENANCE_REQUIRED)
    alarms.take_status(fakes.status(alarms=(minor, seen, warn)))
    assert alarms.shown == warn
    alarms.next()
    assert alarms.shown == minor
    alarms.next()
    assert alarms.shown == seen
    fresh = fakes.alarm(Health.CHECK_FUNCTION)
    alarms.take_status(fakes.status(alarms=(minor, seen, warn, fresh)))
    assert alarms.shown == fresh
    alarms.take_status(fakes.status())
    assert alarms.shown is None


def test_an_alarm_that_is_looked_at_stays_when_nothing_new_comes() -> None:
    alarms = AlarmList()
    both = (fakes.alarm(Health.FAILURE), fakes.alarm(Health.MAINTENANCE_REQUIRED))
    alarms.take_status(fakes.status(alarms=both))
    alarms.next()
    alarms.take_status(fakes.status(alarms=both))
    assert alarms.shown == both[1]


def test_a_good_part_never_glows() -> None:
    limit = 2.4
    good = np.linspace(-5, limit * CLEAR_BELOW, 400, dtype=np.float32).reshape(20, 20)
    assert not heat(good, limit).any()


def test_the_scale_is_the_threshold_not_the_picture() -> None:
    overlay = heat(np.array([[0.0, 2.0, 2.4, 2.4 * FULL_FROM, 240.0]], np.float32), 2.4)
    alpha = overlay[0, :, 3]
    assert alpha[0] == 0
    assert 0 < alpha[1] < alpha[2] < alpha[3] == alpha[4]
    assert alpha[2] > 60
    assert alpha[3] > 120
    assert heat(np.full((1, 1), 2.0, np.float32), 2.4)[0, 0, 3] < 40, "good, if not by much"
    assert (overlay[..., :3] <= overlay[..., 3:]).all(), "premultiplied"


@pytest.mark.parametrize("limit", [0.0, -1.0, float("nan")])
def test_without_a_threshold_there_is_no_overlay(limit: float) -> None:
    assert not heat(fakes.scores(9.0), limit).any()


def test_what_is_not_a_number_is_clear_and_the_infinite_is_strong() -> None:
    overlay = heat(np.array([[np.nan, np.inf]], np.float32), 2.4)
    assert overlay[0, 0, 3] == 0
    assert overlay[0, 1, 3] > 120


def test_shift_serves_one_letter() -> None:
    keys = KeyboardModel()
    keys.toggle_shift()
    assert keys.rows[1] == "QWERTYUIOP"
    keys.typed()
    assert keys.rows[1] == "qwertyuiop"


def test_every_printable_ascii_character_can_be_typed() -> None:
    keys, found = KeyboardModel(), {" "}
    found.update(*keys.rows)
    for press in (keys.toggle_shift, keys.toggle_signs):
        press()
        found.update(*keys.rows)
    assert {chr(code) for code in range(32, 127)} <= found


def test_log_in_and_out(clock: Clock) -> None:
    panel = PanelModel(clock)
    panel.answered(Hello(), Session("", "panel", "operator"))
    assert not logged_in(panel)
    panel.session.open()
    assert panel.refused(Login("sato", "x"), "wrong password")
    assert panel.session.problem == "wrong password"
    assert panel.session.logging_in, "the log-in stays open"
    panel.answered(Login("sato", "y"), Session("t", "sato", "engineer"))
    assert logged_in(panel)
    panel.answered(Logout(), None)
    assert not logged_in(panel)


def test_a_successful_log_in_closes_the_form(clock: Clock) -> None:
    panel = PanelModel(clock)
    panel.session.wait()
    panel.answered(Login("sato", "y"), Session("t", "sato", "engineer"))
    assert not panel.session.logging_in


def test_other_refusals_are_left_to_the_screen(clock: Clock) -> None:
    assert not PanelModel(clock).refused(Start(), "not ready")


def test_a_lost_station_ends_session_and_alarms(clock: Clock) -> None:
    panel = PanelModel(clock)
    panel.answered(Login("sato", "y"), Session("t", "sato", "engineer"))
    panel.deliver(fakes.status(alarms=(fakes.alarm(Health.FAILURE),)), clock.s, None, [])
    panel.lose("gone")
    assert not logged_in(panel)
    assert panel.alarms.health is None
    assert panel.alarms.trouble == "gone"
    panel.deliver(fakes.status(), clock.s, None, [])
    assert panel.alarms.trouble == ""
    assert panel.live.face is Face.WAITING


def test_an_outline_runs_where_the_map_crosses_the_threshold() -> None:
    y, x = np.mgrid[0:32, 0:32]
    cone = np.clip(10 - np.hypot(x - 15, y - 12), 0, None).astype(np.float32)
    whole = (Region(0.0, 0.0, 1.0, 1.0, 9.0, None, 10.0),)
    lines = outline(cone, 3.0, whole)
    away = np.hypot(lines[:, 0::2] * 32 - 15.5, lines[:, 1::2] * 32 - 12.5)
    assert len(lines) > 30
    assert np.abs(away - 7.0).max() < 0.05
    ends = sorted(map(tuple, np.concatenate([lines[:, :2], lines[:, 2:]]).round(4).tolist()))
    assert ends[0::2] == ends[1::2], "closed: every end is met by one other"
    assert len(outline(cone, 3.0, (Region(0.9, 0.9, 0.1, 0.1, 9.0, None, 10.0),))) == 0
    assert len(outline(cone, 0.0, whole)) == 0


def test_an_outline_is_closed_at_the_border_and_at_saddles() -> None:
    chess = np.array([[5, 0, 5], [0, 5, 0]], np.float32)
    lines = outline(chess, 2.0, (Region(0.0, 0.0, 1.0, 1.0, 9.0, None, 5.0),))
    assert np.isfinite(lines).all()
    assert len(lines) == 12, "three corners cut off alone, each by four lines"
    assert lines.min() >= 0.0
    assert lines.max() <= 1.0


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (2, 2), (3, 2), (4, 2), (6, 3)])
def test_views_are_as_large_as_they_can_be(count: int, columns: int) -> None:
    rooms = places(count, 1.25, 500, 400, 6)
    assert len(rooms) == count
    assert len({left for left, *_ in rooms}) == columns
    assert all(left + wide <= 500.1 and top + tall <= 400.1 for left, top, wide, tall in rooms)
    assert places(0, 1.0, 10, 10) == []


def test_only_the_answer_to_the_newest_comparison_counts() -> None:
    asked: list[AnyQuestion] = []
    desk = Desk(lambda _command: None, asked.append)
    comparison, nearest = Comparison(desk), Nearest(b"", b"", 3, 1.0, explains=True)
    comparison.ask(1)
    comparison.ask(2)
    desk.answered(asked[0], nearest)
    assert comparison.nearest is None
    desk.refused(asked[1], "why")
    assert comparison.problem == "why"
    comparison.ask(2)
    comparison.close()
    desk.answered(asked[2], nearest)
    assert comparison.asking is Asking.CLOSED


def test_an_engine_that_draws_nothing_shows_its_first_map() -> None:
    asked: list[AnyQuestion] = []
    desk = Desk(lambda _command: None, asked.append)
    comparison = Comparison(desk)
    comparison.ask(7)
    desk.answered(asked[0], Nearest(b"", b"", 3, 1.0, explains=True))
    assert comparison.switched
    comparison.compare_with(Beside.ENGINE)
    assert asked[1] == AskExplanation(7, longest=900)
    desk.answered(asked[1], Explained(b"", b"", (("strides 2", b"x"), ("strides 4", b"y"))))
    assert (comparison.asking, comparison.heat) == (Asking.FOUND, "strides 2")
    comparison.compare_with(Beside.NORMAL)
    comparison.compare_with(Beside.ENGINE)
    assert len(asked) == 2  # known by now


def test_pictures_of_rejects_are_kept_while_they_may_be_opened() -> None:
    strip = RejectStrip()
    for part_id in range(1, 40):
        strip.keep(fakes.picture(part_id, passed=part_id % 2 == 0))
        strip.add(fakes.reject(part_id))
    strip.open(strip.notices[0])
    assert strip.picture is not None
    assert strip.picture.part_id == 39
    assert len(strip._pictures) == CAPACITY
    strip.step(1)
    assert strip.opened == strip.notices[1]
    strip.forget()
    assert not strip.notices


def test_the_same_tap_closes_a_reject() -> None:
    strip = RejectStrip()
    strip.add(fakes.reject(1))
    for opened in (True, False):
        strip.open(strip.notices[0])
        assert (strip.opened is not None) == opened


def test_a_notice_does_not_take_the_place_of_a_frozen_picture(
    live: LiveModel, clock: Clock
) -> None:
    live.toggle_freezing()
    live.take_reject(fakes.reject(2), clock.s)
    live.take_picture(fakes.picture(2, passed=False), clock.s)
    assert live.picture is not None, "the whole picture of the frozen part is taken"
    live.take_picture(fakes.picture(3, passed=False), clock.s)
    live.take_reject(fakes.reject(3), clock.s)
    assert part_shown(live) == 2
    live.release()
    assert part_shown(live) == 3
