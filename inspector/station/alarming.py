"""Where findings about the station go."""

from __future__ import annotations

from typing import Protocol

from inspector.core.state import Health

LOST = "lost "
"""Begins the key of the alarm of a device that is gone; its name ends it."""


class Alarming(Protocol):
    """Where findings go."""

    def fault(self, reason: str) -> None:
        """Error state, alarm, and reject everything from here on."""

    def alarm(self, key: str, health: Health, text: str) -> None:
        """Something a person must know; the line goes on."""

    def clear(self, key: str) -> None:
        """Its cause is gone."""


class Losing(Alarming, Protocol):
    """Who acts when a device is gone that may come back."""

    def lost(self, device: str, reason: str) -> None:
        """Error state and alarm, and reject everything until it is back."""

    def found(self, device: str) -> None:
        """It is there again: back to where the station was, after the self-test."""
