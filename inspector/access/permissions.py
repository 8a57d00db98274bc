"""Which role may give which command: one table, and nothing else decides."""

from __future__ import annotations

from enum import StrEnum

from inspector.core.errors import RefusedError


class Role(StrEnum):
    """What a user is to the station. The auditor reads and exports, and changes nothing."""

    OPERATOR = "operator"
    ENGINEER = "engineer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


_R = Role
_ANYONE: frozenset[Role | None] = frozenset({None, *Role})
_USERS: frozenset[Role | None] = frozenset(Role)
_ENGINEERS: frozenset[Role | None] = frozenset({_R.ENGINEER, _R.ADMINISTRATOR})
_LINE: frozenset[Role | None] = frozenset({_R.OPERATOR, _R.ENGINEER, _R.ADMINISTRATOR})

PERMISSIONS: dict[str, frozenset[Role | None]] = {
    "Hello": _ANYONE,
    "Login": _ANYONE,
    "Logout": _ANYONE,
    "GetStatus": _USERS,
    "ListProducts": _USERS,
    "Start": _LINE,
    "StartSingle": _LINE,
    "Stop": _LINE,
    "Abort": _LINE,
    "Halt": _LINE,
    "SelectAutomatic": _LINE,
    "Reset": _LINE,
    "SelectProduct": _LINE,
    "Acknowledge": _LINE,
    "AnnounceMasters": _LINE,
    "HandOver": _LINE,
    "Bypass": _ENGINEERS,
    "AddMaster": _ENGINEERS,
    "RemoveMaster": _ENGINEERS,
    "Release": _ENGINEERS,
    "Withdraw": _ENGINEERS,
}
"""Command name -> roles; ``None`` is somebody not logged in. What is not here is refused."""


def authorise(role: Role | None, command: str) -> None:
    """Return when ``role`` may give ``command``; raise ``RefusedError`` with the reason if not."""
    allowed = PERMISSIONS.get(command, frozenset())
    if role in allowed:
        return
    if not allowed:
        raise RefusedError(f"{command}: no role may give this command")
    if role is None:
        raise RefusedError(f"{command}: nobody is logged in", remedy="Log in first")
    able = ", ".join(sorted(one.value for one in allowed if one is not None))
    raise RefusedError(f"{command}: not allowed to the role {role.value}", remedy=f"Ask: {able}")
