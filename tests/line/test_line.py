"""The line's promises: one trigger, one verdict, in order, by the deadline, whatever happens."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.core.errors import CameraError, ConfigError, EngineError, PlcError
from inspector.core.frame import FrameFormat, PixelFormat
from inspector.core.verdict import Cause, Verdict
from inspector.line.equipment import Equipment
from inspector.line.line import Line
from inspector.line.part import JudgedPart

from .stand_ins import (
    CORRUPT,
    GONE,
    LOST,
    Faults,
    GreyEngine,
    ListeningPlc,
    ListeningTap,
    ScriptedCamera,
    equipment,
)

GOOD, BAD = 50, 200


def run(parts: Equipment, *, slots: int = 64, deadline_ms: float = 60_000.0) -> tuple[Line, Faults]:
    faults = Faults()
    line = Line(
        parts,
        slots=slots,
        deadline_ms=deadline_ms,
        timeout_ms=10.0,
        on_fault=faults.report,
        on_end=faults.ended.set,
    )
    line.start()
    assert faults.ended.wait(30.0)
    assert line.stop(30.0)
    return line, faults


def test_each_part_gets_its_own_verdict_in_order() -> None:
    plc = ListeningPlc()
    line, faults = run(equipment(ScriptedCamera([GOOD, BAD, GOOD, BAD]), plc=plc))
    assert [verdict.passed for verdict in plc.verdicts] == [True, False, True, False]
    assert [verdict.trigger_count for verdict in plc.verdicts] == [1, 2, 3, 4]
    assert [verdict.part_id for verdict in plc.verdicts] == [1, 2, 3, 4]
    assert line.counters.parts().reconciled
    assert not faults.reasons


def test_trigger_counts_are_the_cameras_own() -> None:
    plc = ListeningPlc()
    run(equipment(ScriptedCamera([GOOD, GOOD], offset=1000), plc=plc))
    assert [verdict.trigger_count for verdict in plc.verdicts] == [1001, 1002]


def test_a_lost_frame_is_a_rejected_part_and_shifts_no_other() -> None:
    plc = ListeningPlc()
    line, _ = run(equipment(ScriptedCamera([GOOD, LOST, LOST, BAD, CORRUPT, GOOD]), plc=plc))
    causes = [verdict.cause for verdict in plc.verdicts]
    lost = Cause.FRAME_LOST
    assert causes == [Cause.GOOD, lost, lost, Cause.DEFECT, lost, Cause.GOOD]
    camera = line.counters.cameras()["cam"]
    assert (camera.triggers, camera.frames, camera.lost) == (6, 3, 3)


def test_a_frame_lost_at_the_very_end_is_found_by_the_cameras_trigger_count() -> None:
    plc = ListeningPlc()
    line, _ = run(equipment(ScriptedCamera([GOOD, LOST]), plc=plc))
    assert [verdict.cause for verdict in plc.verdicts] == [Cause.GOOD, Cause.FRAME_LOST]
    assert line.counters.cameras()["cam"].reconciled


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([GOOD, BAD, LOST, CORRUPT]), min_size=1, max_size=30),
    st.lists(st.sampled_from([GOOD, BAD, LOST, CORRUPT]), min_size=30, max_size=30),
)
def test_counts_reconcile_whatever_two_cameras_lose(
    first: list[int | str], second: list[int | str]
) -> None:
    plc = ListeningPlc()
    second = second[: len(first)]
    cameras = ScriptedCamera(first, name="a"), ScriptedCamera(second, name="b", offset=7)
    line, faults = run(equipment(*cameras, plc=plc))
    assert not faults.reasons
    assert [verdict.trigger_count for verdict in plc.verdicts] == list(range(1, len(first) + 1))
    assert line.counters.parts().reconciled
    for camera in line.counters.cameras().values():
        assert camera.reconciled
        assert camera.triggers == len(first)
    for views, verdict in zip(zip(first, second, strict=True), plc.verdicts, strict=True):
        if any(isinstance(view, str) for view in views):
            assert verdict.cause is Cause.FRAME_LOST
        else:
            assert verdict.passed == (BAD not in views)


def test_overrun_is_rejected_and_counted_and_later_parts_are_inspected() -> None:
    release = threading.Event()

    def hold_first(grey: int) -> None:
        if grey == GOOD:
            release.wait(10.0)

    def let_go(number: int) -> None:
        if number == 5:
            release.set()
            time.sleep(0.2)

    camera = ScriptedCamera([GOOD, 60, 61, 62, 63], gate=let_go)
    plc = ListeningPlc()
    line, _ = run(equipment(camera, engine=GreyEngine(hold_first), plc=plc), slots=2)
    causes = [verdict.cause for verdict in plc.verdicts]
    assert causes[0] is Cause.GOOD
    assert causes[1] is Cause.GOOD
    assert causes[2:4] == [Cause.OVERRUN, Cause.OVERRUN]
    assert causes[4] in (Cause.OVERRUN, Cause.GOOD)
    assert line.counters.parts().reconciled
    assert line.counters.cameras()["cam"].lost >= 2


def test_a_late_verdict_is_a_reject_and_what_cannot_be_met_is_not_looked_at() -> None:
    engine = GreyEngine(lambda _grey: time.sleep(0.05))
    plc = ListeningPlc()
    line, faults = run(
        equipment(ScriptedCamera([GOOD] * 6), engine=engine, plc=plc), deadline_ms=20.0
    )
    causes = [verdict.cause for verdict in plc.verdicts]
    assert causes[0] is Cause.LATE
    assert set(causes[1:]) <= {Cause.EXPIRED, Cause.LATE}
    assert Cause.EXPIRED in causes
    assert engine.calls < 6
    assert line.counters.parts().passed == 0
    assert not faults.reasons


def test_one_slow_part_does_not_reject_all_that_come_after_it() -> None:
    slow = iter([0.1])
    judged = threading.Semaphore(0)

    class Judged:
        def offer(self, part: JudgedPart) -> None:
            judged.release()

    def after_the_last_one_was_judged(number: int) -> None:
        if number > 1:
            assert judged.acquire(timeout=10.0)
            time.sleep(0.01)  # until the thread that judges is idle

    plc = ListeningPlc()
    camera = ScriptedCamera([GOOD] * 4, gate=after_the_last_one_was_judged)
    engine = GreyEngine(lambda _grey: time.sleep(next(slow, 0.0)))
    run(equipment(camera, engine=engine, plc=plc, taps=(Judged(),)), deadline_ms=50.0)
    assert plc.verdicts[0].cause is Cause.LATE
    assert plc.verdicts[-1].cause is Cause.GOOD


class UnwillingCamera(ScriptedCamera):
    """Fails when it is started or stopped."""

    def __init__(self, fails: str, script: list[int | str]) -> None:
        super().__init__(script, gate=lambda _number: time.sleep(0.01))
        self._fails = fails

    def start(self) -> None:
        if self._fails == "start":
            raise CameraError("no answer")
        super().start()

    def stop(self) -> None:
        if self._fails == "stop":
            raise CameraError("no answer")


def line_of(camera: ScriptedCamera, faults: Faults) -> Line:
    return Line(
        equipment(camera),
        slots=8,
        deadline_ms=60_000.0,
        timeout_ms=10.0,
        on_fault=faults.report,
        on_end=faults.ended.set,
    )


def test_a_camera_that_cannot_be_armed_leaves_no_thread_behind() -> None:
    line = line_of(UnwillingCamera("start", [GOOD]), Faults())
    with pytest.raises(CameraError, match="no answer"):
        line.start()
    assert line.stop(0.5)


def test_a_camera_that_cannot_be_stopped_is_a_fault_and_the_line_stops_all_the_same() -> None:
    faults = Faults()
    line = line_of(UnwillingCamera("stop", [GOOD] * 20), faults)
    line.start()
    assert line.stop(10.0)
    assert faults.reasons == ["cam: no answer"]
    assert line.counters.parts().reconciled


def test_an_engine_fault_rejects_that_part_and_all_after_it() -> None:
    def break_on_bad(grey: int) -> None:
        if grey == BAD:
            raise EngineError("device lost")

    plc = ListeningPlc()
    camera = ScriptedCamera([GOOD, BAD, GOOD, GOOD])
    line, faults = run(equipment(camera, engine=GreyEngine(break_on_bad), plc=plc))
    fault = Cause.FAULT
    assert [verdict.cause for verdict in plc.verdicts] == [Cause.GOOD, fault, fault, fault]
    assert "device lost" in faults.reasons[0]
    assert line.counters.parts().reconciled


def test_a_part_under_inspection_when_a_fault_is_reported_does_not_pass() -> None:
    lines: list[Line] = []
    plc, faults = ListeningPlc(), Faults()
    engine = GreyEngine(lambda _grey: lines[0].fail("the PLC does not answer"))
    lines.append(
        Line(
            equipment(ScriptedCamera([GOOD]), engine=engine, plc=plc),
            slots=2,
            deadline_ms=60_000.0,
            timeout_ms=10.0,
            on_fault=faults.report,
            on_end=faults.ended.set,
        )
    )
    lines[0].start()
    assert faults.ended.wait(10.0)
    assert lines[0].stop(10.0)
    assert [(verdict.cause, verdict.detail) for verdict in plc.verdicts] == [
        (Cause.FAULT, "the PLC does not answer")
    ]


def test_a_lost_camera_is_a_fault_and_what_was_captured_still_gets_a_verdict() -> None:
    plc = ListeningPlc()
    line, faults = run(equipment(ScriptedCamera([GOOD, GOOD, GONE, GOOD]), plc=plc))
    assert any("cable pulled" in reason for reason in faults.reasons)
    assert line.counters.parts().reconciled
    assert len(plc.verdicts) == 2


def test_a_verdict_that_cannot_be_delivered_is_a_fault_and_never_counts_as_pass() -> None:
    def refuse(_verdict: Verdict) -> None:
        raise PlcError("no connection")

    tap = ListeningTap()
    plc = ListeningPlc(refuse)
    line, faults = run(equipment(ScriptedCamera([GOOD, GOOD]), plc=plc, taps=(tap,)))
    assert [part.verdict.cause for part in tap.parts] == [Cause.FAULT, Cause.FAULT]
    assert "no connection" in faults.reasons[0]
    assert line.counters.parts().passed == 0


def test_taps_come_after_the_verdict_and_a_broken_tap_is_a_fault() -> None:
    plc = ListeningPlc()
    published: list[int] = []

    class Broken:
        def offer(self, part: JudgedPart) -> None:
            published.append(len(plc.verdicts))
            if part.verdict.part_id == 2:
                raise ValueError("tap broke")

    _, faults = run(equipment(ScriptedCamera([GOOD] * 4), plc=plc, taps=(Broken(),)))
    assert published == [1, 2, 3, 4]
    assert [verdict.passed for verdict in plc.verdicts] == [True, True, False, False]
    assert "tap broke" in faults.reasons[0]


def test_stage_times_never_run_backwards() -> None:
    tap = ListeningTap()
    run(equipment(ScriptedCamera([GOOD, LOST, BAD, GOOD]), taps=(tap,)))
    for part in tap.parts:
        times = part.times
        order = [
            times.triggered_ns,
            times.arrived_ns,
            times.copied_ns,
            times.started_ns,
            times.prepared_ns,
            times.inferred_ns,
            times.scored_ns,
            times.published_ns,
        ]
        assert order == sorted(order)


def test_cameras_of_different_formats_are_refused() -> None:
    small, large = ScriptedCamera([GOOD]), ScriptedCamera([GOOD], name="other")
    large.format = FrameFormat(16, 16, PixelFormat.MONO8)
    with pytest.raises(ConfigError, match="different formats"):
        run(equipment(small, large))


def test_triggers_that_a_dead_camera_took_with_it_are_named() -> None:
    line, _ = run(equipment(ScriptedCamera([GOOD, GONE, GOOD])))
    assert line.discrepancies() == ["2 triggers of cam became no part"]
    line, _ = run(equipment(ScriptedCamera([GOOD, LOST, BAD])))
    assert line.discrepancies() == []


def test_an_inspection_that_does_not_move_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Line, "_STALL_NS", 200_000_000)
    goes_on, looking = threading.Event(), threading.Event()

    def hang(_grey: int) -> None:
        looking.set()
        goes_on.wait(30.0)

    faults = Faults()
    line = Line(
        equipment(ScriptedCamera([GOOD]), engine=GreyEngine(hang)),
        slots=4,
        deadline_ms=60_000.0,
        timeout_ms=10.0,
        on_fault=faults.report,
        on_end=faults.ended.set,
    )
    line.start()
    assert looking.wait(30.0)
    until = time.monotonic() + 30.0
    while not line.stalled():
        assert time.monotonic() < until
        time.sleep(0.01)
    goes_on.set()
    assert line.stop(30.0)
