"""What station and gateway process say to each other: msgpack over a pipe.

The gateway tells how much of it it has taken, so that the station never has more under way than
fits into the pipe, and never waits to write.
"""

from __future__ import annotations

import msgspec

from inspector.core.ports import PlcInputs, PlcStatus
from inspector.plc.handshake import Demand, Result
from inspector.plc.tracking.direct import Gone, Noticed


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


class Taken(msgspec.Struct, tag="taken"):
    """The gateway lives, and took so much of what the station said, by `size`, since its start."""

    total: int


class GateNews(msgspec.Struct, tag="gate"):
    """What became of parts at a gate that we drive, and what a person should know of it."""

    gone: tuple[Gone, ...] = ()
    noticed: tuple[Noticed, ...] = ()
    let_pass: bool | None = None
    """What the gate is to do from now on, where it hangs on a camera of the station."""


ToGateway = Alive | Publish | Status | RecipeAnswer | Exposed | End
FromGateway = Heard | Asked | Taken | GateNews

WINDOW = 4096
"""Room of what may be under way to the gateway: pipes hold 8 KiB at least, on every system."""
_HEAD = 32
"""What a message costs an operating system beside its bytes, roughly."""

_encoder = msgspec.msgpack.Encoder()
_to_gateway: msgspec.msgpack.Decoder[ToGateway] = msgspec.msgpack.Decoder(ToGateway)
_from_gateway: msgspec.msgpack.Decoder[FromGateway] = msgspec.msgpack.Decoder(FromGateway)


def encode(message: ToGateway | FromGateway) -> bytes:
    """To bytes."""
    return _encoder.encode(message)


def size(data: bytes) -> int:
    """Room that a message takes in the pipe, bytes."""
    return len(data) + _HEAD


def decode_command(data: bytes) -> ToGateway:
    """What the station says."""
    return _to_gateway.decode(data)


def decode_news(data: bytes) -> FromGateway:
    """What the gateway says."""
    return _from_gateway.decode(data)
