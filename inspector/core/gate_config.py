"""The gate of a line (``gate:`` in ``line.yaml``): by when a part is decided, and who tracks it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from inspector.core.section import Section


class TrackingLengths(Section):
    """How sure positions on the belt are. All lengths in encoder counts."""

    gate_sensor_counts: int | None = Field(
        None, gt=0, description="from trigger sensor to the sensor before the gate; null: none"
    )
    tolerance_counts: int = Field(
        50, gt=0, description="a position is so certain at the least: sensor, encoder, gate's width"
    )
    slip_counts: int = Field(0, ge=0, description="slip from trigger to gate that is allowed for")
    lead_counts: int = Field(
        100, ge=0, description="way during one scan and the gate's response, at full speed"
    )
    scan_counts: int | None = Field(
        None,
        gt=0,
        description="a longer way between two scans makes what is at the gate uncertain; null: "
        "lead_counts",
    )
    debounce_counts: int = Field(
        20, gt=0, description="an edge so close to another is the same part"
    )
    double_counts: int = Field(
        500, gt=0, description="what covers a sensor for longer is two parts"
    )
    jog_counts: int = Field(0, ge=0, description="how far the belt may go back")
    step_counts: int = Field(
        1 << 30, gt=0, description="a longer way in one scan is no way: the encoder jumped"
    )
    confirm_ms: float | None = Field(
        None, gt=0.0, description="until an ejected part is in the bin; null: no sensor there"
    )


class GateRelay(Section):
    """A relay of a board on a serial line that the gate is wired to: on while parts pass."""

    port: str = Field(description="/dev/ttyUSB0, COM3")
    baud: int = Field(9600, ge=300, description="bits per second")
    on: str = Field(description="what switches a relay on, as for driver serial")
    off: str = Field(description="what switches it off")
    number: int = Field(1, ge=0, description="of the relay")


class GateCameraLine(Section):
    """A camera's user output that the gate is wired to: on while parts pass."""

    camera: str = Field(description="name of the camera")
    output: str = Field(description="UserOutputSelector, such as UserOutput1")


class GateConfig(Section):
    """Where and by when a part must be decided, and who finds it again there."""

    deadline_ms: float = Field(150.0, gt=0.0, description="trigger to verdict, at the latest")
    distance_counts: int = Field(4000, gt=0, description="encoder counts from trigger to ejector")
    late_in_row: int = Field(
        50, ge=1, description="so many late verdicts one after the other stop the line"
    )
    tracking: Literal["plc", "station"] = Field(
        "plc",
        description="plc: it follows each part to the gate; station: we do, and drive the gate "
        "ourselves, by the PLC's register encoder_now",
    )
    lengths: TrackingLengths = Field(
        default_factory=TrackingLengths, description="of tracking by the station"
    )
    relay: GateRelay | None = Field(
        None, description="of tracking by the station; null: the gate is wired to gate_pass"
    )
    camera_line: GateCameraLine | None = Field(
        None, description="of tracking by the station; null: none"
    )
