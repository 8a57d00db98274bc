"""What goes over MQTT: the published schema, and commands as an input image."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.ports import PlcStatus
from inspector.plc.buses import mqtt_messages as messages
from inspector.plc.buses.commanded import _BITS, CommandedInputs
from inspector.plc.handshake import _EDGES, Demand, Handshake, Result
from inspector.plc.registers import CAUSES, HEALTHS, STATES, Inputs, Outputs

pytest.importorskip("jsonschema", reason="needs the package jsonschema")

from tests.plc.mqtt_plc import SCHEMA, validator

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_the_published_schema_is_that_of_the_program() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == messages.schema()


@given(
    st.builds(
        Outputs,
        ok=st.booleans(),
        ng=st.booleans(),
        online=st.booleans(),
        state=st.sampled_from([0, *STATES.values()]),
        health=st.sampled_from(list(HEALTHS.values())),
        cause=st.sampled_from(list(CAUSES.values())),
        part_id=st.integers(0, 2**32 - 1),
        encoder=st.integers(0, 2**32 - 1),
    )
)
def test_every_image_gives_messages_by_the_schema(outputs: Outputs) -> None:
    result = json.loads(messages.encode(messages.result_of(outputs, AT)))
    validator("Result").validate(result)
    assert result["passed"] is (outputs.ok and not outputs.ng)
    assert result["time"] == "2026-01-02T03:04:05Z"
    status = json.loads(messages.encode(messages.status_of(outputs, 3)))
    validator("Status").validate(status)
    assert (status["online"], status["lost"]) == (outputs.online, 3)
    assert (status["state"] is None) == (outputs.state == 0)


def test_the_names_of_causes_and_states_are_the_programs() -> None:
    outputs = Outputs(cause=1, state=6, health=4)
    assert messages.result_of(outputs, AT).cause == "defect"
    status = messages.status_of(outputs, 0)
    assert (status.state, status.health) == ("ready", "failure")


COMMANDS = [
    ({"command": "start"}, messages.Start()),
    ({"command": "recipe", "recipe": 42}, messages.Recipe(42)),
    ({"command": "trigger", "serial": "S-1"}, messages.Trigger(serial="S-1")),
    ({"command": "ack", "part_id": 7}, messages.Ack(part_id=7)),
    ({"command": "ack", "toggle": False}, messages.Ack(toggle=False)),
    ({"command": "set", "lot": "L-17", "heartbeat": 9}, messages.Set(heartbeat=9, lot="L-17")),
]


@pytest.mark.parametrize(("sent", "meant"), COMMANDS)
def test_commands_by_the_schema_are_understood(
    sent: dict[str, object], meant: messages.Command
) -> None:
    validator("Command").validate(sent)
    assert messages.decode_command(json.dumps(sent).encode()) == meant


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"start", "malformed"),
        (b'{"command": "explode"}', "explode"),
        (b'{"command": "recipe"}', "recipe"),
        (b'{"command": "recipe", "recipe": 70000}', "<= 65535"),
        (b'{"command": "start", "now": true}', "now"),
        (b'{"command": "ack"}', "either part_id or toggle"),
        (b'{"command": "set", "lot": "' + b"L" * 5000 + b'"}', "at most 4096 bytes"),
    ],
)
def test_other_commands_are_refused_with_the_reason(payload: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        messages.decode_command(payload)


def conversation() -> tuple[Handshake, CommandedInputs]:
    handshake, inputs = Handshake(), CommandedInputs()
    handshake.set_status(PlcStatus(online=True))
    return handshake, inputs


def turns(handshake: Handshake, inputs: CommandedInputs, count: int = 8) -> list[Demand]:
    demands: list[Demand] = []
    for _ in range(count):
        demands += handshake.exchanged(inputs.turn(handshake.outputs()))
    return demands


def test_each_command_is_one_rising_edge_in_its_order_even_the_first() -> None:
    handshake, inputs = conversation()
    for command in (
        messages.Reset(),
        messages.Start(),
        messages.Trigger(10, "A"),
        messages.Trigger(20, "B"),
    ):
        assert inputs.take(command)
    assert turns(handshake, inputs) == [
        Demand("reset"),
        Demand("start"),
        Demand("trigger", 10, "A"),
        Demand("trigger", 20, "B"),
    ]


def test_a_recipe_request_stands_until_it_is_answered_or_replaced() -> None:
    handshake, inputs = conversation()
    inputs.take(messages.Recipe(42))
    assert turns(handshake, inputs) == [Demand("recipe_request", 42)]
    assert inputs.turn(handshake.outputs()).recipe_request
    inputs.take(messages.Recipe(43))
    assert turns(handshake, inputs) == [Demand("recipe_request", 43)]
    handshake.answer_recipe(43, confirmed=True)
    assert not inputs.turn(handshake.outputs()).recipe_request
    inputs.take(messages.Recipe(43))
    turns(handshake, inputs)
    assert inputs.turn(handshake.outputs()).recipe_request


def test_an_ack_takes_the_result_it_names_and_no_other() -> None:
    handshake, inputs = conversation()
    turns(handshake, inputs, 1)
    for part_id in (5, 6):
        handshake.publish(Result(part_id, part_id, 0, passed=True, cause=0))
    for stale in (4, 6):
        inputs.take(messages.Ack(part_id=stale))
        turns(handshake, inputs, 2)
        assert handshake.outputs().part_id == 5
    inputs.take(messages.Ack(part_id=5))
    turns(handshake, inputs, 1)
    assert (handshake.outputs().part_id, handshake.outputs().waiting) == (6, 0)
    inputs.take(messages.Ack(toggle=handshake.outputs().result_toggle))
    turns(handshake, inputs, 1)
    assert not handshake.outputs().result_valid


def test_a_new_connection_voids_requests_and_keeps_the_ack() -> None:
    handshake, inputs = conversation()
    turns(handshake, inputs, 1)
    handshake.publish(Result(5, 5, 0, passed=True, cause=0))
    inputs.take(messages.Ack(part_id=5))
    turns(handshake, inputs, 1)
    inputs.take(messages.Start())
    handshake.lost_peer()
    inputs.begin()
    handshake.publish(Result(6, 6, 0, passed=True, cause=0))
    assert turns(handshake, inputs) == []
    assert handshake.outputs().result_valid, "nobody has taken it"


def test_what_stands_stays_until_it_is_set_otherwise_and_passes_what_waits() -> None:
    _, inputs = conversation()
    inputs.take(messages.Set(lot="L-17", trigger_enable=True))
    for _ in range(inputs.BUFFER):
        assert inputs.take(messages.Start())
    assert not inputs.take(messages.Start())
    inputs.take(messages.Set(lot="L-18", heartbeat=3))
    image = inputs.turn(Outputs())
    assert image == replace(Inputs(), lot="L-18", trigger_enable=True, heartbeat=3)


def test_every_rising_edge_of_the_registers_has_a_command() -> None:
    assert set(_BITS.values()) == set(_EDGES)
