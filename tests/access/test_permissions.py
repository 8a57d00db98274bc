from __future__ import annotations

import pytest

from inspector.access.permissions import BEFORE_OWN_PASSWORD, PERMISSIONS, Role, authorise
from inspector.core.errors import RefusedError
from inspector.link.messages import Command


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
    assert set(BEFORE_OWN_PASSWORD) <= set(PERMISSIONS)


def test_on_the_line_each_role_may_do_what_the_one_below_may() -> None:
    operator, technician = _allowed(Role.OPERATOR), _allowed(Role.TECHNICIAN)
    assert operator < technician < _allowed(Role.ENGINEER) < _allowed(Role.ADMINISTRATOR)


def test_quality_decides_what_runs_and_runs_nothing() -> None:
    assert {"Release", "OverrideLimits", "ReleaseHold", "Judge"} <= _allowed(Role.QUALITY)
    assert not _allowed(Role.QUALITY) & {"Start", "Reset", "SelectProduct", "Bypass", "AddUser"}


def test_stopping_is_for_everybody_and_going_on_is_not() -> None:
    assert {"Stop", "Abort"} <= _allowed(None)
    assert not _allowed(None) & {"Start", "Reset", "SelectAutomatic", "Bypass"}


@pytest.mark.parametrize("role", [None, *Role])
def test_unknown_commands_are_refused_to_everybody(role: Role | None) -> None:
    with pytest.raises(RefusedError, match="no role"):
        authorise(role, "FormatDisk")


def test_reasons_are_in_words() -> None:
    with pytest.raises(RefusedError, match=r"Start: not allowed to the role auditor\. Ask: .*oper"):
        authorise(Role.AUDITOR, "Start")
    with pytest.raises(RefusedError, match="nobody is logged in"):
        authorise(None, "Start")
