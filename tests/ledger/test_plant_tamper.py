"""Signed segments through the journal into PostgreSQL, an outage, and what SQL can forge."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from inspector.core.record import RecordKind
from inspector.ledger import forwarding
from inspector.ledger.anchor import anchor_file, read_anchors
from inspector.ledger.database import DatabaseAddress
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.export import export
from inspector.ledger.heads import Reason, head_in, key_id
from inspector.ledger.keys import KeyFolder
from inspector.ledger.ledger import Ledger, evidence_folder, open_reader
from inspector.ledger.proof import ProofSettings, key_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.signatures import Finding, Proofs
from inspector.ledger.standalone.verify_export import Check
from inspector.ledger.verify import verify
from tests.ledger.parts_on_a_line import heat, inspection, picture
from tests.ledger.plant_server import PlantServer
from tests.waiting import until

_MINE, _OTHER = "station-1", "station-2"
_AT = 15
"""The record that is forged: an inspection of either station, written during the outage."""


@dataclass(frozen=True)
class Plant:
    """Two stations' data folders, the anchors, and a database that is copied for each forgery."""

    server: PlantServer
    folder: Path
    database: str

    def copy(self) -> DatabaseAddress:
        return DatabaseAddress(self.server.database(like=self.database.rpartition("/")[2]))

    def forged(self, *statements: str) -> DatabaseAddress:
        address = self.copy()
        for statement in statements:
            self.server.execute(address.url, statement)
        return address

    @property
    def key(self) -> str:
        public = KeyFolder(key_folder(self.folder / _MINE)).public()
        assert public is not None
        return key_id(public)

    @property
    def anchors(self) -> Path:
        return anchor_file(self.folder / "anchors", _MINE)


def _opened(folder: Path, station: str, address: DatabaseAddress) -> Ledger:
    proof = ProofSettings(segment_records=8, anchor_path=folder / "anchors", check_share=0.0)
    ledger = Ledger(folder / station, station, block_size=64, proof=proof, database=address)
    ledger.writer.size_evidence(3600, 1024)
    return ledger


def _inspect(ledger: Ledger, count: int) -> None:
    for _ in range(count):
        part = ledger.part_ids.next()
        ledger.writer.offer_inspection(inspection(part), picture(part), heat(part))
    until(lambda: ledger.writer.backlog == 0)


def _caught_up(ledger: Ledger) -> None:
    until(lambda: ledger.store.journal.records == 0)


@pytest.fixture(scope="module")
def plant(plant_server: PlantServer, tmp_path_factory: pytest.TempPathFactory) -> Plant:
    """8 parts of each station, then an outage in which each inspects 20 more and one is closed."""
    folder = tmp_path_factory.mktemp("signed-plant")
    (folder / "anchors").mkdir()
    address = DatabaseAddress(plant_server.database())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forwarding, "_LAST_RETRY_S", 0.2)
        ledgers = {name: _opened(folder, name, address) for name in (_MINE, _OTHER)}
        for ledger in ledgers.values():
            _inspect(ledger, 8)
            _caught_up(ledger)
        plant_server.stop()
        try:
            for ledger in ledgers.values():
                _inspect(ledger, 20)
            waiting = ledgers[_MINE].store.journal.records
            assert waiting >= 20
            assert ledgers[_MINE].close()
            ledgers[_MINE] = _opened(folder, _MINE, address)  # no database, and signs again
        finally:
            plant_server.start()
        for ledger in ledgers.values():
            _caught_up(ledger)
            assert ledger.close()
    return Plant(plant_server, folder, address.url)


