"""What a station must know of its own chain to go on with it, without reading the chain."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from inspector.core.canonical import Json
from inspector.core.record import RecordKind
from inspector.ledger.chain import StoredRecord, restored

SIGNING_KEPT = 8
"""So many of the newest records of kind ``signing`` are known."""
_RELEASING = (b'"Release"', b'"Withdraw"')


class ChainState:
    """Blocks of part ids that are not settled, the newest signatures and releases.

    Follows the records in the order of the chain.
    """

    def __init__(self) -> None:
        self.next_part = 1
        """The first id that was never reserved."""
        self._recorded: dict[range, list[int]] = {}
        self.signing: deque[StoredRecord] = deque(maxlen=SIGNING_KEPT)
        """Oldest first."""
        self.releases: dict[str, str] = {}
        """Hash of the newest release, or withdrawal of one, by product."""

    @classmethod
    def of(cls, plain: Mapping[str, Any], station: str) -> ChainState:
        """From ``plain``. Raises ``KeyError``, ``TypeError`` or ``ValueError`` when damaged."""
        state = cls()
        state.next_part = plain["next_part"]
        state.releases.update(plain["releases"])
        for first, last, recorded in plain["blocks"]:
            state.open(range(first, last + 1), _numbers(recorded))
        for sequence, digest, payload in plain["signing"]:
            state.signing.append(
                restored(station, sequence, payload.encode(), bytes.fromhex(digest))
            )
        return state

    def plain(self) -> dict[str, Json]:
        """All of it, as JSON."""
        blocks: list[Json] = [
            [block.start, block.stop - 1, _ranges(parts)] for block, parts in self._recorded.items()
        ]
        signing: list[Json] = [
            [record.sequence, record.digest.hex(), record.payload.decode()]
            for record in self.signing
        ]
        return {
            "next_part": self.next_part,
            "blocks": blocks,
            "signing": signing,
            "releases": dict(self.releases),
        }

    @property
    def unsettled(self) -> list[range]:
        """Oldest first."""
        return sorted(self._recorded, key=lambda block: block.start)

    def recorded(self, block: range) -> list[int]:
        """Ids of the block that have an inspection record, ascending."""
        return sorted(self._recorded.get(block, ()))

    def open(self, block: range, recorded: Iterable[int] = ()) -> None:
        """A block is reserved."""
        self._recorded[block] = list(recorded)
        self.next_part = max(self.next_part, block.stop)

    def follow(self, record: StoredRecord) -> None:
        """The next record of the chain."""
        if record.kind == RecordKind.INSPECTION and record.part_id is not None:
            for block, parts in self._recorded.items():
                if record.part_id in block:
                    parts.append(record.part_id)
        elif record.kind == RecordKind.SIGNING:
            self.signing.append(record)
        elif (entry := release_told(record)) is not None:
            self.releases.update([entry])
        elif (told := block_told(record)) is not None:
            block, settled = told
            if settled:
                self._recorded.pop(block, None)
            else:
                self.open(block)


def block_told(record: StoredRecord) -> tuple[range, bool] | None:
    """The block that a record is about, and whether that settles it; None for other records."""
    if record.kind != RecordKind.BLOCK:
        return None
    content = record.content
    return range(content["first"], content["last"] + 1), content["event"] != "reserved"


def release_told(record: StoredRecord) -> tuple[str, str] | None:
    """Product and hash of a release, or withdrawal of one; None for others and refused ones."""
    if record.kind != RecordKind.ACTION or not any(
        action in record.payload for action in _RELEASING
    ):
        return None
    content = record.content
    if content.get("action") not in ("Release", "Withdraw") or not content.get("hash"):
        return None
    return content.get("product", ""), content["hash"]


def _ranges(numbers: list[int]) -> list[Json]:
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return list(found)


def _numbers(ranges: Iterable[tuple[int, int]]) -> list[int]:
    return [number for first, last in ranges for number in range(first, last + 1)]
