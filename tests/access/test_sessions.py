from __future__ import annotations

from inspector.access.permissions import Role
from inspector.access.sessions import Sessions
from inspector.access.users import User
from tests.access.clocks import HandClock

_ANNA = User("anna", Role.ENGINEER)
_BEN = User("ben", Role.OPERATOR)


def test_a_token_names_its_user_until_log_out() -> None:
    sessions = Sessions()
    anna, ben = sessions.begin(_ANNA), sessions.begin(_BEN)
    assert anna != ben
    assert sessions.user(anna) == _ANNA
    sessions.end(anna)
    assert sessions.user(anna) is None
    assert sessions.user(ben) == _BEN
    sessions.end("unknown")


def test_unknown_tokens_are_nobody() -> None:
    sessions = Sessions()
    sessions.begin(_ANNA)
    assert sessions.user("") is None
    assert sessions.user("\udcff") is None


def test_idle_sessions_end_and_used_ones_go_on() -> None:
    clock = HandClock()
    sessions = Sessions(idle_s=60, clock=clock)
    used, idle = sessions.begin(_ANNA), sessions.begin(_BEN)
    for _ in range(4):
        clock.seconds += 30
        assert sessions.user(used) == _ANNA
    assert sessions.user(idle) is None
    clock.seconds += 61
    assert sessions.user(used) is None


def test_all_sessions_of_one_user_end_together() -> None:
    sessions = Sessions()
    first, second, other = sessions.begin(_ANNA), sessions.begin(_ANNA), sessions.begin(_BEN)
    sessions.end_all("anna")
    assert sessions.user(first) is None
    assert sessions.user(second) is None
    assert sessions.user(other) == _BEN


def test_tokens_are_not_held() -> None:
    sessions = Sessions()
    token = sessions.begin(_ANNA)
    assert token not in repr(sessions._open)
