"""Tables of the ledger, the same in SQLite and PostgreSQL; ``migrations`` makes and changes them.

Only ``payload`` and ``digest`` are the record; every other column is an index on it and can be
made anew from the payload. The station is the first column of every key and index: many stations
share one database, each with a chain of its own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from inspector.core.errors import LedgerError

DATABASE = "ledger.sqlite"

metadata = MetaData()

records = Table(
    "records",
    metadata,
    Column("station", String(63), primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("utc_us", BigInteger, nullable=False),
    Column("part_id", BigInteger),
    Column("outcome", String(16)),
    Column("payload", LargeBinary, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("cause", String(16)),
    Index("records_of_part", "station", "part_id", "sequence"),
    Index("records_of_kind", "station", "kind", "sequence"),
    Index("records_of_outcome", "station", "outcome", "sequence"),
    Index("records_of_cause", "station", "cause", "sequence"),
    Index("records_of_time", "station", "outcome", "utc_us", "sequence"),
)

heads = Table(
    "heads",
    metadata,
    Column("station", String(63), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
)

blocks = Table(
    "blocks",
    metadata,
    Column("station", String(63), primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("settled", Boolean, nullable=False),
)


@contextlib.contextmanager
def ledger_errors(where: object) -> Iterator[None]:
    """Turn a database error into a ``LedgerError`` that says ``where``, and what to do."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        problem = " ".join(str(cause).split())
        remedy = "Check disk space and rights; if it is damaged, restore the newest backup"
        if str(where).startswith("postgresql:"):
            remedy = "Check the database server and the network"
        raise LedgerError(f"{where}: {problem}", remedy=remedy) from error
