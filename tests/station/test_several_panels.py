"""A real station before several real panels, on this PC and on another: true sockets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from inspector.access.permissions import Role
from inspector.access.users import Users
from inspector.core.errors import LinkError, RefusedError
from inspector.core.record import RecordKind
from inspector.core.state import Control
from inspector.link.client_zmq import ZmqClient
from inspector.link.control import new_seat
from inspector.link.endpoint import OFFICE
from inspector.link.messages import (
    AskControl,
    CallEngineer,
    GetStatus,
    GiveControl,
    Halt,
    Hello,
    KeepControl,
    Login,
    Logout,
    Present,
    Session,
    Snapshot,
    Start,
    Stop,
    TakeControl,
)
from inspector.link.office_client import ZmqOfficeClient, answer_to
from inspector.link.questions.parts import ListParts, Parts
from inspector.link.questions.rights import AskRights, Rights
from inspector.link.server import DeskServer
from inspector.office.office import Office
from inspector.office.room import Room
from inspector.office.whose import AskStation
from inspector.station.opening import OpenStation
from tests.link.remote import remote_config, remote_folder
from tests.link.stations import until
from tests.station.production_line import PASSWORD, opened, records, wait_until
from tests.tiny_plant import TinyPlant, make_plant


class Shop:
    """A station, and panels that are opened before it."""

    def __init__(self, folder: Path, stack: ExitStack, **link: Any) -> None:
        self.folder, self._stack = folder, stack
        self.remote = remote_config()
        belt = {"parts_per_s": 20.0, "counts_per_part": 100}
        settings = {"silent_s": 60.0, "answer_s": 60.0, **link}
        settings["remote"] = self.remote.model_dump(mode="json")
        self.plant: TinyPlant = make_plant(folder / "plant", belt=belt, link=settings)
        users = Users(self.plant.data_folder)
        users.add("oki", Role.OPERATOR, PASSWORD)
        users.add("ann", Role.ENGINEER, PASSWORD)
        self.station: OpenStation = stack.enter_context(opened(self.plant))

    def panel(self, name: str) -> ZmqClient:
        """On the station's own PC."""
        made = ZmqClient(self.plant.data_folder, new_seat(name))
        return self._stack.enter_context(closing(made))

    def far(self, name: str) -> ZmqClient:
        """On another PC."""
        folder = remote_folder(self.folder / name, self.plant.data_folder, self.remote, name)
        made = self._stack.enter_context(closing(ZmqClient(folder, new_seat("what it says"))))
        until(lambda: _greeted(made))
        return made

    @property
    def control(self) -> Control:
        return self.station.station.status().control

    @property
    def passed(self) -> list[tuple[str, str, str]]:
        """From, to, why: of the ledger."""
        found = records(self.plant, RecordKind.ACTION)
        return [
            (one["from"], one["to"], one["reason"])
            for one in found
            if one["action"] == "PassControl"
        ]


def _greeted(client: ZmqClient) -> bool | None:
    try:
        return isinstance(client.call(Hello(), 1.0), Session) or None
    except LinkError:
        return None


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


def test_one_acts_and_two_watch_and_it_is_handed_on(tmp_path: Path, stack: ExitStack) -> None:
    shop = Shop(tmp_path, stack)
    line, desk, third = shop.panel("line"), shop.panel("desk"), shop.panel("third")
    line.call(Start())
    for watching in (desk, third):
        with pytest.raises(RefusedError, match="line is in control"):
            watching.call(Halt())
        snapshot = watching.call(GetStatus())
        assert isinstance(snapshot, Snapshot)
        assert snapshot.status.control.holder == "line"
    third.call(CallEngineer())
    third.call(Stop())
    wait_until(lambda: not shop.station.station.state.running, "still running")
    desk.call(AskControl())
    assert shop.control.asks == "desk"
    line.call(KeepControl())
    desk.call(AskControl())
    line.call(GiveControl())
    desk.call(Start())
    third.call(Login("ann", PASSWORD))
    third.call(TakeControl())
    third.call(Stop())
    third.call(Logout())
    assert shop.control == Control()
    wait_until(lambda: len(shop.passed) == 4, "not recorded")
    assert shop.passed == [
        ("", "line", "first command"),
        ("line", "desk", "given"),
        ("desk", "third", "taken"),
        ("third", "", "logged out"),
    ]
    refused = [one for one in records(shop.plant, RecordKind.ACTION) if one.get("refused")]
    assert {one["panel"] for one in refused} == {"desk", "third"}


def test_who_gives_no_answer_loses_control_and_so_does_who_dies(
    tmp_path: Path, stack: ExitStack
) -> None:
    shop = Shop(tmp_path, stack, answer_s=1.0, silent_s=4.0)
    left, killed, other = shop.panel("left"), shop.panel("killed"), shop.panel("other")
    left.call(Start())
    killed.call(AskControl())

    def passed() -> bool:
        left.call(Present(1000.0))
        return shop.control.holder == "killed"

    wait_until(passed, "nobody is there, and keeps control")
    killed.close()

    def free() -> bool:
        other.call(Present(0.0))
        return not shop.control.holder

    wait_until(free, "a dead panel keeps control")
    other.call(Halt())
    wait_until(lambda: len(shop.passed) >= 4, "not recorded")
    assert shop.passed[1:4] == [
        ("left", "killed", "no answer"),
        ("killed", "", "not heard any more"),
        ("", "other", "first command"),
    ]


def test_a_panel_on_another_pc_acts_sees_and_asks(tmp_path: Path, stack: ExitStack) -> None:
    shop = Shop(tmp_path, stack)
    room = Room.of_line(shop.plant.line_file)
    office = Office(room, AskStation(lambda: ZmqClient(shop.plant.data_folder)))
    server = DeskServer(shop.plant.data_folder, office, name=OFFICE, remote=shop.remote)
    server.start()
    stack.callback(server.close)
    stack.callback(office.close)
    far = shop.far("office-2")
    with pytest.raises(RefusedError, match="nobody is logged in"):
        far.call(Start())
    session = until(lambda: far.call(Login("oki", PASSWORD), 20.0))
    assert isinstance(session, Session)
    far.call(Start())
    assert shop.control.holder == "office-2"
    picture = until(far.picture)
    assert picture.pixels.shape == (64, 64, 1)
    later = until(far.picture)
    assert later.part_id > picture.part_id

    asking = ZmqOfficeClient(shop.folder / "office-2")
    stack.enter_context(closing(asking))
    rights = answer_to(asking, AskRights(), timeout_s=30.0)
    assert isinstance(rights, Rights)
    with pytest.raises(RefusedError, match="nobody is logged in"):
        answer_to(asking, ListParts(), timeout_s=30.0)
    with pytest.raises(RefusedError, match="nobody is logged in"):
        answer_to(asking, ListParts(), "no such token", timeout_s=30.0)
    page = answer_to(asking, ListParts(), session.token, timeout_s=30.0)
    assert isinstance(page, Parts)
    far.call(Stop())
