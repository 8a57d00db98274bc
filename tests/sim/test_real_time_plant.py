"""The plant by the real clock, with registers that somebody else fills."""

from __future__ import annotations

import threading

from inspector.core.ports import PlcStatus, SystemClock
from inspector.plc.handshake import Handshake, Result
from inspector.plc.registers import Inputs, Outputs
from inspector.plc.tracking import Fate
from inspector.sim.plant.belt import Lane
from inspector.sim.plant.real_time import RealTimePlant
from tests.sim.test_plant import scenario


class HonestStation:
    """Decides at once; exchanges the images whenever the PLC looks."""

    def __init__(self) -> None:
        self.handshake = Handshake()
        self.handshake.set_status(PlcStatus(online=True, ready=True, busy=True))
        self.threads: set[str] = set()

    def read(self) -> Outputs:
        self.threads.add(threading.current_thread().name)
        self.handshake.beat()
        return self.handshake.outputs()

    def write(self, inputs: Inputs) -> None:
        self.handshake.exchanged(inputs)

    def reset(self) -> None:
        self.handshake = Handshake()

    def camera(self, trigger_count: int, encoder: int, *, good: bool) -> None:
        cause = 0 if good else 1
        self.handshake.publish(Result(trigger_count, trigger_count, encoder, good, cause))


def test_the_plant_keeps_time_and_sends_each_part_where_it_belongs() -> None:
    station = HonestStation()
    plan = scenario(12, 6)
    plant = RealTimePlant(plan, SystemClock(), station, station.camera)
    plant.start()
    assert plant.wait_empty(30.0)
    score = plant.stop()
    assert score.kept
    assert score.triggers == 12
    assert score.lanes[Lane.GOOD] == score.fates[Fate.PASSED] > 0
    assert station.threads == {"plant"}
