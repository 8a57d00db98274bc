"""From the line's configuration to who is told of verdicts: the PLC at the gate, and observers."""

from __future__ import annotations

from dataclasses import dataclass
from queue import SimpleQueue

from inspector.core.line_config import LineConfig
from inspector.core.plc_config import SimPlc
from inspector.core.ports import Clock, TriggerSource
from inspector.plc.fieldbus_plc import FieldbusPlc
from inspector.plc.handshake import Demand
from inspector.plc.sensor import PlcSensor
from inspector.plc.several import Several
from inspector.sim.belt import Belt
from inspector.sim.plc import SimulatedPlc


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told of verdicts, and what they ask for."""

    plc: Several
    simulated: SimulatedPlc | None
    """The one that decides on the gate, where it is simulated."""
    sensor: TriggerSource
    asked: SimpleQueue[Demand]
    """What the PLC asked for and nobody answered yet."""


def make_plc(config: LineConfig, belt: Belt, clock: Clock) -> Told:
    """The PLC that the configuration names, and the observers."""
    asked: SimpleQueue[Demand] = SimpleQueue()
    observers = [FieldbusPlc(observer) for observer in config.observers]
    entry = config.plc
    if isinstance(entry, SimPlc):
        simulated = SimulatedPlc(
            belt,
            clock,
            distance_counts=config.gate.distance_counts,
            scan_s=entry.scan_ms / 1e3,
            heartbeat_s=entry.heartbeat_ms / 1e3,
        )
        return Told(Several(simulated, observers), simulated, belt, asked)
    sensor = PlcSensor(clock)

    def hear(demand: Demand) -> None:  # a trigger waits for nobody
        if demand.name == "trigger":
            sensor.part(demand)
        else:
            asked.put(demand)

    return Told(Several(FieldbusPlc(entry, hear), observers), None, sensor, asked)
