"""Where findings about the station go."""

from __future__ import annotations

from typing import Protocol

from inspector.core.state import Health


class Alarming(Protocol):
    """Where findings go."""

    def fault(self, reason: str) -> None:
        """Error state, alarm, and reject everything from here on."""

    def alarm(self, key: str, health: Health, text: str) -> None:
        """Something a person must know; the line goes on."""

    def clear(self, key: str) -> None:
        """Its cause is gone."""
