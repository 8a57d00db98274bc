"""The machine vision system as OPC UA clients see it, under the names of OPC 40100-1.

A documented subset; no conformance is claimed. The standard's structured arguments are plain ones
here. Methods only ask: they become edges of the input image, and the station decides.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from asyncua import Node, Server, ua

from inspector.core.state import StationState
from inspector.plc.buses.opcua_nodes import Answer, Argument, Event, Registers, Tree, status
from inspector.plc.buses.opcua_requests import Requests
from inspector.plc.buses.opcua_results import Job, Results, result_of
from inspector.plc.buses.opcua_states import StateMachine
from inspector.plc.registers import STATES, Outputs

_S = {state: STATES[state] for state in StationState}
_PREOPERATIONAL, _HALTED = _S[StationState.PREOPERATIONAL], _S[StationState.HALTED]
_ERROR, _INITIALIZED = _S[StationState.ERROR], _S[StationState.INITIALIZED]
_READY, _SINGLE = _S[StationState.READY], _S[StationState.SINGLE_EXECUTION]
_CONTINUOUS = _S[StationState.CONTINUOUS_EXECUTION]
OPERATIONAL = 4
"""The state of which Initialized to ContinuousExecution are parts."""
_RUNNING = frozenset({_SINGLE, _CONTINUOUS})
_NAMES = {
    0: "",
    _PREOPERATIONAL: "Preoperational",
    _HALTED: "Halted",
    _ERROR: "Error",
    OPERATIONAL: "Operational",
    _INITIALIZED: "Initialized",
    _READY: "Ready",
    _SINGLE: "SingleExecution",
    _CONTINUOUS: "ContinuousExecution",
}
DONE, ASKED = 0, 1
"""``error`` of a method: carried out, or asked for but not carried out while the call waited."""
REFUSED = 2
"""``errorCode`` of PrepareRecipe: the station refused."""

_V = ua.VariantType
_CAUSE: list[Argument] = [("cause", _V.Int32), ("causeDescription", _V.String)]
_START: list[Argument] = [
    ("measId", _V.String), ("partId", _V.String), ("recipeId", _V.UInt16)
]  # fmt: skip
_ERROR_OUT: list[Argument] = [("error", _V.Int32)]
_PREPARED: list[Argument] = [("isCompleted", _V.Boolean), ("errorCode", _V.Int32)]
_JOB_OUT: list[Argument] = [("jobId", _V.String), *_ERROR_OUT]


@dataclass(frozen=True, slots=True)
class Command:
    """What a method asks for, when it may, and when it is carried out."""

    bit: str
    states: frozenset[int]
    reached: frozenset[int]
    needs_access: bool = False


COMMANDS = {
    "SelectModeAutomatic": Command(
        "select_automatic",
        frozenset({_PREOPERATIONAL, _HALTED}),
        frozenset({_INITIALIZED, _READY, *_RUNNING}),
        needs_access=True,
    ),
    "Reset": Command(
        "reset", frozenset({_ERROR}), frozenset(STATES.values()) - {_ERROR}, needs_access=True
    ),
    "Halt": Command("halt", frozenset({_INITIALIZED, _READY, *_RUNNING}), frozenset({_HALTED})),
    "Stop": Command("stop", _RUNNING, frozenset(STATES.values()) - _RUNNING),
    "Abort": Command("abort", _RUNNING, frozenset(STATES.values()) - _RUNNING),
    "StartSingleJob": Command("start_single", frozenset({_READY}), frozenset({_SINGLE}), True),
    "StartContinuous": Command("start", frozenset({_READY}), frozenset({_CONTINUOUS}), True),
}
_PREPARES = frozenset({_INITIALIZED, _READY})


def state_of(outputs: Outputs) -> int:
    """Number of the state; a station that only says Error is in Error; 0 = nothing is known."""
    return _ERROR if outputs.error else outputs.state


class VisionSystem:
    """Nodes, methods and events of the machine vision system. On the server's loop.

    A method waits ``answer_s`` at most for its effect: calls of one client are answered one by one,
    and its heartbeat must not wait longer than we wait for it.
    """

    def __init__(
        self, server: Server, index: int, requests: Requests, configuration_id: str, answer_s: float
    ) -> None:
        self._server = server
        self._tree = Tree(server, index)
        self.registers = Registers(self._tree)
        self._results = Results(self._tree)
        self._requests = requests
        self._configuration_id = configuration_id
        self._answer_s = answer_s
        self._outputs = Outputs()
        self._turn = asyncio.Condition()
        self._begun = f"{datetime.now(UTC):%Y%m%dT%H%M%S}"
        self._jobs = 0
        self._job = Job()
        self._asked = Job()
        self._machines: tuple[StateMachine, StateMachine]
        self._events: dict[str, Event] = {}

    # -- nodes -----------------------------------------------------------------------------------

    async def build(self) -> None:
        """Add the nodes under ``Objects``."""
        tree, objects = self._tree, self._server.nodes.objects
        await self.registers.build(objects)
        kind = await tree.object_type("VisionSystemType", ua.ObjectIds.BaseObjectType)
        system = await tree.add(objects, "MachineVision", kind.nodeid)
        modes = {number: _NAMES[number] for number in (_PREOPERATIONAL, _HALTED, _ERROR)}
        outer = await StateMachine.build(
            tree, system, "VisionStateMachine", modes | {OPERATIONAL: _NAMES[OPERATIONAL]}
        )
        steps = {number: _NAMES[number] for number in (_INITIALIZED, _READY, _SINGLE, _CONTINUOUS)}
        inner = await StateMachine.build(tree, outer.node, "AutomaticModeStateMachine", steps)
        self._machines = outer, inner
        for name in ("SelectModeAutomatic", "Reset", "Halt"):
            takes = _CAUSE if name != "SelectModeAutomatic" else []
            await tree.method(outer.node, name, self._plain(name), takes, _ERROR_OUT)
        for name in ("Stop", "Abort"):
            await tree.method(inner.node, name, self._plain(name), _CAUSE, _ERROR_OUT)
        for name in ("StartSingleJob", "StartContinuous"):
            await tree.method(inner.node, name, self._starting(name), _START, _JOB_OUT)
        await self._build_recipes(system)
        await self._results.build(system)
        for name, values in (
            ("StateChangedEventType", [("fromState", _V.String), ("toState", _V.String)]),
            ("ErrorEventType", [("errorCode", _V.UInt16)]),
            ("RecipePreparedEventType", [("recipeId", _V.UInt16), *_PREPARED]),
        ):
            self._events[name] = await tree.event(name, system, [*values, ("jobId", _V.String)])
        await self._show_state(0)

    async def _build_recipes(self, system: Node) -> None:
        tree = self._tree
        recipes = await tree.add(system, "RecipeManagement", ua.ObjectIds.BaseObjectType)
        self._recipe = await tree.variable(
            recipes, "CurrentRecipe", 0, _V.UInt16, "plc_id of the recipe that is loaded"
        )
        takes: list[Argument] = [("recipeId", _V.UInt16)]
        await tree.method(recipes, "PrepareRecipe", self._prepare, takes, _PREPARED)

    # -- methods ---------------------------------------------------------------------------------

    def _refusal(self, command: Command) -> ua.StatusCode | None:
        if state_of(self._outputs) not in command.states:
            return status(ua.StatusCodes.BadInvalidState)
        if command.needs_access and not self._outputs.plc_may_write:
            return status(ua.StatusCodes.BadUserAccessDenied)
        return None

    def _plain(self, name: str) -> Callable[..., Awaitable[Answer]]:
        command = COMMANDS[name]

        async def call(_cause: int = 0, _description: str = "") -> Answer:
            refusal = self._refusal(command)
            if refusal is not None:
                return refusal
            self._requests.pulse(command.bit)
            done = await self._until(lambda: state_of(self._outputs) in command.reached)
            return [ua.Variant(DONE if done else ASKED, _V.Int32)]

        return call

    def _starting(self, name: str) -> Callable[..., Awaitable[Answer]]:
        command = COMMANDS[name]

        async def call(meas_id: str, part_id: str, recipe: int) -> Answer:
            refusal = self._refusal(command)
            if refusal is None and recipe not in (0, self._outputs.recipe):
                refusal = status(ua.StatusCodes.BadInvalidArgument)
            if refusal is not None:
                return refusal
            jobs = self._jobs
            single = name == "StartSingleJob"
            self._asked = Job(meas_id=meas_id, part_id=part_id if single else "")
            self._requests.name_part(self._asked.part_id)
            self._requests.pulse(command.bit)
            if await self._until(lambda: self._jobs > jobs):
                return [ua.Variant(self._job.job_id, _V.String), ua.Variant(DONE, _V.Int32)]
            self._asked = Job()  # what begins later is somebody else's
            self._requests.name_part("")
            return [ua.Variant("", _V.String), ua.Variant(ASKED, _V.Int32)]

        return call

    async def _prepare(self, recipe: int) -> Answer:
        if state_of(self._outputs) not in _PREPARES:
            return status(ua.StatusCodes.BadInvalidState)
        self._requests.prepare(recipe)
        answered = await self._until(lambda: self._requests.answer(recipe) is not None)
        confirmed = answered and bool(self._requests.answer(recipe))
        error = REFUSED if answered and not confirmed else DONE if confirmed else ASKED
        return [ua.Variant(confirmed, _V.Boolean), ua.Variant(error, _V.Int32)]

    async def _until(self, reached: Callable[[], bool]) -> bool:
        try:
            async with asyncio.timeout(self._answer_s), self._turn:
                await self._turn.wait_for(reached)
        except TimeoutError:
            return False
        return True

    # -- what is shown ---------------------------------------------------------------------------

    async def show(self, outputs: Outputs) -> None:
        """Variables first, then events; in the order of the exchanges."""
        before, self._outputs = self._outputs, outputs
        await self.registers.show(outputs)
        if state_of(outputs) != state_of(before):
            self._count_jobs(state_of(before), state_of(outputs))
            await self._show_state(state_of(outputs))
            await self._tell_state(state_of(before), state_of(outputs))
        if outputs.recipe != before.recipe:
            await self._tree.put(self._recipe, outputs.recipe)
        await self._tell_recipe(before, outputs)
        if outputs.error and (not before.error or outputs.error_code != before.error_code):
            await self._events["ErrorEventType"].send(
                f"Error {outputs.error_code}", 800, errorCode=outputs.error_code,
                jobId=self._job.job_id,
            )  # fmt: skip
        if outputs.result_valid and _result_key(outputs) != _result_key(before):
            await self._results.add(result_of(outputs, self._job, self._configuration_id))
        async with self._turn:
            self._turn.notify_all()

    def _count_jobs(self, before: int, now: int) -> None:
        if now in _RUNNING and before not in _RUNNING:
            self._jobs += 1
            job_id = f"{self._begun}-{self._jobs}"
            self._job = Job(job_id, self._asked.meas_id, self._asked.part_id)
        elif now not in _RUNNING and before in _RUNNING:
            self._requests.name_part("")
        self._asked = Job()

    async def _show_state(self, state: int) -> None:
        outer, inner = self._machines
        await outer.show(OPERATIONAL if state > OPERATIONAL else state)
        await inner.show(state)

    async def _tell_state(self, before: int, now: int) -> None:
        await self._events["StateChangedEventType"].send(
            f"{_NAMES[before] or 'Unknown'} -> {_NAMES[now] or 'Unknown'}",
            fromState=_NAMES[before],
            toState=_NAMES[now],
            jobId=self._job.job_id,
        )

    async def _tell_recipe(self, before: Outputs, now: Outputs) -> None:
        confirmed = now.recipe_confirmed and not before.recipe_confirmed
        if not confirmed and not (now.recipe_refused and not before.recipe_refused):
            return
        await self._events["RecipePreparedEventType"].send(
            f"Recipe {now.recipe_answer} {'is loaded' if confirmed else 'was refused'}",
            recipeId=now.recipe_answer,
            isCompleted=confirmed,
            errorCode=DONE if confirmed else REFUSED,
            jobId=self._job.job_id,
        )


def _result_key(outputs: Outputs) -> tuple[bool, bool, int]:
    return outputs.result_valid, outputs.result_toggle, outputs.part_id
