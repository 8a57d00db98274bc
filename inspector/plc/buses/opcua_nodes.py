"""Nodes of our OPC UA server: adding them under the names of their paths, and the registers."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import Field, dataclass, fields
from datetime import UTC
from typing import Any

from asyncua import Node, Server, ua
from asyncua.server.event_generator import EventGenerator

from inspector.plc.registers import Inputs, Outputs, pack, unpack

NAMESPACE = "urn:inspector:machine-vision"
Value = bool | int | str | Sequence[int] | ua.NodeId | ua.LocalizedText | None
Answer = list[ua.Variant] | ua.StatusCode
Argument = tuple[str, ua.VariantType]
_LAST = ("ok", "ng", "result_valid", "result_toggle")
"""Written after all others: who sees the toggle sees the result that belongs to it."""


def status(code: int) -> ua.StatusCode:
    """A status code by its number in ``ua.StatusCodes``."""
    return ua.StatusCode(ua.UInt32(code))


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable's node and the type of its value."""

    node: ua.NodeId
    kind: ua.VariantType


class Event:
    """One type of event, sent from the machine vision object and from the server's own."""

    def __init__(self, generators: Sequence[EventGenerator]) -> None:
        self._generators = generators

    async def send(self, message: str, severity: int = 100, **values: bool | int | str) -> None:
        """To all that subscribed; severity 1 to 1000."""
        for generator in self._generators:
            generator.event.Severity = severity
            for name, value in values.items():
                setattr(generator.event, name, value)
            await generator.trigger(message=message)


class Tree:
    """Adds nodes to the server; each one's id is the path of names to it. On the server's loop."""

    def __init__(self, server: Server, index: int) -> None:
        self._server = server
        self.index = index

    def node_id(self, path: str) -> ua.NodeId:
        """Of a path in our namespace."""
        return ua.NodeId(ua.String(path), ua.Int16(self.index))

    def names(self, parent: Node, name: str) -> tuple[ua.NodeId, ua.QualifiedName]:
        """Node id and browse name of what is added below a node."""
        above = parent.nodeid.Identifier
        path = f"{above}.{name}" if isinstance(above, str) else name
        return self.node_id(path), ua.QualifiedName(name, self.index)

    async def object_type(self, name: str, base: int) -> Node:
        """A type of objects under a type of the standard."""
        node_id, name_here = self.node_id(name), ua.QualifiedName(name, self.index)
        return await self._server.get_node(ua.NodeId(base)).add_object_type(node_id, name_here)  # type: ignore[arg-type]  # an int is meant

    async def add(self, parent: Node, name: str, kind: ua.NodeId | int) -> Node:
        """An object with what its type demands."""
        return await parent.add_object(*self.names(parent, name), kind, instantiate_optional=False)

    async def variable(
        self, parent: Node, name: str, value: Value, kind: ua.VariantType, meaning: str = ""
    ) -> Variable:
        """A variable that clients read."""
        node = await parent.add_variable(*self.names(parent, name), value, kind)
        if meaning:
            text = ua.Variant(ua.LocalizedText(meaning))
            await node.write_attribute(ua.AttributeIds.Description, ua.DataValue(text))
        return Variable(node.nodeid, kind)

    async def let_write(self, variable: Variable) -> None:
        """Clients write it too."""
        await self._server.get_node(variable.node).set_writable()

    async def method(
        self,
        parent: Node,
        name: str,
        call: Callable[..., Awaitable[Answer]],
        takes: Sequence[Argument] = (),
        gives: Sequence[Argument] = (),
    ) -> None:
        """A method; calls with other arguments never reach ``call``."""
        kinds = [kind for _, kind in takes]

        async def callback(_parent: ua.NodeId, *given: ua.Variant) -> Answer:
            if len(given) != len(kinds):
                few = len(given) < len(kinds)
                codes = ua.StatusCodes
                return status(codes.BadArgumentsMissing if few else codes.BadTooManyArguments)
            if any(
                one.VariantType is not kind or not isinstance(one.Value, (bool, int, str))
                for one, kind in zip(given, kinds, strict=True)
            ):
                return status(ua.StatusCodes.BadInvalidArgument)
            return await call(*(one.Value for one in given))

        assert inspect.iscoroutinefunction(callback)  # else the library would use a thread
        names = self.names(parent, name)
        await parent.add_method(*names, callback, _arguments(takes), _arguments(gives))

    async def event(self, name: str, source: Node, values: Sequence[Argument]) -> Event:
        """A type of event with these properties beside those of the standard."""
        made = await self._server.create_custom_event_type(
            self.index, name, ua.ObjectIds.BaseEventType, list(values)
        )
        generators = []
        for emitting in (source, self._server.nodes.server):
            generator = await self._server.get_event_generator(made, emitting.nodeid)
            generator.event.SourceNode = source.nodeid
            generator.event.SourceName = "MachineVision"
            generators.append(generator)
        return Event(generators)

    async def put(self, variable: Variable, value: Value, *, bad: int = 0) -> None:
        """Show a value, or with ``bad`` why there is none."""
        data = ua.DataValue(
            ua.Variant() if bad else ua.Variant(value, variable.kind),
            StatusCode=status(bad),
            SourceTimestamp=ua.DateTime.now(UTC),
        )
        space = self._server.iserver.aspace
        await space.write_attribute_value(variable.node, ua.AttributeIds.Value, data)

    def value(self, variable: Variable) -> Any:
        """What the variable says now."""
        space = self._server.iserver.aspace
        shown = space.read_attribute_value(variable.node, ua.AttributeIds.Value).Value
        return None if shown is None else shown.Value


