"""People of a factory that never was, and what they did."""

from __future__ import annotations

from dataclasses import replace

from inspector.core.state import StationStatus
from inspector.link.messages import Session, UserEntry, UserList
from inspector.link.questions.audit import ActionEntry, Actions, NewestHead, SignedBy
from tests.panel import fakes
from tests.panel.looking import look_at
from tests.panel.stage import SIZES, Stage

NOON = fakes.NOON_UTC_US
RECOVERED = (
    "The administrator administrator was recovered on the station's console. "
    "An administrator has to take note"
)
SATO = Session(
    "t",
    "sato",
    "engineer",
    full_name="佐藤 太郎",
    pin=True,
    idle_s=600.0,
    left_s=40_000.0,
    signers={"Bypass": 2, "OverrideLimits": 1, "Release": 1},
)
SATO_INVITED = Session("t", "sato", "engineer", True, idle_s=600.0, left_s=40_000.0)

LIST = UserList(
    (
        UserEntry("administrator", "administrator", "", False, False, False, 0.0, NOON),
        UserEntry("oki", "operator", "Oki Tanaka", False, True, True, 0.0, NOON - 10**9),
        UserEntry("quy", "quality", "Quynh Nguyen", True, False, False),
        UserEntry("sato", "engineer", "佐藤 太郎", False, True, False, 0.0, NOON),
        UserEntry("suzuki.k", "technician", "鈴木 健", False, False, True, 31.5, NOON),
        UserEntry("audit-2026", "auditor", "", False, False, False),
    )
)

SIGNED = SignedBy("sato", "佐藤 太郎", "engineer", "responsibility", NOON)
SECOND = SignedBy("quy", "Quynh Nguyen", "quality", "approval", NOON)
_THRESHOLD = (
    ("product", "solar-mono"),
    ("reason", "照明を交換したため"),
    ("before", "2.4"),
    ("threshold", "2.61"),
)
ACTIONS = Actions(
    (
        ActionEntry(
            4711, NOON, "sato", "engineer", "panel", "ChangeThreshold", "", _THRESHOLD,
            (SIGNED, SECOND),
        ),
        ActionEntry(
            4710, NOON - 10**6, "oki", "operator", "panel", "Bypass",
            "Bypass: not allowed to the role operator. Ask: administrator, engineer, technician",
            (("reason", "line trial"), ("on", "yes")),
        ),
        ActionEntry(
            4702, NOON - 10**7, "administrator", "administrator", "console", "SetRole", "",
            (("name", "oki"), ("old", "operator"), ("new", "technician")),
        ),
        *(
            ActionEntry(4600 - n, NOON - 10**8 * n, "oki", "operator", "panel", "Start", "")
            for n in range(1, 20)
        ),
    ),
    next=4500,
)  # fmt: skip
HEAD = NewestHead(
    "Line 3 · cell inspection", 118, 4698, NOON,
    "9f3a 11c0 7be2 40d8 51aa 0e97 c6f4 2b1d", 13,
)  # fmt: skip


def bypassed() -> StationStatus:
    return replace(fakes.status(), bypass="sato")


def look_here(stage: Stage, code: str, size: tuple[int, int]) -> None:
    """As ``look_everywhere``, at one size, in the language in use."""
    stage.resize(*size)
    faults = look_at(stage.shell, SIZES[size], japanese=code == "ja")
    ours = [str(fault) for fault in faults if "< Header" not in fault.widget]
    assert not ours, "\n".join(ours)
