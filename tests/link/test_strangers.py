"""Whoever is not the panel learns nothing and disturbs nobody."""

from __future__ import annotations

import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import zmq

from inspector.core.errors import LinkError
from inspector.link.binding import load_or_create_keys
from inspector.link.client_zmq import ZmqClient
from inspector.link.dispatch import LARGEST_REQUEST, read_request
from inspector.link.endpoint import Endpoint, read_endpoint
from inspector.link.keys import KeyPair, load_key_pair
from inspector.link.messages import GetStatus, Refused, Reply, Request, Snapshot
from inspector.link.server import LinkServer
from tests.link.stations import STATUS, SteeredHandler


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[Endpoint]:
    server = LinkServer(tmp_path, SteeredHandler(), endpoint="tcp://127.0.0.1:*")
    yield server.start()
    server.close()


@pytest.fixture
def context() -> Iterator[zmq.Context[zmq.Socket[bytes]]]:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    yield context
    context.destroy(linger=0)


def dealer(
    context: zmq.Context[zmq.Socket[bytes]], endpoint: Endpoint, key: KeyPair | None
) -> zmq.Socket[bytes]:
    own = context.socket(zmq.DEALER)
    if key is not None:
        own.setsockopt(zmq.CURVE_SERVERKEY, endpoint.server_key.encode())
        own.setsockopt(zmq.CURVE_PUBLICKEY, key.public)
        own.setsockopt(zmq.CURVE_SECRETKEY, key.secret)
    own.connect(endpoint.requests)
    return own


def the_panel_is_served(data: Path) -> bool:
    client = ZmqClient(data)
    try:
        return client.call(GetStatus(), timeout_s=10.0) == Snapshot(STATUS)
    finally:
        client.close()


REQUEST = msgspec.msgpack.encode(Request(1, GetStatus()))


def test_an_unknown_key_gets_no_answer(
    tmp_path: Path, endpoint: Endpoint, context: zmq.Context[zmq.Socket[bytes]]
) -> None:
    with dealer(context, endpoint, KeyPair(*zmq.curve_keypair())) as stranger:
        stranger.send(REQUEST)
        assert not stranger.poll(500)
    assert the_panel_is_served(tmp_path)


def test_no_key_gets_no_answer(
    tmp_path: Path, endpoint: Endpoint, context: zmq.Context[zmq.Socket[bytes]]
) -> None:
    with dealer(context, endpoint, None) as stranger:
        stranger.send(REQUEST)
        assert not stranger.poll(500)
    assert the_panel_is_served(tmp_path)


def test_an_unknown_key_hears_no_events(
    tmp_path: Path, context: zmq.Context[zmq.Socket[bytes]]
) -> None:
    server = LinkServer(tmp_path, SteeredHandler())
    endpoint = server.start()
    public, secret = zmq.curve_keypair()
    with context.socket(zmq.SUB) as stranger:
        stranger.setsockopt(zmq.CURVE_SERVERKEY, endpoint.server_key.encode())
        stranger.setsockopt(zmq.CURVE_PUBLICKEY, public)
        stranger.setsockopt(zmq.CURVE_SECRETKEY, secret)
        stranger.setsockopt(zmq.SUBSCRIBE, b"")
        stranger.connect(endpoint.events)
        for _ in range(10):
            server.publish(Snapshot(STATUS))
            assert not stranger.poll(50)
    server.close()


def test_a_client_does_not_trust_another_station(tmp_path: Path, endpoint: Endpoint) -> None:
    folder = tmp_path / "link"
    public, _ = zmq.curve_keypair()
    foreign = msgspec.structs.replace(endpoint, server_key=public.decode())
    (folder / "endpoint.json").write_bytes(msgspec.json.encode(foreign))
    client = ZmqClient(tmp_path)
    with pytest.raises(LinkError, match="no answer"):
        client.call(GetStatus(), timeout_s=0.5)
    client.close()


@pytest.mark.parametrize("rubbish", [b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 10_000, b"\x00"])
def test_garbage_bytes_do_not_disturb(tmp_path: Path, endpoint: Endpoint, rubbish: bytes) -> None:
    host, _, port = endpoint.requests.removeprefix("tcp://").rpartition(":")
    with socket.create_connection((host, int(port))) as raw:
        raw.sendall(rubbish)
        assert the_panel_is_served(tmp_path)


@pytest.mark.parametrize(
    ("frames", "reason"),
    [
        ([b"\xc1 not msgpack"], "not a request"),
        ([msgspec.msgpack.encode({"id": 5, "command": {"type": "Detonate"}})], "Detonate"),
        ([msgspec.msgpack.encode({"id": 5})], "missing required field"),
        ([bytes(LARGEST_REQUEST + 1)], "at most 65536"),
        ([REQUEST, REQUEST], "2 frames"),
        ([b""], "not a request"),
    ],
)
def test_what_is_no_request_is_refused_in_words(
    tmp_path: Path,
    endpoint: Endpoint,
    context: zmq.Context[zmq.Socket[bytes]],
    frames: list[bytes],
    reason: str,
) -> None:
    key = load_key_pair(tmp_path / "link" / "panel.key")
    with dealer(context, endpoint, key) as panel:
        panel.send_multipart(frames)
        assert panel.poll(10_000)
        reply = msgspec.msgpack.decode(panel.recv(), type=Reply)
    assert isinstance(reply, Refused)
    assert reason in reply.reason


def test_the_id_of_an_unknown_command_is_answered() -> None:
    unknown = msgspec.msgpack.encode({"id": 5, "command": {"type": "Detonate"}, "token": ""})
    refused = read_request(unknown)
    assert isinstance(refused, Refused)
    assert refused.id == 5


@pytest.mark.skipif(sys.platform == "win32", reason="file modes are POSIX")
def test_keys_are_their_owners_alone(tmp_path: Path, endpoint: Endpoint) -> None:
    assert read_endpoint(tmp_path / "link") == endpoint
    for path in (tmp_path / "link").iterdir():
        if path.is_file():
            assert not path.stat().st_mode & 0o077, path
    assert stat.S_IMODE((tmp_path / "link").stat().st_mode) == 0o700


def test_keys_stay_the_same_and_are_never_shown(tmp_path: Path) -> None:
    first = load_or_create_keys(tmp_path / "server.key")
    assert load_or_create_keys(tmp_path / "server.key") == first
    assert first.secret.decode() not in repr(first)


@pytest.mark.parametrize("content", [b"", b"{}", b'{"public": "a", "secret": "b"}', b"\xff"])
def test_a_damaged_key_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "panel.key").write_bytes(content)
    with pytest.raises(LinkError, match=r"panel\.key: no key pair .*Delete the file"):
        load_key_pair(tmp_path / "panel.key")


def test_two_halves_of_different_keys_are_named(tmp_path: Path) -> None:
    mixed = {"public": zmq.curve_keypair()[0].decode(), "secret": zmq.curve_keypair()[1].decode()}
    (tmp_path / "panel.key").write_bytes(msgspec.json.encode(mixed))
    with pytest.raises(LinkError, match="do not belong together"):
        load_key_pair(tmp_path / "panel.key")
