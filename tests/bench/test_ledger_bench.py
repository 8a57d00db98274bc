"""Synthetic records are what the station would have written, byte for byte."""

from __future__ import annotations

from pathlib import Path

from inspector.core.verdict import Cause
from inspector.ledger.chain import seal
from inspector.ledger.ledger import open_store
from scripts.bench import ledger as bench


def test_synthetic_records_are_those_of_real_parts() -> None:
    records = list(bench.synthetic(5, 2000))
    assert {record.cause for record in records} > {"good", "defect"}
    for number, record in enumerate(records, start=5):
        utc_us = bench._START_US + number * bench._STEP_US
        assert record.cause is not None
        assert record == seal(bench.part_of(number, Cause(record.cause), utc_us=utc_us).record())


def test_an_archive_is_made_asked_and_verified(tmp_path: Path) -> None:
    bench.archive(tmp_path, 3000, None)
    store = open_store(tmp_path, bench.STATION, None)
    assert store.reader.head().sequence > 3000
    store.close()
