from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from inspector.access.passwords import PasswordHash, readable_password
from inspector.access.permissions import Role
from inspector.access.users import User, Users
from inspector.core.errors import ConfigError, InputError, RefusedError
from tests.access.clocks import HandClock

_QUICK = PasswordHash(memory_kib=16, passes=1)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def users(tmp_path: Path, clock: HandClock) -> Users:
    users = Users(tmp_path, clock=clock, hashing=_QUICK)
    users.first_administrator("long enough")
    return users


def _refused(users: Users, name: str, password: str) -> str:
    with pytest.raises(RefusedError) as refused:
        users.authenticate(name, password)
    return str(refused.value)


def test_the_first_administrator_chooses_a_password(users: Users) -> None:
    administrator = User("administrator", Role.ADMINISTRATOR)
    assert users.authenticate("administrator", "long enough") == administrator
    with pytest.raises(RefusedError, match="there are users already"):
        users.first_administrator(None)


def test_a_generated_password_is_readable_and_works(tmp_path: Path) -> None:
    users = Users(tmp_path, hashing=_QUICK)
    password = users.first_administrator(None)
    assert password is not None
    assert len(password.replace("-", "")) == 12
    assert not set(password) & set("0o1liO I")
    assert readable_password() != password
    assert users.authenticate("administrator", password).role is Role.ADMINISTRATOR


def test_users_are_there_after_a_restart(users: Users, tmp_path: Path) -> None:
    users.add("田中", Role.OPERATOR, "pass word")
    again = Users(tmp_path, hashing=_QUICK)
    assert again.authenticate("田中", "pass word") == User("田中", Role.OPERATOR)
    assert [user.name for user in again.all] == ["administrator", "田中"]


def test_the_file_is_private_and_holds_no_password(users: Users) -> None:
    text = users.path.read_text(encoding="utf-8")
    assert "long enough" not in text
    assert "$argon2id$" in text
    if os.name != "nt":
        assert users.path.stat().st_mode & 0o077 == 0


def test_nothing_shows_a_password_or_its_hash(users: Users) -> None:
    entry = users._entries["administrator"]
    assert "argon2" not in repr(entry)
    assert "long enough" not in _refused(users, "administrator", "long enough!")


