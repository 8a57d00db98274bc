"""A station that has inspected some parts, and its office, in this process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from inspector.access.permissions import Role
from inspector.access.users import Users
from inspector.link.messages import Login, Session, Start
from inspector.link.office_client import InProcessOfficeClient, answer_to
from inspector.link.questions import AnyAnswer, AnyQuestion
from inspector.office.room import Room
from inspector.office.serving import in_process
from inspector.station.opening import OpenStation
from tests.station.production_line import PASSWORD, opened, wait_until
from tests.tiny_plant import TinyPlant, make_plant

PARTS = 24
PEOPLE = {
    "oki": Role.OPERATOR,
    "eno": Role.ENGINEER,
    "aud": Role.AUDITOR,
    "adm": Role.ADMINISTRATOR,
}


@dataclass
class Desk:
    """Station and office, and what they are asked."""

    plant: TinyPlant
    station: OpenStation
    room: Room
    client: InProcessOfficeClient

    def ask(self, question: AnyQuestion, token: str = "") -> AnyAnswer:
        return answer_to(self.client, question, token, timeout_s=30.0)

    def log_in(self, user: str) -> str:
        session = self.station.console.call(Login(user, PASSWORD))
        assert isinstance(session, Session)
        return session.token


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with run_office(tmp_path_factory.mktemp("office")) as running:
        yield running


@contextmanager
def run_office(folder: Path) -> Iterator[Desk]:
    """A station that has inspected its parts and stands still, and its office."""
    plant = made_plant(folder)
    with opened(plant, limit=PARTS) as station:
        run = station.station
        station.console.call(Start())
        wait_until(lambda: run.status().parts.verdicts >= PARTS, "no parts")
        assert run.request_stop_and_wait(30.0)
        room = Room.of_line(plant.line_file)
        wait_until(lambda: _recorded(room) >= PARTS, "no records")
        with in_process(room, station.console) as client:
            yield Desk(plant, station, room, client)


def made_plant(folder: Path) -> TinyPlant:
    """A plant that keeps every picture, and its people."""
    plant = make_plant(folder, belt={"parts_per_s": 50.0, "counts_per_part": 100})
    recipe = plant.line_file.parent / "products/tiny.yaml"
    text = recipe.read_text(encoding="utf-8")
    recipe.write_text(re.sub("pass_share: .*", "pass_share: 1.0", text), encoding="utf-8")
    for name, role in PEOPLE.items():
        Users(plant.data_folder).add(name, role, PASSWORD)
    return plant


def _recorded(room: Room) -> int:
    from inspector.core.record import RecordKind
    from inspector.ledger.reader import RecordFilter

    return room.ledger.count(RecordFilter(RecordKind.INSPECTION))
