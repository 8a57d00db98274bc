"""Each role and each command, through the real ``Commands``; what is allowed is written here."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.access.permissions import Role
from inspector.core.errors import InspectorError, RefusedError
from inspector.link import messages
from inspector.link.messages import AnyCommand, Command, Signature
from inspector.station.recovery import write_proof
from tests.station.desk_people import PASSWORD, Counter

COLUMNS = (None, *Role)
"""Nobody, then operator, technician, engineer, quality, administrator, auditor."""

# - nobody, O operator, T technician, E engineer, Q quality, A administrator, R auditor (reads)
MATRIX = {
    "Hello": "-OTEQAR",
    "Login": "-OTEQAR",
    "Logout": "-OTEQAR",
    "LockSession": "-OTEQAR",
    "ResumeSession": "-OTEQAR",
    "Recover": "-OTEQAR",
    "Stop": "-OTEQAR",
    "Abort": "-OTEQAR",
    "Present": "-OTEQAR",
    "GiveControl": "-OTEQAR",
    "KeepControl": "-OTEQAR",
    "GetStatus": "OTEQAR",
    "GetSignals": "OTEQAR",
    "GetDetails": "OTEQAR",
    "EndTest": "OTEQAR",
    "ListProducts": "OTEQAR",
    "NoteBackup": "-OTEQAR",
    "NoteReport": "-OTEQAR",
    "SetPassword": "OTEQAR",
    "SetPin": "OTEQAR",
    "Start": "OTEA",
    "StartSingle": "OTEA",
    "Halt": "OTEA",
    "SelectAutomatic": "OTEA",
    "Reset": "OTEA",
    "SelectProduct": "OTEA",
    "HandOver": "OTEA",
    "AskControl": "OTEQA",
    "TakeControl": "EA",
    "Acknowledge": "OTEQA",
    "CallEngineer": "OTEQA",
    "AnnounceMasters": "OTEQA",
    "Judge": "OTEQA",
    "Bypass": "TEA",
    "ChangeLight": "EA",
    "ChangeThreshold": "EA",
    "KeepCorrection": "EA",
    "BeginTest": "EA",
    "ForceOutput": "EA",
    "TakeUpDraft": "EA",
    "DiscardDraft": "EQA",
    "AddMaster": "EQA",
    "RemoveMaster": "EQA",
    "OverrideLimits": "EQA",
    "ProposeRate": "EQA",
    "Release": "EQA",
    "Withdraw": "EQA",
    "HoldEvidence": "EQA",
    "ReleaseHold": "EQA",
    "ListUsers": "QAR",
    "AddUser": "A",
    "RemoveUser": "A",
    "SetRole": "A",
    "ResetPassword": "A",
    "SetBadge": "A",
    "RotateKey": "A",
    "AddPanel": "A",
    "RemovePanel": "A",
    "ListPanels": "A",
}
READING = (
    *("Present", "ListPanels", "GetStatus", "GetSignals", "GetDetails"),
    *("ListProducts", "ListUsers"),
)
KEY = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
"""A public key (Z85): ZeroMQ RFC 26's own example."""
LETTERS = dict(zip(COLUMNS, "-OTEQAR", strict=True))


