"""What station and gateway process say to each other: msgpack over a pipe.

The gateway tells how much of it it has taken, so that the station never has more under way than
fits into the pipe, and never waits to write.
"""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

import msgspec

from inspector.core.ports import PlcInputs, PlcStatus
from inspector.plc.handshake import Demand, Result
from inspector.plc.images import Force, Images
from inspector.plc.registers import Inputs, Outputs, pack, unpack
from inspector.plc.tracking.direct import Gone, Noticed


class Alive(msgspec.Struct, tag="alive", array_like=True):
    """The inspection moves."""


class Publish(msgspec.Struct, tag="publish", array_like=True):
    """A verdict is out."""

    result: Result


class Status(msgspec.Struct, tag="status", array_like=True):
    """State, readiness, counts."""

    values: tuple[Any, ...]
    """Those of ``PlcStatus`` in their order: it is sent often, and half as long as with names."""

    @classmethod
    def of(cls, status: PlcStatus) -> Status:
        """As a message."""
        return cls(astuple(status))

    @property
    def status(self) -> PlcStatus:
        """As it was."""
        return PlcStatus(*self.values)


class RecipeAnswer(msgspec.Struct, tag="recipe", array_like=True):
    """A recipe request was carried out, or refused."""

    recipe: int
    confirmed: bool


class Exposed(msgspec.Struct, tag="exposed", array_like=True):
    """A part's frames are there."""

    count: int


class Look(msgspec.Struct, tag="look", array_like=True):
    """Somebody looks on: show the images for a while."""


class Forced(msgspec.Struct, tag="force", array_like=True):
    """An output is to be forced."""

    force: Force


class End(msgspec.Struct, tag="end", array_like=True):
    """Withdraw everything and end."""


class Heard(msgspec.Struct, tag="heard", array_like=True):
    """What the PLC says now."""

    inputs: PlcInputs


class Asked(msgspec.Struct, tag="asked", array_like=True):
    """The PLC asks for something."""

    demand: Demand


class Taken(msgspec.Struct, tag="taken", array_like=True):
    """The gateway lives, and took so much of what the station said, by `size`, since its start."""

    total: int


class GateNews(msgspec.Struct, tag="gate", array_like=True):
    """What became of parts at a gate that we drive, and what a person should know of it."""

    gone: tuple[Gone, ...] = ()
    noticed: tuple[Noticed, ...] = ()
    let_pass: bool | None = None
    """What the gate is to do from now on, where it hangs on a camera of the station."""


class Picture(msgspec.Struct, tag="images", array_like=True):
    """The images, as words."""

    outputs: tuple[int, ...]
    inputs: tuple[int, ...]
    beat_age_s: float | None

    @classmethod
    def of(cls, images: Images) -> Picture:
        """As a message."""
        inputs = () if images.inputs is None else pack(images.inputs)
        return cls(pack(images.outputs), inputs, images.beat_age_s)

    @property
    def images(self) -> Images:
        """As they were."""
        inputs = unpack(Inputs, self.inputs) if self.inputs else None
        return Images(unpack(Outputs, self.outputs), inputs, self.beat_age_s)


ToGateway = Alive | Publish | Status | RecipeAnswer | Exposed | Look | Forced | End
FromGateway = Heard | Asked | Taken | GateNews | Picture

WINDOW = 6144
"""Room of what may be under way to the gateway: a pipe of Windows or macOS holds 8 KiB."""
_HEAD = 24
"""Added to each message: one of Linux holds 250 of them, however short they are."""

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
