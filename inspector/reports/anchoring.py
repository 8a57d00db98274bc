"""The signed head that vouches for a report's records, to be printed as their anchor."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.ledger.heads import SignedHead, head_in
from inspector.ledger.reader import LedgerReader
from inspector.ledger.segments import SIGNING
from inspector.reports.damage import damaged


@dataclass(frozen=True, slots=True)
class Anchor:
    """The first head that covers all of the records, else the newest there is.

    ``unsigned``: so many of the last records are under no head yet.
    """

    head: SignedHead | None
    unsigned: int


def anchor_for(reader: LedgerReader, last: int) -> Anchor:
    """The anchor of records up to ``last``. Raises ``LedgerError``.

    It does not change any more once the records are covered, however much is written later.
    """
    for record in reader.each(SIGNING, first=last):
        head = _head(reader, record.content, record.sequence)
        if head is not None and head.head.last >= last:
            return Anchor(head, 0)
        if head is not None and record.sequence == last:  # the report ends with this very head
            return Anchor(head, 0)
    for record in reversed(reader.tail(8, SIGNING)):
        head = _head(reader, record.content, record.sequence)
        if head is not None:
            return Anchor(head, max(last - head.head.last, 0))
    return Anchor(None, last)


def _head(reader: LedgerReader, content: dict[str, object], sequence: int) -> SignedHead | None:
    try:
        return head_in(content, sequence)
    except ValueError as error:
        raise damaged(reader.station, sequence, error) from error
