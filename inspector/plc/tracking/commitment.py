"""What the gate is set to, and for which parts: all that can't be told apart pass, or none."""

from __future__ import annotations

from inspector.plc.tracking.confirmation import Confirmation
from inspector.plc.tracking.counts import Window
from inspector.plc.tracking.journal import Alarm, Journal
from inspector.plc.tracking.part import Fate, Reason, TrackedPart
from inspector.plc.tracking.row import Row
from inspector.plc.tracking.settings import TrackingSettings


class Commitment:
    """Sets the gate for parts that come near it, and tells what became of them. Counts absolute."""

    def __init__(self, settings: TrackingSettings, row: Row, journal: Journal) -> None:
        self._lead = settings.lead_counts
        self._settings = settings
        self._has_sensor = settings.gate_sensor_counts is not None
        self._row = row
        self._journal = journal
        self._bin = None if settings.confirm_ms is None else Confirmation(settings.confirm_ms)
        self._bin_full = False

    # The scan

    def advance(self, at: int, now_ns: int) -> None:
        """Commit the gate to parts that are near now, conclude those that are past it."""
        for part in self._row.up_to(at + self._lead + self._row.widest):
            self._commit(part, at)
            self._conclude(part, at, now_ns)
        self._row.drop_before(at - self._settings.jog_counts - self._lead)
        for part in self._bin.overdue(now_ns) if self._bin is not None else ():
            parts = () if part.stranger else (part.trigger_count,)
            self._journal.tell(Alarm.NOT_CONFIRMED, at, parts, part.window)

    def energised(self, at: int) -> bool:
        """Whether a part may be at the gate now that is to pass."""
        return any(
            part.let_pass and part.window.lo - self._lead <= at < part.window.hi
            for part in self._row.up_to(at + self._lead + self._row.widest)
        )

    def overslept(self, before: int, at: int) -> None:
        """The belt went further than allowed since the last scan, at ``before``.

        The gate may have closed too late, or opened too late, for parts that came to it meanwhile.
        """
        asleep = Window(before, at)
        parts = [
            part
            for part in self._row.up_to(at + self._lead + self._row.widest)
            if part.fate is None and part.window.near(asleep, self._lead + 1)
        ]
        for part in parts:
            if part.let_pass:
                self._journal.tell(Alarm.UNCERTAIN, at, (part.trigger_count,), part.window)
                self.abandon(part, at)
            elif part.withhold(Reason.UNCERTAIN) and not part.stranger:
                self._journal.tell(Alarm.UNCERTAIN, at, (part.trigger_count,), part.window)

    def mark_bypassed(self, at: int) -> None:
        """Parts that may be at the gate while it is open for all, or closes only."""
        for part in self._row:
            window = part.window
            if part.fate is None and window.lo - self._lead <= at <= window.hi + self._lead:
                part.bypassed = True

    # The bin

    def binned(self, at: int) -> None:
        """The bin's sensor saw a part fall."""
        if self._bin is not None and not self._bin.seen():
            self._journal.tell(Alarm.UNEXPECTED_IN_BIN, at)

    def set_bin_full(self, full: bool, at: int) -> None:
        """The bin's level sensor."""
        if full and not self._bin_full:
            self._journal.tell(Alarm.BIN_FULL, at)
        self._bin_full = full

    def abandon(self, part: TrackedPart, at: int) -> None:
        """Nothing is known of the part any more: it is not let pass."""
        if self._bin is not None:
            self._bin.forget(part)
        part.let_pass = None
        part.withhold(Reason.UNCERTAIN)
        if part.bypassed:
            self._journal.end(part, Fate.BYPASSED, Reason.BYPASS, at)
        else:
            self._journal.end(part, Fate.EJECTED, part.reason, at)

    # One part

    def _commit(self, head: TrackedPart, at: int) -> None:
        """From here on the gate is set for this part, and for those that may be with it."""
        lead = self._lead
        if head.let_pass is not None or head.fate is not None or at < head.window.lo - lead:
            return
        if self._before_sensor(head, at):
            return
        members, window = self._row.chain(head, lead, lambda one: not self._before_sensor(one, at))
        whole = window.hi + lead < at + self._settings.sight
        let_pass = whole and all(self._may_pass(one, at) for one in members)
        waiting = [one for one in members if one.let_pass is None and one.fate is None]
        if not let_pass:
            self._condemn(waiting, window, at)
        for one in waiting:
            one.let_pass = let_pass
            if not let_pass and self._bin is not None:
                self._bin.expect(one)

    def _may_pass(self, part: TrackedPart, at: int) -> bool:
        if part.let_pass is not None:
            return part.let_pass
        if self._has_sensor:
            unsure = part.seen is None or at <= part.predicted_window.hi - part.tail
            missing = part.missing_before
            if unsure or part.rivals or not (missing is None or missing.verdict_ok):
                return False
        return part.approved

    def _condemn(self, waiting: list[TrackedPart], window: Window, at: int) -> None:
        """Eject all; where a good one is or may be among them, the window is declared."""
        mistakable = {one for part in waiting for one in part.may_be if one.verdict_ok}
        neighbours = [part for part in waiting if part.approved]
        for part in neighbours:
            part.withhold(Reason.UNCERTAIN)
        if neighbours or mistakable:
            parts = {part.trigger_count for part in {*waiting, *mistakable} if not part.stranger}
            self._journal.tell(Alarm.UNCERTAIN, at, tuple(sorted(parts)), window)

    def _conclude(self, part: TrackedPart, at: int, now_ns: int) -> None:
        if part.fate is not None or part.let_pass is None or at <= part.window.hi:
            return
        if self._bin is not None and not part.let_pass:
            if part.bypassed:
                self._bin.forget(part)
            else:
                self._bin.gone(part, now_ns)
        self._journal.end(part, *part.outcome(), at)

    def _before_sensor(self, part: TrackedPart, at: int) -> bool:
        """True for a part that has not come to the gate sensor, and need not have."""
        if not self._has_sensor or part.seen is not None or part.fate is not None:
            return False
        return at <= part.predicted + self._settings.tolerance_counts
