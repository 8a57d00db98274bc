"""The key of the ledger is changed by an administrator who signs for it, and by nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from inspector.access.permissions import Role
from inspector.access.users import Users
from inspector.core.errors import LedgerError, RefusedError
from inspector.core.line_config import LineConfig
from inspector.core.record import RecordKind
from inspector.ledger.keys import KeyFolder
from inspector.ledger.ledger import Ledger, open_reader
from inspector.ledger.proof import key_folder
from inspector.ledger.reader import RecordFilter
from inspector.ledger.segments import newest
from inspector.ledger.signatures import Proofs
from inspector.ledger.verify import VerifyReport, verify
from inspector.link.messages import Login, RotateKey, Signature
from inspector.station.key_rotation import KeyOffice, open_key_office
from inspector.station.opening import load_line
from tests.station.desk_people import PASSWORD, QUICK
from tests.tiny_plant import TinyPlant, make_plant


@pytest.fixture
def plant(tmp_path: Path) -> TinyPlant:
    made = make_plant(tmp_path)
    users = Users(made.data_folder, hashing=QUICK)
    for name, role in (("adm", Role.ADMINISTRATOR), ("quy", Role.QUALITY), ("eng", Role.ENGINEER)):
        users.add(name, role, PASSWORD)
    Ledger(made.data_folder, _line(made).station).close()
    return made


def _line(plant: TinyPlant) -> LineConfig:
    return load_line(plant.line_file)


@contextmanager
def _office(plant: TinyPlant, user: str) -> Iterator[KeyOffice]:
    with open_key_office(_line(plant)) as office:
        office.client.call(Login(user, PASSWORD))
        yield office


def _command(user: str, reason: str = "yearly change", *, lost: bool = False) -> RotateKey:
    return RotateKey(reason, lost, (Signature(user, PASSWORD),))


def _records(plant: TinyPlant, kind: RecordKind) -> list[dict[str, Any]]:
    reader = open_reader(plant.data_folder, _line(plant).station, None)
    found = [record.content for record in reader.each(RecordFilter(kind=kind))]
    reader.close()
    return found


def _key(plant: TinyPlant) -> str | None:
    reader = open_reader(plant.data_folder, _line(plant).station, None)
    key = newest(reader).key
    reader.close()
    return key


def _verified(plant: TinyPlant, trusted: str | None) -> VerifyReport:
    reader = open_reader(plant.data_folder, _line(plant).station, None)
    report = verify(reader, None, Proofs(trusted=frozenset({trusted or ""})))
    reader.close()
    return report


@pytest.mark.parametrize("user", ["quy", "eng"])
def test_other_roles_are_refused_on_the_record(plant: TinyPlant, user: str) -> None:
    before = _key(plant)
    with _office(plant, user) as office, pytest.raises(RefusedError, match="not allowed to the ro"):
        office.rotate(_command(user), user)
    assert _key(plant) == before
    last = _records(plant, RecordKind.ACTION)[-1]
    assert (last["action"], last["user"]) == ("RotateKey", user)
    assert "not allowed" in last["refused"]


def test_without_a_log_in_a_signature_or_a_reason_nothing_happens(plant: TinyPlant) -> None:
    before = _key(plant)
    with (
        open_key_office(_line(plant)) as office,
        pytest.raises(RefusedError, match="nobody is logged in"),
    ):
        office.rotate(_command("adm"), "adm")
    for command, says in (
        (RotateKey("why"), "needs your signature"),
        (RotateKey("why", signatures=(Signature("adm", "wrong one"),)), "password is wrong"),
        (_command("adm", "  "), "needs a reason"),
        (_command("quy"), "not adm's"),
    ):
        with _office(plant, "adm") as office, pytest.raises(RefusedError, match=says):
            office.rotate(command, "adm")
    assert _key(plant) == before


def test_an_administrator_changes_it_and_the_old_key_signs_who_did(plant: TinyPlant) -> None:
    before = _key(plant)
    with _office(plant, "adm") as office:
        new = office.rotate(_command("adm"), "adm")
    assert new != before
    assert _verified(plant, before).intact, "the old key vouches for the new one"
    last = _records(plant, RecordKind.ACTION)[-1]
    assert (last["action"], last["reason"], last["refused"]) == ("RotateKey", "yearly change", "")
    assert last["signatures"][0]["user"] == "adm"
    signing = _records(plant, RecordKind.SIGNING)
    assert [one["event"] for one in signing[-3:]] == ["segment head", "signing key", "segment head"]
    assert '"by":"adm"' in signing[-2]["signed"]
    Ledger(plant.data_folder, _line(plant).station).close()  # the station goes on with it


def test_a_lost_key_is_replaced_by_an_administrator_as_well(plant: TinyPlant) -> None:
    before = _key(plant)
    (key_folder(plant.data_folder) / "ledger.key").unlink()
    with _office(plant, "adm") as office, pytest.raises(LedgerError, match="is gone"):
        office.rotate(_command("adm"), "adm")
    with _office(plant, "quy") as office, pytest.raises(RefusedError):
        office.rotate(_command("quy", "mine now", lost=True), "quy")
    assert KeyFolder(key_folder(plant.data_folder)).load() is None
    with _office(plant, "adm") as office:
        new = office.rotate(_command("adm", "disk broke", lost=True), "adm")
    assert _verified(plant, new).intact
    (finding,) = _verified(plant, before).findings[:1]
    assert "said to be lost" in finding.problem
    assert _records(plant, RecordKind.ACTION)[-1]["lost"] is True
