"""Cutting the chain into segments, and signing the head of each."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from inspector import __version__
from inspector.core.errors import LedgerError
from inspector.core.ports import Clock
from inspector.core.record import RecordKind
from inspector.ledger.chain import Head, SealedRecord, StoredRecord, seal
from inspector.ledger.clock_state import ClockState, clock_state
from inspector.ledger.heads import (
    KeyStatement,
    Reason,
    SegmentHead,
    SignedHead,
    head_in,
    key_id,
    key_in,
    message_of,
    record_of,
    text_of,
)
from inspector.ledger.keys import FileSigner, KeyFolder, Signer
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.store import Store

SIGNING = RecordFilter(kind=RecordKind.SIGNING)
_A_FEW = 8
"""Between two changes of the key there is a head."""
_FIRST_KEY = "first key of this ledger"


@dataclass(frozen=True, slots=True)
class Newest:
    """Where signing stands: the newest head, the id of the key in use, and where it began."""

    head: SignedHead | None = None
    key: str | None = None
    key_sequence: int = 0


def newest_in(store: Store) -> Newest:
    """Where signing stands in a store that is open for writing. Raises ``LedgerError``."""
    return _newest(store.recent(RecordKind.SIGNING, _A_FEW), store.station)


def newest(reader: LedgerReader) -> Newest:
    """Where signing stands in a ledger that is read. Raises ``LedgerError``."""
    return _newest(reader.tail(_A_FEW, SIGNING), reader.station)


def _newest(records: Sequence[StoredRecord], station: str) -> Newest:
    found = Newest()
    for record in records:
        try:
            content = record.content
            said, head = key_in(content), head_in(content, record.sequence)
        except ValueError as error:
            raise LedgerError(
                f"ledger of {station}: record {record.sequence} is damaged ({error})",
                remedy="Keep the data folder as it is and run: inspector ledger verify",
            ) from error
        if said is not None:
            found = Newest(found.head, said[0].key, record.sequence)
        elif head is not None:
            found = Newest(head, head.head.key, found.key_sequence)
    return found


class Segments:
    """Signs what the store holds, segment by segment, by records of the chain itself.

    All methods on the one thread that writes to the store. Opening signs what the run before left
    unsigned. Raises ``LedgerError`` when the key is not the one that this ledger is signed with.
    """

    def __init__(
        self,
        store: Store,
        signer: Signer,
        clock: Clock,
        *,
        most: int = 1000,
        longest_s: float = 300.0,
        state_of_clock: Callable[[], ClockState] = clock_state,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._signer = signer
        self._clock = clock
        self._most = most
        self._longest_ns = int(longest_s * 1e9)
        self._state_of_clock = state_of_clock
        self._told = told
        self._key = key_id(signer.public)
        stands = newest_in(store)
        if stands.key != self._key:
            raise LedgerError(
                f"{store.station}: its ledger was signed with another key than it has now",
                remedy="Restore the key, or: inspector ledger rotate-key --lost --reason WHY",
            )
        self._newest = stands.head
        self._begun = stands.key_sequence
        self._pending: tuple[SealedRecord, SignedHead] | None = None
        self._since_ns = clock.monotonic_ns()
        self._sign(Reason.OPEN)

    @property
    def newest(self) -> SignedHead | None:
        """The newest head, for reports, PLC and OPC UA. Any thread."""
        return self._newest

    @property
    def unsigned(self) -> int:
        """Records behind the newest head; the one that holds the head is not counted."""
        return self._store.head.sequence - (
            self._newest.sequence if self._newest else self._begun - 1
        )

    def close_if_due(self) -> None:
        """End the segment when it holds enough records, or is old enough."""
        now_ns = self._clock.monotonic_ns()
        if self._pending is None and self.unsigned == 0:
            self._since_ns = now_ns
        elif self.unsigned >= self._most:
            self._sign(Reason.RECORDS)
        elif now_ns - self._since_ns >= self._longest_ns:
            self._sign(Reason.TIME)

    def close(self, reason: Reason = Reason.CLOSE) -> None:
        """Sign what is left."""
        self._sign(reason)

    def _sign(self, reason: Reason) -> None:
        """A head that could not be written is kept: it may have reached the disk all the same."""
        here = self._store.head
        if self._pending is None or self._pending[1].head.last != here.sequence:
            if self.unsigned == 0:
                return
            self._pending = self._head(here, reason)
        record, head = self._pending
        self._store.append_sealed([record])
        self._pending, self._newest = None, head
        self._since_ns = self._clock.monotonic_ns()
        self._told()

    def _head(self, link: Head, reason: Reason) -> tuple[SealedRecord, SignedHead]:
        before = self._newest
        head = SegmentHead(
            station=self._store.station,
            number=before.head.number + 1 if before else 1,
            first=before.head.last + 1 if before else self._begun,
            last=link.sequence,
            digest=link.digest.hex(),
            previous=before.hash if before else None,
            reason=reason,
            utc_us=self._clock.utc_us(),
            clock=self._state_of_clock(),
            software=__version__,
            key=self._key,
            most=self._most,
        )
        text = text_of(head)
        signature = self._signer.sign(message_of(head, text))
        signed = SignedHead(link.sequence + 1, head, text, signature.hex())
        return seal(record_of(head, text, signature)), signed


def key_in_use(store: Store, keys: KeyFolder, clock: Clock) -> FileSigner:
    """The station's key, made and recorded at the first use.

    What a crash left of a first use or a change of the key is completed. Raises ``LedgerError``
    when the ledger is signed and its key is gone.
    """
    known = newest_in(store).key
    coming = keys.load_next()
    if known is not None and coming is not None and key_id(coming.public) == known:
        keys.take_next()
    keys.publish()
    signer = keys.load()
    if known is not None:
        if signer is None:
            raise LedgerError(
                f"{keys.folder}: the key that signs this ledger is gone",
                remedy="Restore it, or: inspector ledger rotate-key --lost --reason WHY",
            )
        return signer
    new = signer or coming or keys.prepare()
    _state(store, new, new, clock, replaces=None, reason=_FIRST_KEY)
    if signer is None:
        keys.take_next()
    return new


def change_key(
    store: Store,
    keys: KeyFolder,
    clock: Clock,
    reason: str,
    *,
    person: str = "",
    lost: bool = False,
) -> str:
    """Sign with a new key from here on; returns its id. The old key signs the new one.

    ``person`` is who wants it; empty: the user of this process.
    With ``lost`` nothing vouches for the new key, and ``verify`` says so for ever, unless it is
    given the new key as one to trust. Raises ``LedgerError``.
    """
    replaces = newest_in(store).key
    if lost:
        new = keys.prepare()
        _state(store, new, new, clock, replaces=replaces, reason=reason, person=person, lost=True)
    else:
        old = key_in_use(store, keys, clock)
        Segments(store, old, clock).close(Reason.KEY)
        new, replaces = keys.prepare(), key_id(old.public)
        _state(store, new, old, clock, replaces=replaces, reason=reason, person=person)
    keys.take_next()
    Segments(store, new, clock)  # its first head
    return key_id(new.public)


def _state(
    store: Store,
    new: Signer,
    by: Signer,
    clock: Clock,
    *,
    replaces: str | None,
    reason: str,
    person: str = "",
    lost: bool = False,
) -> None:
    statement = KeyStatement(
        station=store.station,
        public=new.public.hex(),
        replaces=replaces,
        lost=lost,
        reason=reason,
        by=person or _person(),
        utc_us=clock.utc_us(),
    )
    text = text_of(statement)
    store.append_batch([record_of(statement, text, by.sign(message_of(statement, text)))])


def _person() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a service account without a name
        return ""
