"""Where sensors and gate stand, and how sure a position is. All lengths in encoder counts."""

from __future__ import annotations

from pydantic import Field, model_validator

from inspector.core.gate_config import TrackingLengths


class TrackingSettings(TrackingLengths):
    """Geometry of trigger sensor, gate sensor and gate along the belt."""

    distance_counts: int = Field(gt=0, description="from trigger sensor to gate")
    late_in_a_row: int = Field(5, gt=0, description="so many parts without a verdict stop the line")

    @property
    def longest_scan(self) -> int:
        """A longer way between two scans: the gate may not have followed."""
        return self.lead_counts if self.scan_counts is None else self.scan_counts

    @property
    def uncertainty(self) -> int:
        """How far a part may be from where the encoder has it, before the gate sensor saw it."""
        return self.tolerance_counts + self.slip_counts

    @property
    def after_sensor(self) -> int:
        """From gate sensor to gate; 0 without a sensor."""
        return self.distance_counts - (self.gate_sensor_counts or self.distance_counts)

    @property
    def sight(self) -> int:
        """Up to so far before the gate all parts are known: a sensor has seen them."""
        if self.gate_sensor_counts is None:
            return self.distance_counts - self.uncertainty
        return self.after_sensor - self.tolerance_counts

    @property
    def free_pitch(self) -> int:
        """Parts at least so far apart never condemn each other."""
        if self.gate_sensor_counts is None:
            return 2 * self.uncertainty + self.lead_counts + 1
        at_gate = 2 * self.tolerance_counts + self.lead_counts
        return max(2 * self.uncertainty, at_gate) + 1

    @model_validator(mode="after")
    def _sensor_has_room(self) -> TrackingSettings:
        sure = self.tolerance_counts + self.lead_counts
        wanted = max(2 * (self.uncertainty + sure), self.double_counts + sure) + 1
        if self.gate_sensor_counts is not None and self.after_sensor < wanted:
            raise ValueError(
                f"gate_sensor_counts: {wanted} counts at least must lie between it and the gate"
            )
        return self
