"""The stand-in station with a gate that is wired to it: the true tracker, in virtual time."""

from __future__ import annotations

from collections import Counter
from random import Random

from inspector.core.errors import PlcError
from inspector.plc import wire as news
from inspector.plc.direct_gate import DirectGateBus, Drive
from inspector.plc.registers import Inputs, Outputs
from inspector.plc.tracking import Alarm, Fate
from inspector.sim.plant.events import EventQueue
from inspector.sim.plant.scenario import Scenario
from inspector.sim.plant.station import Wire


class CountedWire(Wire):
    """Implements ``CountedIo``: also keeps what the station showed, and when it wrote."""

    def __init__(self, events: EventQueue) -> None:
        super().__init__()
        self._events = events
        self._heard: list[tuple[int, bool]] = []
        self._written_ns = 0
        self._toggle: bool | None = None

    def heard(self) -> list[tuple[int, bool]]:
        """Results since the last call."""
        heard, self._heard = self._heard, []
        return heard

    def age_ns(self) -> int:
        """Since the station wrote last."""
        return self._events.now_ns - self._written_ns

    def exchange(self, outputs: Outputs) -> Inputs | None:
        """From the gateway."""
        seen = super().exchange(outputs)
        if seen is not None:
            self._written_ns = self._events.now_ns
            if outputs.result_valid and outputs.result_toggle != self._toggle:
                self._heard.append((outputs.encoder, outputs.ok and not outputs.ng))
            self._toggle = outputs.result_toggle if outputs.result_valid else None
        return seen

    def open(self) -> None:
        """As a fieldbus: it is there."""

    def close(self) -> None:
        """As a fieldbus: nothing holds any more."""
        super().exchange(Outputs())


class _Bus:
    """Implements ``Fieldbus`` over the wire."""

    def __init__(self, wire: CountedWire) -> None:
        self._wire = wire
        self.open, self.close = wire.open, wire.close

    def exchange(self, outputs: Outputs) -> Inputs:
        seen = self._wire.exchange(outputs)
        if seen is None:
            raise PlcError("the line is cut")
        return seen


class DirectWire(Wire):
    """Stands between stand-in and plant: exchanges at times do not come off, as on a busy PC."""

    def __init__(self, wire: CountedWire, scenario: Scenario, events: EventQueue) -> None:
        super().__init__()
        self._bus = DirectGateBus(
            _Bus(wire),
            Drive(scenario.tracking),
            self._take,
            stale_s=0.1,
            now_ns=lambda: events.now_ns,
        )
        self._events = events
        self._plan = scenario.station
        self._random = Random(scenario.seed + 3)
        self._busy_until_ns = 0
        self._image = Inputs()
        self.fates: Counter[Fate] = Counter()
        self.alarms: Counter[Alarm] = Counter()

    def exchange(self, outputs: Outputs) -> Inputs | None:
        """From the station; nothing new while the PC has other work."""
        now_ns = self._events.now_ns
        if now_ns < self._busy_until_ns:
            return self._image
        if self._random.random() < self._plan.busy_share:
            self._busy_until_ns = now_ns + round(self._random.random() * self._plan.busy_ms * 1e6)
        try:
            seen = self._bus.exchange(outputs)
        except PlcError:
            return None
        self._image = seen or Inputs()
        return seen

    def killed(self) -> None:
        """The gateway ends with its station."""
        self._bus.close()

    def _take(self, one: news.GateNews) -> None:
        self.fates.update(gone.fate for gone in one.gone)
        self.alarms.update(noticed.alarm for noticed in one.noticed)
