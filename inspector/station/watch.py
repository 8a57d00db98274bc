"""What the supervisor looks at on every turn: PLC, ledger, inspection thread."""

from __future__ import annotations

from inspector.core.plc_config import SimPlc
from inspector.core.state import Health
from inspector.ledger.proof import Proof
from inspector.ledger.store import JournalFigures
from inspector.line.line import Line
from inspector.station.alarming import Losing
from inspector.station.reconciling import Reconciling
from inspector.station.rooms import Rooms

_NEARLY_FULL = 0.9
"""Share of the queue that may wait on a disk that fails before the line stops by itself."""


_OBSERVER = "observer "
"""Begins the key of the alarm of an observer that cannot be reached."""


class Watch:
    """Looks, and tells; supervisor thread."""

    _MISSED_BEATS = 6
    _CALM_NS = 60_000_000_000
    """After this time without another dropped picture the alarm is gone."""

    def __init__(self, rooms: Rooms, alarming: Losing) -> None:
        self._rooms = rooms
        self._alarming = alarming
        self._beat, self._beat_at_ns = -1, 0
        self._plc_gone = False
        self.reconciling = Reconciling(rooms.clock, alarming, rooms.recorder)
        self._full = False
        self._dropped_before = 0
        self._pictures_before, self._pictures_at_ns = 0, 0

    def look(self, line: Line | None) -> None:
        """One turn. Our heartbeat goes out only while the inspection thread moves."""
        if line is not None and line.stalled():
            self._alarming.fault("the inspection thread does not move")
        else:
            self._rooms.plc.beat()
        self._look_at_plc(line)
        self._look_at_observers()
        self._look_at_gate(line)
        self._look_at_lateness(line)
        self._look_at_ledger()

    def _look_at_plc(self, line: Line | None) -> None:
        now_ns = self._rooms.clock.monotonic_ns()
        inputs = self._rooms.plc.read_inputs()
        self.reconciling.look(line, inputs)
        if inputs.overrun:
            self._alarming.alarm(
                "overrun",
                Health.OUT_OF_SPECIFICATION,
                "The PLC did not take every result in time; those parts were ejected",
            )
        if not inputs.connected:
            self._plc_gone = True
            self._alarming.lost("plc", inputs.detail)
        elif self._plc_gone:
            self._plc_gone = False
            self._alarming.found("plc")
        if isinstance(self._rooms.config.plc, SimPlc):
            self._look_at_beat(inputs.heartbeat, now_ns)

    def _look_at_observers(self) -> None:
        for name, inputs in self._rooms.plc.observed().items():
            if inputs.connected:
                self._alarming.clear(_OBSERVER + name)
            else:
                text = f"{name} is not told of results: {inputs.detail}"
                self._alarming.alarm(_OBSERVER + name, Health.MAINTENANCE_REQUIRED, text)

    def _look_at_gate(self, line: Line | None) -> None:
        rooms, gate = self._rooms, self._rooms.gate
        if gate is not None:
            running = line is not None
            gate.look(self._alarming, rooms.recorder, rooms.clock, running=running)

    def _look_at_beat(self, beat: int, now_ns: int) -> None:
        allowed_ns = self._MISSED_BEATS * 1e6 * self._rooms.config.plc.heartbeat_ms
        if beat != self._beat:
            self._beat, self._beat_at_ns = beat, now_ns
        elif now_ns - self._beat_at_ns > allowed_ns:
            self._alarming.fault("the PLC's heartbeat stands still")

    def _look_at_lateness(self, line: Line | None) -> None:
        allowed = self._rooms.config.gate.late_in_row
        if line is not None and line.counters.late_in_row >= allowed:
            self._alarming.fault(f"{allowed} verdicts in a row came late: stop the line")

    def _look_at_ledger(self) -> None:
        writer = self._rooms.writer
        if writer is None:
            return
        if writer.fault:
            self._alarming.alarm("ledger", Health.OUT_OF_SPECIFICATION, f"Ledger: {writer.fault}")
        else:
            self._alarming.clear("ledger")
        full = bool(writer.fault) and writer.backlog >= _NEARLY_FULL * writer.room
        if full and not self._full:
            self._alarming.fault(f"no room is left for records: {writer.fault}")
        self._full = full
        self._look_at_database(writer.journal)
        dropped = writer.dropped_records
        if dropped > self._dropped_before:  # only then: else no reset could ever leave Error
            self._dropped_before = dropped
            self._alarming.fault("records could not be kept: free the disk")
        self._look_at_pictures(writer.dropped_evidence)
        if self._rooms.proof is not None:
            self._look_at_proof(self._rooms.proof)

    def _look_at_proof(self, proof: Proof) -> None:
        for key, health, text in (
            ("ledger-finding", Health.OUT_OF_SPECIFICATION, proof.finding),
            ("ledger-check", Health.MAINTENANCE_REQUIRED, proof.check_fault),
            ("ledger-anchor", Health.MAINTENANCE_REQUIRED, proof.anchor_fault),
        ):
            if text is None:
                self._alarming.clear(key)
            else:
                self._alarming.alarm(key, health, f"Ledger: {text}")

    def _look_at_database(self, journal: JournalFigures) -> None:
        if journal.fault is None:
            self._alarming.clear("database")
            return
        self._alarming.alarm(
            "database",
            Health.MAINTENANCE_REQUIRED,
            f"Records wait on this PC for the plant's database: {journal.fault}",
        )

    def _look_at_pictures(self, dropped: int) -> None:
        now_ns = self._rooms.clock.monotonic_ns()
        if dropped > self._pictures_before:
            self._pictures_before, self._pictures_at_ns = dropped, now_ns
            self._alarming.alarm(
                "evidence",
                Health.MAINTENANCE_REQUIRED,
                "Pictures of rejects come faster than the disk takes them; some are not kept",
            )
        elif now_ns - self._pictures_at_ns > self._CALM_NS:
            self._alarming.clear("evidence")
