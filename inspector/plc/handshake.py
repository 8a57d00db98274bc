"""The handshake with a PLC: results one by one, acknowledged, with heartbeats. Pure, no I/O."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import msgspec

from inspector.core.ports import PlcInputs, PlcStatus
from inspector.plc.registers import Inputs, Outputs


class Result(msgspec.Struct, frozen=True, array_like=True):
    """One part's verdict as the PLC gets it."""

    part_id: int
    trigger_count: int
    encoder: int
    passed: bool
    cause: int
    master: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """Something that the PLC asks for by a rising edge."""

    name: str
    """An input bit of `inspector.plc.registers.Inputs`."""
    value: int = 0
    """``recipe_wanted`` of a recipe request; the encoder count of a trigger."""
    text: str = ""
    """The serial number of a trigger's part."""


_EDGES = (
    "recipe_request",
    "start",
    "stop",
    "reset",
    "reset_flags",
    "trigger",
    "start_single",
    "abort",
    "halt",
    "select_automatic",
)


class Handshake:
    """Turns results and status into the output image, and the input image into what it means.

    One result stands in the image until the PLC has copied ``result_toggle`` into ``result_ack``;
    those behind it wait in a bounded buffer. When that is full, the oldest one that waits is lost:
    ``overrun`` is set, and the gate ejects its part for want of a result. A part's result is never
    shown as another's. Where the PLC gives no acks (``acknowledged`` False) each result stands for
    ``hold_scans`` exchanges.

    ``withdraw`` takes everything back that lets a part pass. One thread at a time.
    """

    BUFFER = 8

    def __init__(self, *, acknowledged: bool = True, hold_scans: int = 2) -> None:
        self._acknowledged = acknowledged
        self._hold_scans = hold_scans
        self._shown = 0
        self._waiting: deque[Result] = deque()
        self._outputs = Outputs()
        self._before = Inputs()
        self._seen = False
        self._withdrawn = 0
        self.lost = 0
        """Results that the PLC never saw."""

    def outputs(self) -> Outputs:
        """The image to write now."""
        if self._withdrawn:
            kept = self._outputs
            return Outputs(
                error=True,
                error_code=self._withdrawn,
                heartbeat=kept.heartbeat,
                result_toggle=kept.result_toggle,
                overrun=kept.overrun,
                missed_trigger=kept.missed_trigger,
            )
        return self._outputs

    def withdraw(self, error_code: int) -> None:
        """Say only that we are in Error: the inspection stands still or is gone."""
        self._withdrawn = error_code

    def restore(self) -> None:
        """The inspection is alive. Results of before stay withdrawn: their parts were ejected."""
        if self._withdrawn:
            self._withdrawn = 0
            self.forget_results()

    def forget_results(self) -> None:
        """No result stands or waits any more."""
        self.lost += len(self._waiting) + self._outputs.result_valid
        self._waiting.clear()
        self._outputs = replace(
            self._outputs, result_valid=False, ok=False, ng=False, master=False, waiting=0
        )

    def beat(self) -> None:
        """The inspection is alive."""
        beat = self._outputs.heartbeat + 1 & 0xFFFF
        self._outputs = replace(self._outputs, heartbeat=beat)

    def set_status(self, status: PlcStatus) -> None:
        """State, readiness, counts."""
        self._outputs = replace(
            self._outputs,
            online=status.online,
            ready=status.ready,
            busy=status.busy,
            error=status.error,
            error_code=status.error_code,
            state=status.state,
            health=status.health,
            recipe=status.recipe_id,
            production=status.production,
            stop_request=status.stop_request,
            bypass=status.bypass,
            plc_may_write=status.plc_may_write,
            rejects=status.rejects,
            verdicts=status.verdicts,
            missed_trigger=self._outputs.missed_trigger or status.missed_trigger,
        )

    def exposed(self, count: int) -> None:
        """The frames of so many parts are there."""
        self._outputs = replace(self._outputs, exposure_complete=bool(count & 1))

    def answer_recipe(self, recipe: int, *, confirmed: bool) -> None:
        """Answer a recipe request."""
        self._outputs = replace(
            self._outputs,
            recipe_answer=recipe,
            recipe_confirmed=confirmed,
            recipe_refused=not confirmed,
        )

    def publish(self, result: Result) -> None:
        """A verdict is out."""
        if not self._outputs.result_valid:
            self._show(result)
            return
        if len(self._waiting) == self.BUFFER:
            self._waiting.popleft()
            self.lost += 1
            self._outputs = replace(self._outputs, overrun=True)
        self._waiting.append(result)
        self._outputs = replace(self._outputs, waiting=len(self._waiting))

    def _show(self, result: Result) -> None:
        self._shown = 0
        # Against its ack, not ours of before: a PLC that was restarted acks nothing unseen.
        taken = self._before.result_ack if self._seen else self._outputs.result_toggle
        self._outputs = replace(
            self._outputs,
            result_valid=True,
            result_toggle=not taken,
            ok=result.passed,
            ng=not result.passed,
            master=result.master,
            part_id=result.part_id & 0xFFFFFFFF,
            trigger_count=result.trigger_count & 0xFFFFFFFF,
            encoder=result.encoder & 0xFFFFFFFF,
            cause=result.cause,
            waiting=len(self._waiting),
        )

    def exchanged(self, inputs: Inputs | None) -> tuple[Demand, ...]:
        """What the PLC said in answer to the image of ``outputs``: acks, and what it asks for."""
        self._shown += 1
        before = self._before if self._seen else inputs
        if inputs is not None:
            self._before, self._seen = inputs, True
        if self._taken(inputs):
            self._next()
        if inputs is None:
            return ()
        demands = tuple(
            self._demand(name, inputs)
            for name in _EDGES
            if getattr(inputs, name) and not getattr(before, name)
        )
        self._answer_flags(inputs, demands)
        return demands

    def _taken(self, inputs: Inputs | None) -> bool:
        if not self._outputs.result_valid or self._withdrawn:
            return False
        if inputs is None or not self._acknowledged:
            return self._shown >= self._hold_scans
        return inputs.result_ack == self._outputs.result_toggle

    def _next(self) -> None:
        if self._waiting:
            self._show(self._waiting.popleft())
        else:
            self._outputs = replace(
                self._outputs, result_valid=False, ok=False, ng=False, master=False
            )

    def _demand(self, name: str, inputs: Inputs) -> Demand:
        if name == "recipe_request":
            return Demand(name, inputs.recipe_wanted)
        if name == "trigger":
            return Demand(name, inputs.encoder, inputs.serial)
        return Demand(name)

    def _answer_flags(self, inputs: Inputs, demands: tuple[Demand, ...]) -> None:
        if any(demand.name == "reset_flags" for demand in demands):
            self._outputs = replace(self._outputs, overrun=False, missed_trigger=False)
        if not inputs.recipe_request:
            self._outputs = replace(self._outputs, recipe_confirmed=False, recipe_refused=False)

    def lost_peer(self) -> None:
        """The connection is gone: what was shown may never have been seen."""
        self.forget_results()
        self._seen = False


def meaning(inputs: Inputs, *, overrun: bool) -> PlcInputs:
    """The input image in the words of the port ``Plc``; its heartbeat is watched here."""
    return PlcInputs(
        overrun=overrun,
        triggers=inputs.trigger_count if inputs.counts_triggers else None,
        lot=inputs.lot,
        wants_to_write=inputs.wants_to_write,
        timeout_rejects=inputs.timeout_rejects,
    )
