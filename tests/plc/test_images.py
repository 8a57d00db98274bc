"""Outputs that a person forces, and the images that one looks at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inspector.core.errors import RefusedError
from inspector.plc.images import LONGEST_S, OUTPUT_BITS, Force, Forcing, Images
from inspector.plc.registers import Inputs, Outputs
from inspector.plc.wire import Picture, decode_news, encode
from tests.plc.test_direct_gate import ONLINE, SCAN, Belt

HALTED = Outputs(online=True, state=2)


def test_an_output_is_forced_until_its_time_is_over() -> None:
    forcing = Forcing()
    forcing.set(Force("ok", on=True, seconds=5.0), 100.0)
    forcing.set(Force("online", on=False, seconds=1000.0), 100.0)
    assert forcing.applied(HALTED, 104.9) == replace(HALTED, ok=True, online=False)
    assert forcing.applied(HALTED, 105.1) == replace(HALTED, online=False)
    assert forcing.applied(HALTED, 100.0 + LONGEST_S) == HALTED


def test_any_other_state_lets_all_go_for_good() -> None:
    for other in (Outputs(online=True, state=6), Outputs(error=True)):
        forcing = Forcing()
        forcing.set(Force("gate_pass", on=True, seconds=20.0), 0.0)
        assert forcing.applied(other, 1.0) == other
        assert forcing.applied(HALTED, 2.0) == HALTED


def test_it_can_be_ended_and_only_bits_are_forced() -> None:
    forcing = Forcing()
    forcing.set(Force("ok", on=True, seconds=20.0), 0.0)
    forcing.set(Force("ok", on=True, seconds=0.0), 1.0)
    assert forcing.applied(HALTED, 1.0) == HALTED
    assert "part_id" not in OUTPUT_BITS
    with pytest.raises(RefusedError, match="no output bit"):
        forcing.set(Force("part_id", on=True, seconds=5.0), 0.0)


def test_images_go_over_the_wire() -> None:
    images = Images(HALTED, Inputs(lot="LOT-8", encoder=2**32 - 1), 0.25)
    picture = decode_news(encode(Picture.of(images)))
    assert isinstance(picture, Picture)
    assert picture.images == images
    assert Picture.of(Images(HALTED, None)).images.inputs is None


def test_a_gate_that_we_drive_moves_when_it_is_forced_and_is_shown_as_it_is() -> None:
    belt = Belt()
    belt.outputs = replace(HALTED, gate_pass=True)
    belt.move(SCAN)
    forced = belt.gate
    shown = belt.bus.images()
    assert shown is not None
    assert shown.outputs.gate_pass
    belt.outputs = HALTED
    belt.move(SCAN)
    assert (forced, belt.gate) == (True, False)
    belt.outputs = ONLINE
    belt.decide(belt.part(), ok=True)
    belt.move_until_open()
    shown = belt.bus.images()
    assert shown is not None
    assert shown.outputs.gate_pass, "what the tracker does is shown, not what it was given"
