from __future__ import annotations

import pytest

from inspector.access.permissions import PERMISSIONS, Role, authorise
from inspector.core.errors import RefusedError
from inspector.link.messages import Command

_READING = {"Hello", "Login", "Logout", "GetStatus", "ListProducts"}


def _allowed(role: Role | None) -> set[str]:
    return {command for command in PERMISSIONS if _may(role, command)}


def _may(role: Role | None, command: str) -> bool:
    try:
        authorise(role, command)
    except RefusedError:
        return False
    return True


def test_the_table_names_every_command_of_the_link_and_no_other() -> None:
    assert set(PERMISSIONS) == {command.__name__ for command in Command.__subclasses__()}


def test_each_role_may_do_what_the_one_below_may() -> None:
    assert _allowed(Role.OPERATOR) <= _allowed(Role.ENGINEER) <= _allowed(Role.ADMINISTRATOR)


def test_an_auditor_only_reads() -> None:
    assert _allowed(Role.AUDITOR) == _READING


def test_only_engineers_and_administrators_say_what_runs_in_production() -> None:
    qualifying = {"AddMaster", "Bypass", "RemoveMaster", "Release", "Withdraw"}
    assert _allowed(Role.ENGINEER) == _allowed(Role.ADMINISTRATOR)
    assert _allowed(Role.ENGINEER) - _allowed(Role.OPERATOR) == qualifying
    assert "AnnounceMasters" in _allowed(Role.OPERATOR)


def test_nobody_may_only_log_in() -> None:
    assert _allowed(None) == {"Hello", "Login", "Logout"}


@pytest.mark.parametrize("role", [None, *Role])
def test_unknown_commands_are_refused_to_everybody(role: Role | None) -> None:
    with pytest.raises(RefusedError, match="no role"):
        authorise(role, "FormatDisk")


def test_reasons_are_in_words() -> None:
    with pytest.raises(RefusedError, match=r"Start: not allowed to the role auditor\. Ask: .*oper"):
        authorise(Role.AUDITOR, "Start")
    with pytest.raises(RefusedError, match="nobody is logged in"):
        authorise(None, "Start")
