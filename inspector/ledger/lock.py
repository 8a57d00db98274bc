"""One writer per ledger: a lock that ends with its process, however it ends.

An exclusive transaction on a database of its own: SQLite brings the operating system's file lock
on Linux and Windows alike.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from inspector.core.errors import LedgerError


class WriterLock:
    """Held from construction to ``release``. Raises ``LedgerError`` when another process has it."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(
            path, timeout=0.0, isolation_level=None, check_same_thread=False
        )
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            self._connection.close()
            if "locked" not in str(error):
                raise LedgerError(f"{path}: {error}", remedy="Check the folder's rights") from error
            raise LedgerError(
                f"{path.parent}: another station is writing to this ledger",
                remedy="Stop the other station, or give this one a data_folder of its own",
            ) from error

    def release(self) -> None:
        """Let the next writer in."""
        self._connection.close()
