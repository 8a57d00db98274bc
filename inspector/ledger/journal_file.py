"""One segment of the journal: a file of frames, each with its length and its CRC-32.

::

    frame     length of the body, CRC-32 of the body (both uint32, little-endian), body
    1st body  canonical JSON: station, sequence and digest before the first record, ``ChainState``
    others    sequence (uint64, little-endian), digest (32 bytes), payload
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from inspector.core.canonical import Json, canonical_bytes
from inspector.core.errors import LedgerError
from inspector.ledger.chain import Head, StoredRecord, restored
from inspector.ledger.chain_state import ChainState

SUFFIX = ".journal"
_FRAME = struct.Struct("<II")
_RECORD = struct.Struct("<Q32s")
_LARGEST_BODY = 2**30


@dataclass(frozen=True, slots=True)
class Preface:
    """What a segment begins with: where the chain stands, so that it can go on without more."""

    station: str
    before: Head
    state: ChainState

    def frame(self) -> bytes:
        """As the file has it."""
        content: dict[str, Json] = {
            "journal": 1,
            "station": self.station,
            "sequence": self.before.sequence,
            "digest": self.before.digest.hex(),
            "state": self.state.plain(),
        }
        return _frame(canonical_bytes(content))


def segment_name(before: Head) -> str:
    """Names sort in the order of the chain."""
    return f"{before.sequence:020d}{SUFFIX}"


def frame_of(record: StoredRecord) -> bytes:
    """A record as a frame. Its index columns are made anew when it is read."""
    return _frame(_RECORD.pack(record.sequence, record.digest) + record.payload)


def read_preface(path: Path) -> Preface:
    """Raises ``LedgerError`` when it is damaged: a segment gets its name with its first frame."""
    try:
        with path.open("rb") as file:
            content = json.loads(_body(file) or b"")
        before = Head(content["sequence"], bytes.fromhex(content["digest"]))
        return Preface(
            content["station"], before, ChainState.of(content["state"], content["station"])
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LedgerError(
            f"{path}: the journal is damaged at its begin ({error})",
            remedy="Keep the file and tell the quality department",
        ) from error


def read_records(path: Path, station: str, offset: int) -> Iterator[tuple[StoredRecord, int]]:
    """Records from ``offset`` on (0: from the first), each with the offset behind it.

    Ends before the first frame that is not whole: what a crash left of the last write.
    """
    with path.open("rb") as file:
        if offset:
            file.seek(offset)
        else:
            _body(file)
        while (body := _body(file)) is not None:
            try:
                sequence, digest = _RECORD.unpack_from(body)
                record = restored(station, sequence, body[_RECORD.size :], digest)
            except (struct.error, ValueError):
                return
            yield record, file.tell()


def _frame(body: bytes) -> bytes:
    return _FRAME.pack(len(body), zlib.crc32(body)) + body


def _body(file: BinaryIO) -> bytes | None:
    head = file.read(_FRAME.size)
    if len(head) < _FRAME.size:
        return None
    length, crc = _FRAME.unpack(head)
    if not 0 < length <= _LARGEST_BODY:  # zeros after a power cut have a right CRC
        return None
    body = file.read(length)
    return body if len(body) == length and zlib.crc32(body) == crc else None
