"""What this PC has, what is missing, and what to install: findings as plain values."""

from inspector.doctor.examination import examine
from inspector.doctor.finding import Finding, Status

__all__ = ["Finding", "Status", "examine"]
