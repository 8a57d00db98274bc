"""The thread that carries records from the journal to the plant's database, in order."""

from __future__ import annotations

import threading
import time

import structlog

from inspector.core.errors import InspectorError
from inspector.ledger.journal import Journal
from inspector.ledger.plant_database import PlantDatabase

_log = structlog.get_logger(__name__)

_BATCH = 500
_LOOK_S = 1.0
_FIRST_RETRY_S = 0.2
_LAST_RETRY_S = 5.0


class Forwarding:
    """Stores what the journal holds, and removes what is stored; tries again until it can.

    ``fault`` says in words why nothing moves; None when all is well, or nothing was tried yet.
    """

    def __init__(self, journal: Journal, database: PlantDatabase) -> None:
        self._journal = journal
        self._database = database
        self._awake = threading.Event()
        self._closing = threading.Event()
        self._known = False
        self._stored = journal.oldest
        self.fault: str | None = None
        self._thread = threading.Thread(target=self._run, name="ledger-forwarding", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Records that the database has not acknowledged. Any thread."""
        return max(0, self._journal.head.sequence - self._stored.sequence)

    def wake(self) -> None:
        """There is something new. Any thread."""
        self._awake.set()

    def drain(self, timeout_s: float) -> bool:
        """Wait until nothing waits; False when it could not be stored in time."""
        until = time.monotonic() + timeout_s
        while self.waiting and self.fault is None and time.monotonic() < until:
            time.sleep(0.01)
        return not self.waiting

    def close(self, timeout_s: float) -> None:
        """End the thread; what waits stays in the journal."""
        self._closing.set()
        self._awake.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        retry_s = _FIRST_RETRY_S
        while not self._closing.is_set():
            self._awake.clear()
            try:
                while self._turn() and not self._closing.is_set():
                    retry_s = _FIRST_RETRY_S
                self.fault = None
                self._awake.wait(_LOOK_S)
            except Exception as error:  # noqa: BLE001  # thread edge: becomes `fault`, tried again
                self._say(str(error) if isinstance(error, InspectorError) else repr(error))
                self._known = False
                self._closing.wait(retry_s)
                retry_s = min(2 * retry_s, _LAST_RETRY_S)

    def _say(self, problem: str) -> None:
        if self.fault is None:
            _log.warning("plant's database", problem=problem, waiting=self.waiting)
        self.fault = problem

    def _turn(self) -> bool:
        """Store one batch; False when there was none."""
        if not self._known:
            self._find_place()
        batch = self._journal.read(self._stored.sequence, _BATCH)
        if not batch:
            return False
        stored = self._database.store(self._stored, batch)
        self.fault, self._stored = None, stored
        self._journal.discard(self._stored.sequence)
        return True

    def _find_place(self) -> None:
        """Where the chain ends in the database, which must be a link of the journal's."""
        self._database.prepare()
        head = self._database.head()
        if self._journal.link_at(head.sequence) != head:
            raise self._database.foreign(head)
        self._stored, self._known = head, True
        self._journal.discard(head.sequence)
