"""The plant's database as one station uses it: where its chain ends there, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Engine, insert, select, update

from inspector.core.errors import LedgerError
from inspector.core.record import RecordKind
from inspector.ledger.chain import Head, StoredRecord, genesis
from inspector.ledger.chain_state import SIGNING_KEPT, ChainState, block_told
from inspector.ledger.database import DatabaseAddress, migrate, postgres
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.schema import blocks, heads, ledger_errors, records

_SIGNING = RecordFilter(kind=RecordKind.SIGNING)


class PlantDatabase:
    """Many stations share it; each writes its own rows alone. One thread at a time.

    Nothing connects before it must. Raises ``LedgerError`` while the server is away.
    """

    def __init__(self, address: DatabaseAddress, station: str, engine: Engine | None = None):
        self.address = address
        self.station = station
        self._engine = engine or postgres(address, station)
        self.reader = LedgerReader(address, self._engine, station)

    def prepare(self) -> None:
        """Make the tables, or bring them up to date."""
        migrate(self.address, self._engine)

    def head(self) -> Head:
        """The newest link of the station's chain there."""
        return self.reader.head()

    def chain_state(self) -> ChainState:
        """What the chain there says of part ids and signatures."""
        mine = select(blocks).where(blocks.c.station == self.station).order_by(blocks.c.first)
        found = ChainState()
        with ledger_errors(self.address), self._engine.connect() as connection:
            rows = connection.execute(mine).all()
        for row in rows:
            block = range(row.first, row.last + 1)
            found.next_part = max(found.next_part, block.stop)
            if not row.settled:
                found.open(block, self.reader.recorded_parts(row.first, row.last))
        found.signing.extend(self.reader.tail(SIGNING_KEPT, _SIGNING))
        for record in self.reader.each(RecordFilter(kind=RecordKind.ACTION)):
            found.follow(record)
        return found

    def store(self, before: Head, batch: Sequence[StoredRecord]) -> Head:
        """Add the records that are not there yet, all or none; ``before`` is the link before them.

        Idempotent on (station, sequence): given again, a record is compared by its digest and left.
        Returns the newest link there.
        """
        links = [before, *(Head(record.sequence, record.digest) for record in batch)]
        with ledger_errors(self.address), self._engine.begin() as connection:
            known = self._locked_head(connection)
            if known not in links:
                raise self.foreign(known)
            new = batch[links.index(known) :]
            if new:
                connection.execute(insert(records), [asdict(record) for record in new])
                for record in new:
                    self._keep_block(connection, record)
                self._advance(connection, known, links[-1])
        return links[-1]

    def foreign(self, known: Head) -> LedgerError:
        """The chain there is not the one that goes on here."""
        return LedgerError(
            f"{self.address}: the chain of station {self.station!r} stands there at record "
            f"{known.sequence}, which is not this PC's",
            remedy="Does another PC bear this name? Was one of both restored from a backup?",
        )

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _locked_head(self, connection: Connection) -> Head:
        query = select(heads.c.sequence, heads.c.digest).where(heads.c.station == self.station)
        row = connection.execute(query.with_for_update()).one_or_none()
        return Head(row.sequence, row.digest) if row else genesis(self.station)

    def _advance(self, connection: Connection, known: Head, end: Head) -> None:
        new = {"sequence": end.sequence, "digest": end.digest}
        if known.sequence == 0:
            connection.execute(insert(heads).values(station=self.station, **new))
        else:
            connection.execute(update(heads).where(heads.c.station == self.station).values(new))

    def _keep_block(self, connection: Connection, record: StoredRecord) -> None:
        if (told := block_told(record)) is None:
            return
        block, settled = told
        if settled:
            mine = (blocks.c.station == self.station, blocks.c.first == block.start)
            connection.execute(update(blocks).where(*mine).values(settled=True))
        else:
            row = {"first": block.start, "last": block.stop - 1, "settled": False}
            connection.execute(insert(blocks).values(station=self.station, **row))
