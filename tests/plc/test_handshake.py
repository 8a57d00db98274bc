"""The handshake against a PLC that scans when it likes, restarts and loses its connection."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from inspector.core.ports import PlcStatus
from inspector.plc.handshake import Demand, Handshake, Result
from inspector.plc.registers import Inputs, Outputs


class PlcProgram:
    """What the sample program of ``docs/plc.md`` does with the images in one scan."""

    def __init__(self) -> None:
        self.inputs = Inputs(trigger_enable=True)
        self.taken: list[tuple[int, bool]] = []

    def scan(self, outputs: Outputs) -> None:
        beat = self.inputs.heartbeat + 1 & 0xFFFF
        new = outputs.result_valid and outputs.result_toggle != self.inputs.result_ack
        if new:
            passed = outputs.online and outputs.ok and not outputs.ng and not outputs.error
            self.taken.append((outputs.part_id, passed))
        self.inputs = replace(self.inputs, heartbeat=beat, result_ack=outputs.result_toggle)


def result(part_id: int, *, passed: bool = True) -> Result:
    return Result(part_id, part_id, 100 * part_id, passed, cause=0 if passed else 1)


class Conversation(RuleBasedStateMachine):
    """Whatever happens: a result is taken once, in order, as itself, or counted as lost."""

    def __init__(self) -> None:
        super().__init__()
        self.handshake, self.plc = Handshake(), PlcProgram()
        self.handshake.set_status(PlcStatus(online=True, ready=True))
        self.sent: dict[int, bool] = {}
        self.seen = Inputs()

    @rule(passed=st.booleans())
    def verdict(self, *, passed: bool) -> None:
        part_id = len(self.sent) + 1
        self.sent[part_id] = passed
        self.handshake.publish(result(part_id, passed=passed))

    @rule()
    def exchange(self) -> None:
        self.image = self.handshake.outputs()
        self.handshake.exchanged(self.plc.inputs)

    @rule()
    def scan(self) -> None:
        self.plc.scan(self.handshake.outputs())

    @rule()
    def plc_restarts(self) -> None:
        taken, self.plc = self.plc.taken, PlcProgram()
        self.plc.taken = taken

    @rule()
    def connection_breaks(self) -> None:
        self.handshake.lost_peer()

    @rule()
    def station_stalls_and_goes_on(self) -> None:
        self.handshake.withdraw(4)
        self.plc.scan(self.handshake.outputs())
        self.handshake.restore()

    @precondition(lambda self: self.sent)
    @rule()
    def reset_flags(self) -> None:
        self.plc.inputs = replace(self.plc.inputs, reset_flags=not self.plc.inputs.reset_flags)

    @invariant()
    def what_was_taken_was_sent_so(self) -> None:
        for part_id, passed in self.plc.taken:
            assert self.sent[part_id] == passed

    @invariant()
    def order_is_kept(self) -> None:
        ids = [part_id for part_id, _ in self.plc.taken]
        assert ids == sorted(ids)

    @invariant()
    def ok_and_ng_are_never_both_and_never_without_a_result(self) -> None:
        image = self.handshake.outputs()
        assert not (image.ok and image.ng)
        assert image.result_valid == (image.ok or image.ng)

    @invariant()
    def a_full_buffer_says_so(self) -> None:
        assert self.handshake.outputs().waiting <= Handshake.BUFFER


TestConversation = Conversation.TestCase
TestConversation.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)


def conversation() -> tuple[Handshake, PlcProgram]:
    handshake, plc = Handshake(), PlcProgram()
    handshake.set_status(PlcStatus(online=True))
    handshake.exchanged(plc.inputs)
    return handshake, plc


def turn(handshake: Handshake, plc: PlcProgram) -> tuple[Demand, ...]:
    plc.scan(handshake.outputs())
    return handshake.exchanged(plc.inputs)


def test_every_result_is_taken_once_in_order() -> None:
    handshake, plc = conversation()
    for part_id in range(1, 7):
        handshake.publish(result(part_id, passed=part_id % 3 != 0))
    for _ in range(20):
        turn(handshake, plc)
    assert plc.taken == [(part_id, part_id % 3 != 0) for part_id in range(1, 7)]
    assert handshake.outputs().result_valid is False
    assert handshake.lost == 0


def test_results_that_nobody_takes_overrun_and_the_oldest_that_waits_is_lost() -> None:
    handshake, plc = conversation()
    for part_id in range(1, 12):
        handshake.publish(result(part_id))
    assert handshake.outputs().overrun
    for _ in range(20):
        turn(handshake, plc)
    assert [part_id for part_id, _ in plc.taken] == [1, *range(4, 12)]
    assert handshake.lost == 2
    plc.inputs = replace(plc.inputs, reset_flags=True)
    turn(handshake, plc)
    assert not handshake.outputs().overrun


def test_a_plc_that_restarts_while_nothing_stands_misses_no_later_result() -> None:
    handshake, plc = conversation()
    handshake.publish(result(1))
    turn(handshake, plc)
    assert plc.inputs.result_ack
    plc = PlcProgram()  # its ack is low again, our toggle is high
    turn(handshake, plc)
    handshake.publish(result(2))
    turn(handshake, plc)
    assert plc.taken == [(2, True)]


def test_a_standing_station_withdraws_at_once_and_old_results_never_come_back() -> None:
    handshake, plc = conversation()
    handshake.publish(result(1))
    handshake.withdraw(4)
    image = handshake.outputs()
    assert (image.online, image.ok, image.ng, image.error, image.error_code) == (
        False, False, False, True, 4,
    )  # fmt: skip
    handshake.restore()
    for _ in range(5):
        turn(handshake, plc)
    assert plc.taken == []
    assert handshake.lost == 1
    handshake.publish(result(2))
    turn(handshake, plc)
    assert plc.taken == [(2, True)]


def test_demands_are_rising_edges_and_what_stands_at_the_start_is_none() -> None:
    handshake, plc = Handshake(), PlcProgram()
    plc.inputs = Inputs(recipe_request=True, recipe_wanted=7)
    assert turn(handshake, plc) == ()
    plc.inputs = Inputs(recipe_wanted=9)
    assert turn(handshake, plc) == ()
    plc.inputs = Inputs(recipe_request=True, recipe_wanted=9)
    assert turn(handshake, plc) == (Demand("recipe_request", 9),)
    assert turn(handshake, plc) == ()
    handshake.answer_recipe(9, confirmed=True)
    assert handshake.outputs().recipe_confirmed
    plc.inputs = Inputs()
    turn(handshake, plc)
    assert not handshake.outputs().recipe_confirmed


def test_without_acks_each_result_stands_for_its_scans() -> None:
    handshake = Handshake(acknowledged=False, hold_scans=3)
    for part_id in (1, 2):
        handshake.publish(result(part_id))
    shown = []
    for _ in range(8):
        shown.append((handshake.outputs().part_id, handshake.outputs().ok))
        handshake.exchanged(None)
    assert shown == [(1, True)] * 3 + [(2, True)] * 3 + [(2, False)] * 2
