"""Pictures of rejects for reports: with what was found on them, or as they are."""

from __future__ import annotations

from pathlib import Path

from inspector.core.errors import InspectorError
from inspector.core.line_config import LineConfig
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.ledger import evidence_folder
from inspector.ledger.reader import LedgerReader
from inspector.reports.pictures import Picture
from inspector.station.devices import optics_of
from inspector.station.part_pictures import part_overlays, part_pictures


class ReportPictures:
    """The first view of a part that a check failed in, by the number of its record.

    Without the bundle that judged it the picture is as the camera saw it; None once it is gone.
    """

    def __init__(self, reader: LedgerReader, config: LineConfig, data_folder: Path) -> None:
        self._reader = reader
        self._evidence = EvidenceStore(evidence_folder(data_folder))
        self._data_folder = data_folder
        self._config = config

    def __call__(self, sequence: int) -> Picture | None:
        """Of one record."""
        record = self._reader.record(sequence)
        if record is None:
            return None
        views = [check["view"] for check in record.content["checks"] if not check["passed"]]
        view = min(views, default=0)
        optics = optics_of(self._config, self._data_folder)
        try:
            return part_overlays(record, self._evidence, self._data_folder, optics)[view]
        except InspectorError:
            pass  # its bundle may be elsewhere: the picture itself is what counts
        try:
            return part_pictures(record, self._evidence)[view]
        except InspectorError:
            return None
