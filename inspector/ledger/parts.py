"""Part ids that are never given twice: durable blocks, reserved ahead of need.

A block is recorded when it is reserved and again when its end is known: complete, or with the exact
ranges of ids that have no inspection record.
"""

from __future__ import annotations

from collections import deque

from inspector.core.canonical import Json
from inspector.core.errors import LedgerError
from inspector.core.ports import Clock
from inspector.core.record import LedgerRecord, RecordKind
from inspector.ledger.store import Store


class PartIdBlocks:
    """Hands out part ids from blocks of ``size``.

    ``next`` on the capture thread, from memory alone; everything else on the one thread that writes
    to the store. Opening settles what an earlier run left and reserves two blocks.
    """

    def __init__(self, store: Store, size: int, clock: Clock) -> None:
        self._store = store
        self._size = size
        self._clock = clock
        for block in store.unsettled_blocks():
            self._settle(block, given_to=block.stop)
        self._blocks: deque[range] = deque()
        self._current = iter(self._reserve())
        self._next_free = self._blocks[0].start
        self._ahead: deque[range] = deque()
        self.keep_ahead()

    def next(self) -> int:
        """A number never given before on this station. Raises ``LedgerError`` when none is left."""
        part = next(self._current, None)
        if part is None:
            try:
                self._current = iter(self._ahead.popleft())
            except IndexError:
                raise LedgerError(
                    "no part id is left: the ledger could not reserve the next block in time",
                    remedy="Check the disk, or raise ledger.block_size",
                ) from None
            part = next(self._current)
        self._next_free = part + 1
        return part

    def keep_ahead(self) -> None:
        """Have a whole block in reserve. Raises ``LedgerError``."""
        if not self._ahead:
            self._ahead.append(self._reserve())

    def settle_behind(self, part_id: int) -> None:
        """Settle blocks that lie a whole block behind ``part_id``, a part that was recorded.

        Parts are recorded in order, so nothing of such a block can still be under way.
        """
        while self._blocks and self._blocks[0].stop + self._size <= part_id:
            self._settle(self._blocks[0], given_to=self._blocks[0].stop)
            self._blocks.popleft()

    def close(self) -> None:
        """Settle all blocks once nothing more will be recorded; the rest is unused."""
        while self._blocks:
            self._settle(self._blocks[0], given_to=self._next_free)
            self._blocks.popleft()

    def _reserve(self) -> range:
        block = self._store.reserve_block(self._size, self._record({"event": "reserved"}))
        self._blocks.append(block)
        return block

    def _settle(self, block: range, given_to: int) -> None:
        """Ids below ``given_to`` may have been given to a part; those from there on never were."""
        recorded = self._store.recorded_parts(block)
        unused_from = max(block.start, min(given_to, block.stop))
        missing = gaps(range(block.start, unused_from), recorded)
        payload: dict[str, Json] = {
            "event": "outcome unrecorded" if missing else "settled",
            "first": block.start,
            "last": block.stop - 1,
            "recorded": len(recorded),
            "unrecorded": missing,
            "unused": gaps(range(unused_from, block.stop), []),
        }
        self._store.settle_block(block, self._record(payload))

    def _record(self, payload: dict[str, Json]) -> LedgerRecord:
        return LedgerRecord(RecordKind.BLOCK, self._clock.utc_us(), payload)


def gaps(block: range, recorded: list[int]) -> list[list[int]]:
    """The [first, last] ranges of ``block`` that are not in ``recorded`` (ascending)."""
    missing: list[list[int]] = []
    expected = block.start
    for part in [*recorded, block.stop]:
        if expected < min(part, block.stop):
            missing.append([expected, min(part, block.stop) - 1])
        expected = max(expected, part + 1)
    return missing
