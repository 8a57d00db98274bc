"""The same plant by the real clock, against the true program."""

from __future__ import annotations

import threading

from inspector.core.ports import Clock
from inspector.sim.plant.events import EventQueue
from inspector.sim.plant.outside import Outside
from inspector.sim.plant.plant import Camera, Plant, no_camera
from inspector.sim.plant.plc import PlantIo
from inspector.sim.plant.scenario import Scenario
from inspector.sim.plant.score import Score, score
from inspector.sim.plant.script import Script


class RealTimePlant:
    """Runs a plant's events when the clock reaches them; late ones at once, in their order.

    ``io`` holds the registers as the PLC has them: a protocol's server or client on loopback fills
    it (``ModbusIo``). ``camera`` is fired on the plant's thread and must not block; the true
    program's cameras are triggered by the registers. Faults of network and station are made by
    ``outside``, if there is one. Between ``start`` and ``stop`` it has a thread of its own.
    """

    _LONGEST_WAIT_S = 0.05

    def __init__(
        self,
        scenario: Scenario,
        clock: Clock,
        io: PlantIo,
        camera: Camera = no_camera,
        outside: Outside | None = None,
    ) -> None:
        self._clock = clock
        self._events = EventQueue()
        self.plant = Plant(scenario, self._events, io)
        self.plant.camera = camera
        self._script = Script(self.plant, outside=outside)
        self._stopping = threading.Event()
        self._emptied = threading.Event()
        self._thread = threading.Thread(target=self._run, name="plant", daemon=True)

    def start(self) -> None:
        """Let the belt run."""
        self._thread.start()

    def wait_empty(self, timeout_s: float) -> bool:
        """Wait until all parts are past the gate and told of; False at the time-out. Any thread."""
        return self._emptied.wait(timeout_s)

    def stop(self) -> Score:
        """Stop the plant and score it."""
        self._stopping.set()
        self._thread.join()
        self.plant.plc.end()
        return score(self.plant, self._script.done)

    def _run(self) -> None:
        began_ns = self._clock.monotonic_ns()
        while not self._stopping.is_set():
            wait_s = (self.plant.due_ns - self._clock.monotonic_ns() + began_ns) / 1e9
            if wait_s > 0:
                self._stopping.wait(min(wait_s, self._LONGEST_WAIT_S))
                continue
            self.plant.step()
            if self.plant.empty and not self.plant.plc.under_way:
                self._emptied.set()
