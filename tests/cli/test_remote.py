"""``inspector remote`` as people type it, on both PCs."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from inspector.access.permissions import Role
from inspector.access.users import Users
from inspector.cli.remote import app
from inspector.core.errors import ConfigError, InputError
from inspector.core.record import RecordKind
from inspector.link.client_zmq import ZmqClient
from inspector.link.control import new_seat
from inspector.link.messages import Hello, Session
from tests.link.remote import remote_config
from tests.station.production_line import PASSWORD, opened, records
from tests.tiny_plant import TinyPlant, make_plant


def typed(*arguments: object, words: str = f"{PASSWORD}\n") -> str:
    """What is printed. Raises what the command raises."""
    done = CliRunner().invoke(app, [str(one) for one in arguments], input=words)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout


def plant_of(folder: Path, **link: object) -> TinyPlant:
    made = make_plant(folder, link=link)
    Users(made.data_folder).add("adm", Role.ADMINISTRATOR, PASSWORD)
    return made


def test_a_panel_on_another_pc_from_its_key_to_its_end(tmp_path: Path) -> None:
    plant = plant_of(tmp_path / "plant", remote=remote_config().model_dump(mode="json"))
    far, stick = tmp_path / "far", tmp_path / "stick"
    stick.mkdir()
    by = ("--user", "adm", "--line", plant.line_file)
    assert "take it to the station" in typed("key", far, stick)
    secret = (far / "link/panel.key").read_text().split('"secret":"')[1][:40]
    with opened(plant):
        typed("add", "office-2", stick, *by)
        typed("find", far, stick)
        with closing(ZmqClient(far, new_seat())) as panel:
            greeting = panel.call(Hello(), 20.0)
            assert isinstance(greeting, Session)
            assert (greeting.user, greeting.role) == ("remote office-2", "")
        assert "office-2" in typed("list", *by)
        with pytest.raises(InputError, match="let in already"):
            typed("add", "office-2", stick, *by)
        typed("remove", "office-2", *by)
        assert "office-2" not in typed("list", *by)
    told = [one for one in records(plant, RecordKind.ACTION) if one["action"] != "Login"]
    done = [(one["action"], one["name"]) for one in told if not one["refused"]]
    assert done == [("AddPanel", "office-2"), ("RemovePanel", "office-2")]
    assert all(secret not in path.read_text() for path in stick.iterdir())


def test_what_lacks_is_said(tmp_path: Path) -> None:
    plant = plant_of(tmp_path / "plant")
    by = ("--user", "adm", "--line", plant.line_file)
    with pytest.raises(InputError, match=r"public\.key: no public key"):
        typed("add", "office", tmp_path, *by)
    (tmp_path / "public.key").write_text("x")
    with pytest.raises(ConfigError, match=r"link\.remote\.address"):
        typed("add", "office", tmp_path, *by)
