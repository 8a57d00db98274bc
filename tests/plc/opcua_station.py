"""A station in small around our OPC UA server: what its methods ask for is done, or refused."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from inspector.core.errors import PlcAwaited
from inspector.core.plc_config import OpcUaServer
from inspector.core.ports import PlcStatus
from inspector.core.state import StationState
from inspector.plc.buses.opcua_server import OpcUaServerBus, make
from inspector.plc.handshake import Demand, Handshake, Result
from inspector.plc.registers import STATES, Inputs

_S = StationState
STATE_AFTER = {
    "select_automatic": _S.READY,
    "start": _S.CONTINUOUS_EXECUTION,
    "start_single": _S.SINGLE_EXECUTION,
    "stop": _S.READY,
    "abort": _S.READY,
    "halt": _S.HALTED,
    "reset": _S.HALTED,
}


class SmallStation:
    """Exchanges the images on a thread; obeys every demand, has the recipes 3 and 4."""

    def __init__(self, bus: OpcUaServerBus) -> None:
        self._bus = bus
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self.handshake = Handshake(acknowledged=False)
        self.status = PlcStatus(online=True, recipe_id=3, state=STATES[_S.READY])
        self.demands: list[Demand] = []
        self.inputs = Inputs()
        self.obeys = True
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> SmallStation:
        self._bus.open()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._bus.close()

    def _run(self) -> None:
        while not self._ended.wait(0.005):
            with self._lock:
                self.handshake.set_status(self.status)
                try:
                    self.inputs = self._bus.exchange(self.handshake.outputs())
                except PlcAwaited:
                    self.handshake.lost_peer()
                    continue
                may_write = self.inputs.wants_to_write
                self.status = replace(self.status, plc_may_write=may_write)
                for demand in self.handshake.exchanged(self.inputs):
                    self.demands.append(demand)
                    if self.obeys:
                        self._obey(demand)

    def _obey(self, demand: Demand) -> None:
        if demand.name == "recipe_request":
            confirmed = demand.value in (3, 4)
            if confirmed:
                self.status = replace(self.status, recipe_id=demand.value)
            self.handshake.answer_recipe(demand.value, confirmed=confirmed)
            return
        state = STATES[STATE_AFTER[demand.name]]
        error = self.status.error and demand.name != "reset"
        self.status = replace(self.status, state=state, error=error)

    def change(self, **status: object) -> None:
        with self._lock:
            self.status = replace(self.status, **status)  # type: ignore[arg-type]  # of a test

    def publish(self, part_id: int, *, passed: bool) -> None:
        with self._lock:
            self.handshake.publish(Result(part_id, part_id, 100 * part_id, passed, not passed))


@contextmanager
def small_station(config: OpcUaServer) -> Iterator[SmallStation]:
    with SmallStation(make(config)) as station:
        yield station
