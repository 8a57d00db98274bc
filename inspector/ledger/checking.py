"""Verifying beside production: a thread that uses a small share of one core, and goes on for ever.

It walks the chain with its evidence, rests much longer than it works, follows the newest records,
and begins anew some time after each beginning. Where it is stands on the disk.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import msgspec
import structlog

from inspector.core.errors import InspectorError
from inspector.core.ports import Clock, Recorder
from inspector.core.record import RecordKind
from inspector.durable.files import write_atomically
from inspector.ledger.chain import Head, StoredRecord, genesis
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.reader import LedgerReader
from inspector.ledger.signatures import Finding, Proofs, Signed
from inspector.ledger.verify import Walk

_log = structlog.get_logger(__name__)

_PAGE = 20
"""Records between two rests: less than a millisecond, for the inspection thread needs the GIL."""
_LOOK_S = 5.0
_RETRY_S = 60.0
_KEEP_S = 30.0
_MOST_TOLD = 100


class Progress(msgspec.Struct, kw_only=True):
    """Where the check is, as it stands on the disk. ``digest`` is hex; times are UTC, us.

    ``first`` is the first thing that is wrong of all that was found, in words; it stands until a
    later round finds nothing.
    """

    station: str
    began_us: int
    sequence: int = 0
    digest: str
    signed: Signed
    rounds: int = 0
    told: list[str] = []
    """What was found in this round; at most 100."""
    first: str | None = None


class LedgerCheck:
    """The thread. ``finding`` and ``fault`` are for the supervisor; any thread.

    ``share`` of one core is used at most. ``proofs`` gives, for each stretch, what is known of the
    records after a number: what is anchored grows. Each finding is recorded as an event.
    """

    def __init__(
        self,
        reader: LedgerReader,
        evidence: EvidenceStore,
        recorder: Recorder,
        clock: Clock,
        *,
        place: Path,
        proofs: Callable[[int], Proofs] = lambda _after: Proofs(),
        share: float = 0.05,
        round_s: float = 86_400.0,
    ) -> None:
        self._reader = reader
        self._evidence = evidence
        self._recorder = recorder
        self._clock = clock
        self._place = place
        self._proofs = proofs
        self._rest = 1.0 / share - 1.0
        self._round_us = int(round_s * 1e6)
        self._progress = self._read()
        self._kept_s = time.monotonic()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ledger-check", daemon=True)
        self.fault: str | None = None
        self.records_per_s = 0.0
        """How fast it walks while it does not rest."""

    @property
    def finding(self) -> str | None:
        """The first thing that is wrong, in words."""
        return self._progress.first

    @property
    def progress(self) -> Progress:
        """Where it is."""
        return self._progress

    def start(self) -> None:
        """Go on where the last run was."""
        self._thread.start()

    def close(self, timeout_s: float = 5.0) -> bool:
        """Note where it is, and end; False when it did not in time."""
        self._closing.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self.stretch()
                self.fault, pause_s = None, _LOOK_S
            except InspectorError as error:
                self.fault, pause_s = str(error), _RETRY_S
            except Exception as error:  # noqa: BLE001  # thread edge: becomes `fault`, tried again
                self.fault, pause_s = f"{type(error).__name__}: {error}", _RETRY_S
                _log.exception("ledger check failed")
            self._closing.wait(pause_s)
        with contextlib.suppress(InspectorError):
            self._keep()

    def stretch(self) -> None:
        """Walk from where it is to the newest record; begin anew when it is time to."""
        if self._clock.utc_us() - self._progress.began_us >= self._round_us:
            self._progress = self._anew(self._progress)
        now = self._progress
        proofs = self._proofs(now.sequence)  # before the head: what is anchored is in the ledger
        head = self._reader.head()
        link = Head(now.sequence, bytes.fromhex(now.digest))
        if link == head:
            return
        walk = Walk(self._reader, self._evidence, proofs, link, now.signed)
        self._tell(self._still_there(link), of_all=True)
        records = self._reader.each(first=link.sequence + 1, last=head.sequence, page=_PAGE)
        while not self._closing.is_set() and (page := list(islice(records, _PAGE))):
            self._follow(walk, page)
        if not self._closing.is_set():
            self._tell(walk.end(head), of_all=True)
            if not now.told:
                now.first = None
            self._keep()

    def _still_there(self, link: Head) -> Iterator[Finding]:
        record = self._reader.record(link.sequence) if link.sequence else None
        if link.sequence and (record is None or record.digest != link.digest):
            yield Finding(link.sequence, "removed or altered since it was checked here before")

    def _follow(self, walk: Walk, page: list[StoredRecord]) -> None:
        started = time.perf_counter()
        for record in page:
            self._tell(walk.follow(record))
        spent_s = time.perf_counter() - started
        now = self._progress
        now.sequence, now.digest = walk.link.sequence, walk.link.digest.hex()
        self.records_per_s = len(page) / spent_s
        if time.monotonic() - self._kept_s > _KEEP_S:
            self._keep()
        self._closing.wait(spent_s * self._rest)

    def _tell(self, findings: Iterator[Finding], *, of_all: bool = False) -> None:
        """What is wrong with the whole is seen at every end, and told once in a round."""
        for finding in findings:
            now = self._progress
            text = f"record {finding.sequence}: {finding.problem}"
            told = finding.problem if of_all else text
            if told in now.told or len(now.told) >= _MOST_TOLD:
                continue
            now.told.append(told)
            now.first = now.first or text
            _log.error("ledger does not verify", finding=text)
            self._recorder.note(
                RecordKind.EVENT,
                {"event": "ledger does not verify", "record": finding.sequence, "text": text},
            )

    def _anew(self, before: Progress | None) -> Progress:
        start = genesis(self._reader.station)
        return Progress(
            station=self._reader.station,
            began_us=self._clock.utc_us(),
            digest=start.digest.hex(),
            signed=Signed(),
            rounds=before.rounds + 1 if before else 0,
            first=before.first if before else None,
        )

    def _read(self) -> Progress:
        """A place that is missing, damaged or another station's costs a walk from the start."""
        try:
            found = msgspec.json.decode(self._place.read_bytes(), type=Progress)
        except (OSError, msgspec.MsgspecError):
            return self._anew(None)
        return found if found.station == self._reader.station else self._anew(None)

    def _keep(self) -> None:
        self._kept_s = time.monotonic()
        write_atomically(self._place, msgspec.json.encode(self._progress))