def _arguments(named: Sequence[Argument]) -> list[ua.Argument]:
    return [
        ua.Argument(Name=name, DataType=ua.NodeId(kind.value), ValueRank=-1)  # type: ignore[arg-type]  # an int is meant
        for name, kind in named
    ]


def kind_of(entry: Field[Any]) -> ua.VariantType:
    """The type of a register's variable."""
    if "bit" in entry.metadata:
        return ua.VariantType.Boolean
    if entry.type == "str":
        return ua.VariantType.String
    return ua.VariantType.UInt16 if entry.metadata["words"] == 1 else ua.VariantType.UInt32


class Registers:
    """Both images as plain variables: ``Registers.Outputs.*``, and ``Registers.Inputs.*``."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._outputs: dict[str, Variable] = {}
        self._inputs: dict[str, Variable] = {}
        self._shown = Outputs()

    async def build(self, objects: Node) -> None:
        """Add the nodes."""
        folder = await self._tree.add(objects, "Registers", ua.ObjectIds.FolderType)
        outputs = await self._tree.add(folder, "Outputs", ua.ObjectIds.FolderType)
        inputs = await self._tree.add(folder, "Inputs", ua.ObjectIds.FolderType)
        self._outputs = await self._all(outputs, Outputs())
        self._inputs = await self._all(inputs, Inputs())
        for variable in self._inputs.values():
            await self._tree.let_write(variable)

    async def _all(self, parent: Node, image: Outputs | Inputs) -> dict[str, Variable]:
        made = {}
        for entry in fields(image):
            value, meaning = getattr(image, entry.name), entry.metadata["meaning"]
            made[entry.name] = await self._tree.variable(
                parent, entry.name, value, kind_of(entry), meaning
            )
        return made

    async def show(self, outputs: Outputs) -> None:
        """What changed, the toggle last."""
        for name in sorted(self._outputs, key=_LAST.__contains__):
            value = getattr(outputs, name)
            if value != getattr(self._shown, name):
                await self._tree.put(self._outputs[name], value)
        self._shown = outputs

    def written(self) -> Inputs:
        """What clients wrote, cut to what the words hold."""
        values = {name: self._tree.value(one) for name, one in self._inputs.items()}
        return unpack(Inputs, pack(Inputs(**values)))
