"""Opening the ledger's database: the file of this station, or the plant's PostgreSQL."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text

from inspector.core.errors import ConfigError, LedgerError
from inspector.ledger.schema import ledger_errors

_log = structlog.get_logger(__name__)

HEAD = "0002"
"""The newest step of ``migrations``."""
_KNOWN = ("0001", HEAD)
_MIGRATING = 4_701_707
"""Any number: whoever holds PostgreSQL's advisory lock of it migrates, the others wait."""

_CHECKED_WHOLE_BYTES = 256 * 2**20
"""Up to this size SQLite checks every page of the file at opening: some seconds."""
_CONNECTING = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # ms: a network that was cut is noticed, not waited for
}


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """The plant's PostgreSQL. The password is no part of it.

    It stands in ``password_file``, or where libpq looks for it: ``~/.pgpass``, or the environment.
    """

    url: str
    password_file: Path | None = None

    def __str__(self) -> str:
        return self.url

    def password(self) -> str | None:
        """Read anew for each connection, so that it can be changed. Raises ``LedgerError``."""
        if self.password_file is None:
            return None
        try:
            mode = self.password_file.stat().st_mode
            password = self.password_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise LedgerError(
                f"{self.password_file}: the password cannot be read ({type(error).__name__})",
                remedy="Check ledger.password_file and its owner",
            ) from error
        if os.name != "nt" and mode & 0o077:
            raise LedgerError(
                f"{self.password_file}: others than its owner may read the password",
                remedy="chmod 600",
            )
        return password


def postgres(address: DatabaseAddress, station: str) -> Engine:
    """Connections are made when they are needed, and given up when the server is gone."""
    try:
        import psycopg  # noqa: F401, PLC0415  # a station without a plant has none
    except ImportError as error:
        raise ConfigError(
            "ledger.database: psycopg is not installed",
            remedy="Install the extra: pip install inspector-line[plant]",
        ) from error
    engine = create_engine(
        make_url(address.url).set(drivername="postgresql+psycopg"),
        connect_args={**_CONNECTING, "application_name": f"inspector {station}"},
        pool_pre_ping=True,
        pool_size=2,
        hide_parameters=True,
    )

    def give_password(_dialect: Any, _record: Any, _args: Any, given: dict[str, Any]) -> None:
        password = address.password()
        if password is not None:
            given["password"] = password

    event.listen(engine, "do_connect", give_password)
    return engine


def _durable(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def sqlite_for_writing(path: Path) -> Engine:
    """Open or create the file (WAL, synchronous=FULL), check its integrity, bring it up to date.

    A large file would hold up the line for minutes: its records are checked while the line runs.
    """
    with ledger_errors(path):
        engine = create_engine(URL.create("sqlite", database=str(path)))
        event.listen(engine, "connect", _durable)
        try:
            if not path.exists() or path.stat().st_size <= _CHECKED_WHOLE_BYTES:
                _check_integrity(path, engine)
            migrate(path, engine)
        except BaseException:
            engine.dispose()
            raise
    return engine


def sqlite_for_reading(path: Path) -> Engine:
    """Open an existing file read-only, beside a station that may be writing to it."""
    if not path.is_file():
        raise LedgerError(f"{path}: there is no ledger", remedy="Check the data folder")
    with ledger_errors(path):
        query = {"mode": "ro", "uri": "true"}
        engine = create_engine(URL.create("sqlite", database=path.as_uri(), query=query))
        try:
            check_version(path, engine)
        except BaseException:
            engine.dispose()
            raise
    return engine


def migrate(where: object, engine: Engine) -> None:
    """Make the tables, or bring them up to date, whole or not at all. Raises ``LedgerError``."""
    with ledger_errors(where):
        with engine.connect() as connection:
            if _version(where, connection) == HEAD:
                return
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":  # the driver begins too late for the tables
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATING})"))
            _migrate(where, connection)


def _migrate(where: object, connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  # only where something is to be migrated
    from alembic.config import Config  # noqa: PLC0415

    version = _version(where, connection)
    if version is not None:
        _log.info("ledger is brought up to date", ledger=str(where), was=version, now=HEAD)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("version_locations", str(Path(__file__).parent / "migrations/versions"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    if version is not None and not inspect(connection).has_table("alembic_version"):
        command.stamp(config, version)
    command.upgrade(config, HEAD)


def check_version(where: object, engine: Engine) -> None:
    """Raises ``LedgerError`` for tables that this program does not read."""
    with engine.connect() as connection:
        version = _version(where, connection)
    if version is None:
        raise LedgerError(f"{where}: the ledger is empty", remedy="Run the station first")
    if version != HEAD:
        raise LedgerError(
            f"{where}: written by an older Inspector",
            remedy="Start the station once: it brings the ledger up to date",
        )


def _version(where: object, connection: Connection) -> str | None:
    """The step that the tables are at; None without any. Raises ``LedgerError`` for a newer one."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    else:
        version = "0001" if "records" in tables else None
    if version is not None and version not in _KNOWN:
        raise LedgerError(
            f"{where}: written by a newer Inspector (schema {version}, known {HEAD})",
            remedy="Update Inspector on this PC",
        )
    return version


def _check_integrity(path: Path, engine: Engine) -> None:
    with engine.connect() as connection:
        finding = connection.scalar(text("PRAGMA quick_check(1)"))
    if finding != "ok":
        raise LedgerError(
            f"{path}: the database is damaged ({finding})", remedy="Restore the newest backup"
        )
