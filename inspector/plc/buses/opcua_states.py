"""A finite state machine as OPC UA shows it: the current state with its number and its node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from asyncua import Node, ua

from inspector.plc.buses.opcua_nodes import Tree, Variable

_V = ua.VariantType


@dataclass(frozen=True, slots=True)
class StateMachine:
    """``CurrentState`` with ``Id`` and ``Number`` (OPC 10000-16). On the server's loop."""

    tree: Tree
    node: Node
    names: Mapping[int, str]
    states: Mapping[int, ua.NodeId]
    current: Variable
    ident: Variable
    number: Variable

    @classmethod
    async def build(
        cls, tree: Tree, parent: Node, name: str, names: Mapping[int, str]
    ) -> StateMachine:
        """Add a type with its states, and one machine of it."""
        kind = await tree.object_type(f"{name}Type", ua.ObjectIds.FiniteStateMachineType)
        states = {}
        for number, state in names.items():
            added = await tree.add(kind, state, ua.ObjectIds.StateType)
            number_node = await added.get_child("0:StateNumber")
            await number_node.write_value(number, _V.UInt32)
            states[number] = added.nodeid
        node = await tree.add(parent, name, kind.nodeid)
        current = await node.get_child("0:CurrentState")
        ident = await current.get_child("0:Id")
        path, _ = tree.names(current, "Number")
        number_of = await current.add_property(path, ua.QualifiedName("Number"), 0, _V.UInt32)
        return cls(
            tree,
            node,
            names,
            states,
            Variable(current.nodeid, _V.LocalizedText),
            Variable(ident.nodeid, _V.NodeId),
            Variable(number_of.nodeid, _V.UInt32),
        )

    async def show(self, state: int) -> None:
        """The state by its number; one that is none of ours means that we are not active."""
        bad = 0 if state in self.names else ua.StatusCodes.BadStateNotActive
        text = ua.LocalizedText(self.names.get(state, ""))
        await self.tree.put(self.current, text, bad=bad)
        await self.tree.put(self.ident, self.states.get(state), bad=bad)
        await self.tree.put(self.number, state, bad=bad)
