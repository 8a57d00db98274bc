"""Addresses on every platform, in private places."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.core.errors import ConfigError, LinkError
from inspector.link import binding
from inspector.link.binding import (
    LONGEST_IPC_PATH,
    addresses,
    link_folder,
    picture_path,
    private_folder,
)
from inspector.link.client_zmq import ZmqClient
from inspector.link.endpoint import read_endpoint
from inspector.link.messages import GetStatus, Snapshot
from inspector.link.server import LinkServer
from tests.link.stations import STATUS, SteeredHandler

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="local sockets are POSIX")


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A path that leaves room for a socket's name; ``tmp_path`` can be long."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def test_windows_uses_loopback_on_free_ports(tmp_path: Path) -> None:
    assert addresses("auto", tmp_path, "win32") == ("tcp://127.0.0.1:*", "tcp://127.0.0.1:*")


def test_linux_uses_sockets_in_the_private_folder() -> None:
    folder = Path("/data/link")
    assert addresses("auto", folder, "linux") == (
        "ipc:///data/link/requests.sock",
        "ipc:///data/link/requests.events",
    )


@posix_only
def test_a_long_data_folder_gets_a_short_private_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, short_folder: Path
) -> None:
    runtime = short_folder
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    deep = tmp_path / ("d" * 100) / "link"
    requests, events = addresses("auto", deep, "linux")
    folder = Path(requests.removeprefix("ipc://")).parent
    assert folder.parent == runtime
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(events.removeprefix("ipc://")) <= LONGEST_IPC_PATH
    assert addresses("auto", deep, "linux") == (requests, events)
    assert addresses("auto", tmp_path / ("e" * 100) / "link", "linux") != (requests, events)


@posix_only
def test_a_station_in_a_deep_folder_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, short_folder: Path
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(short_folder))
    server = LinkServer(tmp_path / ("d" * 100), SteeredHandler())
    server.start()
    client = ZmqClient(tmp_path / ("d" * 100))
    assert client.call(GetStatus()) == Snapshot(STATUS)
    client.close()
    server.close()
    assert list(short_folder.iterdir()) == []
    assert not server.pictures.parent.exists()


@posix_only
def test_a_private_folder_that_is_open_to_others_is_refused(tmp_path: Path) -> None:
    folder = private_folder(tmp_path, tmp_path / "link")
    folder.chmod(0o755)
    with pytest.raises(LinkError, match="open to others"):
        private_folder(tmp_path, tmp_path / "link")


@posix_only
def test_a_link_in_place_of_the_private_folder_is_refused(tmp_path: Path) -> None:
    folder = private_folder(tmp_path, tmp_path / "link")
    folder.rmdir()
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LinkError, match="someone else"):
        private_folder(tmp_path, tmp_path / "link")


@pytest.mark.parametrize(
    ("configured", "platform", "expected"),
    [
        ("tcp://127.0.0.1:5555", "linux", ("tcp://127.0.0.1:5555", "tcp://127.0.0.1:*")),
        ("tcp://[::1]:5555", "win32", ("tcp://[::1]:5555", "tcp://[::1]:*")),
        ("ipc:///run/x/a.sock", "linux", ("ipc:///run/x/a.sock", "ipc:///run/x/a.events")),
    ],
)
def test_a_named_endpoint_is_used(
    tmp_path: Path, configured: str, platform: str, expected: tuple[str, str]
) -> None:
    assert addresses(configured, tmp_path, platform) == expected


@pytest.mark.parametrize(
    "configured",
    [
        "tcp://0.0.0.0:5555",
        "tcp://*:5555",
        "tcp://192.168.0.7:5555",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:0",
        "tcp://127.0.0.1:70000",
        "tcp://127.0.0.1.example.org:5555",
        "ipc://relative",
        "ipc:///" + "x" * 120,
        "udp://127.0.0.1:1",
        "",
    ],
)
def test_anything_else_is_refused(tmp_path: Path, configured: str) -> None:
    with pytest.raises(ConfigError, match=r"link\.endpoint"):
        addresses(configured, tmp_path, "linux")


def test_a_local_socket_is_refused_on_windows(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"link\.endpoint"):
        addresses("ipc:///run/x.sock", tmp_path, "win32")


def test_pictures_lie_beside_the_sockets_where_there_is_no_memory_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert picture_path(tmp_path, "win32") == tmp_path / "pictures"
    monkeypatch.setattr(binding, "_MEMORY_FOLDER", tmp_path / "absent")
    assert picture_path(tmp_path, "linux") == tmp_path / "pictures"


@posix_only
def test_pictures_lie_in_memory_where_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binding, "_MEMORY_FOLDER", tmp_path)
    path = picture_path(tmp_path / "link", "linux")
    assert path.parent.parent == tmp_path
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe"])
def test_a_damaged_endpoint_file_is_named(tmp_path: Path, content: bytes) -> None:
    folder = link_folder(tmp_path)
    (folder / "endpoint.json").write_bytes(content)
    with pytest.raises(LinkError, match=r"endpoint\.json: cannot be read"):
        read_endpoint(folder)
