"""Tables of the ledger, and how a database file is opened and checked.

Only ``payload`` and ``digest`` are the record; every other column is an index on it and can be
made anew from the payload. Types are chosen so that PostgreSQL can hold the same tables.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    BigInteger,
    Boolean,
    Column,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from inspector.core.errors import LedgerError

SCHEMA_VERSION = 1
DATABASE = "ledger.sqlite"

metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

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
    Index("records_by_part", "part_id"),
    Index("records_by_kind", "kind", "sequence"),
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
def ledger_errors(path: Path) -> Iterator[None]:
    """Turn a database error about ``path`` into a ``LedgerError`` that says what to do."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        problem = " ".join(str(cause).split())
        remedy = "Check disk space and rights; if it is damaged, restore the newest backup"
        raise LedgerError(f"{path}: {problem}", remedy=remedy) from error


def _durable(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def open_for_writing(path: Path) -> Engine:
    """Open or create the database (WAL, synchronous=FULL), check its integrity and its version."""
    with ledger_errors(path):
        engine = create_engine(URL.create("sqlite", database=str(path)))
        event.listen(engine, "connect", _durable)
        try:
            _check_integrity(path, engine)
            _check_version(path, engine)
            with engine.begin() as connection:
                metadata.create_all(connection)
                if connection.scalar(select(schema_version.c.version)) is None:
                    connection.execute(insert(schema_version).values(version=SCHEMA_VERSION))
        except BaseException:
            engine.dispose()
            raise
    return engine


def open_for_reading(path: Path) -> Engine:
    """Open an existing database read-only, beside a station that may be writing to it."""
    if not path.is_file():
        raise LedgerError(f"{path}: there is no ledger", remedy="Check the data folder")
    with ledger_errors(path):
        query = {"mode": "ro", "uri": "true"}
        engine = create_engine(URL.create("sqlite", database=path.as_uri(), query=query))
        try:
            _check_version(path, engine)
        except BaseException:
            engine.dispose()
            raise
    return engine


def _check_integrity(path: Path, engine: Engine) -> None:
    with engine.connect() as connection:
        finding = connection.scalar(text("PRAGMA quick_check(1)"))
    if finding != "ok":
        raise LedgerError(
            f"{path}: the database is damaged ({finding})", remedy="Restore the newest backup"
        )


def _check_version(path: Path, engine: Engine) -> None:
    if not inspect(engine).has_table(schema_version.name):
        return
    with engine.connect() as connection:
        version = connection.scalar(select(schema_version.c.version))
    if version is not None and version > SCHEMA_VERSION:
        raise LedgerError(
            f"{path}: written by a newer Inspector (schema {version}, known {SCHEMA_VERSION})",
            remedy="Update Inspector on this PC",
        )
