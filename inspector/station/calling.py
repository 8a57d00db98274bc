"""Somebody at the panel needs help: told like any other alarm, and so to who watches from afar."""

from __future__ import annotations

from inspector.core.state import Health

ALARM = "call"
"""Key of the alarm; whoever acknowledges it has come, and it is gone."""

HEALTH = Health.MAINTENANCE_REQUIRED


def in_words(user: str) -> str:
    """What the alarm says."""
    return f"{user} calls an engineer to the line"
