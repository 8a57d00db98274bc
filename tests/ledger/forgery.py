"""A signed ledger, and what somebody can do to it who can write to every file but the anchor."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from inspector.core.ports import SystemClock
from inspector.core.record import LedgerRecord
from inspector.ledger.anchor import AnchorFile, anchor_file, read_anchors
from inspector.ledger.chain import genesis, next_digest, restored, seal
from inspector.ledger.evidence import EvidenceStore, encode_image
from inspector.ledger.export import export
from inspector.ledger.heads import (
    KeyStatement,
    head_in,
    key_id,
    key_in,
    message_of,
    record_of,
    text_of,
)
from inspector.ledger.keys import FileSigner, KeyFolder
from inspector.ledger.ledger import evidence_folder, ledger_folder
from inspector.ledger.reader import LedgerReader
from inspector.ledger.schema import DATABASE
from inspector.ledger.segments import Segments, key_in_use
from inspector.ledger.signatures import Proofs
from inspector.ledger.standalone.verify_export import Check
from inspector.ledger.store import LedgerStore
from inspector.ledger.verify import verify
from tests.ledger.parts_on_a_line import NOW_US, inspection, picture

STATION = "station-1"
MOST = 8
"""Records in a segment."""


@dataclass(frozen=True)
class Row:
    """A record as it lies in the database, or in an export."""

    payload: bytes
    digest: bytes
    sequence: int

    @property
    def signing(self) -> bool:
        return b'"kind":"signing"' in self.payload


Rows = list[Row]


@dataclass(frozen=True)
class Known:
    """What the person who verifies has from elsewhere."""

    key: bool = False
    anchor: bool = False
    printed: bool = False


@dataclass(frozen=True)
class SignedPlant:
    """The ledger of one station, its evidence, its anchor, an export, and the last fingerprint."""

    data: Path
    anchors: Path
    exported: Path
    key: str
    printed: str
    station: str = STATION

    def rows(self) -> Rows:
        reader = LedgerReader.open(ledger_folder(self.data))
        rows = [Row(r.payload, r.digest, r.sequence) for r in reader.each()]
        reader.close()
        return rows

    def signer(self) -> FileSigner:
        signer = KeyFolder(self.data / "keys").load()
        assert signer is not None
        return signer


def signed_plant(folder: Path, parts: int = 30, station: str = STATION) -> SignedPlant:
    """A closed ledger of so many parts, pictures at some of them."""
    data, anchors = folder / "data", folder / "anchors"
    anchors.mkdir(parents=True)
    evidence = EvidenceStore(evidence_folder(data))
    evidence.prepare()
    store = LedgerStore(ledger_folder(data), station)
    signer = key_in_use(store, KeyFolder(data / "keys"), SystemClock())
    segments = Segments(store, signer, SystemClock(), most=MOST)
    for part in range(1, parts + 1):
        pictures = [encode_image("image", picture(part))] if part % 5 == 0 else []
        evidence.keep(pictures)
        store.append_batch([inspection(part).record([one.mark() for one in pictures])])
        segments.close_if_due()
    segments.close()
    AnchorFile(anchors, station).catch_up(store.reader)
    export(store.reader, evidence, folder / "export", anchors=anchor_file(anchors, station))
    assert segments.newest is not None
    printed = segments.newest.fingerprint
    store.close()
    return SignedPlant(data, anchors, folder / "export", key_id(signer.public), printed, station)


# -- what can be done to rows -------------------------------------------------------------------


def rechained(rows: Sequence[Row], station: str = STATION) -> Rows:
    """All numbers and digests made anew, as anybody can who can write."""
    done: Rows = []
    link = genesis(station).digest
    for sequence, row in enumerate(rows, 1):
        link = next_digest(link, row.payload)
        done.append(Row(row.payload, link, sequence))
    return done


def renumbered(rows: Sequence[Row]) -> Rows:
    """Numbers alone made anew."""
    return [replace(row, sequence=number) for number, row in enumerate(rows, 1)]


def payload_of(record: LedgerRecord) -> bytes:
    return seal(record).payload


def resigned(rows: Sequence[Row], signer: FileSigner) -> Rows:
    """The whole made anew with a key: heads, statements of keys, and the chain."""
    done: Rows = []
    link, previous = genesis(STATION).digest, None
    for sequence, row in enumerate(rows, 1):
        payload = row.payload
        content = json.loads(payload)
        if row.signing and (head := head_in(content, sequence)) is not None:
            changed = msgspec.structs.replace(
                head.head,
                last=sequence - 1,
                digest=link.hex(),
                previous=previous,
                key=key_id(signer.public),
            )
            text = text_of(changed)
            payload = payload_of(record_of(changed, text, signer.sign(message_of(changed, text))))
            previous = seal_hash(text)
        elif row.signing and (key := key_in(content)) is not None:
            payload = statement(signer, replaces=None, utc_us=key[0].utc_us)
        link = next_digest(link, payload)
        done.append(Row(payload, link, sequence))
    return done


def seal_hash(text: str) -> str:
    """How the next head names this one."""
    return key_id(text.encode())


def statement(
    signer: FileSigner, *, replaces: str | None, lost: bool = False, utc_us: int = NOW_US
) -> bytes:
    """The payload of a statement that this key signs from here on; signed by itself."""
    said = KeyStatement(
        station=STATION,
        public=signer.public.hex(),
        replaces=replaces,
        lost=lost,
        reason="forged",
        by="somebody",
        utc_us=utc_us,
    )
    text = text_of(said)
    return payload_of(record_of(said, text, signer.sign(message_of(said, text))))


def strangers_key() -> FileSigner:
    return FileSigner(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def a_record(part: int = 999) -> bytes:
    """A part that never was."""
    return payload_of(inspection(part, score=0.1).record())


# -- both verifiers -----------------------------------------------------------------------------

Findings = list[tuple[int, str]]


def in_database(plant: SignedPlant, rows: Rows, target: Path, known: Known) -> Findings:
    """What ``inspector ledger verify`` finds in a database that holds these rows."""
    folder = target / "ledger"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ledger_folder(plant.data) / DATABASE, folder / DATABASE)
    database = sqlite3.connect(folder / DATABASE)
    with database:
        database.execute("DELETE FROM records")
        for row in rows:
            database.execute(
                "INSERT INTO records (station, sequence, kind, utc_us, part_id, outcome, payload, "
                "digest, cause) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                _columns(row),
            )
        database.execute(
            "UPDATE heads SET station = ?, sequence = ?, digest = ?",
            (STATION, rows[-1].sequence, rows[-1].digest),
        )
    database.close()
    reader = LedgerReader.open(folder)
    proofs = Proofs(
        trusted=frozenset({plant.key} if known.key else ()),
        anchors=read_anchors(anchor_file(plant.anchors, plant.station)) if known.anchor else (),
        printed=frozenset({plant.printed.replace(" ", "")} if known.printed else ()),
    )
    report = verify(reader, EvidenceStore(_evidence(plant, target)), proofs)
    reader.close()
    return [(finding.sequence, finding.problem) for finding in report.findings]


def after_sql(
    plant: SignedPlant, target: Path, *statements: str, proofs: Proofs | None = None
) -> Findings:
    """What ``inspector ledger verify`` finds after statements that touch no more than they say."""
    folder = target / "ledger"
    folder.mkdir(parents=True)
    shutil.copy(ledger_folder(plant.data) / DATABASE, folder / DATABASE)
    database = sqlite3.connect(folder / DATABASE)
    with database:
        for statement in statements:
            database.execute(statement)
    database.close()
    reader = LedgerReader.open(folder)
    report = verify(reader, EvidenceStore(evidence_folder(plant.data)), proofs)
    reader.close()
    return [(finding.sequence, finding.problem) for finding in report.findings]


def _columns(row: Row) -> tuple[object, ...]:
    try:
        record = restored(STATION, row.sequence, row.payload, row.digest)
    except ValueError:
        record = restored(
            STATION, row.sequence, b'{"kind":"x","utc_us":0,"part_id":null,"outcome":null}', b""
        )
    return (
        STATION,
        row.sequence,
        record.kind,
        record.utc_us,
        record.part_id,
        record.outcome,
        row.payload,
        row.digest,
        record.cause,
    )


def _evidence(plant: SignedPlant, target: Path) -> Path:
    tampered = target / "evidence"
    return tampered if tampered.is_dir() else evidence_folder(plant.data)


def in_export(plant: SignedPlant, rows: Rows, target: Path, known: Known) -> Findings:
    """What the verifier that stands alone finds in an export that holds these rows."""
    folder = target / "export"
    if not folder.exists():
        shutil.copytree(plant.exported, folder)
    (folder / "anchors.jsonl").unlink(missing_ok=True)
    lines = [
        json.dumps(
            {
                "sequence": row.sequence,
                "digest": row.digest.hex(),
                "payload": row.payload.decode(errors="replace"),
            },
            ensure_ascii=False,
        )
        for row in rows
    ]
    (folder / "records.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {
        "station": STATION,
        "last": rows[-1].sequence,
        "newest": rows[-1].sequence,
        "digest": rows[-1].digest.hex(),
        "digest_before": genesis(STATION).digest.hex(),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    check = Check(
        folder,
        [plant.key] if known.key else [],
        anchor_file(plant.anchors, plant.station) if known.anchor else None,
        [plant.printed] if known.printed else [],
    )
    check.run()
    return check.findings


def head_rows(rows: Sequence[Row]) -> list[Row]:
    """Those that hold heads."""
    return [row for row in rows if row.signing and b'"segment head"' in row.payload]
