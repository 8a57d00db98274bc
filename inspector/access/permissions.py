"""Which role may give which command: one table, and nothing else decides."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from inspector.core.errors import RefusedError


class Role(StrEnum):
    """What a user is to the station. The auditor reads and exports, and changes nothing."""

    OPERATOR = "operator"
    TECHNICIAN = "technician"
    ENGINEER = "engineer"
    QUALITY = "quality"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


_R = Role
_ANYONE: frozenset[Role | None] = frozenset({None, *Role})
_USERS: frozenset[Role | None] = frozenset(Role)
_LINE: frozenset[Role | None] = _USERS - {_R.QUALITY, _R.AUDITOR}
_FLOOR: frozenset[Role | None] = _USERS - {_R.AUDITOR}
_TECHNICIANS: frozenset[Role | None] = _LINE - {_R.OPERATOR}
_QUALIFYING: frozenset[Role | None] = frozenset({_R.ENGINEER, _R.QUALITY, _R.ADMINISTRATOR})
_ENGINEERS: frozenset[Role | None] = frozenset({_R.ENGINEER, _R.ADMINISTRATOR})
_SEES_USERS: frozenset[Role | None] = frozenset({_R.QUALITY, _R.ADMINISTRATOR, _R.AUDITOR})
_ADMINISTRATORS: frozenset[Role | None] = frozenset({_R.ADMINISTRATOR})

PERMISSIONS: dict[str, frozenset[Role | None]] = {
    "Hello": _ANYONE,
    "Login": _ANYONE,
    "Logout": _ANYONE,
    "LockSession": _ANYONE,
    "ResumeSession": _ANYONE,
    "Recover": _ANYONE,  # the file that it names proves who asks
    "Stop": _ANYONE,  # stopping needs no log-in, going on does
    "Abort": _ANYONE,
    "Present": _ANYONE,
    "GiveControl": _ANYONE,  # who holds it was allowed to act before
    "KeepControl": _ANYONE,
    "GetStatus": _USERS,
    "GetSignals": _USERS,
    "GetDetails": _USERS,
    "EndTest": _USERS,
    "ListProducts": _USERS,
    "NoteBackup": _ANYONE,  # who can make one reads the data folder
    "NoteReport": _ANYONE,  # likewise
    "SetPassword": _USERS,
    "SetPin": _USERS,
    "Start": _LINE,
    "StartSingle": _LINE,
    "Halt": _LINE,
    "SelectAutomatic": _LINE,
    "Reset": _LINE,
    "SelectProduct": _LINE,
    "HandOver": _LINE,
    "AskControl": _FLOOR,
    "Acknowledge": _FLOOR,
    "CallEngineer": _FLOOR,
    "AnnounceMasters": _FLOOR,
    "Judge": _FLOOR,
    "Bypass": _TECHNICIANS,
    "ChangeLight": _ENGINEERS,
    "ChangeThreshold": _ENGINEERS,
    "KeepCorrection": _ENGINEERS,
    "BeginTest": _ENGINEERS,
    "TakeControl": _ENGINEERS,
    "ForceOutput": _ENGINEERS,
    "AddMaster": _QUALIFYING,
    "RemoveMaster": _QUALIFYING,
    "OverrideLimits": _QUALIFYING,
    "Release": _QUALIFYING,
    "ProposeRate": _QUALIFYING,
    "TakeUpDraft": _ENGINEERS,
    "DiscardDraft": _QUALIFYING,
    "Withdraw": _QUALIFYING,
    "HoldEvidence": _QUALIFYING,
    "ReleaseHold": _QUALIFYING,
    "ListUsers": _SEES_USERS,
    "AddUser": _ADMINISTRATORS,
    "RemoveUser": _ADMINISTRATORS,
    "SetRole": _ADMINISTRATORS,
    "ResetPassword": _ADMINISTRATORS,
    "SetBadge": _ADMINISTRATORS,
    "RotateKey": _ADMINISTRATORS,
    "AddPanel": _ADMINISTRATORS,
    "RemovePanel": _ADMINISTRATORS,
    "ListPanels": _ADMINISTRATORS,
}
"""Command name -> roles; ``None`` is somebody not logged in. What is not here is refused."""

ONE_PANEL = (
    "Start",
    "StartSingle",
    "Halt",
    "SelectAutomatic",
    "Reset",
    "SelectProduct",
    "AnnounceMasters",
    "HandOver",
    "Bypass",
    "BeginTest",
    "ForceOutput",
    "ChangeLight",
    "ChangeThreshold",
    "KeepCorrection",
)
"""What changes what the line does now: of several panels only the one in control may.

