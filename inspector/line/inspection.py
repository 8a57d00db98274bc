"""The inspection thread: ticket in, verdict out, in order, by the deadline; then the taps."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue

import structlog

from inspector.core.errors import PlcError, PlcLost
from inspector.core.judgement import Judgement
from inspector.core.verdict import Cause, Outcome, StageTimes, Verdict
from inspector.line.counters import LineCounters
from inspector.line.equipment import Equipment
from inspector.line.part import JudgedPart, Ticket
from inspector.line.ring import PartSlot, SlotRing

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Stages:
    """Time stamps as a part moves on; a stage that was not reached keeps the time before it."""

    started_ns: int
    prepared_ns: int = 0
    inferred_ns: int = 0
    scored_ns: int = 0

    def close(self, ticket: Ticket, published_ns: int) -> StageTimes:
        prepared = self.prepared_ns or self.started_ns
        inferred = self.inferred_ns or prepared
        return StageTimes(
            triggered_ns=ticket.triggered_ns,
            arrived_ns=ticket.arrived_ns,
            copied_ns=ticket.copied_ns,
            started_ns=self.started_ns,
            prepared_ns=prepared,
            inferred_ns=inferred,
            scored_ns=self.scored_ns or inferred,
            published_ns=published_ns,
        )


class Inspection:
    """Gives every ticket its verdict. Runs a thread of its own.

    A part is rejected unseen when its deadline has passed or, after it waited for parts before it,
    can no longer be met by the running estimate of the service time: so the queue recovers. A part
    that found the thread idle is always looked at: so an estimate that one slow part spoilt mends
    itself. An error on a part rejects that part and is reported to ``on_fault``; from then on every
    part is rejected until the line is rebuilt.
    """

    _ESTIMATE_GAIN = 0.05

    def __init__(
        self,
        equipment: Equipment,
        ring: SlotRing,
        tickets: SimpleQueue[Ticket | None],
        counters: LineCounters,
        on_fault: Callable[[str], None],
    ) -> None:
        self._preparation = equipment.preparation
        self._engine = equipment.engine
        self._judge = equipment.judge
        self._plc = equipment.plc
        self._taps = equipment.taps
        self._clock = equipment.clock
        self._masters = equipment.masters
        self._ring = ring
        self._tickets = tickets
        self._counters = counters
        self._on_fault = on_fault
        self._service_ns = 0.0
        self._idle_since_ns = 0
        self._fault = self._held = ""
        self.bypass = ""
        """Who signed for letting all parts pass; any thread."""
        self.engine_in_use = threading.Lock()
        """Held while the engine looks at a part."""
        self.alive_ns = self._clock.monotonic_ns()
        """When the thread last showed that it is not stuck."""
        self._thread = threading.Thread(target=self._run, name="inspection", daemon=True)

    def start(self) -> None:
        """Begin to decide."""
        self._thread.start()

    def join(self, timeout_s: float) -> bool:
        """Wait for the last verdict; False when it did not come in time."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def reject_all(self, reason: str) -> None:
        """From now on every part is rejected with this fault. Any thread."""
        self._fault = self._fault or reason

    def hold(self, reason: str) -> None:
        """Reject every part with this fault until it is called with an empty one. Any thread."""
        self._held = reason

    @property
    def _refusing(self) -> str:
        return self._fault or self._held

    def _run(self) -> None:
        while True:
            self.alive_ns = self._clock.monotonic_ns()
            try:
                ticket = self._tickets.get(timeout=0.1)
            except Empty:
                continue
            if ticket is None:
                return
            self._inspect(ticket)
            self._idle_since_ns = self._clock.monotonic_ns()

    def _inspect(self, ticket: Ticket) -> None:
        stages = _Stages(self._clock.monotonic_ns())
        try:
            verdict = self._decide(ticket, stages)
        except Exception as error:  # noqa: BLE001  # thread edge: becomes a failed verdict
            verdict = self._failed(ticket, error)
        if verdict.passed and self._refusing:  # it was reported while this part was looked at
            verdict = _rejected(verdict, self._refusing)
        if self._masters is not None:
            verdict = self._masters.mark(verdict)
        if self.bypass:
            verdict = replace(verdict, bypassed=self.bypass)
        verdict = self._publish(verdict)
        published = self._clock.monotonic_ns()
        self._counters.count_verdict(verdict, published)
        part = JudgedPart(
            verdict=verdict,
            times=stages.close(ticket, published),
            frames=ticket.frames,
            pixels=ticket.slot.pixels if ticket.slot else None,
            prepared=ticket.slot.prepared if ticket.slot and verdict.judgement else None,
        )
        try:
            for tap in self._taps:
                tap.offer(part)
        except Exception as error:  # noqa: BLE001  # thread edge: the verdict is out already
            self._report(f"tap {type(tap).__name__}: {type(error).__name__}: {error}")
        if ticket.slot is not None:
            self._ring.release(ticket.slot)

    def _decide(self, ticket: Ticket, stages: _Stages) -> Verdict:
        if ticket.slot is None:
            return self._verdict(ticket, ticket.cause or Cause.FAULT, detail=ticket.detail)
        if self._refusing:
            return self._verdict(ticket, Cause.FAULT, detail=self._refusing)
        queued = ticket.copied_ns < self._idle_since_ns
        needs_ns = self._service_ns if queued else 0.0
        if stages.started_ns + needs_ns > ticket.deadline_ns:
            waited_ms = (stages.started_ns - ticket.triggered_ns) / 1e6
            return self._verdict(ticket, Cause.EXPIRED, detail=f"waited {waited_ms:.1f} ms, unseen")
        judgement = self._look(ticket.slot, stages)
        now = stages.scored_ns
        self._learn_service_time(now - stages.started_ns)
        if now > ticket.deadline_ns:
            late_ms = (now - ticket.deadline_ns) / 1e6
            return self._verdict(ticket, Cause.LATE, judgement, f"{late_ms:.1f} ms late")
        cause = Cause.GOOD if judgement.passed else Cause.DEFECT
        return self._verdict(ticket, cause, judgement)

    def _look(self, slot: PartSlot, stages: _Stages) -> Judgement:
        apply = self._preparation.apply
        poses = [apply(*view) for view in zip(slot.pixels, slot.prepared, strict=True)]
        stages.prepared_ns = self._clock.monotonic_ns()
        with self.engine_in_use:
            detection = self._engine.infer(slot.prepared)
        stages.inferred_ns = self._clock.monotonic_ns()
        judgement = self._judge.judge(slot.prepared, detection, poses)
        stages.scored_ns = self._clock.monotonic_ns()
        return judgement

    def _learn_service_time(self, took_ns: int) -> None:
        gain = self._ESTIMATE_GAIN if self._service_ns else 1.0
        self._service_ns += gain * (took_ns - self._service_ns)

    def _verdict(
        self,
        ticket: Ticket,
        cause: Cause,
        judgement: Judgement | None = None,
        detail: str = "",
    ) -> Verdict:
        return Verdict(
            part_id=ticket.part_id,
            trigger_count=ticket.trigger_count,
            encoder_count=ticket.encoder_count,
            outcome=Outcome.PASS if cause is Cause.GOOD else Outcome.REJECT,
            cause=cause,
            triggered_ns=ticket.triggered_ns,
            deadline_ns=ticket.deadline_ns,
            decided_ns=self._clock.monotonic_ns(),
            judgement=judgement,
            detail=detail,
        )

    def _failed(self, ticket: Ticket, error: Exception) -> Verdict:
        reason = f"{type(error).__name__}: {error}"
        _log.error("inspection failed", part=ticket.part_id, reason=reason, exc_info=error)
        self._report(reason)
        return self._verdict(ticket, Cause.FAULT, detail=reason)

    def _publish(self, verdict: Verdict) -> Verdict:
        try:
            self._plc.publish(verdict.at_gate)
        except PlcLost as error:  # the supervisor sees it too, and looks for it
            return _rejected(verdict, f"verdict not delivered: {error}")
        except PlcError as error:
            reason = f"verdict not delivered: {error}"
        except Exception as error:  # noqa: BLE001  # thread edge: the PLC rejects by time-out
            reason = f"verdict not delivered: {type(error).__name__}: {error}"
        else:
            return verdict
        self._report(reason)
        return _rejected(verdict, reason)

    def _report(self, reason: str) -> None:
        self.reject_all(reason)
        self._on_fault(reason)


def _rejected(verdict: Verdict, fault: str) -> Verdict:
    return replace(verdict, outcome=Outcome.REJECT, cause=Cause.FAULT, detail=fault)
