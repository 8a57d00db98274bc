"""Synthetic records are what the station would have written, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.core.record import RecordKind
from inspector.core.verdict import Cause
from inspector.ledger.ledger import open_reader
from inspector.ledger.reader import RecordFilter
from inspector.ledger.signatures import Proofs
from inspector.ledger.verify import verify
from scripts.bench import ledger as bench
from scripts.bench import ledger_archive


def test_synthetic_records_are_those_of_real_parts() -> None:
    records = list(bench.synthetic(5, 2000))
    assert {record.cause for record in records} > {"good", "defect"}
    for number, record in enumerate(records, start=5):
        utc_us = bench.START_US + number * bench.STEP_US
        cause = Cause(record.cause or "")
        image, score_map = (bench.digest_of(one, number) for one in bench._DIGESTS)
        kept = bench.is_kept(number, cause)
        assert record == bench.sample(cause, kept, number, utc_us, (image, score_map))


def test_an_archive_is_made_asked_and_verified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger_archive.make(tmp_path, 3000, None, real=2000)
    reader = open_reader(tmp_path, bench.STATION, None)
    assert verify(reader, None, Proofs(signed=True)).intact
    assert reader.count(RecordFilter(RecordKind.INSPECTION)) == 3000
    for stage in (ledger_archive.ask, ledger_archive.verify, ledger_archive.retention):
        stage(reader, tmp_path)
    reader.close()
    assert "0 findings" in capsys.readouterr().out
