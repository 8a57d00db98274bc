"""A plant whose PLC only counts, latches and switches: the gate is wired to the station."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from inspector.plc.registers import Inputs, Outputs
from inspector.plc.tracking import Bypass, TrackingSettings
from inspector.plc.tracking.counts import step
from inspector.sim.plant.plc import PlantIo, PlcLog
from inspector.sim.plant.sensors import Edge, Eye


class CountedIo(PlantIo, Protocol):
    """Registers whose results are heard for the score, and whose age the output module watches."""

    def heard(self) -> list[tuple[int, bool]]:
        """Results that the station showed since the last call: encoder count, passed."""

    def age_ns(self) -> int:
        """Since the station wrote last."""


class CountingPlc:
    """Stands where ``PlantPlc`` does: filtered counters, and an output with a watchdog.

    The edges of a sensor that follow each other within ``debounce_counts`` are one to its filter.
    What the station says is heard for the score alone. One thread.
    """

    def __init__(
        self,
        settings: TrackingSettings,
        io: CountedIo,
        *,
        watchdog_ms: float,
        on_trigger: Callable[[int, Edge], None],
        on_gate: Callable[[bool], None],
    ) -> None:
        self._debounce = settings.debounce_counts
        self._io = io
        self._watchdog_ns = int(watchdog_ms * 1e6)
        self._on_trigger = on_trigger
        self._on_gate = on_gate
        self._bypass = False
        self._number_of: dict[int, int] = {}
        self.log = PlcLog(sorts=False)
        self.power_on(0)

    def power_on(self, _encoder: int) -> None:
        """All counters begin anew."""
        self.on = True
        self._edges: list[Edge] = []
        self._last: dict[Eye, int] = {}
        self._covered = dict.fromkeys(Eye, False)
        self._count = dict.fromkeys(Eye, 0)
        self._latched = dict.fromkeys(Eye, 0)
        self._beat = self._binned = 0
        self._bin_full = False

    def power_off(self) -> None:
        """Outputs drop, memory is lost."""
        self.on = False
        self._io.reset()
        self._on_gate(False)

    def end(self) -> None:
        """Hear the last results."""
        self._hear()

    @property
    def under_way(self) -> int:
        """It knows of no parts."""
        return 0

    def latch(self, edges: list[Edge]) -> None:
        """Edges at the fast inputs."""
        if self.on:
            self._edges += edges

    def binned(self) -> None:
        """The bin's sensor."""
        self._binned = self._binned + self.on & 0xFFFF

    def set_bin_full(self, full: bool) -> None:
        """The bin's level sensor; the level stands for the next scan at least."""
        self._bin_full = self._bin_full or full

    def set_bypass(self, bypass: Bypass | None) -> None:
        """A key switch in the gate's own wire."""
        self._bypass = bypass is not None

    def doubt(self, counts: int) -> None:
        """Nobody to tell."""

    def scan(self, encoder: int, _now_ns: int) -> None:
        """One cycle: count, tell, switch."""
        if not self.on:
            return
        edges, self._edges = self._edges, []
        for edge in edges:
            self._take(edge)
        self._hear()
        self._beat = self._beat + 1 & 0xFFFF
        self._io.write(
            Inputs(
                trigger_enable=True,
                counts_triggers=True,
                at_trigger=self._covered[Eye.TRIGGER],
                at_gate=self._covered[Eye.GATE],
                bin_full=self._bin_full,
                heartbeat=self._beat,
                trigger_count=self._count[Eye.TRIGGER],
                encoder=self._latched[Eye.TRIGGER],
                encoder_now=encoder,
                gate_count=self._count[Eye.GATE] & 0xFFFF,
                gate_encoder=self._latched[Eye.GATE],
                binned=self._binned,
            )
        )
        self._bin_full = False
        told: Outputs = self._io.read()
        alive = self._io.age_ns() <= self._watchdog_ns
        self._on_gate(self._bypass or (told.gate_pass and alive))

    def _take(self, edge: Edge) -> None:
        eye, last = edge.eye, self._last.get(edge.eye)
        bounced = last is not None and abs(step(last, edge.encoder)) <= self._debounce
        self._last[eye] = edge.encoder
        self._covered[eye] = edge.covered
        if bounced or not (edge.covered and edge.forward):
            return
        self._count[eye] += 1
        self._latched[eye] = edge.encoder
        if eye is Eye.TRIGGER:
            self.log.triggers += 1
            self._number_of[edge.encoder] = self.log.triggers
            self._on_trigger(self.log.triggers, edge)

    def _hear(self) -> None:
        for encoder, passed in self._io.heard():
            number = self._number_of.get(encoder)
            if number is not None:
                self.log.accepted[number] = self.log.accepted.get(number, True) and passed