@pytest.mark.parametrize(
    ("password", "says"), [("1234567", "at least 8"), ("", "at least 8"), ("x" * 257, "at most")]
)
def test_password_rules_are_said(users: Users, password: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        users.add("anna", Role.OPERATOR, password)
    assert len(users.all) == 1


@pytest.mark.parametrize("name", ["", "two words", "a/b", "x" * 65, "line\n"])
def test_unusable_names_are_refused(users: Users, name: str) -> None:
    with pytest.raises(InputError, match="cannot be used"):
        users.add(name, Role.OPERATOR, "long enough")


def test_a_taken_name_is_refused(users: Users) -> None:
    with pytest.raises(InputError, match="exists already"):
        users.add("administrator", Role.OPERATOR, "long enough")


def test_unknown_names_and_wrong_passwords_sound_the_same(users: Users) -> None:
    for _ in range(8):
        known = _refused(users, "administrator", "wrong password")
        unknown = _refused(users, "nobody", "wrong password")
        assert known == unknown


def test_unknown_names_cost_a_hash_as_well(users: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str | None] = []

    def refusing(stored: str | None, _password: str) -> bool:
        compared.append(stored)
        return False

    monkeypatch.setattr(_QUICK, "matches", refusing)
    _refused(users, "nobody", "wrong password")
    assert compared == [None]
    monkeypatch.undo()
    assert not _QUICK.matches(None, "anything")


def test_repeated_failures_must_wait_ever_longer(users: Users, clock: HandClock) -> None:
    for _ in range(5):
        assert "wrong" in _refused(users, "administrator", "wrong password")
    assert "Try again in 1 s" in _refused(users, "administrator", "long enough")
    clock.seconds += 1.0
    assert "wrong" in _refused(users, "administrator", "wrong password")
    assert "Try again in 2 s" in _refused(users, "administrator", "long enough")
    for _ in range(20):
        clock.seconds += 300
        _refused(users, "administrator", "wrong password")
    assert "Try again in 300 s" in _refused(users, "administrator", "long enough")
    clock.seconds += 300
    assert users.authenticate("administrator", "long enough").name == "administrator"
    assert "wrong" in _refused(users, "administrator", "wrong password")


def test_the_wait_holds_over_a_restart_and_over_a_clock_that_was_set(
    users: Users, clock: HandClock, tmp_path: Path
) -> None:
    for _ in range(8):
        clock.seconds += 300
        _refused(users, "administrator", "wrong password")
    again = Users(tmp_path, clock=clock, hashing=_QUICK)
    assert "Try again in 8 s" in _refused(again, "administrator", "long enough")
    clock.seconds -= 200_000
    earlier = Users(tmp_path, clock=clock, hashing=_QUICK)
    assert "Try again in 8 s" in _refused(earlier, "administrator", "long enough")
    clock.seconds += 9
    assert earlier.authenticate("administrator", "long enough").name == "administrator"
    assert "wrong" in _refused(Users(tmp_path, hashing=_QUICK), "administrator", "wrong password")


def test_what_is_kept_of_failures_is_no_name(users: Users, tmp_path: Path) -> None:
    _refused(users, "my password typed here", "")
    kept = (tmp_path / "access/failures.json").read_text(encoding="utf-8")
    assert "my password" not in kept


def test_strangers_cannot_push_a_user_out_of_the_count(
    users: Users, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspector.access.lockout._MOST_STRANGERS", 3)
    for _ in range(5):
        _refused(users, "administrator", "wrong password")
    for number in range(6):
        _refused(users, f"stranger{number}", "wrong password")
    assert "too many" in _refused(users, "administrator", "long enough")


def test_a_file_of_the_first_version_is_read_and_goes_on(tmp_path: Path, users: Users) -> None:
    entry = json.loads(users.path.read_text(encoding="utf-8"))["users"][0]
    first = {key: entry[key] for key in ("name", "role", "password_hash", "created_utc_us")}
    users.path.write_text(json.dumps({"schema_version": 1, "users": [first]}), encoding="utf-8")
    again = Users(tmp_path, hashing=_QUICK)
    assert again.authenticate("administrator", "long enough").role is Role.ADMINISTRATOR
    again.set_role("administrator", Role.ADMINISTRATOR)
    assert json.loads(users.path.read_text(encoding="utf-8"))["schema_version"] == 2
    assert Users(tmp_path, hashing=_QUICK).all == again.all


def test_attempts_at_the_same_moment_count_too(users: Users) -> None:
    said: list[str] = []
    threads = [
        threading.Thread(target=lambda: said.append(_refused(users, "administrator", "wrong one")))
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("wrong" in text for text in said) == 5


def test_equal_text_is_one_password_whichever_way_it_is_composed(users: Users) -> None:
    users.add("anna", Role.ENGINEER, "cafe\u0301 longer")
    assert users.authenticate("anna", "caf\u00e9 longer").role is Role.ENGINEER


def test_changing_and_removing(users: Users) -> None:
    users.add("anna", Role.ENGINEER, "long enough")
    users.set_password("anna", "another one")
    assert users.authenticate("anna", "another one").role is Role.ENGINEER
    _refused(users, "anna", "long enough")
    users.remove("anna")
    _refused(users, "anna", "another one")
    with pytest.raises(InputError, match="only administrator"):
        users.remove("administrator")
    with pytest.raises(InputError, match="unknown"):
        users.remove("anna")


def test_a_damaged_file_is_said_without_its_content(tmp_path: Path, users: Users) -> None:
    users.path.write_text('{"users": [{"password_hash": "$argon2id$secret"}]}', encoding="utf-8")
    with pytest.raises(ConfigError, match="damaged") as damaged:
        Users(tmp_path, hashing=_QUICK)
    assert "secret" not in str(damaged.value)
    assert damaged.value.__suppress_context__


def test_a_damaged_hash_lets_nobody_in() -> None:
    assert not _QUICK.matches("not a hash", "long enough")
