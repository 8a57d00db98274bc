"""Parts reach the gate by counts; what is unknown, unsure or undecided is ejected, and counted."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from inspector.core.errors import RefusedError
from inspector.plc.tracking import Alarm, Bypass, Fate, Override, Reason, Receipt, Stage, Tracker
from inspector.plc.tracking.counts import AbsoluteCount, step
from inspector.plc.tracking.part import TRANSITIONS, TrackedPart
from inspector.plc.tracking.settings import TrackingSettings
from tests.plc.tracked_belt import BLIND, LENGTH, SETTINGS, TrackedBelt

SIGNED = Bypass("shift lead", "trial of the gate")


@pytest.fixture(params=[SETTINGS, BLIND], ids=["gate sensor", "no gate sensor"])
def belt(request: pytest.FixtureRequest) -> TrackedBelt:
    return TrackedBelt(request.param)


def test_counts_go_on_where_the_register_wraps() -> None:
    count = AbsoluteCount(2**32 - 2)
    assert count.at(3) == 2**32 + 3
    assert count.move(3) == 2**32 + 3
    assert count.move(2**32 - 1) == 2**32 - 1
    assert step(0, 2**31) == -(2**31)


def test_parts_meet_their_fates_across_a_wrap_with_several_under_way(belt: TrackedBelt) -> None:
    good, bad, silent, last = belt.announce(40, 40, 40, 40)
    assert belt.tracker.counters.under_way == 4
    belt.decide(good, passed=True)
    belt.decide(bad, passed=False)
    belt.decide(last, passed=True)
    belt.clear()
    assert [part.lane for part in (good, bad, silent, last)] == ["good", "bin", "bin", "good"]
    assert belt.fate(good) == (Fate.PASSED, Reason.GOOD)
    assert belt.fate(bad) == (Fate.EJECTED, Reason.DEFECT)
    assert belt.fate(silent) == (Fate.TIMEOUT_EJECTED, Reason.NO_VERDICT)
    assert belt.alarms == []


def test_a_verdict_after_the_gate_was_set_is_late_and_counted(belt: TrackedBelt) -> None:
    (part,) = belt.announce(40)
    belt.bring(part, belt.settings.distance_counts - 2)
    assert belt.decide(part, passed=True) is Receipt.LATE
    belt.clear()
    assert belt.fate(part) == (Fate.TIMEOUT_EJECTED, Reason.NO_VERDICT)
    assert belt.decide(part, passed=True) is Receipt.LATE
    assert belt.tracker.verdict(99, passed=True) is Receipt.UNKNOWN
    assert belt.tracker.counters.late_verdicts == 2


def test_a_reject_is_never_taken_back_by_a_pass(belt: TrackedBelt) -> None:
    first, second = belt.announce(40, 40)
    for part, verdicts in ((first, (True, False)), (second, (False, True))):
        for passed in verdicts:
            belt.decide(part, passed=passed)
    belt.clear()
    assert belt.fate(first) == belt.fate(second) == (Fate.EJECTED, Reason.DEFECT)


def test_silence_withdraws_what_the_gate_is_not_committed_to(belt: TrackedBelt) -> None:
    near, far = belt.announce(40, 100)
    belt.decide(near, passed=True)
    belt.decide(far, passed=True)
    belt.bring(near, belt.settings.distance_counts - 2)
    belt.tracker.withdraw("no heartbeat")
    belt.clear()
    assert belt.fate(near) == (Fate.PASSED, Reason.GOOD)
    assert belt.fate(far) == (Fate.TIMEOUT_EJECTED, Reason.WITHDRAWN)


def test_late_parts_in_a_row_ask_for_a_stop(belt: TrackedBelt) -> None:
    parts = belt.announce(40, 40, 40, 40, 40)
    belt.decide(parts[1], passed=True)
    belt.clear()
    stops = [event for event in belt.alarms if event.stop]
    assert [event.alarm for event in stops] == [Alarm.LATE_IN_A_ROW]


def test_a_part_that_goes_back_over_the_trigger_sensor_is_no_second_part(
    belt: TrackedBelt,
) -> None:
    (part,) = belt.announce(40)
    belt.move(-LENGTH - 30)
    belt.move(100)
    assert belt.tracker.counters.triggers == 1
    belt.decide(part, passed=True)
    belt.clear()
    assert belt.fate(part) == (Fate.PASSED, Reason.GOOD)


def test_a_part_that_goes_back_past_the_gate_passes_again_and_counts_once(
    belt: TrackedBelt,
) -> None:
    part, bad = belt.announce(40, 40)
    belt.decide(part, passed=True)
    belt.decide(bad, passed=False)
    belt.bring(part, belt.settings.distance_counts + 15)
    assert part.lane == "good"
    belt.move(-50)
    assert part.lane == "belt"
    belt.clear()
    assert (part.lane, bad.lane) == ("good", "bin")
    assert belt.tracker.counters.fates == {Fate.PASSED: 1, Fate.EJECTED: 1}


def test_a_belt_that_goes_back_too_far_condemns_what_lies_on_it(belt: TrackedBelt) -> None:
    (part,) = belt.announce(40)
    belt.decide(part, passed=True)
    belt.move(100)
    belt.move(-80)
    belt.clear()
    assert belt.fate(part) == (Fate.EJECTED, Reason.UNCERTAIN)
    assert belt.alarms[0].alarm is Alarm.POSITION_LOST
    assert belt.alarms[0].parts == (part.number,)


def test_an_encoder_that_jumps_condemns_what_lies_on_the_belt(belt: TrackedBelt) -> None:
    (part,) = belt.announce(40)
    belt.decide(part, passed=True)
    belt.offset += 1_000_000
    belt.clear()
    assert part.lane == "bin"
    assert belt.count(Alarm.POSITION_LOST) == 1


def test_slip_is_measured_and_made_up_for() -> None:
    belt = TrackedBelt()
    good, bad = belt.announce(40, 40)
    belt.decide(good, passed=True)
    belt.decide(bad, passed=False)
    good.front += 5
    bad.front -= 3
    belt.clear()
    assert (good.lane, bad.lane) == ("good", "bin")
    assert belt.tracker.counters.max_slip == 5


def test_a_good_neighbour_is_ejected_inside_the_declared_window_only(belt: TrackedBelt) -> None:
    bad, close, far = belt.announce(40, 5, 60)
    belt.decide(bad, passed=False)
    belt.decide(close, passed=True)
    belt.decide(far, passed=True)
    belt.clear()
    assert [part.lane for part in (bad, close, far)] == ["bin", "bin", "good"]
    assert belt.fate(close) == (Fate.EJECTED, Reason.UNCERTAIN)
    (event,) = (event for event in belt.alarms if event.alarm is Alarm.UNCERTAIN)
    assert close.number in event.parts
    assert event.window is not None


def test_close_parts_that_are_all_good_pass(belt: TrackedBelt) -> None:
    parts = belt.announce(40, 4, 4, 4)
    for part in parts:
        belt.decide(part, passed=True)
    belt.clear()
    assert {part.lane for part in parts} == {"good"}


def test_doubt_about_a_position_condemns_neighbours(belt: TrackedBelt) -> None:
    bad, good = belt.announce(40, 20)
    belt.decide(bad, passed=False)
    belt.decide(good, passed=True)
    belt.tracker.doubt(30)
    belt.clear()
    assert good.lane == "bin"
    assert belt.fate(good) == (Fate.EJECTED, Reason.UNCERTAIN)


def test_a_part_that_no_trigger_announced_is_ejected(belt: TrackedBelt) -> None:
    hidden = belt.feed(hidden=True)
    good = belt.feed(60)
    belt.bring(good, LENGTH + 4)
    belt.decide(good, passed=True)
    belt.clear()
    assert (hidden.lane, good.lane) == ("bin", "good")
    assert belt.count(Alarm.STRANGER) == (belt.settings.gate_sensor_counts is not None)


def test_a_part_taken_away_is_missed_and_may_not_lend_its_verdict() -> None:
    belt = TrackedBelt()
    bad, good, last = belt.announce(40, 40, 40)
    belt.decide(bad, passed=False)
    belt.decide(good, passed=True)
    belt.decide(last, passed=True)
    bad.lane = "hand"
    belt.clear()
    assert belt.fate(bad) == (Fate.REMOVED, Reason.NOT_SEEN)
    assert (good.lane, last.lane) == ("bin", "good")  # good might have been bad, slipped


def test_two_disagreements_in_a_row_condemn_what_lies_on_the_belt() -> None:
    belt = TrackedBelt()
    parts = belt.announce(40, 40, 40, 40)
    for part in parts:
        belt.decide(part, passed=True)
        part.front += 20
    belt.clear()
    assert {part.lane for part in parts} == {"bin"}
    assert belt.count(Alarm.POSITION_LOST) == 1


def test_parts_that_touch_are_ejected_together(belt: TrackedBelt) -> None:
    double, second, good = belt.announce(40, 0, 60)
    belt.decide(double, passed=True)
    belt.decide(good, passed=True)
    belt.clear()
    assert [part.lane for part in (double, second, good)] == ["bin", "bin", "good"]
    assert belt.fate(double) == (Fate.EJECTED, Reason.DOUBLE)


def test_an_ejection_that_the_bin_does_not_confirm_asks_for_a_stop(belt: TrackedBelt) -> None:
    (part,) = belt.announce(40)
    belt.decide(part, passed=False)
    belt.eject_works = False
    belt.clear()
    assert part.lane == "good"
    (event,) = belt.alarms
    assert (event.alarm, event.parts, event.stop) == (Alarm.NOT_CONFIRMED, (part.number,), True)


def test_what_falls_unexpected_and_a_full_bin_are_told(belt: TrackedBelt) -> None:
    belt.tracker.binned()
    belt.tracker.set_bin_full(full=True)
    belt.tracker.set_bin_full(full=True)
    belt.scan()
    assert [event.alarm for event in belt.alarms] == [Alarm.UNEXPECTED_IN_BIN, Alarm.BIN_FULL]


def test_a_bypass_is_signed_loud_and_never_counts_as_good(belt: TrackedBelt) -> None:
    good, bad = belt.announce(40, 40)
    belt.decide(good, passed=True)
    belt.decide(bad, passed=False)
    belt.bypass = True
    belt.tracker.set_bypass(SIGNED)
    belt.clear()
    belt.tracker.set_bypass(None)
    belt.scan()
    assert (good.lane, bad.lane) == ("good", "good")
    assert belt.tracker.counters.fates == {Fate.BYPASSED: 2}
    assert [event.alarm for event in belt.alarms] == [Alarm.BYPASS_ON, Alarm.BYPASS_OFF]
    assert all(event.detail == str(SIGNED) for event in belt.alarms)
    with pytest.raises(RefusedError, match="name"):
        Bypass(" ", "no name")


def test_an_operator_may_decide_on_one_part(belt: TrackedBelt) -> None:
    bad, good = belt.announce(40, 40)
    belt.decide(bad, passed=False)
    belt.decide(good, passed=True)
    belt.tracker.override(Override(bad.number, let_pass=True, signed=SIGNED))
    belt.tracker.override(Override(good.number, let_pass=False, signed=SIGNED))
    belt.accepted[bad.number] = True
    belt.clear()
    assert belt.fate(bad) == (Fate.BYPASSED, Reason.OVERRIDE)
    assert belt.fate(good) == (Fate.EJECTED, Reason.OVERRIDE)
    assert belt.count(Alarm.OVERRIDE) == 2


def test_a_part_presented_again_is_told_and_is_a_part_of_its_own() -> None:
    tracker = Tracker(SETTINGS)
    assert tracker.trigger(500, serial="A7") == 1
    assert tracker.trigger(900, serial="A7") == 2
    assert tracker.counters.alarms == {Alarm.PRESENTED_AGAIN: 1}


def test_a_restarted_tracker_trusts_no_verdict_of_before() -> None:
    before = TrackedBelt()
    (part,) = before.announce(40)
    restarted = Tracker(SETTINGS, encoder=before.raw, first_count=part.number + 1)
    assert restarted.verdict(part.number, passed=True) is Receipt.LATE
    assert restarted.advance(before.raw + 390, 0) is False
    number = restarted.trigger(before.raw + 1)
    assert number == part.number + 1


def test_stages_change_by_the_table_only() -> None:
    part = TrackedPart(1, 0, 100, 5)
    part.to(Stage.NG, Reason.DEFECT)
    with pytest.raises(ValueError, match="ng -> ok"):
        part.to(Stage.OK, Reason.GOOD)
    with pytest.raises(ValueError, match="ng -> passed"):
        part.end(Fate.PASSED, Reason.GOOD)
    assert [stage for stage, ends in TRANSITIONS.items() if Fate.PASSED in ends] == [Stage.OK]


def test_a_gate_sensor_too_near_the_gate_is_refused() -> None:
    values = SETTINGS.model_dump() | {"gate_sensor_counts": 390}
    with pytest.raises(ValidationError, match="must lie between it and the gate"):
        TrackingSettings.model_validate(values)


@pytest.mark.parametrize("sensor", ["trigger", "gate"])
def test_edges_that_bounce_at_front_and_rear_are_one_part(sensor: str) -> None:
    tracker = Tracker(SETTINGS)
    assert tracker.trigger(500) == 1
    if sensor == "trigger":
        see, clear = tracker.trigger, tracker.trigger_cleared
        start = 500
    else:
        see, clear = tracker.gate_seen, tracker.gate_cleared  # type: ignore[assignment]  # no count
        start = 800
        see(start)
    for place in (start + 1, start + LENGTH, start + LENGTH + 1):
        clear(place)
        see(place + 1)
    clear(start + LENGTH + 2)
    assert tracker.counters.triggers == 1
    assert tracker.counters.alarms == {}
    assert tracker.counters.repeated_edges == 3


def test_what_comes_right_after_a_start_may_have_an_unknown_neighbour() -> None:
    tracker = Tracker(BLIND)
    assert tracker.trigger(BLIND.free_pitch) == 1
    assert tracker.trigger(BLIND.free_pitch + 20) == 2
    for number in (1, 2):
        tracker.verdict(number, passed=True)
    tracker.advance(BLIND.free_pitch + 399, 0)
    tracker.advance(BLIND.free_pitch + 450, 0)
    reasons = tracker.counters.reasons
    assert reasons[Fate.EJECTED, Reason.UNCERTAIN] >= 1
    assert tracker.counters.alarms[Alarm.UNCERTAIN] >= 1


def test_a_part_brought_back_before_the_gate_sensor_must_be_seen_again() -> None:
    belt = TrackedBelt()
    stays, taken = belt.announce(40, 40)
    for part in (stays, taken):
        belt.decide(part, passed=True)
    belt.bring(taken, 300 + LENGTH)
    belt.move(-LENGTH - 20)
    taken.lane = "hand"
    belt.clear()
    assert belt.fate(stays) == (Fate.PASSED, Reason.GOOD)
    assert belt.fate(taken) == (Fate.REMOVED, Reason.NOT_SEEN)


def test_parts_that_slipped_together_lend_their_names_to_nobody() -> None:
    slippery = SETTINGS.model_copy(update={"slip_counts": 24, "gate_sensor_counts": 300})
    belt = TrackedBelt(slippery)
    first, second = belt.announce(40, 23)
    for part in (first, second):
        belt.decide(part, passed=True)
    second.front -= 23
    stranger = belt.feed(hidden=True)
    stranger.front = second.front + 40
    belt.clear()
    assert [part.lane for part in (first, second, stranger)] == ["bin", "bin", "bin"]
