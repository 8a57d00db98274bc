"""Records and evidence for an auditor, and as rows for a terminal."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inspector.core.canonical import Json
from inspector.core.errors import InputError
from inspector.durable.files import new_folder
from inspector.ledger.chain import StoredRecord, genesis
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.export_proof import write_proof
from inspector.ledger.reader import LedgerReader

_README = """\
Inspection records of station {station}, records {first} to {last}

records.jsonl   one record a line: "sequence", "digest" (hex) and "payload", the exact text that was
                recorded (canonical JSON, RFC 8785, UTF-8; times are UTC microseconds)
evidence/       pictures; the name of each file is the SHA-256 of its bytes, and records name it
manifest.json   first and last sequence, the digest before the first record, the last digest, and
                the evidence that was not there any more
keys.jsonl, after.jsonl, anchors.jsonl   where needed: keys named before the first record; the way
                from the last record to the head that signs it; the heads kept at the second path
verify_export.py   checks all of it; needs Python and its package "cryptography", not Inspector:
                python verify_export.py . --key FINGERPRINT --anchors HEADS --printed FINGERPRINT
                What is given there must come from elsewhere: paper, the second path, reports.

What the records are signed with, and what that shows and does not: the page "audit" of the manual.

To check the chain by hand, start with the digest before the first record; for each in turn:
    digest = SHA-256(previous digest as 32 bytes, followed by SHA-256(payload as UTF-8 bytes))
Each must equal the digest in its line. A changed, missing or moved record breaks the chain there.

In Python:
    import hashlib, json
    sha = lambda data: hashlib.sha256(data).digest()
    link = bytes.fromhex(json.load(open("manifest.json"))["digest_before"])
    for line in open("records.jsonl", encoding="utf-8"):
        record = json.loads(line)
        link = sha(link + sha(record["payload"].encode()))
        assert link.hex() == record["digest"], record["sequence"]

Images hold the camera's own levels. In those of more than 8 bits white is 2 to the power of the
bits that the record's frames/pixel_format names, less 1: Mono12 looks dark in a viewer of 16 bits.
Images end in .jxl (JPEG XL, ISO/IEC 18181, lossless) or .png. Maps ending in .f32.zst are Zstandard
(RFC 8878): the first bytes of all float32 values, row by row, then the second, third and fourth
bytes (little-endian); height and width stand in the record. Maps ending in .png are 16-bit
pictures: value = offset + step * code (both in the record); code 0 means no value.
"""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was exported. ``missing`` counts evidence that a record names but the store lacks."""

    folder: Path
    records: int
    evidence: int
    missing: int


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record as a line in a list."""

    sequence: int
    time: str
    kind: str
    part_id: int | None
    outcome: str
    summary: str


def export(
    reader: LedgerReader,
    evidence: EvidenceStore,
    target: Path,
    *,
    first: int = 1,
    last: int | None = None,
    anchors: Path | None = None,
) -> ExportReport:
    """Write records ``first`` to ``last`` and their evidence to the new folder ``target``.

    With them goes what proves them, and ``anchors``, the file of heads kept elsewhere.
    Raises ``InputError`` when the folder exists or there are no such records, ``StorageError``.
    """
    if target.exists():
        raise InputError(f"{target}: exists already", remedy="Name a new folder")
    newest = reader.head().sequence
    last = min(last or newest, newest)
    if not 1 <= first <= last:
        raise InputError(f"no records from {first} on", remedy=f"The ledger holds 1 to {newest}")
    before = reader.record(first - 1)
    with new_folder(target) as folder:
        copier = _EvidenceCopier(evidence, folder / "evidence")
        count, digest = 0, b""
        with (folder / "records.jsonl").open("w", encoding="utf-8", newline="\n") as lines:
            for record in reader.each(first=first, last=last):
                lines.write(record_line(record))
                copier.copy(record)
                count, digest = count + 1, record.digest
        manifest: Json = {
            "station": reader.station,
            "first": first,
            "last": last,
            "newest": newest,
            "records": count,
            "digest_before": (before.digest if before else genesis(reader.station).digest).hex(),
            "digest": digest.hex(),
            "evidence": copier.copied,
            "evidence_missing": sorted(copier.missing),
        }
        text = json.dumps(manifest, indent=2) + "\n"
        (folder / "manifest.json").write_text(text, encoding="utf-8")
        write_proof(folder, reader, first, last, anchors)
        readme = _README.format(station=reader.station, first=first, last=last)
        (folder / "README.txt").write_text(readme, encoding="utf-8")
    return ExportReport(target, count, copier.copied, len(copier.missing))


def row(record: StoredRecord) -> RecordRow:
    """A record as one line of a list."""
    return RecordRow(
        sequence=record.sequence,
        time=utc_text(record.utc_us),
        kind=record.kind,
        part_id=record.part_id,
        outcome=record.outcome or "",
        summary=_summary(record.content),
    )


def details(record: StoredRecord) -> str:
    """A record in full, as indented JSON with its place in the chain."""
    whole = {
        "sequence": record.sequence,
        "digest": record.digest.hex(),
        "time": utc_text(record.utc_us),
        **record.content,
    }
    return json.dumps(whole, indent=2, ensure_ascii=False)


def utc_text(utc_us: int) -> str:
    """UTC microseconds as ISO 8601 text."""
    seconds, micros = divmod(utc_us, 1_000_000)
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def record_line(record: StoredRecord) -> str:
    """A record as a line of ``records.jsonl``."""
    content = {
        "sequence": record.sequence,
        "digest": record.digest.hex(),
        "payload": record.payload.decode(),
    }
    return json.dumps(content, ensure_ascii=False) + "\n"


def _summary(content: dict[str, Any]) -> str:
    if "cause" not in content:
        event = content.get("event") or content.get("action") or ""
        span = f"{content['first']}..{content['last']}" if "first" in content else ""
        change = f"{content['old']} -> {content['new']}" if "old" in content else ""
        words = (content.get(key, "") for key in ("product", "alarm", "text", "reason"))
        return " ".join(str(part) for part in (event, span, change, *words) if part)
    failed = [check for check in content.get("checks", ()) if not check["passed"]]
    scores = (f"{check['check']} {check['score']} > {check['threshold']}" for check in failed)
    master = f"master {content['master']}:" if content.get("master") else ""
    said = (content.get("product", ""), master, content["cause"])
    return ", ".join([" ".join(word for word in said if word), *scores])


class _EvidenceCopier:
    """Copies each file once."""

    def __init__(self, store: EvidenceStore, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._seen: set[str] = set()
        self.copied = 0
        self.missing: list[str] = []

    def copy(self, record: StoredRecord) -> None:
        for path in self._files(record):
            if path.name in self._seen:
                continue
            self._seen.add(path.name)
            if not path.is_file():
                self.missing.append(path.name)
                continue
            self._folder.mkdir(exist_ok=True)
            shutil.copyfile(path, self._folder / path.name)
            self.copied += 1

    def _files(self, record: StoredRecord) -> Iterator[Path]:
        for mark in record.content.get("evidence", ()):
            if "digest" in mark:
                yield self._store.path(mark["digest"], mark["suffix"])
