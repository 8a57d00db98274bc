"""The second path: everything that was signed, appended to a file that is kept elsewhere.

One file per station, one line per record of kind ``signing``: its number and its exact payload. A
ledger that was cut off, or made anew, no longer holds what stands here.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from inspector.core.errors import InputError, InspectorError, StorageError
from inspector.durable.files import storage_errors, sync_folder
from inspector.ledger.chain import StoredRecord
from inspector.ledger.reader import LedgerReader
from inspector.ledger.segments import SIGNING

_log = structlog.get_logger(__name__)

_LOOK_S = 30.0
_TAIL_BYTES = 1 << 16
_NEWEST = 2**63


@dataclass(frozen=True, slots=True)
class Anchored:
    """One line: what the ledger held at this number."""

    sequence: int
    payload: bytes


def anchor_file(folder: Path, station: str) -> Path:
    """Where the heads of a station are in the folder of anchors."""
    return folder / f"{station}.heads.jsonl"


def anchor_line(record: StoredRecord) -> str:
    """A record as a line of the file; the payload verbatim, as text."""
    line = {"sequence": record.sequence, "payload": record.payload.decode()}
    return json.dumps(line, ensure_ascii=False) + "\n"


def read_anchors(path: Path, after: int = 0) -> tuple[Anchored, ...]:
    """The lines on records after that number, and perhaps some before.

    A line that a power cut left unfinished is passed over. Raises ``InputError`` for any other
    line that cannot be read, ``StorageError``.
    """
    size = _TAIL_BYTES
    while True:
        tail, is_all = _tail(path, size)
        found = tuple(_lines(path, tail.decode(errors="replace").split("\n")))
        if is_all or (after and found and found[0].sequence <= after):
            return found
        size *= 8


def _tail(path: Path, size: int) -> tuple[bytes, bool]:
    """The last lines, in about so many bytes, and whether they are all."""
    with storage_errors(path), path.open("rb") as file:
        length = file.seek(0, os.SEEK_END)
        file.seek(max(0, length - size))
        tail = file.read()
    return (tail, True) if length <= size else (tail.partition(b"\n")[2], False)


def _lines(path: Path, lines: list[str]) -> Iterator[Anchored]:
    for number, line in enumerate(lines, 1):
        following = lines[number] if number < len(lines) else None
        if not line or following is None or following.startswith(line):
            continue  # empty, or cut short: it was written again, whole, in the line after
        try:
            said = json.loads(line)
            yield Anchored(int(said["sequence"]), said["payload"].encode())
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f"{path}: line {number} cannot be read", remedy="Take another copy of the heads"
            ) from error


class AnchorFile:
    """Appends what was signed, each time flushed to the disk. One thread."""

    def __init__(self, folder: Path, station: str) -> None:
        self.folder = folder
        self.path = anchor_file(folder, station)

    def catch_up(self, reader: LedgerReader) -> int:
        """Append what the ledger signed since the last line; returns how many lines.

        Raises ``StorageError`` when the folder is not there or cannot be written, and when the file
        holds what the ledger does not: then nothing is appended.
        """
        last = self._last()
        if last is not None and not _holds(reader, last):
            raise StorageError(
                f"{self.path}: holds heads that this ledger does not",
                remedy="Keep both as they are and run: inspector ledger verify",
            )
        first = last.sequence + 1 if last else 1
        lines = [anchor_line(record) for record in reader.each(SIGNING, first=first)]
        if lines:
            self._append("".join(lines).encode())
        return len(lines)

    def _last(self) -> Anchored | None:
        if not self.folder.is_dir():  # not made here: a share that is not mounted must be seen
            raise StorageError(f"{self.folder}: is not there", remedy="Connect it, or make it")
        if not self.path.exists():
            return None
        lines = read_anchors(self.path, after=_NEWEST)
        return lines[-1] if lines else None

    def _append(self, data: bytes) -> None:
        is_new = not self.path.exists()
        if not is_new and _cut_short(self.path):
            data = b"\n" + data
        with storage_errors(self.path):
            with self.path.open("ab") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if is_new:
                sync_folder(self.folder)


def _cut_short(path: Path) -> bool:
    with storage_errors(path), path.open("rb") as file:
        if file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
        return file.read() not in (b"", b"\n")


def _holds(reader: LedgerReader, line: Anchored) -> bool:
    record = reader.record(line.sequence)
    return record is not None and record.payload == line.payload


class Anchoring:
    """A thread that keeps the file up to date: a share that hangs or is gone holds back nobody.

    ``fault`` says in words what is wrong until it is over; what could not be appended is appended
    then, as the ledger holds it.
    """

    def __init__(self, reader: LedgerReader, file: AnchorFile) -> None:
        self._reader = reader
        self._file = file
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ledger-anchor", daemon=True)
        self.fault: str | None = None

    def start(self) -> None:
        """Start, and catch up with what the ledger signed meanwhile."""
        self._wake.set()
        self._thread.start()

    def wake(self) -> None:
        """Something was signed. Any thread; returns at once."""
        self._wake.set()

    def close(self, timeout_s: float = 5.0) -> bool:
        """Append what is left and end; False when the path did not answer in time."""
        self._closing.set()
        self._wake.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            self._wake.wait(_LOOK_S)
            self._wake.clear()
            closing = self._closing.is_set()
            self._catch_up()
            if closing:
                return

    def _catch_up(self) -> None:
        try:
            self._file.catch_up(self._reader)
            self.fault = None
        except InspectorError as error:
            self.fault = str(error)
        except Exception as error:  # noqa: BLE001  # thread edge: becomes `fault`, tried again
            self.fault = f"{type(error).__name__}: {error}"
            _log.exception("anchor failed")
