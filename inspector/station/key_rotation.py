"""Another key for the ledger: who wants it is asked first, and stands in the chain before it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inspector.core.canonical import Json
from inspector.core.line_config import LineConfig
from inspector.core.ports import Clock, SystemClock
from inspector.core.record import LedgerRecord, RecordKind
from inspector.ledger.keys import KeyFolder
from inspector.ledger.ledger import open_store
from inspector.ledger.proof import key_folder
from inspector.ledger.segments import change_key
from inspector.ledger.store import Store
from inspector.link.in_process import InProcessClient, InProcessLink
from inspector.link.messages import RotateKey
from inspector.station.commands import Commands
from inspector.station.opening import data_folder_of
from inspector.station.people import People
from inspector.station.places import database_of


@dataclass(frozen=True, slots=True)
class KeyOffice:
    """People and ledger of a station that does not run, open whatever became of its key."""

    client: InProcessClient
    _store: Store
    _keys: KeyFolder
    _clock: Clock

    def rotate(self, command: RotateKey, by: str) -> str:
        """Change the key as an administrator who is logged in signs; returns the new key's id.

        The command is recorded first, and the old key signs that record. Raises ``RefusedError``
        when it is not allowed, which is recorded as well, ``LedgerError``, ``StorageError``.
        """
        self.client.call(command)
        reason = command.reason.strip()
        return change_key(
            self._store, self._keys, self._clock, reason, person=by, lost=command.lost
        )


class _Recorder:
    """Writes at once: no key is needed for that, and there may be none."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def note(self, kind: RecordKind, payload: Mapping[str, Json]) -> None:
        """Append it."""
        self._store.append_batch([LedgerRecord(kind, self._clock.utc_us(), dict(payload))])


@contextlib.contextmanager
def open_key_office(config: LineConfig) -> Iterator[KeyOffice]:
    """Open it. Raises ``LedgerError`` while a station holds the ledger."""
    clock, folder = SystemClock(), data_folder_of(config)
    store = open_store(folder, config.station, database_of(config))
    try:
        people = People(folder, config.access, clock)
        commands = Commands(None, people, _Recorder(store, clock), None)
        client = InProcessLink(commands).client()
        yield KeyOffice(client, store, KeyFolder(key_folder(folder)), clock)
    finally:
        store.close()
