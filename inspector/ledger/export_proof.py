"""What an export carries so that its records can be proved without Inspector."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from inspector.core.canonical import sha256_hex
from inspector.core.record import RecordKind
from inspector.ledger.anchor import anchor_line
from inspector.ledger.chain import StoredRecord
from inspector.ledger.heads import HEAD_EVENT, KEY_EVENT
from inspector.ledger.reader import LedgerReader
from inspector.ledger.segments import SIGNING
from inspector.ledger.standalone import verify_export


def write_proof(
    folder: Path, reader: LedgerReader, first: int, last: int, anchors: Path | None
) -> None:
    """Beside records ``first`` to ``last``: keys named before, the head that signs the end.

    ``keys.jsonl`` holds statements of keys before the first record. ``after.jsonl`` leads from the
    last record to the next head: digests alone, then that head. ``anchors.jsonl`` is a copy of the
    anchored heads, ``verify_export.py`` the program that checks all of it.
    """
    _write(folder / "keys.jsonl", map(anchor_line, _keys_before(reader, first)))
    _write(folder / "after.jsonl", _until_head(reader, last))
    if anchors is not None and anchors.is_file():
        shutil.copyfile(anchors, folder / "anchors.jsonl")
    program = Path(verify_export.__file__)
    shutil.copyfile(program, folder / program.name)


def _write(path: Path, lines: Iterator[str]) -> None:
    text = "".join(lines)
    if text:
        path.write_text(text, encoding="utf-8", newline="\n")


def _keys_before(reader: LedgerReader, first: int) -> Iterator[StoredRecord]:
    for record in reader.each(SIGNING, last=first - 1):
        if record.content.get("event") == KEY_EVENT:
            yield record


def _until_head(reader: LedgerReader, last: int) -> Iterator[str]:
    following = (
        record.sequence
        for record in reader.each(SIGNING, first=last + 1)
        if record.content.get("event") == HEAD_EVENT
    )
    head = next(following, last)
    for record in reader.each(first=last + 1, last=head):
        if record.kind == RecordKind.SIGNING:
            yield anchor_line(record)
        else:
            hashed = {"sequence": record.sequence, "payload_sha256": sha256_hex(record.payload)}
            yield json.dumps(hashed) + "\n"
