"""Who may command the station: the operator or the PLC, never both. Stopping is for everybody."""

from __future__ import annotations

import threading
from typing import Literal

from inspector.core.errors import RefusedError

Writer = Literal["operator", "plc"]


class WriteAccess:
    """Handed over explicitly, and shown. Any thread.

    The PLC asks by an input bit. With ``auto`` it gets access at once, otherwise when an operator
    hands it over; it gives it back by dropping the bit. An operator may take it back at any time:
    then the PLC has to drop its bit before it can ask again.
    """

    def __init__(self, *, auto: bool) -> None:
        self._auto = auto
        self._lock = threading.Lock()
        self._writer: Writer = "operator"
        self._wanted = self._taken_back = False

    @property
    def writer(self) -> Writer:
        """Who may write now."""
        return self._writer

    @property
    def wanted(self) -> bool:
        """The PLC asks, and has to be handed it over."""
        return self._wanted and self._writer == "operator"

    def plc_wants(self, *, wants: bool) -> bool:
        """What the PLC's bit says; True when access changed hands."""
        with self._lock:
            before, self._wanted = self._writer, wants
            if not wants:
                self._writer, self._taken_back = "operator", False
            elif self._auto and not self._taken_back:
                self._writer = "plc"
            return self._writer != before

    def hand_over(self, to: Writer) -> None:
        """An operator's decision. Raises ``RefusedError`` when the PLC does not ask."""
        with self._lock:
            if to == "plc" and not self._wanted:
                raise RefusedError(
                    "the PLC does not ask for write access",
                    remedy="Let its program set wants_to_write",
                )
            self._taken_back = to == "operator"
            self._writer = to

    def require(self, asking: Writer) -> None:
        """Raises ``RefusedError`` when somebody else has it."""
        if asking != self._writer:
            holder = "the PLC" if self._writer == "plc" else "the operator"
            raise RefusedError(
                f"{holder} has write access",
                remedy="Take it back on the panel"
                if asking == "operator"
                else "Set wants_to_write, or let an operator hand it over",
            )
