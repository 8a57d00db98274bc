"""Parts from the trigger sensor to the gate: what the gate does now, and what became of each."""

from __future__ import annotations

from enum import StrEnum

from inspector.plc.tracking.bypass import Bypass, Override
from inspector.plc.tracking.commitment import Commitment
from inspector.plc.tracking.counts import AbsoluteCount, Window
from inspector.plc.tracking.journal import Alarm, Counters, Journal, PartFate, TrackingEvent
from inspector.plc.tracking.part import Reason, Stage, TrackedPart
from inspector.plc.tracking.row import Row
from inspector.plc.tracking.sensor import GateSensor, withhold_double
from inspector.plc.tracking.settings import TrackingSettings


class Receipt(StrEnum):
    """What became of a verdict."""

    ACCEPTED = "accepted"
    LATE = "late"
    """The gate is committed already: the part goes, or went, by its default."""
    UNKNOWN = "unknown"


class Tracker:
    """Energises the gate for parts that are known, decided good, and surely alone at the gate.

    One thread: in each scan first the edges that were latched since the last one, then verdicts,
    then ``advance``. Encoder counts are raw 32-bit values as latched; the register is never
    reset. ``first_count`` goes on where a restarted PLC's retained trigger count stood, so that a
    verdict on a part of before is never taken for one of now.
    """

    def __init__(
        self, settings: TrackingSettings, *, encoder: int = 0, first_count: int = 1
    ) -> None:
        self._settings = settings
        self._encoder = AbsoluteCount(encoder)
        self._high = self._encoder.value
        self._next = first_count
        self._row = Row(settings.uncertainty)
        self._journal = Journal(settings.late_in_a_row)
        sensor = GateSensor(settings, self._row, self._journal)
        self._sensor = sensor if settings.gate_sensor_counts is not None else None
        self._gate = Commitment(settings, self._row, self._journal)
        self._bypass: Bypass | None = None
        self._serials: set[str] = set()
        self._last_edge: TrackedPart | None = None
        self._cleared_at: int | None = None
        self._start_blind(self._encoder.value)

    @property
    def counters(self) -> Counters:
        """Counts so far: ``triggers`` is the sum of all fates and of what is under way."""
        return self._journal.counters

    @property
    def bypass(self) -> Bypass | None:
        """What lets everything pass, if so."""
        return self._bypass

    def take_events(self) -> list[PartFate | TrackingEvent]:
        """Fates and alarms since the last call, in order."""
        return self._journal.take()

    # Sensors

    def trigger(
        self, latched: int, *, forward: bool = True, serial: str = "", unseen: int = 0
    ) -> int | None:
        """An edge of the trigger sensor; the new part's trigger count, None when it is no new one.

        ``forward`` is the belt's direction as latched with the count. So far before it as
        ``unseen`` may lie others, whose counts nobody latched.
        """
        at = self._absolute(latched)
        if not forward or self._seen_before(at):
            self.counters.repeated_edges += 1
            return None
        part = self._new_part(at, unseen)
        self._next += 1
        self.counters.triggers += 1
        self._row.add(part)
        self._last_edge = part
        if at <= self._blind_until or unseen:
            part.withhold(Reason.UNCERTAIN)
            self._journal.tell(Alarm.UNCERTAIN, at, (part.trigger_count,), part.window)
        self._note_serial(serial, part)
        return part.trigger_count

    def trigger_cleared(self, latched: int, *, forward: bool = True) -> None:
        """The trigger sensor is free again: how long was the part?"""
        part, at = self._last_edge, self._absolute(latched)
        self._cleared_at = at
        if part is None or not forward or at - part.origin <= self._settings.double_counts:
            return
        part.tail = max(part.tail, at - part.origin - self._settings.debounce_counts)
        withhold_double(part, at, self._journal)

    def gate_seen(self, latched: int, *, forward: bool = True) -> None:
        """An edge of the sensor before the gate."""
        at = self._absolute(latched)
        if self._sensor is None or not forward:
            self.counters.repeated_edges += 1
            return
        self._sensor.seen(at, old_ground=self._on_old_ground(at))
        self._distrust(at)

    def gate_cleared(self, latched: int, *, forward: bool = True) -> None:
        """The sensor before the gate is free again."""
        at = self._absolute(latched)
        if self._sensor is not None and forward:
            self._sensor.cleared(at)

    def binned(self) -> None:
        """The bin's sensor saw a part fall."""
        self._gate.binned(self._encoder.value)

    def set_bin_full(self, full: bool) -> None:
        """The bin's level sensor."""
        self._gate.set_bin_full(full, self._encoder.value)

    # Decisions

    def verdict(self, trigger_count: int, *, passed: bool) -> Receipt:
        """The verdict on a part. A reject is never taken back by a later pass."""
        part = self._row.find(trigger_count)
        if part is None and not 0 < trigger_count < self._next:
            self.counters.unknown_verdicts += 1
            return Receipt.UNKNOWN
        if part is None or part.fate is not None or part.let_pass is not None:
            self.counters.late_verdicts += 1
            return Receipt.LATE
        if part.stage is Stage.UNDECIDED and passed:
            part.to(Stage.OK, Reason.GOOD)
            part.verdict_ok = True
        elif part.stage in (Stage.UNDECIDED, Stage.OK) and not passed:
            part.to(Stage.NG, Reason.DEFECT)
            part.verdict_ok = False
        return Receipt.ACCEPTED

    def withdraw(self, why: str) -> None:
        """Withdraw all passes that the gate is not committed to. To be called while it is so."""
        withdrawn = [p for p in self._row if p.approved and p.withhold(Reason.WITHDRAWN)]
        if withdrawn:
            parts = tuple(part.trigger_count for part in withdrawn)
            self._journal.tell(Alarm.WITHDRAWN, self._encoder.value, parts, detail=why)

    def doubt(self, counts: int) -> None:
        """Parts on the belt may have moved on it by so much: after a hard stop, a blow."""
        for part in self._row:
            if part.fate is None:
                part.doubt += counts
                part.predicted_doubt += counts
                part.let_pass = part.let_pass and None
        self._row.widen(counts)

    def set_bypass(self, bypass: Bypass | None) -> None:
        """Let everything pass from now on, or no longer."""
        if bypass is not None:
            self._journal.tell(Alarm.BYPASS_ON, self._encoder.value, detail=str(bypass))
        elif self._bypass is not None:
            self._gate.mark_bypassed(self._encoder.value)
            self._journal.tell(Alarm.BYPASS_OFF, self._encoder.value, detail=str(self._bypass))
        self._bypass = bypass

    def override(self, order: Override) -> Receipt:
        """A person decides on one part."""
        part = self._row.find(order.trigger_count)
        if part is None or part.fate is not None or part.let_pass is not None:
            return Receipt.UNKNOWN if part is None else Receipt.LATE
        if order.let_pass:
            part.to(Stage.OVERRIDDEN, Reason.OVERRIDE)
        else:
            part.withhold(Reason.OVERRIDE)
        part.verdict_ok = order.let_pass
        at, parts = self._encoder.value, (order.trigger_count,)
        self._journal.tell(Alarm.OVERRIDE, at, parts, detail=str(order.signed))
        return Receipt.ACCEPTED

    # The scan

    def advance(self, encoder: int, now_ns: int) -> bool:
        """The encoder stands here now; True while the gate is to be energised, to let pass.

        ``now_ns`` is any steady time, for the bin alone.
        """
        at, before = self._absolute(encoder), self._encoder.value
        self._encoder.move(encoder)
        self._watch_jog(at)
        if self._sensor is not None:
            if at < self._high:
                self._sensor.lose_sight(at)
            self._sensor.look_for_missing(at, self._row.widest)
            self._distrust(at)
        if at - before > self._settings.longest_scan:
            self._gate.overslept(before, at)
        self._gate.advance(at, now_ns)
        if self._bypass is not None:
            self._gate.mark_bypassed(at)
        return self._bypass is not None or self._gate.energised(at)

    # Where is it?

    def _new_part(self, at: int, unseen: int) -> TrackedPart:
        settings = self._settings
        return TrackedPart(
            trigger_count=self._next,
            origin=at,
            target=at + settings.distance_counts,
            doubt=settings.uncertainty + unseen,
            predicted=at + (settings.gate_sensor_counts or 0),
            predicted_doubt=settings.uncertainty + unseen,
        )

    def _on_old_ground(self, at: int) -> bool:
        return at < self._high - self._settings.debounce_counts

    def _seen_before(self, at: int) -> bool:
        """A bounce, or a part that the belt brought back over the trigger sensor."""
        reach = self._settings.debounce_counts
        if self._cleared_at is not None and abs(at - self._cleared_at) <= reach:
            return True
        if self._on_old_ground(at):
            reach = max(reach, self._settings.tolerance_counts)
        last = self._last_edge
        known = [*self._row, *([last] if last is not None else ())]
        return any(not one.stranger and abs(at - one.origin) <= reach for one in known)

    def _note_serial(self, serial: str, part: TrackedPart) -> None:
        if serial in self._serials:
            detail, parts = f"serial {serial} was here before", (part.trigger_count,)
            self._journal.tell(Alarm.PRESENTED_AGAIN, part.origin, parts, detail=detail)
        elif serial:
            self._serials.add(serial)

    def _absolute(self, raw: int) -> int:
        """An encoder value; one that no belt could have reached loses all positions."""
        at = self._encoder.at(raw)
        if abs(at - self._encoder.value) > self._settings.step_counts:
            self._encoder.move(raw)
            self._lose_positions(at, "the encoder jumped")
        return at

    def _watch_jog(self, at: int) -> None:
        if at > self._high:
            self._high = at
        elif at < self._high - self._settings.jog_counts - self._settings.debounce_counts:
            self._lose_positions(at, "the belt went back too far")

    def _distrust(self, at: int) -> None:
        if self._sensor is not None and self._sensor.disagreements >= 2:
            self._lose_positions(at, "gate sensor and counts disagree twice in a row")

    def _lose_positions(self, at: int, why: str) -> None:
        parts = self._row.clear()
        for part in parts:
            self._gate.abandon(part, at)
        numbers = tuple(part.trigger_count for part in parts if not part.stranger)
        window = Window(at, at + self._settings.distance_counts + self._settings.uncertainty)
        self._journal.tell(Alarm.POSITION_LOST, at, numbers, window, why)
        self._last_edge = self._cleared_at = None
        self._high = at
        self._start_blind(at)

    def _start_blind(self, at: int) -> None:
        """What lies on the belt now is not known: what comes next may be next to it."""
        self._blind_until = at + self._settings.free_pitch
        if self._sensor is not None:
            reach = (self._settings.gate_sensor_counts or 0) + self._settings.uncertainty
            self._sensor.forget(at + reach)
