"""Ledgers of before are adopted as they are; new ones are what the program's tables say."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, make_url

from inspector.core.errors import LedgerError
from inspector.ledger import database
from inspector.ledger.chain import genesis, link_all, seal
from inspector.ledger.database import migrate, sqlite_for_writing
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.schema import DATABASE, metadata
from inspector.ledger.store import LedgerStore
from inspector.ledger.verify import verify
from tests.ledger.parts_on_a_line import event, inspection
from tests.ledger.plant_server import PlantServer

BEFORE_MIGRATIONS = """
CREATE TABLE schema_version (version INTEGER NOT NULL, PRIMARY KEY (version));
CREATE TABLE records (
    station VARCHAR(63) NOT NULL, sequence BIGINT NOT NULL, kind VARCHAR(16) NOT NULL,
    utc_us BIGINT NOT NULL, part_id BIGINT, outcome VARCHAR(16), payload BLOB NOT NULL,
    digest BLOB NOT NULL, PRIMARY KEY (station, sequence)
);
CREATE INDEX records_by_kind ON records (kind, sequence);
CREATE INDEX records_by_part ON records (part_id);
CREATE TABLE heads (
    station VARCHAR(63) NOT NULL, sequence BIGINT NOT NULL, digest BLOB NOT NULL,
    PRIMARY KEY (station)
);
CREATE TABLE blocks (
    station VARCHAR(63) NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL,
    settled BOOLEAN NOT NULL, PRIMARY KEY (station, first)
);
INSERT INTO schema_version VALUES (1);
"""


def of_before(folder: Path) -> list[bytes]:
    """A ledger as programs without migrations left it; returns its digests."""
    records = [
        seal(event(1)),
        *(seal(inspection(part).record()) for part in (1, 2)),
        seal(event(2)),
    ]
    chain = link_all("station-1", genesis("station-1"), records)
    with sqlite3.connect(folder / DATABASE) as connection:
        connection.executescript(BEFORE_MIGRATIONS)
        for one in chain:
            row = (one.station, one.sequence, one.kind, one.utc_us, one.part_id, one.outcome)
            connection.execute(
                "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, one.payload, one.digest),
            )
        connection.execute(
            "INSERT INTO heads VALUES (?, ?, ?)", ("station-1", len(chain), chain[-1].digest)
        )
    connection.close()
    return [one.digest for one in chain]


def differences(engine: Engine) -> list[object]:
    ours = {"alembic_version", "schema_version"}
    with engine.connect() as connection:
        options = {"include_name": lambda name, _kind, _of: name not in ours}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    return list(found)


def test_a_ledger_of_before_goes_on_with_its_chain(tmp_path: Path) -> None:
    digests = of_before(tmp_path)
    with pytest.raises(LedgerError, match="written by an older Inspector"):
        LedgerReader.open(tmp_path)
    store = LedgerStore(tmp_path, "station-1")
    store.append_batch([inspection(3, score=0.5).record()])
    assert [record.digest for record in store.reader.each()][:4] == digests
    assert verify(store.reader, None).intact, "the new index columns too"
    defects = RecordFilter(cause="defect")
    assert [record.part_id for record in store.reader.each(defects)] == [1, 2]
    store.close()
    assert differences(sqlite_for_writing(tmp_path / DATABASE)) == []
    LedgerStore(tmp_path, "station-1").close()


def test_programs_from_before_migrations_refuse_it(tmp_path: Path) -> None:
    LedgerStore(tmp_path, "station-1").close()
    with sqlite3.connect(tmp_path / DATABASE) as connection:
        (version,) = connection.execute("SELECT version FROM schema_version").fetchone()
    connection.close()
    assert version > 1


def test_a_migration_is_made_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_before(tmp_path)
    with sqlite3.connect(tmp_path / DATABASE) as connection:
        before = connection.execute("SELECT name, sql FROM sqlite_master").fetchall()
        connection.execute("CREATE INDEX records_of_time ON records (utc_us)")  # in the way
    with pytest.raises(LedgerError, match="records_of_time"):
        LedgerStore(tmp_path, "station-1")
    connection.execute("DROP INDEX records_of_time")
    connection.commit()
    assert connection.execute("SELECT name, sql FROM sqlite_master").fetchall() == before
    connection.close()
    LedgerStore(tmp_path, "station-1").close()


def test_tables_in_postgresql_are_what_the_program_says(plant_server: PlantServer) -> None:
    url = plant_server.database()
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    migrate(url, engine)
    migrate(url, engine)
    assert differences(engine) == []
    engine.dispose()
    plant_server.execute(url, "UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(LedgerError, match="newer Inspector"):
        migrate(url, engine)
    engine.dispose()


def test_the_newest_step_is_the_one_that_the_program_expects() -> None:
    steps = sorted(Path(database.__file__).with_name("migrations").glob("versions/v*.py"))
    assert steps[-1].stem.startswith(f"v{database.HEAD}_")
