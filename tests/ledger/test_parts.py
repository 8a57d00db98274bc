from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.errors import LedgerError
from inspector.core.ports import SystemClock
from inspector.core.record import RecordKind
from inspector.ledger.parts import PartIdBlocks, gaps
from inspector.ledger.reader import RecordFilter
from inspector.ledger.store import LedgerStore
from tests.ledger.parts_on_a_line import inspection

_SIZE = 16


def _blocks(store: LedgerStore) -> PartIdBlocks:
    return PartIdBlocks(store, _SIZE, SystemClock())


def _ends(store: LedgerStore) -> list[dict[str, Any]]:
    found = store.reader.each(RecordFilter(kind=RecordKind.BLOCK))
    return [record.content for record in found if record.content["event"] != "reserved"]


@given(st.sets(st.integers(1, 40)))
def test_gaps_are_exactly_what_is_missing(recorded: set[int]) -> None:
    ranges = gaps(range(1, 41), sorted(recorded))
    missing = [part for first, last in ranges for part in range(first, last + 1)]
    assert missing == sorted(set(range(1, 41)) - recorded)
    assert all(later[0] > earlier[1] + 1 for earlier, later in itertools.pairwise(ranges))


def test_ids_run_on_over_blocks_that_are_reserved_ahead(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path, "station-1")
    blocks = _blocks(store)
    given_out = []
    for _ in range(50):
        given_out.append(blocks.next())
        blocks.keep_ahead()
    assert given_out == list(range(1, 51))
    store.close()


def test_without_a_block_in_reserve_it_says_so_and_recovers(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path, "station-1")
    blocks = _blocks(store)
    for _ in range(2 * _SIZE):
        blocks.next()
    with pytest.raises(LedgerError, match="no part id is left"):
        blocks.next()
    blocks.keep_ahead()
    assert blocks.next() == 2 * _SIZE + 1
    store.close()


def test_after_a_crash_unfinished_ids_are_recorded_and_never_given_again(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path, "station-1")
    blocks = _blocks(store)
    parts = [blocks.next() for _ in range(20)]
    store.append_batch([inspection(part).record() for part in parts if part not in (3, 4, 9)])
    store.close()  # without blocks.close(): the process died

    store = LedgerStore(tmp_path, "station-1")
    assert _blocks(store).next() == 33
    first, second = _ends(store)
    assert first["event"] == second["event"] == "outcome unrecorded"
    assert first["unrecorded"] == [[3, 4], [9, 9]]
    assert second["unrecorded"] == [[21, 32]]
    assert first["unused"] == second["unused"] == []
    store.close()


def test_a_clean_end_records_the_rest_as_unused(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path, "station-1")
    blocks = _blocks(store)
    store.append_batch([inspection(blocks.next()).record() for _ in range(3)])
    blocks.next()  # given, but its record was lost
    blocks.close()
    first, second = _ends(store)
    assert (first["unrecorded"], first["unused"]) == ([[4, 4]], [[5, 16]])
    assert (second["event"], second["unused"]) == ("settled", [[17, 32]])
    assert store.unsettled_blocks() == []
    assert _blocks(store).next() == 33
    store.close()


def test_blocks_are_settled_behind_the_line(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path, "station-1")
    blocks = _blocks(store)
    for _ in range(40):
        blocks.keep_ahead()
        part = blocks.next()
        store.append_batch([inspection(part).record()])
        blocks.settle_behind(part)
    (end,) = _ends(store)
    assert (end["first"], end["last"], end["recorded"], end["unrecorded"]) == (1, 16, 16, [])
    store.close()
