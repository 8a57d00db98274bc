"""Many stations, one PostgreSQL, and what happens when it is away."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inspector.core.errors import LedgerError
from inspector.core.record import LedgerRecord, RecordKind
from inspector.ledger import forwarding
from inspector.ledger.chain import StoredRecord, genesis, link_all, seal
from inspector.ledger.database import DatabaseAddress
from inspector.ledger.ledger import Ledger, open_reader
from inspector.ledger.moving import move
from inspector.ledger.plant_database import PlantDatabase
from inspector.ledger.plant_store import PlantStore
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.store import LedgerStore
from inspector.ledger.verify import verify
from inspector.release.recorded import last_recorded
from tests.ledger.parts_on_a_line import NOW_US, event, heat, inspection, picture
from tests.ledger.plant_server import PlantServer
from tests.waiting import until

_INSPECTIONS = RecordFilter(kind=RecordKind.INSPECTION)


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forwarding, "_LAST_RETRY_S", 0.2)


@pytest.fixture
def address(plant_server: PlantServer) -> DatabaseAddress:
    return DatabaseAddress(plant_server.database())


@pytest.fixture
def opened(tmp_path: Path, address: DatabaseAddress) -> Iterator[Callable[..., PlantStore]]:
    stores: list[PlantStore] = []

    def make(station: str = "station-1", folder: str = "") -> PlantStore:
        stores.append(PlantStore(tmp_path / (folder or station), station, address))
        return stores[-1]

    yield make
    for store in stores:
        store.close()


def there(store: PlantStore) -> list[StoredRecord]:
    until(lambda: store.journal.records == 0)
    return list(store.reader.each())


def test_records_reach_the_database_in_the_order_of_the_chain(
    opened: Callable[..., PlantStore],
) -> None:
    store = opened()
    sent = [
        *store.append_batch([event(1), event(2)]),
        *store.append_batch([inspection(7).record()]),
    ]
    assert there(store) == sent
    assert store.reader.head() == store.head
    assert [record.part_id for record in store.reader.each(_INSPECTIONS)] == [7]
    assert verify(store.reader, None).intact


def test_stations_share_a_database_each_with_its_own_chain(
    opened: Callable[..., PlantStore],
) -> None:
    one, two = opened("station-1"), opened("station-2")
    one.append_batch([event(1)])
    two.append_batch([event(1), event(2)])
    one.append_batch([event(3)])
    assert [record.station for record in there(one)] == ["station-1"] * 2
    assert [record.sequence for record in there(two)] == [1, 2]
    assert one.reserve_block(16, block()) == two.reserve_block(16, block()) == range(1, 17)
    for store in (one, two):
        there(store)
        assert verify(store.reader, None).intact


def block() -> LedgerRecord:
    return LedgerRecord(RecordKind.BLOCK, NOW_US, {"event": "reserved"})


def test_an_outage_loses_nothing_and_part_ids_go_on(
    tmp_path: Path, plant_server: PlantServer, address: DatabaseAddress
) -> None:
    ledger = Ledger(tmp_path, "station-1", block_size=16, database=address)
    ledger.writer.size_evidence(3600, 1024)

    def inspect(count: int) -> list[int]:
        parts = []
        for _ in range(count):
            parts.append(ledger.part_ids.next())
            ledger.writer.offer_inspection(inspection(parts[-1]), picture(1), heat(1))
            until(lambda: ledger.writer.backlog == 0)
        return parts

    given = inspect(10)
    plant_server.stop()
    try:
        given += inspect(70)
        until(lambda: ledger.store.journal.fault is not None)
        assert ledger.writer.fault is None, "the line's own records are safe"
        assert ledger.store.journal.records >= 70
        assert ledger.close(), "on this disk, which is enough"
        ledger = Ledger(tmp_path, "station-1", block_size=16, database=address)
        ledger.writer.size_evidence(3600, 1024)
        given += inspect(5)
    finally:
        plant_server.start()
    until(lambda: ledger.store.journal.records == 0)
    assert ledger.store.journal.fault is None
    assert ledger.close()
    reader = open_reader(tmp_path, "station-1", address)
    assert [record.part_id for record in reader.each(_INSPECTIONS)] == given
    assert len(set(given)) == len(given)
    assert verify(reader, ledger.evidence).intact
    reader.close()


def test_given_twice_a_record_is_stored_once(address: DatabaseAddress) -> None:
    database = PlantDatabase(address, "station-1")
    database.prepare()
    begin = genesis("station-1")
    sent = link_all("station-1", begin, [seal(event(number)) for number in range(5)])
    database.store(begin, sent[:3])
    head = database.store(begin, sent)
    assert database.store(begin, sent) == head
    assert list(database.reader.each()) == list(sent)
    database.close()


def test_a_second_pc_of_the_same_name_is_found_and_nothing_of_it_is_stored(
    opened: Callable[..., PlantStore],
) -> None:
    one, two = opened(folder="one"), opened(folder="two")
    one.append_batch([event(1)])
    assert len(there(one)) == 1
    two.append_batch([event(2)])
    until(lambda: two.journal.fault is not None)
    assert "Does another PC bear this name" in (two.journal.fault or "")
    assert two.journal.records == 1
    assert one.reader.count() == 1


def test_with_a_new_disk_the_chain_goes_on_where_the_database_has_it(
    opened: Callable[..., PlantStore],
) -> None:
    store = opened(folder="old")
    first = store.reserve_block(16, block())
    store.append_batch([inspection(3).record()])
    there(store)
    store.close()
    store = opened(folder="new")
    assert store.head.sequence == 2
    assert store.unsettled_blocks() == [first]
    assert store.recorded_parts(first) == [3]
    assert store.reserve_block(16, block()) == range(17, 33)
    assert [record.sequence for record in there(store)] == [1, 2, 3]


def test_releases_are_known_without_the_database(opened: Callable[..., PlantStore]) -> None:
    def action(name: str, **more: str) -> LedgerRecord:
        return LedgerRecord(RecordKind.ACTION, NOW_US, {"action": name, **more})

    store = opened(folder="old")
    store.append_batch(
        [
            action("Release", product="a", hash="1"),
            action("Release", product="b", hash="2"),
            action("Withdraw", product="a", hash="3"),
            action("Release", product="a", refused="not now"),
            action("Start", product="a", hash="4"),
        ]
    )
    there(store)
    for product, known in (("a", "3"), ("b", "2"), ("c", "")):
        assert store.last_release(product) == last_recorded(store.reader, product) == known
    store.close()
    assert opened(folder="old").last_release("a") == "3"
    assert opened(folder="new disk").last_release("b") == "2"


def test_records_of_before_are_not_left_behind_but_moved(
    tmp_path: Path, address: DatabaseAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = LedgerStore(tmp_path, "station-1")
    own.reserve_block(16, block())
    own.append_batch([inspection(part).record() for part in range(1, 8)])
    records = list(own.reader.each())
    with pytest.raises(LedgerError, match="another station is writing"):
        move(tmp_path, "station-1", address)
    own.close()
    with pytest.raises(LedgerError, match="inspector ledger move"):
        PlantStore(tmp_path, "station-1", address)

    def broken_off(done: int, _last: int) -> None:
        raise KeyboardInterrupt(done)

    monkeypatch.setattr("inspector.ledger.moving._BATCH", 3)
    with pytest.raises(KeyboardInterrupt):
        move(tmp_path, "station-1", address, broken_off)
    with pytest.raises(LedgerError, match="inspector ledger move"):
        PlantStore(tmp_path, "station-1", address)
    assert move(tmp_path, "station-1", address) == 5
    assert move(tmp_path, "station-1", address) == 0
    store = PlantStore(tmp_path, "station-1", address)
    assert store.unsettled_blocks() == [range(1, 17)]
    assert store.recorded_parts(range(1, 17)) == list(range(1, 8))
    assert store.reserve_block(16, block()) == range(17, 33)
    assert there(store)[:8] == records
    store.close()


def test_without_its_database_a_station_in_a_plant_does_not_go_on_by_itself(
    opened: Callable[..., PlantStore], tmp_path: Path
) -> None:
    opened(folder="here").close()
    with pytest.raises(LedgerError, match="are in a plant's database"):
        LedgerStore(tmp_path / "here", "station-1")


def test_the_first_start_needs_the_database(tmp_path: Path) -> None:
    nowhere = DatabaseAddress("postgresql://postgres@127.0.0.1:1/none")
    with pytest.raises(LedgerError, match="Check the database server and the network"):
        PlantStore(tmp_path, "station-1", nowhere)


def test_the_password_comes_from_its_file_and_is_said_nowhere(
    tmp_path: Path, plant_server: PlantServer
) -> None:
    file = tmp_path / "password"
    file.write_text("correct-horse\n", encoding="utf-8")
    file.chmod(0o600)
    nowhere = DatabaseAddress("postgresql://plant@127.0.0.1:1/none", file)
    assert nowhere.password() == "correct-horse"
    with pytest.raises(LedgerError) as failed:
        LedgerReader.of_plant(nowhere, "station-1")
    assert "correct-horse" not in f"{failed.value!r} {failed.value.__cause__!r}"
    if os.name != "nt":
        file.chmod(0o644)
        with pytest.raises(LedgerError, match="others than its owner may read"):
            nowhere.password()
    with pytest.raises(LedgerError, match="cannot be read"):
        DatabaseAddress(nowhere.url, tmp_path / "none").password()


def test_questions_are_answered_there_as_in_a_file(
    opened: Callable[..., PlantStore], tmp_path: Path
) -> None:
    here, plant = LedgerStore(tmp_path / "own", "station-1"), opened()
    for store in (here, plant):
        store.append_batch([event(1), *(inspection(n, score=n % 3).record() for n in range(9))])
        store.append_batch([inspection(4).record()])
    there(plant)
    some = RecordFilter(RecordKind.INSPECTION, since_us=NOW_US + 2, until_us=NOW_US + 6)
    questions: tuple[Callable[[LedgerReader], object], ...] = (
        lambda reader: reader.counts(NOW_US, NOW_US + 8, 3),
        lambda reader: reader.tail(3, some),
        lambda reader: reader.repeated_parts(),
        lambda reader: reader.count(some),
    )
    for ask in questions:
        assert ask(here.reader) == ask(plant.reader) != []
    here.close()
