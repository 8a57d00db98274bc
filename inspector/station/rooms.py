"""What a station lives in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from inspector.core.line_config import LineConfig
from inspector.core.ports import Clock, PartIds, Recorder, TriggerSource
from inspector.ledger.proof import Proof
from inspector.ledger.writer import LedgerWriter
from inspector.plc.several import Several
from inspector.sim.belt import Belt
from inspector.station.camera_lines import CameraLines
from inspector.station.catalogue import Catalogue
from inspector.station.gate_watch import GateWatch
from inspector.station.panel_control import PanelControl
from inspector.station.service import ServiceManager
from inspector.station.write_access import WriteAccess


@dataclass(frozen=True, slots=True)
class Rooms:
    """What the station lives in: folders, stores and devices, opened by the composition root."""

    config: LineConfig
    data_folder: Path
    catalogue: Catalogue
    belt: Belt
    plc: Several
    sensor: TriggerSource
    """What fires cameras that are triggered by software."""
    access: WriteAccess
    control: PanelControl
    lines: CameraLines
    part_ids: PartIds
    recorder: Recorder
    writer: LedgerWriter | None
    clock: Clock
    last_release: Callable[[str], str] | None = None
    """Hash of a product's newest release as the ledger has it; None without a ledger."""
    proof: Proof | None = None
    """What signs and checks the ledger; None without one."""
    gate: GateWatch | None = None
    """What is heard of a gate that we drive; None where a PLC sorts."""
    pictures_shown: bool = False
    """Stored pictures of limit samples are shown in place of parts."""
    service: ServiceManager = field(default_factory=ServiceManager)
    """Who is told that the station lives."""
