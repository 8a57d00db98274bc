"""The registers between us and a PLC, bit by bit: one table that every protocol maps.

``docs/plc.md`` shows the same table; a test keeps the two alike. All words are 16 bits; a number of
32 bits takes two, the high word first.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, TypeVar, cast

from inspector.core.state import Health, StationState
from inspector.core.verdict import Cause

T = TypeVar("T")

STATES = MappingProxyType(
    {
        StationState.PREOPERATIONAL: 1,
        StationState.HALTED: 2,
        StationState.ERROR: 3,
        StationState.INITIALIZED: 5,
        StationState.READY: 6,
        StationState.SINGLE_EXECUTION: 7,
        StationState.CONTINUOUS_EXECUTION: 8,
    }
)
"""Numbers of the states in OPC 40100-1; 4 is Operational, of which 5 to 8 are parts."""
HEALTHS = MappingProxyType({health: number for number, health in enumerate(reversed(Health))})
CAUSES = MappingProxyType({cause: number for number, cause in enumerate(Cause)})

LOT_WORDS = 16
"""A lot's name: 32 bytes of UTF-8, filled with zeros."""


def _bit(bit: int, meaning: str) -> Any:
    return field(default=False, metadata={"bit": bit, "meaning": meaning})


def _word(word: int, meaning: str) -> Any:
    return field(default=0, metadata={"word": word, "words": 1, "meaning": meaning})


def _double(word: int, meaning: str) -> Any:
    return field(default=0, metadata={"word": word, "words": 2, "meaning": meaning})


