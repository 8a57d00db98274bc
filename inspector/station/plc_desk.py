"""What the PLC asks for, carried out as a user of its own: authorised, recorded, answered."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue
from typing import Protocol

from inspector.core.errors import InspectorError
from inspector.core.ports import PlcInputs
from inspector.core.state import StationState
from inspector.link.messages import (
    Abort,
    Answer,
    AnyCommand,
    Halt,
    Reset,
    SelectAutomatic,
    SelectProduct,
    Start,
    StartSingle,
    Stop,
)
from inspector.plc.handshake import Demand
from inspector.station.catalogue import Catalogue
from inspector.station.write_access import WriteAccess

PEER = "plc"
"""Who it is in records."""
_AT_REST = (StationState.INITIALIZED, StationState.READY)
_COMMANDS: Mapping[str, Callable[[], AnyCommand]] = {
    "start": Start,
    "start_single": StartSingle,
    "stop": Stop,
    "abort": Abort,
    "halt": Halt,
    "select_automatic": SelectAutomatic,
    "reset": Reset,
}


class Asking(Protocol):
    """What carries commands out (`inspector.station.commands.Commands`)."""

    def handle(self, command: AnyCommand, token: str, peer: str) -> Answer:
        """Raises ``InspectorError`` with the reason of a refusal."""


class Answering(Protocol):
    """What of the PLC is needed to answer."""

    def answer_recipe(self, recipe: int, *, confirmed: bool) -> None:
        """Answer a recipe request."""


class PlcDesk:
    """One turn after the other on the supervisor thread.

    A recipe is confirmed once it is loaded and tested, and refused when that failed, when nobody
    has a recipe of that number, or when the PLC has no write access.
    """

    def __init__(
        self,
        commands: Asking,
        catalogue: Catalogue,
        access: WriteAccess,
        plc: Answering,
        asked: SimpleQueue[Demand],
    ) -> None:
        self._commands = commands
        self._catalogue = catalogue
        self._access = access
        self._plc = plc
        self._asked = asked
        self._pending: int | None = None

    def _answer(self, demand: Demand) -> None:
        if demand.name == "recipe_request":
            self._ask_for_recipe(demand.value)
        elif demand.name in _COMMANDS:
            self._ask(_COMMANDS[demand.name]())

    def _ask(self, command: AnyCommand) -> bool:
        try:
            self._commands.handle(command, "", PEER)
        except InspectorError:  # it is recorded with its reason
            return False
        return True

    def _ask_for_recipe(self, number: int) -> None:
        products = [one for one, plc_id in self._catalogue.plc_ids().items() if plc_id == number]
        if len(products) != 1 or not number or not self._ask(SelectProduct(products[0])):
            self._plc.answer_recipe(number, confirmed=False)
            return
        self._pending = number

    def look(self, inputs: PlcInputs, state: StationState, loaded: int) -> None:
        """One turn: hand access over, and answer a recipe request that is done."""
        self._access.plc_wants(wants=inputs.wants_to_write and inputs.connected)
        with contextlib.suppress(Empty):
            while True:
                self._answer(self._asked.get_nowait())
        if self._pending is None:
            return
        if state is StationState.ERROR or (state in _AT_REST and loaded == self._pending):
            self._plc.answer_recipe(self._pending, confirmed=state is not StationState.ERROR)
            self._pending = None
