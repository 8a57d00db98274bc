"""A record that cannot be read stops a report: half of one would be believed."""

from __future__ import annotations

from inspector.core.errors import LedgerError


def damaged(station: str, sequence: int, why: Exception) -> LedgerError:
    """What to raise ``from`` it."""
    return LedgerError(
        f"ledger of {station}: record {sequence} is damaged ({why})",
        remedy="Keep the data folder as it is and run: inspector ledger verify",
    )
