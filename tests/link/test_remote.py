"""Panels on other PCs: a key that the station knows, and an address that its file allows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import ValidationError

from inspector.core.errors import InputError, LinkError
from inspector.core.line_config import RemoteConfig
from inspector.link.client_zmq import ZmqClient
from inspector.link.control import Seat
from inspector.link.keys import PANEL_FILE
from inspector.link.messages import GetStatus, Snapshot
from inspector.link.panel_keys import PanelKeys
from inspector.link.server import LinkServer
from tests.link.remote import remote_config, remote_folder
from tests.link.stations import STATUS, SteeredHandler, event_of, until

SEAT = Seat("mark", "whatever it says")


class Served:
    """A station that lets panels in from 127.0.0.1."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.remote = remote_config()
        self.handler = SteeredHandler()
        self.server = LinkServer(folder, self.handler, remote=self.remote)
        self.server.start()

    def panel(self, folder: Path, name: str = "", coming_from: str = "") -> ZmqClient:
        made = remote_folder(folder, self.folder, self.remote, name, coming_from)
        return ZmqClient(made, SEAT)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path / "station")
    yield made
    made.server.close()


def is_answered(client: ZmqClient) -> bool:
    try:
        return isinstance(client.call(GetStatus(), 0.7), Snapshot)
    except LinkError:
        return False


def test_a_panel_with_a_known_key_speaks_and_hears(served: Served, tmp_path: Path) -> None:
    with closing(served.panel(tmp_path / "far", "office-2", "127.0.0.1")) as client:
        until(lambda: is_answered(client) or None)
        command, token, peer = served.handler.heard[-1]
        assert (command, token, peer) == (GetStatus(), "", "remote office-2")
        assert event_of(client, lambda: served.server.publish(Snapshot(STATUS))) == Snapshot(STATUS)


def test_who_lacks_a_known_key_or_a_known_address_is_no_panel(
    served: Served, tmp_path: Path
) -> None:
    strangers = {
        "a key that nobody let in": served.panel(tmp_path / "stranger"),
        "another address": served.panel(tmp_path / "moved", "moved", "127.0.0.2"),
        "the key of this PC": served.panel(tmp_path / "copied"),
    }
    copied = (served.folder / "link" / PANEL_FILE).read_bytes()
    (tmp_path / "copied/link" / PANEL_FILE).write_bytes(copied)
    with closing(served.panel(tmp_path / "known", "known")) as known:
        until(lambda: is_answered(known) or None)
        heard = len(served.handler.heard)
        for why, client in strangers.items():
            with closing(client):
                assert not is_answered(client), why
                assert client.next_event(0.2) is None, why
        assert len(served.handler.heard) == heard


def test_the_key_of_another_pc_opens_no_door_of_this_one(served: Served, tmp_path: Path) -> None:
    far = remote_folder(tmp_path / "far", served.folder, served.remote, "far")
    here = served.folder / "link"
    for name in ("endpoint.json",):
        (far / "link" / name).write_bytes((here / name).read_bytes())
    with closing(ZmqClient(far, SEAT)) as client:
        assert not is_answered(client)


def test_a_panel_that_is_let_in_no_more_is_cut_off(served: Served, tmp_path: Path) -> None:
    with closing(served.panel(tmp_path / "far", "far")) as gone:
        until(lambda: is_answered(gone) or None)
        with closing(served.panel(tmp_path / "near", "near")) as stays:
            PanelKeys(served.folder / "link").remove("far")
            until(lambda: None if is_answered(gone) else True)
            until(lambda: is_answered(stays) or None)
            assert not is_answered(gone)


def test_a_station_whose_network_is_missing_serves_its_own_pc(tmp_path: Path) -> None:
    absent = RemoteConfig(address="192.0.2.1", port=21_000, allow=("192.0.2.0/24",))
    server = LinkServer(tmp_path, SteeredHandler(), remote=absent)
    server.start()
    try:
        with closing(ZmqClient(tmp_path)) as client:
            assert client.call(GetStatus(), 20.0) == Snapshot(STATUS)
    finally:
        server.close()


def test_what_the_lines_file_allows() -> None:
    remote = RemoteConfig(address="10.0.0.1", allow=("10.0.0.16/28", "10.0.1.9"))
    allowed = ("10.0.0.17", "10.0.1.9")
    assert all(map(remote.allows, allowed))
    assert not any(map(remote.allows, ("10.0.0.33", "10.0.1.10", "", "localhost", "::1")))
    for wrong in ({"address": "10.0.0.1"}, {"address": "host", "allow": ["10.0.0.2"]}):
        with pytest.raises(ValidationError):
            RemoteConfig.model_validate(wrong)
    with pytest.raises(ValidationError):
        RemoteConfig(allow=("10.0.0.1/8",))


def test_a_list_of_panels_refuses_what_is_no_key_or_there_already(tmp_path: Path) -> None:
    keys = PanelKeys(tmp_path)
    key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
    keys.add("office", key, 7)
    assert [(one.name, one.added_utc_us) for one in PanelKeys(tmp_path).entries] == [("office", 7)]
    for name, wrong in (("two", "short"), ("two", key), ("office", key[::-1]), ("a b", key[::-1])):
        with pytest.raises(InputError):
            keys.add(name, wrong, 0)
    keys.remove("office")
    assert PanelKeys(tmp_path).entries == ()
    with pytest.raises(InputError):
        keys.remove("office")
