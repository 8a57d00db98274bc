"""The sensor before the gate: which part is it that comes there?"""

from __future__ import annotations

from inspector.plc.tracking.counts import Window
from inspector.plc.tracking.journal import Alarm, Journal
from inspector.plc.tracking.part import Fate, Reason, TrackedPart
from inspector.plc.tracking.row import Row
from inspector.plc.tracking.settings import TrackingSettings


class GateSensor:
    """Re-synchronises parts shortly before the gate. Counts are absolute.

    What is seen may be any part whose predicted window holds the edge. Where that is more than one
    part, or more than one edge for a part, all of them are rivals and none passes: one that no
    trigger announced would shift the names of those behind it, which are all good perhaps. What
    comes after a part that stayed away passes only if that one would: taken away or slipped, both
    look the same.
    """

    def __init__(self, settings: TrackingSettings, row: Row, journal: Journal) -> None:
        self._settings = settings
        self._row = row
        self._journal = journal
        self._missing: TrackedPart | None = None
        self._last: TrackedPart | None = None
        self._cleared_at: int | None = None
        self._strays_until = 0
        self.disagreements = 0
        """Strangers and missing parts in a row: at two the counts are not to be trusted."""

    def forget(self, expect_strays_until: int) -> None:
        """Positions were lost: up to this count parts that nobody knows are on their way."""
        self._missing = self._last = self._cleared_at = None
        self._strays_until = expect_strays_until
        self.disagreements = 0

    def seen(self, at: int, *, old_ground: bool) -> None:
        """A part's front is at the sensor."""
        if self._seen_before(at, old_ground=old_ground):
            self._journal.counters.repeated_edges += 1
            return
        likely = [one for one in self._row if at in one.predicted_window and not one.stranger]
        unseen = [one for one in likely if one.seen is None and one.fate is None]
        part = unseen[0] if unseen else self._stranger(at)
        self._take(part, at, [one for one in likely if one is not part])

    def cleared(self, at: int) -> None:
        """The sensor is free again; what covered it for too long is a double part."""
        part, self._cleared_at = self._last, at
        if part is None or part.seen is None or at - part.seen <= self._settings.double_counts:
            return
        part.tail = max(part.tail, at - part.seen - self._settings.debounce_counts)
        withhold_double(part, at, self._journal)
        block = Window(part.seen, at)
        for other in self._row:  # whose name the second of the two bears
            if (
                other is not part
                and other.let_pass is None
                and other.predicted_window.near(block, 1)
            ):
                other.rivals.append(part)

    def lose_sight(self, at: int) -> None:
        """The belt stands here: a part that it brought back before the sensor must be seen anew."""
        for part in self._row:
            back = part.seen is not None and at < part.seen - self._settings.tolerance_counts
            if back and part.fate is None and part.let_pass is not False and not part.stranger:
                part.seen = part.let_pass = None

    def look_for_missing(self, at: int, widest: int) -> None:
        """Parts that should have been seen by now. ``widest`` bounds every part's doubt."""
        for part in self._row.up_to(at + self._settings.after_sensor + widest):
            overdue = at > part.predicted_window.hi + self._settings.debounce_counts
            if not overdue or part.seen is not None or part.fate is not None:
                continue
            self._journal.end(part, Fate.REMOVED, Reason.NOT_SEEN, at)
            self._journal.tell(Alarm.NOT_SEEN, at, (part.trigger_count,), part.window)
            self._missing = part
            self.disagreements += 1

    def _seen_before(self, at: int, *, old_ground: bool) -> bool:
        """A bounce, or a part that the belt brought back."""
        reach = self._settings.debounce_counts
        if self._cleared_at is not None and abs(at - self._cleared_at) <= reach:
            return True
        if old_ground:
            reach = max(reach, self._settings.tolerance_counts)
        return any(one.seen is not None and abs(at - one.seen) <= reach for one in self._row)

    def _stranger(self, at: int) -> TrackedPart:
        target, doubt = at + self._settings.after_sensor, self._settings.tolerance_counts
        part = TrackedPart(0, at, target, doubt, predicted=at)
        self._row.add(part)
        self._journal.tell(Alarm.STRANGER, at, window=part.window)
        self.disagreements += at > self._strays_until
        return part

    def _take(self, part: TrackedPart, at: int, rivals: list[TrackedPart]) -> None:
        for rival in rivals:
            part.rivals.append(rival)
            if rival.let_pass is None:
                rival.rivals.append(part)
        part.missing_before = self._missing
        if not part.stranger:
            counters = self._journal.counters
            counters.max_slip = max(counters.max_slip, abs(at - part.predicted))
            if not rivals:
                self._missing = None
                self.disagreements = 0
        part.seen = at
        part.target = at + self._settings.after_sensor
        part.doubt = self._settings.tolerance_counts
        self._row.sort()
        self._last = part


def withhold_double(part: TrackedPart, at: int, journal: Journal) -> None:
    """Two parts touch each other: neither may pass."""
    if part.withhold(Reason.DOUBLE):
        journal.tell(Alarm.DOUBLE, at, (part.trigger_count,), part.window)
