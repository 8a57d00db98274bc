"""From the line's configuration to who is told of verdicts: the PLC at the gate, and observers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from inspector.core.line_config import LineConfig
from inspector.core.plc_config import BusConfig, CameraOutput, OpcUaClient, OpcUaServer, SimPlc
from inspector.core.ports import Clock, TriggerSource
from inspector.plc.camera_output import CameraOutputPlc
from inspector.plc.fieldbus_plc import FieldbusPlc
from inspector.plc.handshake import Demand
from inspector.plc.sensor import PlcSensor
from inspector.plc.several import NamedPlc, Several
from inspector.sim.belt import Belt
from inspector.sim.plc import SimulatedPlc
from inspector.station.camera_lines import CameraLines


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told of verdicts, and what they ask for."""

    plc: Several
    simulated: SimulatedPlc | None
    """The one that decides on the gate, where it is simulated."""
    sensor: TriggerSource
    asked: SimpleQueue[Demand]
    """What the PLC asked for and nobody answered yet."""
    lines: CameraLines
    """The cameras' outputs."""


def make_plc(config: LineConfig, data_folder: Path, belt: Belt, clock: Clock) -> Told:
    """The PLC that the configuration names, and the observers."""
    asked: SimpleQueue[Demand] = SimpleQueue()
    lines = CameraLines()
    observers = [_told_of(_at_home(one, data_folder), lines, None) for one in config.observers]
    entry = config.plc
    if isinstance(entry, SimPlc):
        simulated = SimulatedPlc(
            belt,
            clock,
            distance_counts=config.gate.distance_counts,
            scan_s=entry.scan_ms / 1e3,
            heartbeat_s=entry.heartbeat_ms / 1e3,
        )
        return Told(Several(simulated, observers), simulated, belt, asked, lines)
    sensor = PlcSensor(clock)

    def hear(demand: Demand) -> None:  # a trigger waits for nobody
        if demand.name == "trigger":
            sensor.part(demand)
        else:
            asked.put(demand)

    gate = _told_of(_at_home(entry, data_folder), lines, hear)
    return Told(Several(gate, observers), None, sensor, asked, lines)


def _at_home(entry: BusConfig, data_folder: Path) -> BusConfig:
    """Keys and certificates lie in the data folder, unless the line's file says otherwise."""
    if not isinstance(entry, OpcUaServer | OpcUaClient) or entry.security.folder:
        return entry
    security = entry.security.model_copy(update={"folder": str(data_folder / "opcua")})
    return entry.model_copy(update={"security": security})


def _told_of(
    entry: BusConfig, lines: CameraLines, hear: Callable[[Demand], None] | None
) -> NamedPlc:
    """One connection: in a process of its own, but for a camera's outputs.

    Who is not heard is an observer: the station does not wait for it.
    """
    if not isinstance(entry, CameraOutput):
        return FieldbusPlc(entry, hear or (lambda _demand: None), awaited=hear is not None)

    def set_output(output: str, on: bool) -> None:  # the form that it is given
        lines.set(entry.camera, output, on=on)

    return CameraOutputPlc(entry, set_output)
