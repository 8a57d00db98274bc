"""Names of states, causes and health in the operator's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from PyQt6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from inspector.core.state import Health, StationState
from inspector.core.verdict import Cause
from inspector.panel.models.figures import Figure
from inspector.panel.models.live import Face

_STATES = {
    StationState.PREOPERATIONAL: QT_TRANSLATE_NOOP("State", "Preoperational"),
    StationState.HALTED: QT_TRANSLATE_NOOP("State", "Halted"),
    StationState.ERROR: QT_TRANSLATE_NOOP("State", "Error"),
    StationState.INITIALIZED: QT_TRANSLATE_NOOP("State", "Initialized"),
    StationState.READY: QT_TRANSLATE_NOOP("State", "Ready"),
    StationState.SINGLE_EXECUTION: QT_TRANSLATE_NOOP("State", "Single execution"),
    StationState.CONTINUOUS_EXECUTION: QT_TRANSLATE_NOOP("State", "Continuous execution"),
}

_SHORT_STATES = {
    StationState.PREOPERATIONAL: QT_TRANSLATE_NOOP("ShortState", "Starting"),
    StationState.HALTED: QT_TRANSLATE_NOOP("ShortState", "Halted"),
    StationState.ERROR: QT_TRANSLATE_NOOP("ShortState", "Error"),
    StationState.INITIALIZED: QT_TRANSLATE_NOOP("ShortState", "Locked"),
    StationState.READY: QT_TRANSLATE_NOOP("ShortState", "Ready"),
    StationState.SINGLE_EXECUTION: QT_TRANSLATE_NOOP("ShortState", "One run"),
    StationState.CONTINUOUS_EXECUTION: QT_TRANSLATE_NOOP("ShortState", "Running"),
}

_CAUSES: dict[str, str] = {
    Cause.GOOD: QT_TRANSLATE_NOOP("Cause", "Good"),
    Cause.DEFECT: QT_TRANSLATE_NOOP("Cause", "Defect"),
    Cause.LATE: QT_TRANSLATE_NOOP("Cause", "Verdict too late"),
    Cause.EXPIRED: QT_TRANSLATE_NOOP("Cause", "Not inspected: no time left"),
    Cause.OVERRUN: QT_TRANSLATE_NOOP("Cause", "Not inspected: parts too fast"),
    Cause.FRAME_LOST: QT_TRANSLATE_NOOP("Cause", "Not inspected: no picture"),
    Cause.FAULT: QT_TRANSLATE_NOOP("Cause", "Station fault"),
    Cause.UNANNOUNCED: QT_TRANSLATE_NOOP("Cause", "Not announced as a limit sample"),
}

_SHORT_CAUSES: dict[str, str] = {
    Cause.DEFECT: QT_TRANSLATE_NOOP("ShortCause", "Defect"),
    Cause.LATE: QT_TRANSLATE_NOOP("ShortCause", "Late"),
    Cause.EXPIRED: QT_TRANSLATE_NOOP("ShortCause", "No time"),
    Cause.OVERRUN: QT_TRANSLATE_NOOP("ShortCause", "Too fast"),
    Cause.FRAME_LOST: QT_TRANSLATE_NOOP("ShortCause", "No picture"),
    Cause.FAULT: QT_TRANSLATE_NOOP("ShortCause", "Fault"),
    Cause.UNANNOUNCED: QT_TRANSLATE_NOOP("ShortCause", "Not announced"),
}

_HEALTH = {
    Health.FAILURE: QT_TRANSLATE_NOOP("Health", "Failure"),
    Health.CHECK_FUNCTION: QT_TRANSLATE_NOOP("Health", "Check function"),
    Health.OUT_OF_SPECIFICATION: QT_TRANSLATE_NOOP("Health", "Out of specification"),
    Health.MAINTENANCE_REQUIRED: QT_TRANSLATE_NOOP("Health", "Maintenance required"),
    Health.GOOD: QT_TRANSLATE_NOOP("Health", "Good"),
}

_FACES = {
    Face.PASS: QT_TRANSLATE_NOOP("VerdictView", "PASS"),
    Face.REJECT: QT_TRANSLATE_NOOP("VerdictView", "REJECT"),
    Face.WAITING: QT_TRANSLATE_NOOP("VerdictView", "WAITING"),
    Face.STOPPED: QT_TRANSLATE_NOOP("VerdictView", "STOPPED"),
    Face.ERROR: QT_TRANSLATE_NOOP("VerdictView", "ERROR"),
    Face.NO_CONNECTION: QT_TRANSLATE_NOOP("VerdictView", "NO CONNECTION"),
}

_FIGURES = {
    Figure.PARTS: QT_TRANSLATE_NOOP("Figure", "Parts"),
    Figure.REJECTED: QT_TRANSLATE_NOOP("Figure", "Rejected"),
    Figure.LATE: QT_TRANSLATE_NOOP("Figure", "Late"),
    Figure.YIELD: QT_TRANSLATE_NOOP("Figure", "Yield"),
    Figure.RATE: QT_TRANSLATE_NOOP("Figure", "Parts/min"),
    Figure.MARGIN: QT_TRANSLATE_NOOP("Figure", "Time to spare"),
}

_CHECKS = {
    "engine": QT_TRANSLATE_NOOP("Check", "Learned looks"),
    "presence": QT_TRANSLATE_NOOP("Check", "Presence and place"),
    "local": QT_TRANSLATE_NOOP("Check", "Surroundings (contrast)"),
    "rx": QT_TRANSLATE_NOOP("Check", "Surroundings (RX)"),
    "lrb": QT_TRANSLATE_NOOP("Check", "Surroundings (LRB)"),
    "crd": QT_TRANSLATE_NOOP("Check", "Surroundings (CRD)"),
    "rx-global": QT_TRANSLATE_NOOP("Check", "Learned background (RX)"),
    "mt": QT_TRANSLATE_NOOP("Check", "All findings (MT)"),
}

_ROLES = {
    "operator": QT_TRANSLATE_NOOP("Role", "operator"),
    "technician": QT_TRANSLATE_NOOP("Role", "technician"),
    "engineer": QT_TRANSLATE_NOOP("Role", "engineer"),
    "quality": QT_TRANSLATE_NOOP("Role", "quality"),
    "administrator": QT_TRANSLATE_NOOP("Role", "administrator"),
    "auditor": QT_TRANSLATE_NOOP("Role", "auditor"),
}


_PEERS = {
    "console": QT_TRANSLATE_NOOP("Peer", "command line"),
    "in-process": QT_TRANSLATE_NOOP("Peer", "the station itself"),
    "panel": QT_TRANSLATE_NOOP("Peer", "panel, nobody logged in"),
    "plc": QT_TRANSLATE_NOOP("Peer", "PLC"),
}


def person_name(user: str) -> str:
    """A user, or the connection by which somebody came who is none."""
    return QCoreApplication.translate("Peer", _PEERS.get(user, user))


def titled(name: str, said: str) -> str:
    """What is said of something."""
    return QCoreApplication.translate("Shell", "{name}: {said}").format(name=name, said=said)


def role_name(role: str) -> str:
    """A role of the station's users."""
    return QCoreApplication.translate("Role", _ROLES.get(role, role))


