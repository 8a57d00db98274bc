"""What answers are made from: the line's file, the recipes, the data folder, the ledger."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector.core.errors import RefusedError
from inspector.core.line_config import LineConfig
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.ledger import evidence_folder, open_reader
from inspector.ledger.reader import LedgerReader
from inspector.link.question import Question
from inspector.link.questions import AnyAnswer
from inspector.office.showing import Showing
from inspector.office.viewfinder import Viewfinder
from inspector.station.catalogue import Catalogue
from inspector.station.opening import catalogue_of, data_folder_of, load_line
from inspector.station.places import database_of


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as the station knows them."""

    user: str
    role: str
    token: str


class Room:
    """Any thread. Close it at the end."""

    def __init__(
        self, config: LineConfig, catalogue: Catalogue, data_folder: Path, line_file: Path
    ) -> None:
        self.config = config
        self.line_file = line_file
        self.catalogue = catalogue
        self.data_folder = data_folder
        self.evidence = EvidenceStore(evidence_folder(data_folder))
        self.viewfinder = Viewfinder()
        self.showing = Showing(data_folder)
        self._lock = threading.Lock()
        self._reader: LedgerReader | None = None

    @classmethod
    def of_line(cls, line_file: Path) -> Room:
        """The room of a line's file."""
        config = load_line(line_file)
        folder = data_folder_of(config)
        return cls(config, catalogue_of(line_file, folder), folder, line_file.resolve())

    @property
    def ledger(self) -> LedgerReader:
        """The station's records. Raises ``LedgerError``; ``RefusedError`` where none are kept."""
        if not self.config.ledger.enabled:
            raise RefusedError("this line keeps no records", remedy="Set ledger.enabled: true")
        with self._lock:
            if self._reader is None:
                station, database = self.config.station, database_of(self.config)
                self._reader = open_reader(self.data_folder, station, database)
            return self._reader

    def close(self) -> None:
        """Close the ledger, and let go of the mailbox."""
        self.showing.close()
        with self._lock:
            if self._reader is not None:
                self._reader.close()
                self._reader = None


Answers = dict[type[Question], Callable[[Any, Room], AnyAnswer]]
"""Question -> who answers it, on one of the office's threads. Raises ``InspectorError``."""
