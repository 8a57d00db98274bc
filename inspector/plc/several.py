"""Several at once: one PLC decides on the gate, the others are told as well."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Protocol

from inspector.core.errors import PlcError, RefusedError
from inspector.core.ports import Plc, PlcInputs, PlcStatus
from inspector.core.verdict import Verdict
from inspector.plc.images import Force, Images, Shown


class NamedPlc(Plc, Protocol):
    """A PLC with a name for alarms."""

    @property
    def name(self) -> str:
        """In alarms and records."""


class Several:
    """Implements ``Plc``: the gate's first, then the observers'. What these do fails nothing."""

    def __init__(self, gate: Plc, observers: Sequence[NamedPlc]) -> None:
        self._gate = gate
        self._observers = tuple(observers)
        self.untold = 0
        """Results that an observer never got."""

    def open(self) -> None:
        """The gate must be there; observers may come later."""
        self._gate.open()
        for observer in self._observers:
            with contextlib.suppress(PlcError):
                observer.open()

    def publish(self, verdict: Verdict) -> None:
        """The gate's word first. Raises ``PlcError`` for the gate alone."""
        try:
            self._gate.publish(verdict)
        finally:
            for observer in self._observers:
                try:
                    observer.publish(verdict)
                except PlcError:
                    self.untold += 1

    def exposed(self, count: int) -> None:
        """To all."""
        for plc in (self._gate, *self._observers):
            plc.exposed(count)

    def set_status(self, status: PlcStatus) -> None:
        """To all."""
        self._gate.set_status(status)
        for observer in self._observers:
            with contextlib.suppress(PlcError):
                observer.set_status(status)

    def beat(self) -> None:
        """To all."""
        self._gate.beat()
        for observer in self._observers:
            with contextlib.suppress(PlcError):
                observer.beat()

    def answer_recipe(self, recipe: int, *, confirmed: bool) -> None:
        """To the gate, which asks."""
        self._gate.answer_recipe(recipe, confirmed=confirmed)

    def read_inputs(self) -> PlcInputs:
        """The gate's."""
        return self._gate.read_inputs()

    def observed(self) -> dict[str, PlcInputs]:
        """What is heard of the observers, by name."""
        return {observer.name: observer.read_inputs() for observer in self._observers}

    def heard(self) -> tuple[PlcInputs, ...]:
        """Of the observers, in their order."""
        return tuple(observer.read_inputs() for observer in self._observers)

    def images(self) -> tuple[Images | None, ...]:
        """Of each connection, the gate's first; None where there is none to show."""
        return tuple(
            plc.images() if isinstance(plc, Shown) else None
            for plc in (self._gate, *self._observers)
        )

    def force(self, connection: int, force: Force) -> None:
        """An output of one connection, 0 for the gate's. Raises ``RefusedError``, ``PlcLost``."""
        plcs = dict(enumerate((self._gate, *self._observers)))
        plc: object = plcs.get(connection)
        if not isinstance(plc, Shown):
            raise RefusedError("this connection has no outputs to force")
        plc.force(force)

    def close(self) -> None:
        """All of them; the gate first."""
        try:
            self._gate.close()
        finally:
            for observer in self._observers:
                with contextlib.suppress(PlcError):
                    observer.close()
