"""A tiny plant that ran: parts with their pictures in the ledger."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from inspector.core.record import RecordKind
from inspector.ledger.chain import StoredRecord
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.ledger import evidence_folder, ledger_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.link.messages import Start
from inspector.station.opening import catalogue_of, load_line, open_station
from tests.station.production_line import wait_until
from tests.tiny_plant import TinyPlant, make_plant

Archive = tuple[list[StoredRecord], LedgerReader, EvidenceStore]
PARTS = RecordFilter(RecordKind.INSPECTION)


def run_plant(folder: Path, judged: int, *, evidence: dict[str, Any], **plant: Any) -> TinyPlant:
    """Make a plant, let it judge so many parts, and close it."""
    belt = {"parts_per_s": 200.0, "counts_per_part": 100}
    ledger = {"queue_evidence": 2 * judged}  # this disk need not be as fast as the belt
    made = make_plant(folder, **{"belt": belt, "ledger": ledger, **plant})
    set_evidence(made, **evidence)
    run(made, judged)
    return made


def set_evidence(plant: TinyPlant, **evidence: Any) -> None:
    """Change what the recipe keeps."""
    recipe = plant.line_file.parent / "products/tiny.yaml"
    content = yaml.safe_load(recipe.read_text(encoding="utf-8"))
    content["evidence"] |= evidence
    recipe.write_text(yaml.safe_dump(content), encoding="utf-8")


def run(plant: TinyPlant, parts: int) -> None:
    """Let the plant judge so many parts."""
    over = threading.Event()
    catalogue = catalogue_of(plant.line_file, plant.data_folder)
    config = load_line(plant.line_file)
    with open_station(config, catalogue, limit=parts, on_limit=over.set) as opened:
        opened.console.call(Start())
        assert over.wait(120.0)
        counted = opened.station.status
        wait_until(lambda: counted().parts.verdicts == parts, "verdicts")


@contextmanager
def archive_of(plant: TinyPlant) -> Iterator[Archive]:
    """The records of its parts, where they are read, and their pictures."""
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    try:
        yield list(reader.each(PARTS)), reader, EvidenceStore(evidence_folder(plant.data_folder))
    finally:
        reader.close()
