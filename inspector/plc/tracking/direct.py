"""A gate that is wired to us: the tracker between the images of a PLC that only counts."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.plc.registers import Inputs
from inspector.plc.tracking.bypass import Bypass
from inspector.plc.tracking.counts import step
from inspector.plc.tracking.journal import Alarm, PartFate
from inspector.plc.tracking.part import Fate, Reason
from inspector.plc.tracking.settings import TrackingSettings
from inspector.plc.tracking.tracker import Tracker

_KEPT = 1024
_BYPASS = Bypass("station", "as signed there")


@dataclass(frozen=True, slots=True)
class Gone:
    """A part's end at the gate. ``part_id`` is 0 where no verdict ever came."""

    part_id: int
    encoder: int
    """Count at its trigger, as latched: its name."""
    fate: Fate
    reason: Reason


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something that a person should know of."""

    alarm: Alarm
    parts: tuple[int, ...]
    """Numbers of the parts, of those that had their verdicts."""
    detail: str
    stop: bool


@dataclass(slots=True)
class _Known:
    encoder: int
    part_id: int = 0


class DirectGate:
    """Scans images of counts that a PLC latched, and says what the gate does. One thread.

    A part is named by the encoder count at its trigger, which comes back with its result. Between
    two images each sensor may have one edge: where it had more, only the newest has a place, and
    what may lie before it is ejected. What was under way when a connection, or the PLC, was lost
    is forgotten, and ejected by the gate's default.
    """

    def __init__(self, settings: TrackingSettings) -> None:
        self._settings = settings
        self._tracker: Tracker | None = None
        self._seen = Inputs()
        self._next = 1
        self._known: dict[int, _Known] = {}
        self._count_of: dict[int, int] = {}
        """Trigger counts by encoder count."""
        self._gone: list[Gone] = []
        self._noticed: list[Noticed] = []
        self.let_pass = False
        """What the gate's output is to be now; True is energised."""

    def scan(
        self, seen: Inputs, now_ns: int, *, distrusted: str = "", bypassed: bool = False
    ) -> bool:
        """One image; True when a part came, at ``seen.encoder``.

        ``distrusted`` says why no verdict is to be believed. ``now_ns`` is any steady time.
        """
        tracker = self._tracker
        if tracker is not None and step(self._seen.trigger_count, seen.trigger_count) < 0:
            self.lose("the PLC counts from the start")
            tracker = None
        if tracker is None:
            tracker = self._begin(seen)
        came = self._take_edges(tracker, seen)
        bypass = _BYPASS if bypassed and not distrusted else None
        if bypass is not tracker.bypass:
            tracker.set_bypass(bypass)
        if distrusted:
            tracker.withdraw(distrusted)
        self.let_pass = tracker.advance(seen.encoder_now, now_ns)
        self._seen = seen
        self._drain(tracker)
        return came

    def verdict(self, encoder: int, part_id: int, *, passed: bool) -> None:
        """A verdict on the part that was triggered at this count."""
        count = self._count_of.get(encoder)
        if self._tracker is None or count is None:
            return
        if count in self._known:
            self._known[count].part_id = part_id
        self._tracker.verdict(count, passed=passed)

    def lose(self, why: str) -> None:
        """Nothing is known of the belt any more."""
        tracker, self._tracker, self.let_pass = self._tracker, None, False
        if tracker is None:
            return
        self._drain(tracker)
        for known in self._known.values():
            self._gone.append(
                Gone(known.part_id, known.encoder, Fate.TIMEOUT_EJECTED, Reason.WITHDRAWN)
            )
        if self._known:
            self._notice(Alarm.WITHDRAWN, tuple(self._known), why, stop=False)
        self._known.clear()
        self._count_of.clear()

    def take_news(self) -> tuple[list[Gone], list[Noticed]]:
        """Since the last call."""
        news = self._gone, self._noticed
        self._gone, self._noticed = [], []
        return news

    # -- one image ------------------------------------------------------------------------------

    def _begin(self, seen: Inputs) -> Tracker:
        self._tracker = Tracker(self._settings, encoder=seen.encoder_now, first_count=self._next)
        self._seen = seen
        return self._tracker

    def _take_edges(self, tracker: Tracker, seen: Inputs) -> bool:
        before = self._seen
        came = self._take_triggers(tracker, seen)
        if before.at_trigger and not seen.at_trigger:
            tracker.trigger_cleared(before.encoder_now)  # so long it was covered at the least
        if seen.gate_count != before.gate_count:
            tracker.gate_seen(seen.gate_encoder)
        if before.at_gate and not seen.at_gate:
            tracker.gate_cleared(before.encoder_now)
        for _ in range((seen.binned - before.binned) & 0xFFFF):
            tracker.binned()
        tracker.set_bin_full(seen.bin_full)
        return came

    def _take_triggers(self, tracker: Tracker, seen: Inputs) -> bool:
        before, edges = self._seen, step(self._seen.trigger_count, seen.trigger_count)
        if not edges:
            return False
        unseen = max(0, step(before.encoder_now, seen.encoder)) if edges > 1 else 0
        if unseen <= self._settings.debounce_counts:
            unseen = 0
        count = tracker.trigger(seen.encoder, serial=seen.serial, unseen=unseen)
        if count is None:
            return False
        self._next = count + 1
        self._known[count] = _Known(seen.encoder)
        self._count_of[seen.encoder] = count
        if len(self._count_of) > _KEPT:
            del self._count_of[next(iter(self._count_of))]
        return True

    # -- what it tells --------------------------------------------------------------------------

    def _drain(self, tracker: Tracker) -> None:
        for event in tracker.take_events():
            if isinstance(event, PartFate):
                known = self._known.pop(event.trigger_count)
                self._gone.append(Gone(known.part_id, known.encoder, event.fate, event.reason))
            else:
                self._notice(event.alarm, event.parts, event.detail, stop=event.stop)

    def _notice(self, alarm: Alarm, counts: tuple[int, ...], detail: str, *, stop: bool) -> None:
        known = [self._known[count] for count in counts if count in self._known]
        parts = tuple(one.part_id for one in known if one.part_id)
        self._noticed.append(Noticed(alarm, parts, detail, stop))
