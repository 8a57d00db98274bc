"""Commands and events over the sockets, and through the in-process twin."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.core.errors import ConfigError, LinkError, RefusedError
from inspector.link.client import StationClient
from inspector.link.client_zmq import ZmqClient
from inspector.link.endpoint import read_endpoint
from inspector.link.in_process import InProcessLink
from inspector.link.messages import (
    PROTOCOL_VERSION,
    Acknowledge,
    Event,
    GetStatus,
    Hello,
    ListProducts,
    Login,
    Logout,
    RejectNotice,
    SelectProduct,
    Session,
    Snapshot,
    Start,
    Stop,
)
from inspector.link.server import BURST, PER_S, LinkServer
from tests.link.stations import STATUS, SteeredHandler, event_of, notice, until


class Station:
    """A handler with either end of the wire."""

    def __init__(self, data: Path, kind: str) -> None:
        self.handler = SteeredHandler()
        self.link: InProcessLink | LinkServer
        if kind == "in-process":
            self.link = InProcessLink(self.handler)
            self.client: StationClient = self.link.client()
        else:
            endpoint = "auto" if kind == "ipc" else "tcp://127.0.0.1:*"
            self.link = LinkServer(data, self.handler, endpoint=endpoint)
            self.link.start()
            self.client = ZmqClient(data)

    def publish(self, event: Event) -> None:
        self.link.publish(event)

    def close(self) -> None:
        self.client.close()
        if isinstance(self.link, LinkServer):
            self.link.close()


@pytest.fixture(params=["in-process", "ipc", "tcp"])
def station(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Station]:
    station = Station(tmp_path, request.param)
    yield station
    station.close()


def test_a_command_is_answered(station: Station) -> None:
    assert station.client.call(Hello()) == Session("", "", "operator")
    assert station.client.call(GetStatus()) == Snapshot(STATUS)
    assert station.client.call(ListProducts()) is None


def test_the_token_of_the_session_stands_in_later_requests(station: Station) -> None:
    station.client.call(Login("ada", "secret"))
    station.client.call(GetStatus())
    station.client.call(Logout())
    station.client.call(GetStatus())
    assert [token for _, token, _ in station.handler.heard] == ["", "t0ken", "t0ken", ""]
    assert {peer for _, _, peer in station.handler.heard} <= {"panel", "in-process"}


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (Start(), "not in Ready. Select a product first"),
        (Stop(), "the ledger cannot be written"),
        (SelectProduct("washer"), "internal fault"),
        (Hello(version=99), f"speaks version {PROTOCOL_VERSION} of the link, you 99"),
    ],
)
def test_a_refusal_carries_its_reason(station: Station, command: Start, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        station.client.call(command)
    assert station.client.call(GetStatus()) == Snapshot(STATUS)


def test_events_arrive(station: Station) -> None:
    assert event_of(station.client, lambda: station.publish(notice(7))) == notice(7)
    snapshot = until(lambda: _next_snapshot(station))
    assert snapshot.status == STATUS


def _next_snapshot(station: Station) -> Snapshot | None:
    station.publish(Snapshot(STATUS))
    event = station.client.next_event(0.05)
    return event if isinstance(event, Snapshot) else None


def test_no_event_is_none_at_the_timeout(station: Station) -> None:
    assert station.client.next_event(0.01) is None


def test_closing_twice_is_safe(station: Station) -> None:
    station.client.close()
    station.client.close()
    station.close()


def test_publishing_never_waits_for_a_client_that_does_not_read(tmp_path: Path) -> None:
    station = Station(tmp_path, "ipc")
    event_of(station.client, lambda: station.publish(notice(0)))
    slowest = 0.0
    for number in range(2000):
        began = time.monotonic()
        station.publish(notice(number, size=50_000))
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < 5.0, "publish blocked"
    station.publish(notice(9999))
    seen: list[int] = []

    def last() -> bool | None:
        station.publish(notice(9999))
        event = station.client.next_event(0.05)
        if isinstance(event, RejectNotice):
            seen.append(event.part_id)
        return True if seen and seen[-1] == 9999 else None

    until(last)
    assert len(seen) < 2000, "nothing was skipped: some queue has no bound"
    assert station.client.call(GetStatus()) == Snapshot(STATUS)
    station.close()


def test_a_slow_client_gets_the_newest_snapshot_only(tmp_path: Path) -> None:
    station = Station(tmp_path, "in-process")
    for _ in range(5):
        station.publish(Snapshot(STATUS))
    assert station.client.next_event(0.0) == Snapshot(STATUS)
    assert station.client.next_event(0.0) is None
    station.close()


def test_an_event_that_cannot_be_sent_does_not_end_the_link(tmp_path: Path) -> None:
    station = Station(tmp_path, "ipc")
    station.publish(RejectNotice(1, 0, object(), (), b""))  # type: ignore[arg-type]  # on purpose
    assert station.client.call(GetStatus()) == Snapshot(STATUS)
    assert event_of(station.client, lambda: station.publish(notice(7))) == notice(7)
    station.close()


def test_without_an_answer_in_time_there_is_a_link_error(tmp_path: Path) -> None:
    station = Station(tmp_path, "ipc")
    station.client.call(Hello())
    with pytest.raises(LinkError, match="no answer within"):
        station.client.call(Acknowledge("0.5"), timeout_s=0.05)
    # The late answer must not be taken for the next one.
    assert until(lambda: _status(station.client)) == Snapshot(STATUS)
    station.close()


def _status(client: StationClient) -> Snapshot | None:
    try:
        answer = client.call(GetStatus(), timeout_s=1.0)
    except LinkError:
        return None
    assert isinstance(answer, Snapshot)
    return answer


def test_a_station_that_never_ran_is_named(tmp_path: Path) -> None:
    client = ZmqClient(tmp_path)
    with pytest.raises(LinkError, match="no station has run here"):
        client.call(GetStatus())
    assert client.next_event(0.0) is None
    assert client.picture() is None
    client.close()


@pytest.mark.parametrize("endpoint", ["auto", "tcp://127.0.0.1:*"])
def test_a_client_finds_a_station_that_started_again(tmp_path: Path, endpoint: str) -> None:
    first = LinkServer(tmp_path, SteeredHandler(), endpoint=endpoint)
    first.start()
    client = ZmqClient(tmp_path)
    client.call(Hello())
    event_of(client, lambda: first.publish(notice(1)))
    first.close()
    with pytest.raises(LinkError):
        client.call(Hello(), timeout_s=0.05)
    second = LinkServer(tmp_path, SteeredHandler(), endpoint=endpoint)
    second.start()
    assert until(lambda: _status(client)) == Snapshot(STATUS)
    assert event_of(client, lambda: second.publish(notice(2)))
    client.close()
    second.close()


def test_a_command_to_a_station_that_is_away_is_not_kept_for_the_next(tmp_path: Path) -> None:
    first = LinkServer(tmp_path, SteeredHandler())
    first.start()
    client = ZmqClient(tmp_path)
    client.call(Hello())
    first.close()
    with pytest.raises(LinkError):
        client.call(Start(), timeout_s=0.2)
    handler = SteeredHandler()
    second = LinkServer(tmp_path, handler)
    second.start()
    until(lambda: _status(client))
    assert not any(isinstance(command, Start) for command, _, _ in handler.heard)
    client.close()
    second.close()


def test_the_endpoint_that_was_bound_is_written_down(tmp_path: Path) -> None:
    server = LinkServer(tmp_path, SteeredHandler(), endpoint="tcp://127.0.0.1:*")
    assert server.start() == read_endpoint(tmp_path / "link")
    server.close()


@pytest.mark.parametrize("endpoint", ["auto", "tcp://127.0.0.1:*"])
def test_a_taken_address_is_named_and_stays_its_owners(tmp_path: Path, endpoint: str) -> None:
    first = LinkServer(tmp_path, SteeredHandler(), endpoint=endpoint)
    taken = first.start().requests
    second = LinkServer(tmp_path, SteeredHandler(), endpoint=taken)
    with pytest.raises(LinkError, match="cannot be used"):
        second.start()
    second.close()
    client = ZmqClient(tmp_path)
    assert client.call(GetStatus()) == Snapshot(STATUS)
    client.close()
    first.close()


def test_only_this_computer_can_be_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="auto, ipc:///path"):
        LinkServer(tmp_path, SteeredHandler(), endpoint="tcp://0.0.0.0:5555")


def test_a_client_that_asks_without_a_pause_is_slowed_down(tmp_path: Path) -> None:
    """Its questions must not keep the interpreter from the inspection thread."""
    link = LinkServer(tmp_path, SteeredHandler())
    link.start()
    asking, other = ZmqClient(tmp_path), ZmqClient(tmp_path)
    try:
        began = time.monotonic()
        for _ in range(BURST + 30):
            asking.call(GetStatus())
        assert time.monotonic() - began >= 29 / PER_S
        assert other.call(GetStatus()) == Snapshot(STATUS)
    finally:
        asking.close()
        other.close()
        link.close()
