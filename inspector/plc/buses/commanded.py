"""The input image that messages make, for protocols that send commands instead of images. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import msgspec
from msgspec import UNSET

from inspector.plc.buses import mqtt_messages as messages
from inspector.plc.registers import Inputs, Outputs

_BITS: Mapping[type[messages.Pulse], str] = {
    messages.Start: "start",
    messages.StartSingle: "start_single",
    messages.Stop: "stop",
    messages.Abort: "abort",
    messages.Halt: "halt",
    messages.SelectAutomatic: "select_automatic",
    messages.Reset: "reset",
    messages.ResetFlags: "reset_flags",
    messages.Recipe: "recipe_request",
    messages.Trigger: "trigger",
}


class CommandedInputs:
    """Each command that asks for something is one rising edge, in the order of arrival.

    What only stands (acks, heartbeat, lot) takes effect at the next turn, whatever waits. ``take``
    on any thread, the rest on one.
    """

    BUFFER = 64

    def __init__(self) -> None:
        self._inputs = Inputs()
        self._standing: deque[messages.Ack | messages.Set] = deque(maxlen=4 * self.BUFFER)
        self._pulses: deque[messages.Pulse] = deque()
        self._first = True

    def take(self, command: messages.Command) -> bool:
        """False when too many wait and this one is not taken."""
        if isinstance(command, messages.Ack | messages.Set):
            self._standing.append(command)
            return True
        if len(self._pulses) >= self.BUFFER:
            return False
        self._pulses.append(command)
        return True

    def begin(self) -> None:
        """A new connection: what was asked for over the old one is void, what stood still stands.

        Above all the ack, by which the next result's toggle is chosen.
        """
        self._standing.clear()
        self._pulses.clear()
        self._inputs = _with_low(self._inputs, _BITS.values())
        self._first = True

    def turn(self, outputs: Outputs) -> Inputs:
        """The image to hand over now; ``outputs`` is the one that the other side sees."""
        while self._standing:
            self._stand(self._standing.popleft(), outputs)
        lowered = self._lower(outputs)
        if self._pulses and (bit := _BITS[type(self._pulses[0])]) not in lowered:
            self._raise(bit, self._pulses.popleft())
        self._first = False
        return self._inputs

    def _stand(self, command: messages.Ack | messages.Set, outputs: Outputs) -> None:
        if isinstance(command, messages.Set):
            given = {k: v for k, v in msgspec.structs.asdict(command).items() if v is not UNSET}
            self._inputs = replace(self._inputs, **given)
        elif isinstance(command.toggle, bool):
            self._inputs = replace(self._inputs, result_ack=command.toggle)
        elif outputs.result_valid and outputs.part_id == command.part_id:
            self._inputs = replace(self._inputs, result_ack=outputs.result_toggle)

    def _lower(self, outputs: Outputs) -> frozenset[str]:
        """End the edges that were seen; the bits returned must stay low for this turn."""
        high = {bit for bit in _BITS.values() if getattr(self._inputs, bit)}
        answered = outputs.recipe_confirmed or outputs.recipe_refused
        if not (answered or isinstance(next(iter(self._pulses), None), messages.Recipe)):
            high.discard("recipe_request")  # it stands until it is answered or replaced
        self._inputs = _with_low(self._inputs, high)
        if answered:
            high.add("recipe_request")  # the answer stands until that is low
        return frozenset(_BITS.values() if self._first else high)

    def _raise(self, bit: str, command: messages.Pulse) -> None:
        more: dict[str, Any] = {bit: True}
        if isinstance(command, messages.Recipe):
            more["recipe_wanted"] = command.recipe
        elif isinstance(command, messages.Trigger):
            more |= {"encoder": command.encoder, "serial": command.serial}
        self._inputs = replace(self._inputs, **more)


def _with_low(inputs: Inputs, bits: Iterable[str]) -> Inputs:
    low: dict[str, Any] = dict.fromkeys(bits, False)
    return replace(inputs, **low)
