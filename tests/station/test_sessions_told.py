"""What the station tells a panel about sessions and people, so that it can count and warn."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.access.permissions import Role
from inspector.core.errors import RefusedError
from inspector.core.line_config import AccessConfig, SignaturesConfig
from inspector.link.messages import ListUsers, Login, ResumeSession, Session, SetPin, UserList
from tests.station.desk_people import PASSWORD, Counter


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    signatures = SignaturesConfig(release=2, override=0, bypass=1)
    made = Counter(
        tmp_path, config=AccessConfig(idle_min=5.0, session_hours=1.0, signatures=signatures)
    )
    made.add("oki", Role.OPERATOR)
    made.add("adm", Role.ADMINISTRATOR)
    return made


def log_in(counter: Counter, name: str) -> Session:
    answer = counter.ask(Login(name, PASSWORD))
    assert isinstance(answer, Session)
    return answer


def test_a_session_says_when_it_rests_and_ends_and_who_signs(counter: Counter) -> None:
    session = log_in(counter, "oki")
    assert (session.idle_s, session.left_s, session.pin) == (300.0, 3600.0, False)
    wanted = {"Release": 2, "Withdraw": 2, "ReleaseHold": 1, "Bypass": 1}
    assert session.signers.items() >= wanted.items()
    assert "OverrideLimits" not in session.signers, "nobody signs it here"
    counter.ask(SetPin(PASSWORD, "4711"), session.token)
    counter.clock.seconds += 1000
    again = counter.ask(ResumeSession("oki", "4711"))
    assert isinstance(again, Session)
    assert (again.left_s, again.pin) == (2600.0, True)


def test_the_list_tells_who_waits_and_who_was_here_last(counter: Counter) -> None:
    for _ in range(6):
        with pytest.raises(RefusedError):
            counter.ask(Login("oki", "guess-guess"))
    token = log_in(counter, "adm").token
    listed = counter.ask(ListUsers(), token)
    assert isinstance(listed, UserList)
    by_name = {one.name: one for one in listed.entries}
    assert by_name["oki"].waits_s > 0
    assert by_name["oki"].last_login_us == 0
    assert by_name["adm"].waits_s == 0
    assert by_name["adm"].last_login_us > 0
