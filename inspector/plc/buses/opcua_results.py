"""Results as OPC UA clients see them: the newest one, those before it, and an event for each."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from asyncua import Node, ua

from inspector.plc.buses.opcua_nodes import Answer, Event, Tree, Variable, status
from inspector.plc.registers import CAUSES, Outputs

KEPT = 100
"""Results that ``GetResultById`` still knows."""
_V = ua.VariantType
_CAUSE_NAMES = {number: cause.value for cause, number in CAUSES.items()}


@dataclass(frozen=True, slots=True)
class Job:
    """One execution, and what its client calls it."""

    job_id: str = ""
    meas_id: str = ""
    part_id: str = ""
    """Given by StartSingleJob; empty = our own number of the part."""


@dataclass(frozen=True, slots=True)
class Result:
    """One part's result under the names of the standard where it has one."""

    resultId: int = 0  # noqa: N815  # names of nodes, as in OPC 40100-1
    measId: str = ""  # noqa: N815
    partId: str = ""  # noqa: N815
    recipeId: int = 0  # noqa: N815
    configurationId: str = ""  # noqa: N815
    jobId: str = ""  # noqa: N815
    passed: bool = False
    cause: int = 0
    causeText: str = ""  # noqa: N815
    triggerCount: int = 0  # noqa: N815
    encoder: int = 0
    master: bool = False
    production: bool = False


KINDS = (
    ("resultId", _V.UInt32),
    ("measId", _V.String),
    ("partId", _V.String),
    ("recipeId", _V.UInt16),
    ("configurationId", _V.String),
    ("jobId", _V.String),
    ("passed", _V.Boolean),
    ("cause", _V.UInt16),
    ("causeText", _V.String),
    ("triggerCount", _V.UInt32),
    ("encoder", _V.UInt32),
    ("master", _V.Boolean),
    ("production", _V.Boolean),
)


def result_of(outputs: Outputs, job: Job, configuration_id: str) -> Result:
    """The result that stands in the image."""
    return Result(
        resultId=outputs.part_id,
        measId=job.meas_id,
        partId=job.part_id or str(outputs.part_id),
        recipeId=outputs.recipe,
        configurationId=configuration_id,
        jobId=job.job_id,
        passed=outputs.ok and not outputs.ng,
        cause=outputs.cause,
        causeText=_CAUSE_NAMES.get(outputs.cause, ""),
        triggerCount=outputs.trigger_count,
        encoder=outputs.encoder,
        master=outputs.master,
        production=outputs.production,
    )


class Results:
    """The object ``ResultManagement``. On the server's loop."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._kept: OrderedDict[int, Result] = OrderedDict()
        self._latest: dict[str, Variable] = {}
        self._ids: Variable
        self._ready: Event

    async def build(self, system: Node) -> None:
        """Add the nodes."""
        tree = self._tree
        parent = await tree.add(system, "ResultManagement", ua.ObjectIds.BaseObjectType)
        latest = await tree.add(parent, "LatestResult", ua.ObjectIds.BaseObjectType)
        for name, kind in KINDS:
            value = getattr(Result(), name)
            self._latest[name] = await tree.variable(latest, name, value, kind)
        self._ids = await tree.variable(parent, "Results", [], _V.UInt32, "resultIds, oldest first")
        takes, gives = [("resultId", _V.UInt32)], [*KINDS]
        await tree.method(parent, "GetResultById", self._get, takes, gives)
        self._ready = await tree.event("ResultReadyEventType", system, KINDS)

    async def add(self, result: Result) -> None:
        """A part's result is there."""
        self._kept[result.resultId] = result
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        values = {name: getattr(result, name) for name, _ in KINDS}
        for name, variable in self._latest.items():
            await self._tree.put(variable, values[name])
        await self._tree.put(self._ids, list(self._kept))
        word = "passed" if result.passed else f"rejected: {result.causeText}"
        await self._ready.send(f"Part {result.partId} {word}", **values)

    async def _get(self, result_id: int) -> Answer:
        result = self._kept.get(result_id)
        if result is None:
            return status(ua.StatusCodes.BadNotFound)
        return [ua.Variant(getattr(result, name), kind) for name, kind in KINDS]
