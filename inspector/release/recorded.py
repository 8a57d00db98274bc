"""What the ledger knows of releases: who cuts off the end of the chain cannot cut it off there."""

from __future__ import annotations

from inspector.core.record import RecordKind
from inspector.ledger.reader import LedgerReader, RecordFilter

_ACTIONS = ("Release", "Withdraw")


def last_recorded(reader: LedgerReader, product: str) -> str:
    """Hash of the newest entry that the ledger has of a product; empty without one.

    Raises ``LedgerError``. Reads every action once: some 10 µs each.
    """
    found = ""
    for record in reader.each(RecordFilter(kind=RecordKind.ACTION)):
        if not any(f'"{action}"'.encode() in record.payload for action in _ACTIONS):
            continue
        content = record.content
        if content.get("action") in _ACTIONS and content.get("product") == product:
            found = content.get("hash") or found  # a refused one has none
    return found
