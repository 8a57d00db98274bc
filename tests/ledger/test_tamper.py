"""Each forgery of docs/audit.md, and what finds it: here, and without Inspector."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from inspector.core.record import LedgerRecord, RecordKind
from inspector.ledger.evidence_index import DELETED
from inspector.ledger.ledger import evidence_folder
from inspector.ledger.reader import LedgerReader
from inspector.ledger.signatures import Proofs
from inspector.ledger.standalone.verify_export import Check
from inspector.ledger.verify import verify
from tests.ledger import forgery
from tests.ledger.forgery import Findings, Known, Row, Rows, SignedPlant
from tests.ledger.parts_on_a_line import NOW_US

_AT = 15
"""The record that is tampered with; index 14. No head, no key."""
_NOTHING = Known()
_KEY, _ANCHOR, _PRINTED = Known(key=True), Known(anchor=True), Known(printed=True)
_ALL = Known(key=True, anchor=True, printed=True)


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> SignedPlant:
    return forgery.signed_plant(tmp_path_factory.mktemp("plant"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> SignedPlant:
    return forgery.signed_plant(tmp_path_factory.mktemp("other"), station="station-2")


def _flipped(row: Row) -> Row:
    changed = row.payload.replace(b'"score":2', b'"score":1')
    assert changed != row.payload
    return replace(row, payload=changed)


def _flip(rows: Rows) -> Rows:
    return [_flipped(row) if row.sequence == _AT else row for row in rows]


def _flip_digest(rows: Rows) -> Rows:
    bad = bytes([rows[_AT - 1].digest[0] ^ 1]) + rows[_AT - 1].digest[1:]
    return [replace(row, digest=bad) if row.sequence == _AT else row for row in rows]


def _insert(rows: Rows) -> Rows:
    new = Row(forgery.a_record(), b"\0" * 32, 0)
    return forgery.renumbered([*rows[: _AT - 1], new, *rows[_AT - 1 :]])


def _delete(rows: Rows) -> Rows:
    return [row for row in rows if row.sequence != _AT]


def _reorder(rows: Rows) -> Rows:
    mixed = [*rows]
    mixed[_AT - 1], mixed[_AT] = rows[_AT], rows[_AT - 1]
    return forgery.renumbered(mixed)


def _truncate(rows: Rows) -> Rows:
    """Back to a head, so that the end looks like one."""
    end = forgery.head_rows(rows)[1].sequence
    return rows[:end]


def _no_heads(rows: Rows) -> Rows:
    return forgery.rechained([row for row in rows if not row.signing])


def _without_a_head(rows: Rows) -> Rows:
    gone = forgery.head_rows(rows)[1]
    return forgery.rechained([row for row in rows if row is not gone])


def _other_key(rows: Rows) -> Rows:
    return forgery.resigned(_flip(rows), forgery.strangers_key())


def _forged_signature(rows: Rows) -> Rows:
    """The stranger signs the heads, and leaves the statement of the key as it is."""
    forged = _other_key(rows)
    return forgery.rechained([rows[0], *forged[1:]])


def _key_said_to_be_lost(rows: Rows) -> Rows:
    stranger = forgery.strangers_key()
    payload = forgery.statement(stranger, replaces=None, lost=True)
    return forgery.rechained([*_truncate(rows), Row(payload, b"", 0)])


def _long_tail(rows: Rows) -> Rows:
    tail = [Row(forgery.a_record(1000 + n), b"", 0) for n in range(3 * forgery.MOST)]
    return forgery.rechained([*_truncate(rows), *tail])


def _rechained(change: Callable[[Rows], Rows]) -> Callable[[Rows], Rows]:
    return lambda rows: forgery.rechained(change(rows))


@dataclass(frozen=True)
class Forgery:
    """``said`` is what both verifiers say first; None: this cannot be found with what is known."""

    name: str
    change: Callable[[Rows], Rows]
    known: Known
    said: str | None
    at: int | None = None


_FORGERIES = [
    Forgery("flip", _flip, _NOTHING, "altered", _AT),
    Forgery("flip a digest", _flip_digest, _NOTHING, "altered", _AT),
    Forgery("insert", _insert, _NOTHING, "altered", _AT),
    Forgery("delete", _delete, _NOTHING, "removed", _AT),
    Forgery("reorder", _reorder, _NOTHING, "altered", _AT),
    Forgery("flip, chain anew", _rechained(_flip), _NOTHING, "not those that were signed"),
    Forgery("insert, chain anew", _rechained(_insert), _NOTHING, "not those that were signed"),
    Forgery("delete, chain anew", _rechained(_delete), _NOTHING, "not those that were signed"),
    Forgery("reorder, chain anew", _rechained(_reorder), _NOTHING, "not those that were signed"),
    Forgery("remove a head, chain anew", _without_a_head, _NOTHING, "not those that were signed"),
    Forgery("truncate", _truncate, _NOTHING, None),
    Forgery("truncate, key known", _truncate, _KEY, None),
    Forgery("truncate, anchor known", _truncate, _ANCHOR, "cut off"),
    Forgery("truncate, printed head known", _truncate, _PRINTED, "no head bears"),
    Forgery("truncate and go on unsigned", _long_tail, _NOTHING, "no signed head follows"),
    Forgery("strip signatures", _no_heads, _NOTHING, None),
    Forgery("strip signatures, key known", _no_heads, _KEY, "nothing is signed"),
    Forgery("strip signatures, anchor known", _no_heads, _ANCHOR, "that was anchored"),
    Forgery("forge signatures", _forged_signature, _NOTHING, "wrong signature"),
    Forgery("another key", _other_key, _NOTHING, None),
    Forgery("another key, key known", _other_key, _KEY, "signed with another key"),
    Forgery("another key, anchor known", _other_key, _ANCHOR, "that was anchored", 1),
    Forgery("another key, printed head known", _other_key, _PRINTED, "no head bears"),
    Forgery("key said to be lost", _key_said_to_be_lost, _NOTHING, "not signed by the key before"),
]


def _both(plant: SignedPlant, rows: Rows, target: Path, known: Known) -> tuple[Findings, Findings]:
    return (
        forgery.in_database(plant, rows, target, known),
        forgery.in_export(plant, rows, target, known),
    )


@pytest.mark.parametrize("known", [_NOTHING, _KEY, _ANCHOR, _PRINTED, _ALL])
def test_what_was_not_touched_is_intact(plant: SignedPlant, tmp_path: Path, known: Known) -> None:
    assert _both(plant, plant.rows(), tmp_path, known) == ([], [])


@pytest.mark.parametrize("forged", _FORGERIES, ids=lambda forged: forged.name)
def test_a_forgery_is_found_or_known_not_to_be(
    plant: SignedPlant, tmp_path: Path, forged: Forgery
) -> None:
    rows = plant.rows()
    for found in _both(plant, forged.change(rows), tmp_path, forged.known):
        if forged.said is None:
            assert found == [], "the limit has moved: say so in docs/audit.md"
            continue
        assert forged.said in found[0][1]
        if forged.at is not None:
            assert found[0][0] == forged.at


@pytest.mark.parametrize("known", [_NOTHING, _KEY])
def test_who_owns_the_key_can_sign_anew_what_was_never_anchored(
    plant: SignedPlant, tmp_path: Path, known: Known
) -> None:
    """The stated limit; the anchor is what finds it."""
    rows = forgery.resigned(_flip(plant.rows()), plant.signer())
    both = (forgery.in_database, forgery.in_export)
    assert [verifier(plant, rows, tmp_path, known) for verifier in both] == [[], []]
    for verifier in both:
        assert "anchored" in verifier(plant, rows, tmp_path, _ANCHOR)[0][1]


def test_the_records_of_another_station_are_not_ours(
    plant: SignedPlant, other: SignedPlant, tmp_path: Path
) -> None:
    for rows, said in (
        (other.rows(), "altered"),
        (forgery.rechained(other.rows()), "another station"),
    ):
        for found in _both(other, rows, tmp_path, _NOTHING):
            assert any(said in problem or "does not begin" in problem for _, problem in found[:2])
    assert any(
        "not trusted" in problem
        for found in _both(plant, forgery.rechained(other.rows()), tmp_path / "key", _KEY)
        for _, problem in found
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "'event'"),
        ("utc_us", "utc_us + 1"),
        ("part_id", "998"),
        ("outcome", "'pass'"),
        ("cause", "'good'"),
    ],
)
def test_an_index_column_that_was_edited_differs_from_the_payload(
    plant: SignedPlant, tmp_path: Path, column: str, value: str
) -> None:
    edit = f"UPDATE records SET {column} = {value} WHERE sequence = {_AT}"
    found = forgery.after_sql(plant, tmp_path, edit)
    assert found == [(_AT, f"index column {column} differs from the payload")]


def test_cut_off_with_the_newest_digest_left_as_it_was(plant: SignedPlant, tmp_path: Path) -> None:
    cut = f"DELETE FROM records WHERE sequence >= {_AT}"
    assert forgery.after_sql(plant, tmp_path, cut)[0] == (_AT, "removed, with all that followed")
    shutil.copytree(plant.exported, tmp_path / "export")
    records = tmp_path / "export" / "records.jsonl"
    lines = records.read_text(encoding="utf-8").splitlines(keepends=True)
    records.write_text("".join(lines[: _AT - 1]), encoding="utf-8")
    check = Check(tmp_path / "export")
    assert not check.run()
    sequence, problem = check.findings[0]
    assert (sequence, problem[:8]) == (_AT, "cut off:")


def test_a_station_knows_that_its_ledger_is_signed(plant: SignedPlant, tmp_path: Path) -> None:
    """Without any signature left: no key, no anchor, no printed head is needed to miss them."""
    rows = _no_heads(plant.rows())
    forgery.in_database(plant, rows, tmp_path, _NOTHING)
    reader = LedgerReader.open(tmp_path / "ledger")
    report = verify(reader, None, Proofs(signed=True))
    reader.close()
    assert report.first is not None
    assert report.first.problem == "nothing is signed, in a ledger that was"


@pytest.mark.parametrize(("change", "said"), [("edit", "is altered"), ("remove", "is missing")])
def test_evidence_that_was_touched_is_named(
    plant: SignedPlant, tmp_path: Path, change: str, said: str
) -> None:
    shutil.copytree(evidence_folder(plant.data), tmp_path / "evidence")
    shutil.copytree(plant.exported, tmp_path / "export")
    named = next(row for row in plant.rows() if b'"digest"' in row.payload and not row.signing)
    files = [
        *(file for file in (tmp_path / "evidence").rglob("*") if file.stem in str(named.payload)),
        *(
            file
            for file in (tmp_path / "export" / "evidence").iterdir()
            if file.stem in str(named.payload)
        ),
    ]
    files = [file for file in files if file.is_file()]
    assert len(files) == 2
    for file in files:
        if change == "edit":
            file.write_bytes(file.read_bytes()[:-1] + b"\0")
        else:
            file.unlink()
    for found in _both(plant, plant.rows(), tmp_path, _ALL):
        assert [sequence for sequence, _ in found] == [named.sequence]
        assert said in found[0][1]


def test_evidence_that_was_deleted_on_the_record_is_not_missed(
    plant: SignedPlant, tmp_path: Path
) -> None:
    rows = plant.rows()
    named = next(row for row in rows if b'"digest"' in row.payload and not row.signing)
    (mark,) = json.loads(named.payload)["evidence"]
    shutil.copytree(plant.exported, tmp_path / "export")
    (tmp_path / "export" / "evidence" / f"{mark['digest']}{mark['suffix']}").unlink()
    deletion = LedgerRecord(
        RecordKind.EVENT,
        NOW_US,
        {"event": DELETED, "pictures": [{"digest": mark["digest"], "suffix": mark["suffix"]}]},
    )
    told = [*rows, Row(forgery.payload_of(deletion), b"", 0)]
    (missed,) = forgery.in_export(plant, rows, tmp_path, _ALL)
    assert "is missing" in missed[1]
    assert forgery.in_export(plant, forgery.rechained(told), tmp_path, _ALL) == []