def role_names(roles: Iterable[str]) -> str:
    """Roles in the order of what they may, as a list."""
    known = tuple(_ROLES)
    ordered = sorted(roles, key=lambda role: known.index(role) if role in known else len(known))
    return QCoreApplication.translate("Shell", ", ").join(role_name(role) for role in ordered)


def state_name(state: StationState) -> str:
    """The OPC 40100-1 state."""
    return QCoreApplication.translate("State", _STATES[state])


def short_state(state: StationState) -> str:
    """The same in the word of who works there."""
    return QCoreApplication.translate("ShortState", _SHORT_STATES[state])


def cause_in_words(cause: str) -> str:
    """Why a part was rejected; an unknown cause as the station wrote it."""
    return QCoreApplication.translate("Cause", _CAUSES.get(cause, cause))


def short_cause(cause: str) -> str:
    """The cause where there is little room."""
    return QCoreApplication.translate("ShortCause", _SHORT_CAUSES.get(cause, cause))


def health_name(health: Health) -> str:
    """The NE 107 signal."""
    return QCoreApplication.translate("Health", _HEALTH[health])


def face_word(face: Face) -> str:
    """The one word of the verdict."""
    return QCoreApplication.translate("VerdictView", _FACES[face])


def check_name(check: str) -> str:
    """What a check looks at; an unknown one as the recipe calls it."""
    return QCoreApplication.translate("Check", _CHECKS.get(check, check))


def figure_name(figure: Figure) -> str:
    """Label of a counter."""
    return QCoreApplication.translate("Figure", _FIGURES[figure])


def role_or_state_name(value: str) -> str:
    """The name of a value that stands in a sentence; other values as they are."""
    if value in _STATES:
        return state_name(StationState(value))
    return role_name(value)


def clock_time(utc_us: int) -> str:
    """Local time of day."""
    return f"{datetime.fromtimestamp(utc_us // 1_000_000, UTC).astimezone():%H:%M:%S}"
