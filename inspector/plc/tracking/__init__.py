"""Tracking of parts from the trigger sensor to the gate, by absolute encoder counts.

Pure: no clock, no thread, no device. It runs where the gate is driven from: in the simulated PLC,
or here when a relay board drives it. ``docs/decisions/0024-part-tracking.md`` says why it is so.
"""

from inspector.plc.tracking.bypass import Bypass, Override
from inspector.plc.tracking.journal import Alarm, Counters, PartFate, TrackingEvent
from inspector.plc.tracking.part import Fate, Reason, Stage
from inspector.plc.tracking.settings import TrackingSettings
from inspector.plc.tracking.tracker import Receipt, Tracker

__all__ = [
    "Alarm",
    "Bypass",
    "Counters",
    "Fate",
    "Override",
    "PartFate",
    "Reason",
    "Receipt",
    "Stage",
    "Tracker",
    "TrackingEvent",
    "TrackingSettings",
]