def _both(plant: Plant, address: DatabaseAddress, target: Path, **known: bool) -> list[Finding]:
    """What is found first in the database, then by the auditor in an export of it."""
    evidence = EvidenceStore(evidence_folder(plant.folder / _MINE))
    anchors = read_anchors(plant.anchors) if known.get("anchor") else ()
    proofs = Proofs(frozenset({plant.key} if known.get("key") else ()), anchors)
    reader = open_reader(plant.folder / _MINE, _MINE, address)
    try:
        here = verify(reader, evidence, proofs).findings
        export(reader, evidence, target / "export")
    finally:
        reader.close()
    check = Check(
        target / "export",
        [plant.key] if known.get("key") else [],
        plant.anchors if known.get("anchor") else None,
    )
    check.run()
    return [
        *(here[:1] or (Finding(0, "intact"),)),
        *([Finding(*check.findings[0])] if check.findings else [Finding(0, "intact")]),
    ]


def _reader(plant: Plant, address: DatabaseAddress) -> LedgerReader:
    return open_reader(plant.folder / _MINE, _MINE, address)


def test_what_was_signed_in_an_outage_is_stored_anchored_and_intact(
    plant: Plant, tmp_path: Path
) -> None:
    address = plant.copy()
    reader = _reader(plant, address)
    signing = list(reader.each(RecordFilter(kind=RecordKind.SIGNING)))
    heads = [one for one in (head_in(r.content, r.sequence) for r in signing) if one is not None]
    newest = reader.head().sequence
    reader.close()
    assert heads[-1].head.last == newest - 1, "signed to the end"
    reasons = [head.head.reason for head in heads]
    assert reasons.count(Reason.CLOSE) == 2, "one of them while the database was away"
    assert len(heads) >= 5
    assert [line.sequence for line in read_anchors(plant.anchors)] == [r.sequence for r in signing]
    assert _both(plant, address, tmp_path, key=True, anchor=True) == [Finding(0, "intact")] * 2


_ROW = f"WHERE station = '{_MINE}' AND sequence = {_AT}"
_TO_HERE = f"(sequence, digest) = (SELECT sequence, digest FROM records {_ROW})"
_EDIT = (
    "UPDATE records SET payload = convert_to(replace(convert_from(payload, 'UTF8'), "
    f"'\"score\":2', '\"score\":1'), 'UTF8') {_ROW}"
)
_TO = "UPDATE records SET sequence = {0} WHERE station = '{2}' AND sequence = {1}"
_SWAP = (
    _TO.format(-1, _AT, _MINE),
    _TO.format(_AT, _AT + 1, _MINE),
    _TO.format(_AT + 1, -1, _MINE),
)
_FOREIGN = (
    "UPDATE records mine SET payload = theirs.payload, digest = theirs.digest FROM records theirs "
    f"WHERE mine.station = '{_MINE}' AND theirs.station = '{_OTHER}' "
    f"AND mine.sequence = {_AT} AND theirs.sequence = {_AT}"
)
_TAKEN_OVER = tuple(
    statement.format(table)
    for table in ("records", "heads")
    for statement in (
        f"DELETE FROM {{0}} WHERE station = '{_MINE}'",
        f"UPDATE {{0}} SET station = '{_MINE}' WHERE station = '{_OTHER}'",
    )
)


@pytest.mark.parametrize(
    ("statements", "said", "at"),
    [
        pytest.param((_EDIT,), "altered", _AT, id="altered"),
        pytest.param((f"DELETE FROM records {_ROW}",), "removed", _AT, id="deleted"),
        pytest.param(_SWAP, "altered", _AT, id="reordered"),
        pytest.param((_FOREIGN,), "altered", _AT, id="another station's in its place"),
    ],
)
def test_a_row_forged_by_sql_is_named_by_both_verifiers(
    plant: Plant, tmp_path: Path, statements: tuple[str, ...], said: str, at: int
) -> None:
    for finding in _both(plant, plant.forged(*statements), tmp_path):
        assert finding.sequence == at
        assert said in finding.problem


def test_the_chain_of_another_station_under_our_name_is_found(plant: Plant, tmp_path: Path) -> None:
    here, auditor = _both(plant, plant.forged(*_TAKEN_OVER), tmp_path, key=True)
    assert (here.sequence, auditor.sequence) == (1, 1)
    assert "altered" in here.problem
    assert "altered" in auditor.problem


