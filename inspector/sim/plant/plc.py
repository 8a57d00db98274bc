"""The plant's PLC: the sample program's semantics, scan by scan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from inspector.plc.registers import Inputs, Outputs
from inspector.plc.tracking import (
    Alarm,
    Bypass,
    Fate,
    PartFate,
    Receipt,
    Tracker,
    TrackingEvent,
    TrackingSettings,
)
from inspector.plc.tracking.counts import Window
from inspector.sim.plant.sensors import Edge, Eye


class PlantIo(Protocol):
    """The registers as the PLC has them: the only way between plant and station."""

    def read(self) -> Outputs:
        """The station's outputs as they stand in the PLC's memory."""

    def write(self, inputs: Inputs) -> None:
        """What the PLC tells the station, as it now stands in its memory."""

    def reset(self) -> None:
        """The PLC has no power: its memory is empty."""


@dataclass(slots=True)
class PlcLog:
    """All that the PLC ever told, over its restarts; for the score."""

    fates: dict[int, PartFate] = field(default_factory=dict)
    accepted: dict[int, bool] = field(default_factory=dict)
    """The verdict of each part that was in time; a reject is not taken back."""
    events: list[TrackingEvent] = field(default_factory=list)
    receipts: Counter[Receipt] = field(default_factory=Counter)
    forgotten: list[int] = field(default_factory=list)
    """Parts under way when the PLC was restarted: ejected, and not recorded by it."""
    triggers: int = 0
    max_slip: int = 0
    repeated_edges: int = 0
    silences: int = 0
    sorts: bool = True
    """False where the station tracks the parts, and the PLC knows no fate."""

    def declared(self, alarm: Alarm) -> list[Window]:
        """The windows that alarms of this kind declared."""
        return [e.window for e in self.events if e.alarm is alarm and e.window is not None]


class PlantPlc:
    """Latches edges, tracks parts, takes results and acknowledges them, watches the heartbeat.

    ``on_trigger`` fires the camera, ``on_gate`` sets the gate's output; True lets pass. One thread.
    """

    def __init__(
        self,
        settings: TrackingSettings,
        io: PlantIo,
        *,
        silence_ms: float,
        encoder: int,
        on_trigger: Callable[[int, Edge], None],
        on_gate: Callable[[bool], None],
    ) -> None:
        self._settings = settings
        self._io = io
        self._silence_ns = int(silence_ms * 1e6)
        self._on_trigger = on_trigger
        self._on_gate = on_gate
        self._edges: list[Edge] = []
        self._triggers = 0
        self._tracker: Tracker | None = None
        self._bypass: Bypass | None = None
        self.log = PlcLog()
        self.power_on(encoder)

    def power_on(self, encoder: int) -> None:
        """Begin anew; only the trigger count is retained."""
        self._tracker = Tracker(self._settings, encoder=encoder, first_count=self._triggers + 1)
        self._edges = []
        self._told: dict[str, Any] = {}
        self._inputs = Inputs(trigger_enable=True, counts_triggers=True)
        self._beat, self._beat_at_ns, self._believed = -1, 0, False
        self._tracker.set_bypass(self._bypass)

    def power_off(self) -> None:
        """Outputs drop; what the program knew of the belt is lost."""
        if self._tracker is not None:
            self._drain(self._tracker)
            self._sum_up(self._tracker)
            first = self._triggers - self._tracker.counters.triggers + 1
            known = range(first, self._triggers + 1)
            self.log.forgotten += [n for n in known if n not in self.log.fates]
        self._tracker = None
        self._io.reset()
        self._on_gate(False)

    def end(self) -> None:
        """Sum up at the end of a run."""
        if self._tracker is not None:
            self._drain(self._tracker)
            self._sum_up(self._tracker)

    @property
    def on(self) -> bool:
        """True while it has power."""
        return self._tracker is not None

    @property
    def under_way(self) -> int:
        """Parts whose fate is open."""
        return 0 if self._tracker is None else self._tracker.counters.under_way

    def latch(self, edges: list[Edge]) -> None:
        """Edges at the fast inputs."""
        if self._tracker is not None:
            self._edges += edges

    def binned(self) -> None:
        """The bin's sensor."""
        if self._tracker is not None:
            self._tracker.binned()

    def set_bin_full(self, full: bool) -> None:
        """The bin's level sensor."""
        if self._tracker is not None:
            self._tracker.set_bin_full(full)

    def set_bypass(self, bypass: Bypass | None) -> None:
        """The key switch at the gate, with its signature."""
        self._bypass = bypass
        if self._tracker is not None:
            self._tracker.set_bypass(bypass)

    def doubt(self, counts: int) -> None:
        """The drive reports a hard stop."""
        if self._tracker is not None:
            self._tracker.doubt(counts)

    def scan(self, encoder: int, now_ns: int) -> None:
        """One cycle: edges, results, gate, outputs."""
        tracker = self._tracker
        if tracker is None:
            return
        edges, self._edges = self._edges, []
        for edge in edges:
            self._take_edge(tracker, edge)
        self._take_result(tracker, now_ns)
        self._on_gate(tracker.advance(encoder, now_ns))
        self._drain(tracker)
        beat = self._inputs.heartbeat + 1 & 0xFFFF
        self._tell(heartbeat=beat, timeout_rejects=tracker.counters.fates[Fate.TIMEOUT_EJECTED])

    def _tell(self, **changes: Any) -> None:
        self._told.update(changes)
        self._inputs = Inputs(trigger_enable=True, counts_triggers=True, **self._told)
        self._io.write(self._inputs)

    def _take_edge(self, tracker: Tracker, edge: Edge) -> None:
        if edge.eye is Eye.GATE:
            see = tracker.gate_seen if edge.covered else tracker.gate_cleared
            see(edge.encoder, forward=edge.forward)
        elif not edge.covered:
            tracker.trigger_cleared(edge.encoder, forward=edge.forward)
        else:
            count = tracker.trigger(edge.encoder, forward=edge.forward)
            if count is None and edge.part is not None and not edge.part.trigger_count:
                edge.part.marks.add("merged")  # its edge was taken for a bounce of another's
            if count is not None:
                self._triggers = count
                self._tell(trigger_count=count, encoder=edge.encoder)
                self._on_trigger(count, edge)

    def _take_result(self, tracker: Tracker, now_ns: int) -> None:
        """The handshake: OK and NG are separate, an ack answers the toggle, silence withdraws."""
        told = self._io.read()
        if told.heartbeat != self._beat:
            self._beat, self._beat_at_ns = told.heartbeat, now_ns
        silent = now_ns - self._beat_at_ns > self._silence_ns
        if silent or told.error or not told.online:
            self.log.silences += self._believed
            self._believed = False
            tracker.withdraw("no heartbeat" if silent else "the station is in error")
            return
        self._believed = True
        if told.result_valid and told.result_toggle != self._inputs.result_ack:
            passed = told.ok and not told.ng
            receipt = tracker.verdict(told.trigger_count, passed=passed)
            self.log.receipts[receipt] += 1
            if receipt is Receipt.ACCEPTED:
                before = self.log.accepted.get(told.trigger_count, True)
                self.log.accepted[told.trigger_count] = before and passed
            self._tell(result_ack=told.result_toggle)

    def _drain(self, tracker: Tracker) -> None:
        for event in tracker.take_events():
            if isinstance(event, PartFate):
                self.log.fates[event.trigger_count] = event
            else:
                self.log.events.append(event)

    def _sum_up(self, tracker: Tracker) -> None:
        counters, log = tracker.counters, self.log
        log.triggers += counters.triggers
        log.repeated_edges += counters.repeated_edges
        log.max_slip = max(log.max_slip, counters.max_slip)
