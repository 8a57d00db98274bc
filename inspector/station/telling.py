"""From the line's configuration to who is told of verdicts: the PLC at the gate, and observers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from pydantic import ValidationError

from inspector.core.errors import ConfigError
from inspector.core.gate_config import GateConfig
from inspector.core.line_config import LineConfig
from inspector.core.plc_config import (
    BusConfig,
    CameraOutput,
    Mqtt,
    OpcUaClient,
    OpcUaServer,
    SerialRelay,
    SimPlc,
)
from inspector.core.ports import Clock, TriggerSource
from inspector.plc.camera_output import CameraOutputPlc
from inspector.plc.direct_gate import Drive, run_direct_gateway
from inspector.plc.fieldbus_plc import FieldbusPlc
from inspector.plc.handshake import Demand
from inspector.plc.sensor import PlcSensor
from inspector.plc.several import NamedPlc, Several
from inspector.plc.tracking import TrackingSettings
from inspector.sim.belt import Belt
from inspector.sim.plc import SimulatedPlc
from inspector.station.camera_lines import CameraLines
from inspector.station.gate_watch import GateWatch


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
    gate: GateWatch | None = None
    """What is heard of a gate that we drive."""


def make_plc(config: LineConfig, data_folder: Path, belt: Belt, clock: Clock) -> Told:
    """The PLC that the configuration names, and the observers."""
    asked: SimpleQueue[Demand] = SimpleQueue()
    lines = CameraLines()
    observers = [_told_of(_at_home(one, data_folder), lines, None) for one in config.observers]
    entry = config.plc
    if isinstance(entry, SimPlc):
        _require_own_tracking(config)
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

    if config.gate.tracking == "station":
        watch = GateWatch(config.gate, lines)
        direct = _direct(_at_home(entry, data_folder), config.gate, hear, watch)
        return Told(Several(direct, observers), None, sensor, asked, lines, watch)
    gate = _told_of(_at_home(entry, data_folder), lines, hear)
    return Told(Several(gate, observers), None, sensor, asked, lines)


def _direct(
    entry: BusConfig, gate: GateConfig, hear: Callable[[Demand], None], watch: GateWatch
) -> NamedPlc:
    """A PLC that only counts: we sort. Raises ``ConfigError``."""
    if isinstance(entry, Mqtt | SerialRelay | CameraOutput):
        raise ConfigError(
            f"gate.tracking: station: driver {entry.driver} says no encoder counts",
            remedy="Take a driver with registers, such as modbus-client; the gate may hang on "
            "gate.relay or gate.camera_line",
        )
    try:
        settings = TrackingSettings(
            distance_counts=gate.distance_counts,
            late_in_a_row=gate.late_in_row,
            **gate.lengths.model_dump(),
        )
    except ValidationError as error:
        reason = "; ".join(one["msg"] for one in error.errors())
        raise ConfigError(f"gate.lengths: {reason}", remedy="See docs/plc.md") from error
    drive = Drive(settings, gate.relay, by_station=gate.camera_line is not None)
    entry_point = partial(run_direct_gateway, drive=drive)
    return FieldbusPlc(entry, hear, entry=entry_point, on_gate=watch.hear)


def _require_own_tracking(config: LineConfig) -> None:
    if config.gate.tracking == "station":
        raise ConfigError(
            "gate.tracking: station: the simulated PLC tracks its parts itself",
            remedy="Take tracking: plc, or let inspector simulate --serve --wired be the plant",
        )


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
