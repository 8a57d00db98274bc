"""Methods as edges of the input image: whatever the variables say, a request is one edge."""

from __future__ import annotations

from dataclasses import replace

from inspector.plc.buses.opcua_requests import Requests
from inspector.plc.handshake import Demand, Handshake
from inspector.plc.registers import Inputs, Outputs


def turn(handshake: Handshake, requests: Requests, written: Inputs) -> tuple[Demand, ...]:
    return handshake.exchanged(requests.image(handshake.outputs(), written))


def test_a_pulse_is_one_demand() -> None:
    handshake, requests = Handshake(), Requests()
    turn(handshake, requests, Inputs())
    requests.pulse("start")
    asked = [turn(handshake, requests, Inputs()) for _ in range(5)]
    assert asked == [(Demand("start"),), (), (), (), ()]


def test_a_pulse_of_who_has_just_come_is_not_lost() -> None:
    handshake, requests = Handshake(), Requests()
    requests.pulse("stop")
    turn(handshake, requests, Inputs())
    assert turn(handshake, requests, Inputs()) == (Demand("stop"),)
    handshake.lost_peer()
    requests.forget_peer()
    requests.pulse("stop")
    assert turn(handshake, requests, Inputs()) == ()
    assert turn(handshake, requests, Inputs()) == (Demand("stop"),)


def test_a_pulse_beside_a_variable_that_is_held_is_an_edge_too() -> None:
    handshake, requests = Handshake(), Requests()
    held = Inputs(stop=True)
    turn(handshake, requests, Inputs())
    assert turn(handshake, requests, held) == (Demand("stop"),)
    requests.pulse("stop")
    asked = [turn(handshake, requests, held) for _ in range(4)]
    assert asked == [(), (Demand("stop"),), (), ()]


def test_a_recipe_is_asked_for_until_it_is_answered() -> None:
    handshake, requests = Handshake(), Requests()
    turn(handshake, requests, Inputs(recipe_wanted=1))
    requests.prepare(7)
    assert turn(handshake, requests, Inputs()) == (Demand("recipe_request", 7),)
    assert turn(handshake, requests, Inputs()) == ()
    assert requests.answer(7) is None
    handshake.answer_recipe(7, confirmed=False)
    turn(handshake, requests, Inputs())
    assert requests.answer(7) is False
    assert not requests.image(handshake.outputs(), Inputs()).recipe_request


def test_an_answer_that_still_stands_is_none_to_a_newer_request() -> None:
    handshake, requests = Handshake(), Requests()
    by_variable = Inputs(recipe_request=True, recipe_wanted=7)
    turn(handshake, requests, Inputs())
    turn(handshake, requests, by_variable)
    handshake.answer_recipe(7, confirmed=True)
    turn(handshake, requests, by_variable)
    requests.prepare(7)
    assert handshake.outputs().recipe_confirmed
    asked = [turn(handshake, requests, by_variable) for _ in range(3)]
    assert asked == [(), (Demand("recipe_request", 7),), ()]
    assert requests.answer(7) is None


def test_a_newer_recipe_takes_the_place_of_one_that_waits() -> None:
    handshake, requests = Handshake(), Requests()
    turn(handshake, requests, Inputs())
    requests.prepare(7)
    turn(handshake, requests, Inputs())
    requests.prepare(8)
    asked = [turn(handshake, requests, Inputs()) for _ in range(3)]
    assert asked == [(), (Demand("recipe_request", 8),), ()]


def test_the_part_has_its_serial_number_while_its_job_lasts() -> None:
    requests = Requests()
    written = Inputs(serial="of the variable", heartbeat=3)
    requests.image(Outputs(), written)
    requests.name_part("of the method")
    assert requests.image(Outputs(), written) == replace(written, serial="of the method")
    requests.name_part("")
    assert requests.image(Outputs(), written) == written