def _text(word: int, words: int, meaning: str) -> Any:
    return field(default="", metadata={"word": word, "words": words, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Outputs:
    """What we tell the PLC. Bits are those of words 0 and 1."""

    online: bool = _bit(0, "the station runs and may be believed; without it nothing here holds")
    ready: bool = _bit(1, "parts may come: a trigger will get a verdict")
    busy: bool = _bit(2, "parts are being inspected")
    exposure_complete: bool = _bit(3, "toggles when a part's frames are there: it may move")
    result_valid: bool = _bit(4, "a result stands in the result words and waits for its ack")
    result_toggle: bool = _bit(5, "toggles with every result; the PLC copies it into result_ack")
    ok: bool = _bit(6, "the part passed. Neither ok nor ng: no result; both: invalid, reject")
    ng: bool = _bit(7, "the part is rejected")
    error: bool = _bit(8, "the station is in Error: all parts are to be rejected")
    overrun: bool = _bit(9, "a result was lost because acks came too late; until reset_flags")
    missed_trigger: bool = _bit(10, "a part came that no camera was triggered for; until reset")
    recipe_confirmed: bool = _bit(11, "the recipe asked for is loaded (recipe_answer)")
    recipe_refused: bool = _bit(12, "the recipe asked for is not loaded (recipe_answer)")
    plc_may_write: bool = _bit(13, "the PLC has write access: its commands are carried out")
    stop_request: bool = _bit(14, "stop the line: parts cannot be sorted any more")
    bypass: bool = _bit(15, "somebody signed for letting all parts pass uninspected")
    production: bool = _bit(16, "verdicts count as production; else demo, trial or limit samples")
    master: bool = _bit(17, "the result is that of a limit sample: it passes the gate in any case")
    gate_pass: bool = _bit(18, "energise the gate: where the station itself tracks the parts")
    heartbeat: int = _word(2, "counts on while the inspection is alive")
    state: int = _word(3, "state of OPC 40100-1, as its number: see StationState")
    health: int = _word(4, "NAMUR NE 107, 0 Good to 4 Failure: see Health")
    error_code: int = _word(5, "0 none; 1 fault; 2 camera lost; 3 PLC lost; 4 stopped answering")
    recipe: int = _word(6, "plc_id of the recipe that is loaded")
    recipe_answer: int = _word(7, "plc_id that recipe_confirmed or recipe_refused answers")
    part_id: int = _double(8, "number of the part, never used twice; low 32 bits")
    trigger_count: int = _double(10, "trigger that the part came by, as the cameras count")
    encoder: int = _double(12, "encoder count at that trigger, as a 32-bit pattern")
    cause: int = _word(14, "why, as the number of the Cause: 0 good, 1 defect, ...")
    waiting: int = _word(15, "results that wait behind this one for their turn")
    rejects: int = _double(16, "rejects of the run")
    verdicts: int = _double(18, "verdicts of the run")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the PLC tells us. Bits are those of words 0 and 1."""

    trigger_enable: bool = _bit(0, "the cameras' triggers are meant; without it none is expected")
    result_ack: bool = _bit(1, "equals result_toggle once the PLC has taken the result")
    recipe_request: bool = _bit(2, "rising edge: load recipe_wanted")
    start: bool = _bit(3, "rising edge: StartContinuous; needs write access")
    stop: bool = _bit(4, "rising edge: Stop")
    reset: bool = _bit(5, "rising edge: Reset, leaves Error; needs write access")
    reset_flags: bool = _bit(6, "rising edge: overrun and missed_trigger are cleared")
    wants_to_write: bool = _bit(7, "asks for write access; while low it gives it back")
    trigger: bool = _bit(8, "rising edge: a part is at the cameras that are triggered by software")
    counts_triggers: bool = _bit(9, "trigger_count is kept by the PLC: ours is compared with it")
    start_single: bool = _bit(10, "rising edge: StartSingleJob; needs write access")
    abort: bool = _bit(11, "rising edge: Abort, parts under way are rejected")
    halt: bool = _bit(12, "rising edge: Halt, until select_automatic")
    select_automatic: bool = _bit(13, "rising edge: SelectModeAutomatic; needs write access")
    at_trigger: bool = _bit(16, "the trigger sensor is covered")
    at_gate: bool = _bit(17, "the sensor before the gate is covered")
    bin_full: bool = _bit(18, "the bin's level sensor")
    heartbeat: int = _word(2, "counts on while the PLC runs its program")
    recipe_wanted: int = _word(3, "plc_id of the recipe to load")
    trigger_count: int = _double(4, "parts that its trigger sensor counted")
    encoder: int = _double(6, "encoder count latched at the newest trigger, as a 32-bit pattern")
    timeout_rejects: int = _double(8, "parts that its gate ejected without a result")
    encoder_now: int = _double(10, "encoder count of this scan, as a 32-bit pattern")
    gate_count: int = _word(12, "parts that the sensor before the gate counted")
    gate_encoder: int = _double(13, "encoder count latched at the newest of them")
    binned: int = _word(15, "parts that the bin's sensor counted")
    lot: str = _text(16, LOT_WORDS, "name of the lot, UTF-8")
    serial: str = _text(32, LOT_WORDS, "serial number of the part at the trigger, UTF-8")


OUTPUT_WORDS = 20
INPUT_WORDS = 48


def pack(image: Outputs | Inputs) -> tuple[int, ...]:
    """The words of an image, unsigned 16 bits each."""
    words = [0] * (OUTPUT_WORDS if isinstance(image, Outputs) else INPUT_WORDS)
    for entry in fields(image):
        value, place = getattr(image, entry.name), entry.metadata
        if "bit" in place:
            words[place["bit"] // 16] |= bool(value) << place["bit"] % 16
            continue
        start, count = place["word"], place["words"]
        words[start : start + count] = _words_of(value, count)
    return tuple(words)


def _words_of(value: int | str, count: int) -> tuple[int, ...]:
    if isinstance(value, str):
        data = value.encode()[: 2 * count].decode(errors="ignore").encode().ljust(2 * count, b"\0")
        return struct.unpack(f">{count}H", data)
    return tuple(value >> 16 * place & 0xFFFF for place in reversed(range(count)))


def unpack(kind: type[T], words: Sequence[int]) -> T:
    """The image that these words are; what is too short is filled with zeros."""
    size = OUTPUT_WORDS if kind is Outputs else INPUT_WORDS
    filled = [*words, *[0] * (size - len(words))]
    values: dict[str, bool | int | str] = {}
    for entry in fields(cast("Any", kind)):
        place = entry.metadata
        if "bit" in place:
            values[entry.name] = bool(filled[place["bit"] // 16] >> place["bit"] % 16 & 1)
            continue
        part = filled[place["word"] : place["word"] + place["words"]]
        values[entry.name] = _text_of(part) if entry.type == "str" else _number_of(part)
    return kind(**values)


def _number_of(words: Sequence[int]) -> int:
    number = 0
    for word in words:
        number = number << 16 | word & 0xFFFF
    return number


def _text_of(words: Sequence[int]) -> str:
    data = struct.pack(f">{len(words)}H", *(word & 0xFFFF for word in words))
    return data.split(b"\0", 1)[0].decode(errors="replace")
