from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.ledger.chain import genesis, next_digest
from inspector.ledger.evidence import EvidenceStore, encode_image
from inspector.ledger.reader import LedgerReader
from inspector.ledger.schema import DATABASE
from inspector.ledger.store import LedgerStore
from inspector.ledger.verify import VerifyReport, verify
from tests.ledger.parts_on_a_line import filled, inspection, picture

_COUNT = 12
_numbers = st.integers(1, _COUNT)
_property = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ledger")
    filled(folder, _COUNT)
    return folder


@contextmanager
def _tampered(pristine: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    shutil.copy(pristine / DATABASE, tmp_path / DATABASE)
    database = sqlite3.connect(tmp_path / DATABASE)
    with database:
        yield database
    database.close()


def _verify(folder: Path, evidence: EvidenceStore | None = None) -> VerifyReport:
    reader = LedgerReader.open(folder)
    report = verify(reader, evidence)
    reader.close()
    return report


def _first(folder: Path) -> int:
    report = _verify(folder)
    assert report.first is not None
    return report.first.sequence


def test_an_untouched_chain_is_intact(pristine: Path) -> None:
    report = _verify(pristine)
    assert report.intact
    assert report.first is None
    assert report.records == _COUNT
    assert report.records_per_s > 0


@_property
@given(sequence=_numbers, data=st.data())
def test_one_altered_byte_is_found_at_its_record(
    pristine: Path, tmp_path: Path, sequence: int, data: st.DataObject
) -> None:
    column = data.draw(st.sampled_from(["payload", "digest"]))
    with _tampered(pristine, tmp_path) as database:
        query = f"SELECT {column} FROM records WHERE sequence = ?"
        content = bytearray(database.execute(query, (sequence,)).fetchone()[0])
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= data.draw(st.integers(1, 255))
        database.execute(
            f"UPDATE records SET {column} = ? WHERE sequence = ?", (bytes(content), sequence)
        )
    assert _first(tmp_path) == sequence


@_property
@given(sequence=_numbers, closing_the_gap=st.booleans())
def test_a_removed_record_is_found(
    pristine: Path, tmp_path: Path, sequence: int, closing_the_gap: bool
) -> None:
    with _tampered(pristine, tmp_path) as database:
        database.execute("DELETE FROM records WHERE sequence = ?", (sequence,))
        if closing_the_gap:
            for later in range(sequence + 1, _COUNT + 1):
                database.execute(
                    "UPDATE records SET sequence = ? WHERE sequence = ?", (later - 1, later)
                )
    assert _first(tmp_path) == sequence


@_property
@given(pair=st.lists(_numbers, min_size=2, max_size=2, unique=True))
def test_swapped_records_are_found_at_the_earlier(
    pristine: Path, tmp_path: Path, pair: list[int]
) -> None:
    with _tampered(pristine, tmp_path) as database:
        for old, new in ((pair[0], 0), (pair[1], pair[0]), (0, pair[1])):
            database.execute("UPDATE records SET sequence = ? WHERE sequence = ?", (new, old))
    assert _first(tmp_path) == min(pair)


@_property
@given(sequence=_numbers)
def test_an_inserted_record_is_found(pristine: Path, tmp_path: Path, sequence: int) -> None:
    with _tampered(pristine, tmp_path) as database:
        for later in range(_COUNT, sequence - 1, -1):
            database.execute(
                "UPDATE records SET sequence = ? WHERE sequence = ?", (later + 1, later)
            )
        database.execute(
            "INSERT INTO records SELECT station, ?, kind, utc_us, part_id, outcome, payload,"
            " digest, cause FROM records WHERE sequence = ?",
            (sequence, sequence + 1),
        )
    # A copy of the record that stood there follows the chain; the original after it does not.
    assert _first(tmp_path) == sequence + 1


def test_an_inserted_record_with_a_right_digest_breaks_the_next(
    pristine: Path, tmp_path: Path
) -> None:
    with _tampered(pristine, tmp_path) as database:
        for later in range(_COUNT, 0, -1):
            database.execute(
                "UPDATE records SET sequence = ? WHERE sequence = ?", (later + 1, later)
            )
        payload = b'{"kind":"event","outcome":null,"part_id":null,"utc_us":5}'
        digest = next_digest(genesis("station-1").digest, payload)
        database.execute(
            "INSERT INTO records VALUES ('station-1', 1, 'event', 5, NULL, NULL, ?, ?, NULL)",
            (payload, digest),
        )
    assert _first(tmp_path) == 2


@_property
@given(keep=st.integers(0, _COUNT - 1))
def test_a_cut_off_end_is_found(pristine: Path, tmp_path: Path, keep: int) -> None:
    with _tampered(pristine, tmp_path) as database:
        database.execute("DELETE FROM records WHERE sequence > ?", (keep,))
    assert _first(tmp_path) == keep + 1


@pytest.mark.parametrize(
    "change", ["kind = 'other'", "utc_us = 1", "part_id = 3", "outcome = 'pass'", "cause = 'late'"]
)
def test_an_index_column_that_differs_is_found(pristine: Path, tmp_path: Path, change: str) -> None:
    with _tampered(pristine, tmp_path) as database:
        database.execute(f"UPDATE records SET {change} WHERE sequence = 5")
    report = _verify(tmp_path)
    assert [finding.sequence for finding in report.findings] == [5]


def test_a_part_that_was_recorded_twice_is_found(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path, "station-1")
    store.append_batch([inspection(3).record(), inspection(3).record()])
    store.close()
    report = _verify(tmp_path)
    assert report.first is not None
    assert "part 3" in report.first.problem


def test_missing_and_altered_evidence_is_found(tmp_path: Path) -> None:
    evidence = EvidenceStore(tmp_path / "evidence")
    evidence.prepare()
    pictures = [encode_image("image", picture(seed)) for seed in range(3)]
    evidence.keep(pictures)
    store = LedgerStore(tmp_path, "station-1")
    store.append_batch([inspection(part + 1).record([pictures[part].mark()]) for part in range(3)])
    store.close()
    assert _verify(tmp_path, evidence).intact
    evidence.path(pictures[0].digest, ".jxl").unlink()
    changed = evidence.path(pictures[2].digest, ".jxl")
    changed.write_bytes(changed.read_bytes()[:-1])
    report = _verify(tmp_path, evidence)
    assert [(f.sequence, f.problem.split(": ")[0]) for f in report.findings] == [
        (1, "evidence image is missing"),
        (3, "evidence image is altered"),
    ]
    assert report.evidence == 3
    assert _verify(tmp_path).intact, "without its store, evidence is not looked at"