def test_a_row_with_a_digest_of_its_own_is_found_at_the_next_record(
    plant: Plant, tmp_path: Path
) -> None:
    """The forger makes this one digest anew, by SQL alone."""
    digest = (
        f"UPDATE records mine SET digest = sha256(before.digest || sha256(mine.payload)) "
        f"FROM records before WHERE mine.station = '{_MINE}' AND before.station = '{_MINE}' "
        f"AND mine.sequence = {_AT} AND before.sequence = {_AT - 1}"
    )
    for finding in _both(plant, plant.forged(_EDIT, digest), tmp_path):
        assert finding.sequence == _AT + 1
        assert "altered" in finding.problem


def test_the_whole_chain_made_anew_by_sql_is_found_at_the_next_head(
    plant: Plant, tmp_path: Path
) -> None:
    rechain = f"""DO $$ DECLARE link bytea; r record; BEGIN
        SELECT digest INTO link FROM records
            WHERE station = '{_MINE}' AND sequence = {_AT - 1};
        FOR r IN SELECT sequence, payload FROM records
            WHERE station = '{_MINE}' AND sequence >= {_AT} ORDER BY sequence LOOP
            link := sha256(link || sha256(r.payload));
            UPDATE records SET digest = link WHERE station = '{_MINE}' AND sequence = r.sequence;
        END LOOP;
        UPDATE heads SET digest = link WHERE station = '{_MINE}'; END $$"""
    for finding in _both(plant, plant.forged(_EDIT, rechain), tmp_path):
        assert finding.sequence > _AT
        assert "not those that were signed" in finding.problem


def test_a_database_that_was_cut_off_is_found_by_its_anchor(plant: Plant, tmp_path: Path) -> None:
    cut = (
        f"DELETE FROM records WHERE station = '{_MINE}' AND sequence > {_AT}",
        f"UPDATE heads SET {_TO_HERE} WHERE station = '{_MINE}'",
    )
    for finding in _both(plant, plant.forged(*cut), tmp_path, anchor=True):
        assert finding.sequence == _AT + 1
        assert "cut off" in finding.problem


def test_what_only_the_database_holds_is_checked_there(plant: Plant) -> None:
    """Index columns, and the newest digest beside the records: no export has them."""
    newest = f"(SELECT max(sequence) FROM records WHERE station = '{_MINE}')"
    columns = "station, sequence, kind, utc_us, part_id, outcome, payload, digest, cause"
    forged = plant.forged(
        f"UPDATE records SET outcome = 'pass' {_ROW}",
        f"UPDATE records SET utc_us = utc_us + 1 {_ROW}",
        f"UPDATE heads SET digest = '\\x00' WHERE station = '{_MINE}'",
        f"INSERT INTO records ({columns}) SELECT {columns.replace('sequence', 'sequence + 1')} "
        f"FROM records WHERE station = '{_MINE}' AND sequence = {newest}",
    )
    shorter = f"DELETE FROM records WHERE station = '{_MINE}' AND sequence = {newest}"
    assert [problem.partition(" differs")[0] for problem in _found(plant, forged)] == [
        "index column utc_us",
        "index column outcome",
        "the newest digest is not the one noted at its writing",
        "inserted after the newest record that was written",
    ]
    assert _found(plant, plant.forged(shorter)) == ["removed, with all that followed"]


def _found(plant: Plant, address: DatabaseAddress) -> list[str]:
    reader = _reader(plant, address)
    try:
        return [finding.problem for finding in verify(reader, None).findings]
    finally:
        reader.close()


def test_the_other_stations_chain_is_its_own(plant: Plant, tmp_path: Path) -> None:
    """Whatever is done to one station's rows, the other's verify."""
    address = plant.forged(f"DELETE FROM records WHERE station = '{_OTHER}' AND sequence > 3")
    assert _both(plant, address, tmp_path, key=True, anchor=True) == [Finding(0, "intact")] * 2
