"""Faults by script: what goes wrong in the plant, when, and for how long."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from inspector.core.section import Section


class _Fault(Section):
    at_s: float = Field(ge=0.0, description="virtual seconds from the start")


class _Lasting(_Fault):
    for_s: float = Field(gt=0.0, description="how long")


class SensorBounce(_Lasting):
    """A photo-eye's edges come several times."""

    kind: Literal["sensor-bounce"] = "sensor-bounce"
    sensor: Literal["trigger", "gate"] = "trigger"
    edges: int = Field(2, ge=1, le=10)


class MissedTrigger(_Fault):
    """The trigger sensor does not see the next parts."""

    kind: Literal["missed-trigger"] = "missed-trigger"
    parts: int = Field(1, ge=1)


class Phantom(_Fault):
    """Something that is no part passes the trigger sensor: a hand."""

    kind: Literal["phantom"] = "phantom"


class EncoderNoise(_Lasting):
    """Every reading is off by up to so many counts."""

    kind: Literal["encoder-noise"] = "encoder-noise"
    counts: int = Field(gt=0)


class EncoderJump(_Fault):
    """The register jumps: an encoder that was replaced, a card that lost its supply."""

    kind: Literal["encoder-jump"] = "encoder-jump"
    counts: int


class Slip(_Fault):
    """All parts between the sensors slip on the belt; ``beyond`` what is allowed for, if so."""

    kind: Literal["slip"] = "slip"
    counts: float
    beyond: bool = False


class BeltStop(_Lasting):
    """The belt stops and starts again."""

    kind: Literal["belt-stop"] = "belt-stop"


class Jog(_Fault):
    """The belt stops, goes back, and goes on."""

    kind: Literal["jog"] = "jog"
    counts: float = Field(gt=0.0)


class PlcRestart(_Lasting):
    """The PLC is without power: outputs drop, its memory but for the trigger count is lost."""

    kind: Literal["plc-restart"] = "plc-restart"


class NetworkCut(_Lasting):
    """No image goes either way."""

    kind: Literal["network-cut"] = "network-cut"


class LateCamera(_Lasting):
    """Frames take longer."""

    kind: Literal["late-camera"] = "late-camera"
    ms: float = Field(gt=0.0)


class LostFrame(_Fault):
    """The next frames never arrive."""

    kind: Literal["lost-frame"] = "lost-frame"
    frames: int = Field(1, ge=1)


class Stall(_Lasting):
    """The inspection stands still, and then goes on."""

    kind: Literal["stall"] = "stall"


class StationCrash(_Lasting):
    """The program is killed; another one is there after so long."""

    kind: Literal["station-crash"] = "station-crash"


class TakenAway(_Fault):
    """Somebody takes a part from the belt between the sensors."""

    kind: Literal["taken-away"] = "taken-away"


class PutOn(_Fault):
    """Somebody lays a part on the belt between the sensors, where there is room."""

    kind: Literal["put-on"] = "put-on"


class Touching(_Fault):
    """The next part comes without a gap, or with less than there should be."""

    kind: Literal["touching"] = "touching"
    gap_counts: float = Field(0.0, ge=0.0)


class StuckGate(_Fault):
    """The ejector fails on the next parts that it should eject."""

    kind: Literal["stuck-gate"] = "stuck-gate"
    parts: int = Field(1, ge=1)


class BinFull(_Fault):
    """The bin's level sensor reports."""

    kind: Literal["bin-full"] = "bin-full"


class BypassOrder(_Lasting):
    """Somebody lets everything pass."""

    kind: Literal["bypass"] = "bypass"
    who: str
    why: str


Fault = Annotated[
    SensorBounce
    | MissedTrigger
    | Phantom
    | EncoderNoise
    | EncoderJump
    | Slip
    | BeltStop
    | Jog
    | PlcRestart
    | NetworkCut
    | LateCamera
    | LostFrame
    | Stall
    | StationCrash
    | TakenAway
    | PutOn
    | Touching
    | StuckGate
    | BinFull
    | BypassOrder,
    Field(discriminator="kind"),
]
