"""Who is at the panel: log-in, rest, PIN, badge, waiting, and the end of a session."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from inspector.link.messages import (
    GetStatus,
    Hello,
    LockSession,
    Login,
    Logout,
    ResumeSession,
    Session,
    SetPassword,
    Stop,
)
from inspector.panel.models.badge import BadgeReader
from inspector.panel.models.session import REPORT_S, Asking, SessionModel
from inspector.panel.models.visitors import MOST, Visitors
from tests.panel.people import SATO, SATO_INVITED

PANEL = Session("", "panel", "operator")


class Clock:
    s = 100.0

    def __call__(self) -> float:
        return self.s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def model(clock: Clock) -> SessionModel:
    made = SessionModel(clock)
    made.answered(Hello(), PANEL)
    return made


def logged_in(model: SessionModel) -> bool:
    return model.logged_in


def rests_in(model: SessionModel) -> int | None:
    return model.rests_in_s


def log_in(model: SessionModel, session: Session = SATO) -> None:
    model.choose(session.user)
    model.answered(model.give_password("only-for-tests-8"), session)


def test_a_password_logs_in_and_the_name_is_offered_next_time(model: SessionModel) -> None:
    log_in(model)
    assert logged_in(model)
    assert not model.logging_in
    assert model.visitors.names == ("sato",)
    model.answered(model.log_out(), None)
    assert not logged_in(model)
    assert model.session == PANEL


def test_a_refusal_stays_where_it_was_asked_and_a_wait_counts_down(
    model: SessionModel, clock: Clock
) -> None:
    model.choose("sato")
    login = model.give_password("guess")
    assert model.refused(login, "too many failed attempts. Try again in 8 s")
    assert model.asking is Asking.PASSWORD
    assert model.blocked_s == 8
    clock.s += 5.5
    assert model.blocked_s == 3
    model.choose("oki")
    assert model.blocked_s == 0, "another name need not wait"
    assert model.refused(GetStatus(), "no"), "what nobody asked for is told to nobody"
    assert not model.refused(Stop(), "no")


def test_a_one_time_password_is_changed_before_anything_else(model: SessionModel) -> None:
    log_in(model, SATO_INVITED)
    assert model.asking is Asking.OWN_PASSWORD
    assert model.visitors.names == ()
    command = model.give_own_password("quite-my-own")
    assert command == SetPassword("only-for-tests-8", "quite-my-own")
    model.answered(command, None)
    assert not model.logging_in
    assert model.session is not None
    assert not model.session.change_password


def test_a_session_that_nobody_uses_is_counted_down_and_rests(
    model: SessionModel, clock: Clock
) -> None:
    log_in(model)
    clock.s += SATO.idle_s - 61
    assert rests_in(model) is None
    clock.s += 31
    assert rests_in(model) == 30
    assert model.tick() is None
    clock.s += 30
    assert model.tick() == LockSession()
    assert not logged_in(model)
    model.open()
    assert model.asking is Asking.PIN
    assert model.name == "sato"
    assert model.give_pin("4711") == ResumeSession("sato", "4711")
    model.answered(ResumeSession("sato", "4711"), SATO)
    assert logged_in(model)
    assert model.rests_in_s is None


def test_hands_on_the_panel_keep_the_session_and_are_told_now_and_then(
    model: SessionModel, clock: Clock
) -> None:
    assert model.touch() is None, "nobody is there"
    log_in(model)
    assert model.touch() is None
    clock.s += REPORT_S
    assert model.touch() == GetStatus()
    assert model.touch() is None
    clock.s += SATO.idle_s - 10
    assert rests_in(model) == 10
    assert model.touch() == GetStatus(), "in the last seconds it is told at once"
    assert rests_in(model) is None


def test_a_session_ends_after_its_hours_used_or_not(model: SessionModel, clock: Clock) -> None:
    log_in(model, msgspec.structs.replace(SATO, left_s=1000.0))
    clock.s += 600
    model.touch()
    clock.s += 400
    assert model.tick() == Logout()
    assert not logged_in(model)
    model.open()
    assert model.asking is Asking.WHO, "no PIN goes on with it"


def test_without_a_pin_the_log_in_is_needed_again(model: SessionModel, clock: Clock) -> None:
    log_in(model, msgspec.structs.replace(SATO, pin=False))
    clock.s += SATO.idle_s
    assert model.tick() == Logout()
    model.open()
    assert model.asking is Asking.WHO


def test_the_third_wrong_pin_asks_for_the_password(model: SessionModel, clock: Clock) -> None:
    log_in(model)
    clock.s += SATO.idle_s
    model.tick()
    model.open()
    for _ in range(2):
        model.refused(model.give_pin("9999"), "no session here goes on with this PIN")
        assert model.asking is Asking.PIN
    model.refused(model.give_pin("9999"), "no session here goes on with this PIN")
    assert model.asking is Asking.PASSWORD
    assert model.name == "sato"
    assert model.resting is None


def test_a_badge_says_who_comes_at_any_time(model: SessionModel, clock: Clock) -> None:
    model.read_badge("0004711815")
    assert model.give_password("pw") == Login("0004711815", "pw", badge=True)
    model.answered(Login("0004711815", "pw", badge=True), SATO)
    clock.s += SATO.idle_s
    model.tick()
    model.read_badge("0004711815")
    assert model.give_pin("4711") == ResumeSession("0004711815", "4711", badge=True)
    model.with_password()
    assert model.asking is Asking.PASSWORD
    assert model.badge
    taken: list[str] = []
    model.close()
    model.badge_taker = taken.append
    model.read_badge("0009")
    assert taken == ["0009"]
    assert not model.logging_in


def test_a_station_that_was_lost_knows_nobody(model: SessionModel, clock: Clock) -> None:
    log_in(model)
    clock.s += SATO.idle_s
    model.tick()
    model.greet(None)
    assert model.resting is None
    assert not logged_in(model)


def test_visitors_are_few_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "panel" / "visitors.json"
    visitors = Visitors(path)
    for number in range(MOST + 3):
        visitors.welcome(f"user{number}")
    visitors.welcome("user5")
    again = Visitors(path)
    assert again.names[:2] == ("user5", f"user{MOST + 2}")
    assert len(again.names) == MOST
    again.forget("user5")
    assert "user5" not in Visitors(path).names
    path.write_text("{", encoding="utf-8")
    assert Visitors(path).names == ()


def test_a_reader_is_told_from_fingers_by_its_speed() -> None:
    reader, now = BadgeReader(), 10.0
    for character in "0004711815":
        assert reader.overdue(now) == ""
        reader.key(character, now)
        now += 0.004
    assert reader.enter(now) == "0004711815"
    for character in "abc":
        assert reader.overdue(now) in ("", "a", "b")
        reader.key(character, now)
        now += 0.12
    assert reader.overdue(now) == "c"
    reader.key("x", now)
    assert reader.enter(now + 0.01) == "", "one key is no badge"
    assert reader.take() == "x"
