"""Sessions, PINs, badges, signatures and recovery, through the real ``Commands``."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.access.permissions import Role
from inspector.core.errors import InputError, RefusedError
from inspector.core.line_config import AccessConfig
from inspector.core.record import RecordKind
from inspector.link.messages import (
    Acknowledge,
    AddUser,
    AnyCommand,
    Bypass,
    ChangeThreshold,
    GetStatus,
    HoldEvidence,
    Judge,
    ListUsers,
    LockSession,
    Login,
    Logout,
    Mark,
    OneTime,
    Recover,
    Release,
    ReleaseHold,
    ResetPassword,
    ResumeSession,
    Session,
    SetBadge,
    SetPassword,
    SetPin,
    SetRole,
    Signature,
    Start,
    Stop,
    UserList,
)
from inspector.station.recovery import ALARM, write_proof
from tests.station.desk_people import PASSWORD, Counter

BADGE = "0004711815"


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    made = Counter(tmp_path)
    for name, role in (
        ("oki", Role.OPERATOR),
        ("ann", Role.ENGINEER),
        ("quy", Role.QUALITY),
        ("adm", Role.ADMINISTRATOR),
    ):
        made.add(name, role)
    return made


def refused(counter: Counter, command: AnyCommand, token: str = "", peer: str = "panel") -> str:
    with pytest.raises(InputError) as error:
        counter.ask(command, token, peer)
    return str(error.value)


def resumed(counter: Counter, name: str = "oki", pin: str = "4711", *, badge: bool = False) -> str:
    answer = counter.ask(ResumeSession(name, pin, badge=badge))
    assert isinstance(answer, Session)
    return answer.token


def with_pin(counter: Counter) -> str:
    token = counter.log_in("oki")
    counter.ask(SetPin(PASSWORD, "4711"), token)
    return token


# -- PIN and badge --------------------------------------------------------------------------------


def test_a_pin_goes_on_with_an_idle_session_at_its_panel(counter: Counter) -> None:
    token = with_pin(counter)
    counter.clock.seconds += 601
    assert "nobody is logged in" in refused(counter, Start(), token)
    counter.ask(Start(), resumed(counter))
    assert counter.notes.last["user"] == "oki"
    assert "nobody" in refused(counter, Start(), token), "the old token is gone"


def test_a_locked_session_does_nothing_but_stop(counter: Counter) -> None:
    token = with_pin(counter)
    counter.ask(LockSession(), token)
    assert "nobody is logged in" in refused(counter, Start(), token)
    counter.ask(Stop(), token)
    counter.ask(Start(), resumed(counter))


def test_a_pin_is_no_log_in(counter: Counter) -> None:
    counter.people.users.set_pin("oki", "4711")
    assert "Log in with the password" in refused(counter, ResumeSession("oki", "4711"))
    with_pin(counter)
    assert "Log in" in refused(counter, ResumeSession("oki", "4711"), peer="another panel")
    assert "Log in" in refused(counter, ResumeSession("ann", "4711"))
    assert "wrong" in refused(counter, Login("oki", "4711"))
    counter.clock.seconds += 12 * 3600 + 1
    assert "Log in" in refused(counter, ResumeSession("oki", "4711"))


def test_a_pin_ends_with_its_session(counter: Counter) -> None:
    token = with_pin(counter)
    counter.ask(Logout(), token)
    assert "Log in" in refused(counter, ResumeSession("oki", "4711"))


def test_the_third_wrong_pin_ends_every_session_of_this_user_here(counter: Counter) -> None:
    first, second = with_pin(counter), counter.log_in("oki")
    for _ in range(2):
        refused(counter, ResumeSession("oki", "9999"))
    second = resumed(counter)
    for _ in range(3):
        refused(counter, ResumeSession("oki", "9999"))
    assert "Log in with the password" in refused(counter, ResumeSession("oki", "4711"))
    for token in (first, second):
        assert "nobody" in refused(counter, GetStatus(), token)
    counter.log_in("oki")


@pytest.mark.parametrize("pin", ["123", "1234", "9876", "0000", "12a4", "1" * 13, "７８１２"])
def test_pins_that_are_guessed_are_refused(counter: Counter, pin: str) -> None:
    token = counter.log_in("oki")
    assert "PIN" in refused(counter, SetPin(PASSWORD, pin), token)


def test_a_pin_needs_the_password(counter: Counter) -> None:
    token = counter.log_in("oki")
    assert "wrong" in refused(counter, SetPin("guess-guess", "4711"), token)


def test_a_badge_is_a_name_and_needs_password_or_pin(counter: Counter) -> None:
    admin = counter.log_in("adm")
    counter.ask(SetBadge("oki", BADGE), admin)
    assert BADGE not in counter.people.users.path.read_text(encoding="utf-8")
    assert "Log in with the password" in refused(counter, ResumeSession(BADGE, "4711", badge=True))
    assert "wrong" in refused(counter, Login(BADGE, PASSWORD)), "a badge's id is no name"
    assert "wrong" in refused(counter, Login("1", PASSWORD, badge=True))
    answer = counter.ask(Login(BADGE, PASSWORD, badge=True))
    assert isinstance(answer, Session)
    counter.ask(SetPin(PASSWORD, "4711"), answer.token)
    counter.ask(Start(), resumed(counter, BADGE, badge=True))
    assert "another user's" in refused(counter, SetBadge("ann", BADGE), admin)
    counter.ask(SetBadge("oki", ""), admin)
    assert "wrong" in refused(counter, Login(BADGE, PASSWORD, badge=True))


# -- passwords and users --------------------------------------------------------------------------


def test_a_password_that_others_have_seen_is_good_for_choosing_another(counter: Counter) -> None:
    admin = counter.log_in("adm")
    made = counter.ask(AddUser("new", "technician", "Nina E. Wirth"), admin)
    assert isinstance(made, OneTime)
    session = counter.ask(Login("new", made.password))
    assert isinstance(session, Session)
    assert session.change_password
    assert "Choose your own" in refused(counter, Start(), session.token)
    assert "wrong" in refused(counter, Login("new", made.password)), "for one log-in only"
    counter.ask(SetPassword(made.password, PASSWORD), session.token)
    counter.ask(Start(), session.token)
    counter.log_in("new")


def test_administering_ends_sessions_and_counts_at_once(counter: Counter) -> None:
    admin, oki = counter.log_in("adm"), counter.log_in("oki")
    counter.ask(SetRole("oki", "auditor"), admin)
    assert "nobody" in refused(counter, GetStatus(), oki)
    assert "not allowed" in refused(counter, Start(), counter.log_in("oki"))
    assert counter.notes.last["role"] == "auditor"
    counter.ask(ResetPassword("oki"), admin)
    assert "wrong" in refused(counter, Login("oki", PASSWORD))
    assert "no role" in refused(counter, SetRole("oki", "boss"), admin)
    assert "only administrator" in refused(counter, SetRole("adm", "operator"), admin)


def test_a_name_is_never_given_to_somebody_else(counter: Counter) -> None:
    counter.people.users.remove("oki")
    admin = counter.log_in("adm")
    assert "somebody else" in refused(counter, AddUser("oki", "operator"), admin)
    assert "somebody else" in refused(counter, AddUser("plc", "operator"), admin)


def test_the_list_tells_no_secret(counter: Counter) -> None:
    listed = counter.ask(ListUsers(), counter.log_in("adm"))
    assert isinstance(listed, UserList)
    assert [one.name for one in listed.entries] == ["adm", "ann", "oki", "quy"]
    assert "argon2" not in repr(listed)


# -- signatures -----------------------------------------------------------------------------------


def signing(release: int, bypass: int = 0) -> AccessConfig:
    return AccessConfig.model_validate({"signatures": {"release": release, "bypass": bypass}})


def test_a_release_is_signed_anew_and_its_record_tells(tmp_path: Path) -> None:
    counter = Counter(tmp_path, config=signing(1))
    counter.people.users.add("ann", Role.ENGINEER, PASSWORD, "Ann Engel")
    token = counter.log_in("ann")
    assert "needs your signature" in refused(counter, Release("p", "why it is"), token)
    wrong = Release("p", "why it is", "", (Signature("ann", "guess-guess"),))
    assert "wrong" in refused(counter, wrong, token)
    assert counter.station.asked == []
    counter.ask(Release("p", "why it is", "", (Signature("ann", PASSWORD, "authorship"),)), token)
    assert counter.station.asked == ["qualify as ann"]
    (signed,) = counter.notes.last["signatures"]
    assert (signed["user"], signed["full_name"], signed["role"]) == ("ann", "Ann Engel", "engineer")
    assert (signed["meaning"], signed["utc_us"]) == ("authorship", counter.clock.utc_us())


def test_four_eyes_are_of_two_people_who_may(tmp_path: Path) -> None:
    counter = Counter(tmp_path, config=signing(2))
    for name, role in (("ann", Role.ENGINEER), ("quy", Role.QUALITY), ("oki", Role.OPERATOR)):
        counter.add(name, role)
    token = counter.log_in("ann")
    ann, quy, oki = (Signature(name, PASSWORD) for name in ("ann", "quy", "oki"))

    def release(*signatures: Signature) -> Release:
        return Release("p", "why it is", "", signatures)

    assert "a second person's" in refused(counter, release(ann), token)
    assert "two different people" in refused(counter, release(ann, ann), token)
    assert "is not ann's" in refused(counter, release(quy, ann), token)
    assert "not allowed to the role operator" in refused(counter, release(ann, oki), token)
    counter.ask(release(ann, quy), token)
    assert [one["user"] for one in counter.notes.last["signatures"]] == ["ann", "quy"]


def test_wrong_signatures_lock_the_signer_out(tmp_path: Path) -> None:
    counter = Counter(tmp_path, config=signing(1))
    counter.add("ann", Role.ENGINEER)
    token = counter.log_in("ann")
    command = Release("p", "why it is", "", (Signature("ann", "guess-guess"),))
    for _ in range(5):
        assert "wrong" in refused(counter, command, token)
    assert "too many" in refused(counter, command, token)
    assert "too many" in refused(counter, Login("ann", PASSWORD))


def test_sorting_again_after_a_bypass_waits_for_nobody(tmp_path: Path) -> None:
    counter = Counter(tmp_path, config=signing(0, bypass=2))
    counter.add("ann", Role.ENGINEER)
    token = counter.log_in("ann")
    assert "needs" in refused(counter, Bypass(on=True, reason="lamp"), token)
    counter.ask(Bypass(on=False, reason="lamp"), token)


def test_ending_a_hold_is_signed_unless_the_line_says_otherwise(counter: Counter) -> None:
    token = counter.log_in("quy")
    assert "needs your signature" in refused(counter, ReleaseHold(1, "settled"), token)
    counter.ask(ReleaseHold(1, "settled", (Signature("quy", PASSWORD),)), token)


# -- recovery -------------------------------------------------------------------------------------


def test_a_recovered_administrator_stays_on_record(counter: Counter, tmp_path: Path) -> None:
    one_time = counter.ask(Recover("adm", write_proof(tmp_path)))
    assert isinstance(one_time, OneTime)
    assert counter.notes.last["action"] == "Recover"
    assert "recovered" in counter.station.alarms[ALARM]
    assert "administrator" in refused(counter, Acknowledge(ALARM), counter.log_in("ann"))
    again = Counter(tmp_path)
    assert [one.user for one in again.people.users.recoveries] == ["adm"], "over a restart"
    session = counter.ask(Login("adm", one_time.password))
    assert isinstance(session, Session)
    counter.ask(SetPassword(one_time.password, PASSWORD), session.token)
    counter.ask(Acknowledge(ALARM), session.token)
    assert not counter.station.alarms
    assert not Counter(tmp_path).people.users.recoveries


def test_recovery_is_refused_without_the_folder(counter: Counter, tmp_path: Path) -> None:
    assert "console" in refused(counter, Recover("adm", ""))
    assert "console" in refused(counter, Recover("adm", "x" * 43))
    proof = write_proof(tmp_path)
    assert "console" in refused(counter, Recover("adm", proof[:-1]))
    assert "console" in refused(counter, Recover("adm", proof)), "a proof is good for one attempt"
    counter.log_in("adm")


def test_a_recovered_name_that_nobody_had_is_an_administrator(
    counter: Counter, tmp_path: Path
) -> None:
    counter.ask(Recover("boss", write_proof(tmp_path)))
    assert {one.name: one.role for one in counter.people.users.all}["boss"] is Role.ADMINISTRATOR


# -- review ---------------------------------------------------------------------------------------


def test_what_a_person_says_of_a_part_is_a_record_of_its_own_kind(counter: Counter) -> None:
    token = counter.log_in("oki")
    box = Mark(((0.1, 0.2), (0.3, 0.4)))
    counter.ask(Judge(12, "defect", "scratch", (box,), "by the rim"), token)
    kind, told = counter.notes.records[-1]
    assert kind is RecordKind.REVIEW
    assert (told["user"], told["part"], told["finding"]) == ("oki", 12, "defect")
    assert told["marks"] == [{"view": 0, "corners": [[0.1, 0.2], [0.3, 0.4]]}]


@pytest.mark.parametrize(
    "judge",
    [
        Judge(0, "good"),
        Judge(1, "good", "scratch"),
        Judge(1, "defect", marks=(Mark(((0.1, 0.2),)),)),
        Judge(1, "defect", marks=(Mark(((0.1, 0.2), (0.1, 0.4))),)),
        Judge(1, "defect", marks=(Mark(((0.1, 0.2), (1.1, 0.4))),)),
        Judge(1, "defect", marks=(Mark(((0.1, 0.2), (float("nan"), 0.4))),)),
        Judge(1, "defect", note="x" * 3000),
    ],
)
def test_judgements_that_mean_nothing_are_refused(counter: Counter, judge: Judge) -> None:
    refused(counter, judge, counter.log_in("oki"))
    assert counter.notes.records[-1][0] is RecordKind.ACTION


# -- stopping -------------------------------------------------------------------------------------


@pytest.mark.parametrize("own_role", [None, Role.OPERATOR])
def test_stopping_needs_no_log_in(tmp_path: Path, own_role: Role | None) -> None:
    counter = Counter(tmp_path, own_role=own_role)
    counter.ask(Stop())
    assert counter.station.asked == ["request_stop"]
    assert counter.notes.last["action"] == "Stop"
    if own_role is None:
        with pytest.raises(RefusedError, match="nobody is logged in"):
            counter.ask(Start())


def test_what_is_but_recorded_needs_no_station(tmp_path: Path) -> None:
    counter = Counter(tmp_path, runs=False)
    counter.add("ann", Role.ENGINEER)
    token = counter.log_in("ann")
    counter.ask(ChangeThreshold("p", "new lamp", 1.0, 2.0, 0.01, "h"), token)
    assert counter.notes.last["threshold"] == 2.0
    counter.ask(HoldEvidence("complaint", part=7), token)
    counter.ask(Judge(7, "unsure"), token)
    assert "no station runs" in refused(counter, Start(), token)
