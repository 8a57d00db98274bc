"""A scenario: the plant's numbers, what the inspection does, and the script of faults."""

from __future__ import annotations

from pydantic import Field

from inspector.core.section import Section
from inspector.plc.tracking import TrackingSettings
from inspector.sim.plant.faults import Fault


class BeltPlan(Section):
    """Parts and motion. Lengths in encoder counts."""

    speed: float = Field(8000.0, gt=0.0, description="counts per second")
    speed_spread: float = Field(0.2, ge=0.0, lt=1.0, description="share by which it changes")
    change_s: float = Field(5.0, gt=0.0, description="how often the speed changes, on average")
    part_counts: float = Field(200.0, gt=0.0, description="length of a part")
    gap_min: float = Field(200.0, ge=0.0, description="least gap between two parts")
    gap_mean: float = Field(350.0, gt=0.0, description="mean gap")
    slip_counts: float = Field(20.0, ge=0.0, description="each part slips by up to so much")
    encoder_start: int = Field(0, ge=0, lt=1 << 32, description="register at the start")


class PlcPlan(Section):
    """Scan and time-outs of the PLC, gate and bin."""

    scan_ms: float = Field(4.0, ge=0.5, le=100.0)
    jitter_ms: float = Field(4.0, ge=0.0, le=100.0)
    silence_ms: float = Field(300.0, gt=0.0, description="heartbeat time-out")
    response_ms: float = Field(12.0, ge=0.0, description="from command to the gate's position")
    response_jitter_ms: float = Field(3.0, ge=0.0)
    wired: bool = Field(
        False, description="it only counts, latches and switches: the gate is the station's"
    )
    watchdog_ms: float = Field(
        60.0, gt=0.0, description="wired: without a write for so long its output drops"
    )
    fall_ms: float = Field(60.0, ge=0.0, description="from the gate to the bin's sensor")


class StationPlan(Section):
    """The stand-in of camera and inspection."""

    exposure_ms: float = Field(2.0, ge=0.0)
    transfer_ms: float = Field(10.0, ge=0.0)
    service_ms: float = Field(15.0, gt=0.0, description="mean time to inspect a part")
    deadline_ms: float = Field(400.0, gt=0.0)
    frame_timeout_ms: float = Field(200.0, gt=0.0, description="then a frame is lost")
    good_share: float = Field(0.9, ge=0.0, le=1.0)
    late_share: float = Field(0.002, ge=0.0, le=1.0, description="parts that take much longer")
    exchange_ms: float = Field(5.0, gt=0.0, description="how often the images are exchanged")
    beat_ms: float = Field(50.0, gt=0.0)
    busy_share: float = Field(
        0.0, ge=0.0, le=1.0, description="plc.wired: exchanges after which the PC has other work"
    )
    busy_ms: float = Field(0.0, ge=0.0, description="for so long at most")


class RandomFaults(Section):
    """Faults by chance, beside the script."""

    per_1000_parts: float = Field(0.0, ge=0.0, description="0: none")
    seed: int = 1


class Scenario(Section):
    """One run of the plant."""

    parts: int = Field(1000, gt=0, description="parts that come to the trigger sensor")
    seed: int = 1
    tracking: TrackingSettings
    belt: BeltPlan = Field(default_factory=BeltPlan)
    plc: PlcPlan = Field(default_factory=PlcPlan)
    station: StationPlan = Field(default_factory=StationPlan)
    random_faults: RandomFaults = Field(default_factory=RandomFaults)
    faults: tuple[Fault, ...] = ()

    @property
    def longest_s(self) -> float:
        """A run that takes longer stands still."""
        pitch = self.belt.part_counts + self.belt.gap_mean
        return 60 + 10 * self.parts * pitch / self.belt.speed
