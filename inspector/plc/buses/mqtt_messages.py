"""The JSON that goes over MQTT, and its schema (``docs/plc/mqtt.schema.json``). Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from inspector.core.state import Health, StationState
from inspector.core.verdict import Cause
from inspector.plc.registers import CAUSES, HEALTHS, STATES, Outputs

UInt16 = Annotated[int, Meta(ge=0, le=0xFFFF)]
UInt32 = Annotated[int, Meta(ge=0, le=0xFFFFFFFF)]
Name = Annotated[str, Meta(max_length=32)]

_STATES = {number: state for state, number in STATES.items()}
_HEALTHS = {number: health for health, number in HEALTHS.items()}
_CAUSES = {number: cause for cause, number in CAUSES.items()}
_LONGEST = 4096


class Result(Struct, frozen=True, forbid_unknown_fields=True):
    """One part's result, on ``TOPIC/result``."""

    time: datetime
    part_id: UInt32
    passed: bool
    cause: Cause
    trigger_count: UInt32
    encoder: UInt32
    recipe: UInt16
    production: bool
    master: bool
    toggle: bool


class Status(Struct, frozen=True, forbid_unknown_fields=True):
    """What holds for the station, retained on ``TOPIC/status``; the default is also its will."""

    online: bool = False
    ready: bool = False
    busy: bool = False
    error: bool = False
    error_code: UInt16 = 0
    exposure_complete: bool = False
    overrun: bool = False
    missed_trigger: bool = False
    plc_may_write: bool = False
    stop_request: bool = False
    bypass: bool = False
    production: bool = False
    state: StationState | None = None
    health: Health | None = None
    recipe: UInt16 = 0
    recipe_answer: UInt16 = 0
    recipe_confirmed: bool = False
    recipe_refused: bool = False
    waiting: UInt16 = 0
    rejects: UInt32 = 0
    verdicts: UInt32 = 0
    lost: int = 0

    @property
    def without_counts(self) -> Status:
        """What is worth a message of its own."""
        return msgspec.structs.replace(self, waiting=0, rejects=0, verdicts=0)


class Heartbeat(Struct, frozen=True, forbid_unknown_fields=True):
    """On ``TOPIC/heartbeat``: the inspection is alive as long as ``count`` moves."""

    count: UInt16


class Refused(Struct, frozen=True, forbid_unknown_fields=True):
    """On ``TOPIC/refused``: why a command was not taken."""

    reason: str


class _Command(Struct, frozen=True, forbid_unknown_fields=True, tag_field="command"):
    """On ``TOPIC/command``."""


class Start(_Command, frozen=True, tag="start"):
    """StartContinuous; needs write access."""


class StartSingle(_Command, frozen=True, tag="start-single"):
    """StartSingleJob; needs write access."""


class Stop(_Command, frozen=True, tag="stop"):
    """Stop."""


class Abort(_Command, frozen=True, tag="abort"):
    """Abort: parts under way are rejected."""


class Halt(_Command, frozen=True, tag="halt"):
    """Halt, until ``select-automatic``."""


class SelectAutomatic(_Command, frozen=True, tag="select-automatic"):
    """SelectModeAutomatic; needs write access."""


class Reset(_Command, frozen=True, tag="reset"):
    """Leave Error; needs write access."""


class ResetFlags(_Command, frozen=True, tag="reset-flags"):
    """Clear ``overrun`` and ``missed_trigger``."""


class Recipe(_Command, frozen=True, tag="recipe"):
    """Load the recipe of this number; the status answers. Needs write access."""

    recipe: UInt16


class Trigger(_Command, frozen=True, tag="trigger"):
    """A part is at the cameras that are triggered by software."""

    encoder: UInt32 = 0
    serial: Name = ""


class Ack(_Command, frozen=True, tag="ack"):
    """The result was taken: that of this part, or the one with this toggle."""

    part_id: UInt32 | UnsetType = UNSET
    toggle: bool | UnsetType = UNSET

    def __post_init__(self) -> None:
        if (self.part_id is UNSET) == (self.toggle is UNSET):
            raise ValueError("ack needs either part_id or toggle")


class Set(_Command, frozen=True, tag="set"):
    """What stands until it is set otherwise; what is left out stays as it is."""

    heartbeat: UInt16 | UnsetType = UNSET
    trigger_enable: bool | UnsetType = UNSET
    wants_to_write: bool | UnsetType = UNSET
    counts_triggers: bool | UnsetType = UNSET
    trigger_count: UInt32 | UnsetType = UNSET
    encoder: UInt32 | UnsetType = UNSET
    timeout_rejects: UInt32 | UnsetType = UNSET
    lot: Name | UnsetType = UNSET
    serial: Name | UnsetType = UNSET


Pulse = (
    Start
    | StartSingle
    | Stop
    | Abort
    | Halt
    | SelectAutomatic
    | Reset
    | ResetFlags
    | Recipe
    | Trigger
)
Command = Pulse | Ack | Set
Told = Result | Status | Heartbeat | Refused

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)


def encode(message: Told) -> bytes:
    """To JSON."""
    return _encoder.encode(message)


def decode_command(payload: bytes) -> Command:
    """A command. Raises ``ValueError`` with what is wrong with it."""
    if len(payload) > _LONGEST:
        raise ValueError(f"a command has at most {_LONGEST} bytes")
    return _decoder.decode(payload)  # its errors are ValueErrors


def result_of(outputs: Outputs, time: datetime) -> Result:
    """The result that stands in the image. ``ok`` alone is a pass."""
    return Result(
        time=time,
        part_id=outputs.part_id,
        passed=outputs.ok and not outputs.ng,
        cause=_CAUSES.get(outputs.cause, Cause.FAULT),
        trigger_count=outputs.trigger_count,
        encoder=outputs.encoder,
        recipe=outputs.recipe,
        production=outputs.production,
        master=outputs.master,
        toggle=outputs.result_toggle,
    )


def status_of(outputs: Outputs, lost: int) -> Status:
    """All of the image that is no result. ``lost``: results that no broker ever got."""
    same = {
        name: getattr(outputs, name)
        for name in Status.__struct_fields__
        if name not in ("state", "health", "lost")
    }
    return Status(
        **same,
        state=_STATES.get(outputs.state),
        health=_HEALTHS.get(outputs.health) if outputs.state else None,
        lost=lost,
    )


def schema() -> dict[str, Any]:
    """JSON schema of all messages, by their names under ``$defs``."""
    kinds = (Result, Status, Heartbeat, Refused, Command)
    (*told, command), parts = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Inspector over MQTT",
        "anyOf": [*told, {"$ref": "#/$defs/Command"}],
        "$defs": dict(sorted((parts | {"Command": command}).items())),
    }
