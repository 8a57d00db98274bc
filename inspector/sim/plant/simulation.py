"""A scenario from beginning to end, by the virtual clock."""

from __future__ import annotations

from random import Random

from inspector.core.errors import FaultError
from inspector.sim.plant.direct import CountedWire, DirectWire
from inspector.sim.plant.events import EventQueue
from inspector.sim.plant.plant import Plant
from inspector.sim.plant.scenario import Scenario
from inspector.sim.plant.score import Score, score
from inspector.sim.plant.script import Script
from inspector.sim.plant.station import StandInStation, Wire

_AFTERWARDS_S = 3.0
"""Until the bin has confirmed the last part."""


class Simulation:
    """Plant, stand-in station and script on one virtual clock."""

    def __init__(self, scenario: Scenario) -> None:
        self.events = EventQueue()
        self.wire = self.outlet = Wire()
        if scenario.plc.wired:
            self.wire = counted = CountedWire(self.events)
            self.outlet = DirectWire(counted, scenario, self.events)
        self.plant = Plant(scenario, self.events, self.wire)
        random = Random(scenario.seed + 2)
        self.station = StandInStation(scenario.station, self.events, self.outlet, random)
        self.plant.camera = self.station.trigger
        self.script = Script(self.plant, self.station, self.wire)

    def run(self) -> Score:
        """Until the last part is past the gate. Raises ``FaultError`` if that never comes."""
        limit_s = self.plant.scenario.longest_s
        while not self.plant.empty:
            self.plant.step()
            if self.events.now_ns > limit_s * 1e9:
                raise FaultError(f"the belt is not empty after {limit_s:.0f} virtual seconds")
        end_ns = self.events.now_ns + round(_AFTERWARDS_S * 1e9)
        while self.events.now_ns < end_ns:
            self.plant.step()
        self.plant.plc.end()
        return score(self.plant, self.script.done)