What stops, calls, acknowledges or sorts again is for all of them, and so is what only says or
permits something: judging, proposals, limit samples, releases, holds, users.
"""

AT_THIS_PC = ("Recover", "NoteBackup", "NoteReport")
"""Not for panels on other PCs: what these say is proven by a file of this one."""

_AUDITS: frozenset[Role | None] = _SEES_USERS | {_R.ENGINEER}

QUESTIONS: dict[str, frozenset[Role | None]] = {
    "AskKept": _USERS,
    "AskLog": _TECHNICIANS,
    "AskStages": _USERS,
    "AskVersions": _USERS,
    "Examine": _TECHNICIANS,
    "MakeSupportBundle": _ENGINEERS,
    "AskCameras": _TECHNICIANS,
    "AskGauge": _TECHNICIANS,
    "AskLessons": _USERS,
    "AskExplanation": _USERS,
    "AskHead": _AUDITS,
    "AskLive": _USERS,
    "AskNoise": _TECHNICIANS,
    "AskPart": _USERS,
    "AskProduct": _USERS,
    "AskReviews": _USERS,
    "AskRights": _ANYONE,
    "AskTrends": _USERS,
    "AskThreshold": _USERS,
    "AskResult": _USERS,  # and whoever may start such a job
    "CalibrateProduct": _ENGINEERS,
    "CancelJob": _USERS,
    "CompareProducts": _USERS,
    "CorrectCamera": _ENGINEERS,
    "FetchPictures": _TECHNICIANS,
    "LayShowsAside": _TECHNICIANS,
    "LayStillsAside": _TECHNICIANS,
    "LeaveOut": _TECHNICIANS,
    "ListActions": _AUDITS,
    "ListDraft": _TECHNICIANS,
    "ListDrafts": _USERS,
    "ListParts": _USERS,
    "ListTiles": _USERS,
    "ListStills": _TECHNICIANS,
    "LookAtCamera": _TECHNICIANS,
    "MakeReport": _AUDITS,
    "MeasureNoise": _TECHNICIANS,
    "NearestNormal": _USERS,
    "PartPicture": _USERS,
    "SetLight": _TECHNICIANS,
    "ShowDraft": _TECHNICIANS,
    "StudyGauge": _TECHNICIANS,
    "TakeShow": _TECHNICIANS,
    "TakeStill": _TECHNICIANS,
    "TakePictures": _TECHNICIANS,
    "TeachLessons": _ENGINEERS,
    "TeachProduct": _ENGINEERS,
    "TryDraft": _QUALIFYING,
    "TryMethods": _ENGINEERS,
    "VerifyLedger": _USERS,
    "WatchCamera": _TECHNICIANS,
    "WhatIf": _USERS,
}
"""The same for questions to the office, which change nothing."""

BEFORE_OWN_PASSWORD = ("Hello", "Login", "Logout", "Stop", "Abort", "SetPassword")
"""All that may be done with a password that somebody else has seen."""


def authorise(
    role: Role | None,
    command: str,
    table: Mapping[str, frozenset[Role | None]] = MappingProxyType(PERMISSIONS),
) -> None:
    """Return when ``role`` may give ``command``; raise ``RefusedError`` with the reason if not."""
    allowed = table.get(command, frozenset())
    if role in allowed:
        return
    if not allowed:
        raise RefusedError(f"{command}: no role may give this command")
    if role is None:
        raise RefusedError(f"{command}: nobody is logged in", remedy="Log in first")
    able = ", ".join(sorted(one.value for one in allowed if one is not None))
    raise RefusedError(f"{command}: not allowed to the role {role.value}", remedy=f"Ask: {able}")
