"""What station and gateway process say to each other: msgpack over a pipe."""

from __future__ import annotations

import msgspec

from inspector.core.ports import PlcInputs, PlcStatus
from inspector.plc.handshake import Demand, Result


class Alive(msgspec.Struct, tag="alive"):
    """The inspection moves."""


class Publish(msgspec.Struct, tag="publish"):
    """A verdict is out."""

    result: Result


class Status(msgspec.Struct, tag="status"):
    """State, readiness, counts."""

    status: PlcStatus


class RecipeAnswer(msgspec.Struct, tag="recipe"):
    """A recipe request was carried out, or refused."""

    recipe: int
    confirmed: bool


class Exposed(msgspec.Struct, tag="exposed"):
    """A part's frames are there."""

    count: int


class End(msgspec.Struct, tag="end"):
    """Withdraw everything and end."""


class Heard(msgspec.Struct, tag="heard"):
    """What the PLC says now."""

    inputs: PlcInputs


class Asked(msgspec.Struct, tag="asked"):
    """The PLC asks for something."""

    demand: Demand


ToGateway = Alive | Publish | Status | RecipeAnswer | Exposed | End
FromGateway = Heard | Asked

_encoder = msgspec.msgpack.Encoder()
_to_gateway: msgspec.msgpack.Decoder[ToGateway] = msgspec.msgpack.Decoder(ToGateway)
_from_gateway: msgspec.msgpack.Decoder[FromGateway] = msgspec.msgpack.Decoder(FromGateway)


def encode(message: ToGateway | FromGateway) -> bytes:
    """To bytes."""
    return _encoder.encode(message)


def decode_command(data: bytes) -> ToGateway:
    """What the station says."""
    return _to_gateway.decode(data)


def decode_news(data: bytes) -> FromGateway:
    """What the gateway says."""
    return _from_gateway.decode(data)