def _command(name: str, who: str, folder: Path) -> AnyCommand:
    """A command of this name that is right in every other way."""
    signed = (Signature(who, PASSWORD),)
    given: dict[str, AnyCommand] = {
        "Login": messages.Login("oki", PASSWORD),
        "ResumeSession": messages.ResumeSession("pia", "4711"),
        "Recover": messages.Recover("root", write_proof(folder)),
        "SetPassword": messages.SetPassword(PASSWORD, "another-one-9"),
        "SetPin": messages.SetPin(PASSWORD, "0815"),
        "SelectProduct": messages.SelectProduct("p"),
        "HandOver": messages.HandOver("operator"),
        "Present": messages.Present(0.0),
        "AddPanel": messages.AddPanel("office", KEY),
        "RemovePanel": messages.RemovePanel("office"),
        "NoteBackup": messages.NoteBackup("0" * 64, "root", "all", keys=True),
        "NoteReport": messages.NoteReport("shift", "ja", ((".pdf", "0" * 64),), "root"),
        "Acknowledge": messages.Acknowledge("a"),
        "Judge": messages.Judge(7, "unsure"),
        "Bypass": messages.Bypass(on=True, reason="trial", signatures=signed),
        "ChangeThreshold": messages.ChangeThreshold("p", "why", 1.0, 2.0, 0.01, "h", signed),
        "ChangeLight": messages.ChangeLight("p", "why", "c", (("Gain", 0.0, 3.0),), signed),
        "KeepCorrection": messages.KeepCorrection("c", "lens", "h"),
        "TakeUpDraft": messages.TakeUpDraft("d", "p", 0.01, "r", signed),
        "DiscardDraft": messages.DiscardDraft("d", "p", "r"),
        "AddMaster": messages.AddMaster("p", "m", good=True),
        "RemoveMaster": messages.RemoveMaster("p", "m"),
        "OverrideLimits": messages.OverrideLimits("p", "why", signed),
        "ProposeRate": messages.ProposeRate("p", 0.01, "why it is"),
        "Release": messages.Release("p", "why it is", "", signed),
        "Withdraw": messages.Withdraw("p", "why it is", signed),
        "HoldEvidence": messages.HoldEvidence("why", part=1),
        "ReleaseHold": messages.ReleaseHold(1, "why", signed),
        "RotateKey": messages.RotateKey("why", signatures=signed),
        "BeginTest": messages.BeginTest("why", signed),
        "ForceOutput": messages.ForceOutput("ok", on=True),
        "AddUser": messages.AddUser("new", "operator"),
        "RemoveUser": messages.RemoveUser("pia"),
        "SetRole": messages.SetRole("pia", "technician"),
        "ResetPassword": messages.ResetPassword("pia"),
        "SetBadge": messages.SetBadge("pia", "0012345678"),
    }
    return given[name] if name in given else getattr(messages, name)()


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    made = Counter(tmp_path)
    for role in Role:
        made.add(role.value[:3], role)
    for name, role in (("oki", Role.OPERATOR), ("pia", Role.OPERATOR)):
        made.add(name, role)
    made.add("root", Role.ADMINISTRATOR)
    made.people.users.set_pin("pia", "4711")
    return made


def test_the_matrix_names_every_command() -> None:
    assert set(MATRIX) == {command.__name__ for command in Command.__subclasses__()}


@pytest.mark.parametrize("role", COLUMNS)
def test_what_each_role_may(counter: Counter, role: Role | None) -> None:
    who = role.value[:3] if role else "panel"
    found = {}
    for name in MATRIX:
        token = counter.log_in(who) if role else ""
        counter.log_in("pia")  # somebody whose session may be resumed
        command = _command(name, who, counter.folder)
        refused = _refused(counter, command, token)
        assert not refused or "not allowed to the role" in refused or "nobody is" in refused
        assert not refused or name in READING or counter.notes.last["refused"] == refused
        found[name] = not refused
        if name in ("SetPassword", "RemoveUser", "ResetPassword") and found[name]:
            _as_before(counter, name, who)
    assert found == {name: LETTERS[role] in letters for name, letters in MATRIX.items()}


def _refused(counter: Counter, command: AnyCommand, token: str) -> str:
    """The reason, or nothing."""
    try:
        counter.ask(command, token)
    except RefusedError as refusal:
        return str(refusal)
    return ""


def _as_before(counter: Counter, name: str, who: str) -> None:
    users = counter.people.users
    if name == "RemoveUser":
        users._file = users._file.model_copy(update={"retired": ()})
        users.add("pia", Role.OPERATOR, PASSWORD)
    users.set_password(who if name == "SetPassword" else "pia", PASSWORD)
    users.set_pin("pia", "4711")


@pytest.mark.parametrize("role", COLUMNS)
def test_without_a_station_there_are_people_alone(tmp_path: Path, role: Role | None) -> None:
    counter = Counter(tmp_path, runs=False)
    counter.add("ann", role or Role.AUDITOR)
    token = counter.log_in("ann") if role else ""
    for command in (messages.Start(), messages.Release("p", "why it is")):
        with pytest.raises(InspectorError, match=r"no station runs|not allowed|nobody"):
            counter.ask(command, token)


def test_no_secret_is_ever_recorded(counter: Counter) -> None:
    admin = counter.log_in("adm")
    for name in MATRIX:
        command = _command(name, "adm", counter.folder)
        try:
            answer = counter.ask(command, admin)
        except InspectorError:
            continue
        for secret in (PASSWORD, "another-one-9", "4711", "0815", "0012345678"):
            assert secret not in repr(command), name
        if isinstance(answer, messages.OneTime):
            assert answer.password not in repr(counter.notes.records)
            assert answer.password not in repr(answer)
        if name == "SetPassword":
            counter.people.users.set_password("adm", PASSWORD)
    told = repr(counter.notes.records)
    for secret in (PASSWORD, "another-one-9", "4711", "0815", "0012345678"):
        assert secret not in told
