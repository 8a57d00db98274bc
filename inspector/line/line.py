"""One run of the line: ring, capture and inspection put together, started, stopped, watched."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from queue import SimpleQueue

from inspector.core.errors import CameraError, ConfigError
from inspector.line.capture import Capture
from inspector.line.counters import LineCounters
from inspector.line.equipment import Equipment
from inspector.line.inspection import Inspection
from inspector.line.part import Ticket
from inspector.line.ring import SlotRing


class Line:
    """One continuous run: from ``start`` to ``stop`` or to the end of the camera's source.

    ``on_fault(reason)`` is called from the line's threads, at least once per fault; ``on_end`` when
    capture has ended. After a fault every part is still counted and rejected.
    """

    _STALL_NS = 2_000_000_000

    def __init__(
        self,
        equipment: Equipment,
        *,
        slots: int,
        deadline_ms: float,
        timeout_ms: float,
        join_ms: float = 20.0,
        on_fault: Callable[[str], None],
        on_end: Callable[[], None],
    ) -> None:
        formats = {camera.format for camera in equipment.cameras}
        if len(formats) != 1:
            raise ConfigError(
                f"cameras deliver different formats: {sorted(map(str, formats))}",
                remedy="Give all cameras of the line one width, height and pixel format",
            )
        info = equipment.engine.info
        self._equipment = equipment
        self._sensed_before: int | None = None
        self._on_fault = on_fault
        self.counters = LineCounters(tuple(camera.name for camera in equipment.cameras))
        tickets: SimpleQueue[Ticket | None] = SimpleQueue()
        ring = self._ring = SlotRing(
            slots,
            len(equipment.cameras),
            formats.pop(),
            (info.height, info.width, info.channels),
            equipment.lock_pages,
        )
        self._inspection = Inspection(equipment, ring, tickets, self.counters, on_fault)
        self._capture = Capture(
            equipment,
            ring,
            tickets,
            self.counters,
            deadline_ns=round(deadline_ms * 1e6),
            timeout_s=timeout_ms / 1e3,
            window_ns=round(join_ms * 1e6),
            on_fault=self._fault,
            on_end=on_end,
        )

    def _fault(self, reason: str) -> None:
        self.fail(reason)
        self._on_fault(reason)

    def start(self) -> None:
        """Arm the cameras and begin.

        The garbage collector is frozen over everything that exists now: what was loaded lives as
        long as the run, so that a collection during it has only the run's own few objects to scan.
        """
        gc.collect()
        gc.freeze()
        self._sensed_before = self._equipment.plc.read_inputs().triggers
        self._capture.start()  # first: when a camera cannot be armed, no thread is left behind
        self._inspection.start()

    def stop(self, timeout_s: float = 10.0) -> bool:
        """Stop after the parts under way have their verdicts; False when that took too long."""
        for camera in self._equipment.cameras:
            try:
                camera.stop()
            except CameraError as error:
                self._fault(f"{camera.name}: {error}")
        ended = self._capture.stop(timeout_s) and self._inspection.join(timeout_s)
        gc.unfreeze()
        if ended:  # else a thread is stuck, and may write into a slot yet
            self._ring.close()
        return ended

    def discrepancies(self) -> list[str]:
        """What does not add up, in words; empty after a stop without a fault."""
        words = [f"{n} triggers of {name} became no part" for name, n in self._unaccounted()]
        parts = self.counters.parts()
        if not parts.reconciled:
            words.append(f"{parts.parts} parts, {parts.verdicts} verdicts")
        return words

    def _unaccounted(self) -> list[tuple[str, int]]:
        return sorted(self._capture.unaccounted().items())

    def unseen(self, sensed: int) -> int:
        """Parts that the PLC's sensor counted (``sensed`` so far) and that are no part of ours.

        Those under way to us count as well: only what stays is missing. Negative: cameras were
        triggered without a part.
        """
        return sensed - (self._sensed_before or 0) - self.counters.parts().parts

    def stalled(self) -> bool:
        """True when the inspection thread has not moved for two seconds."""
        return self._equipment.clock.monotonic_ns() - self._inspection.alive_ns > self._STALL_NS

    def hold(self, reason: str) -> None:
        """Reject every part until ``release``: a device is gone that may come back. Any thread."""
        self._inspection.hold(reason)

    def release(self) -> None:
        """Judge parts again."""
        self._inspection.hold("")

    def bypass(self, user: str) -> None:
        """Let all parts pass from now on, as this user signed; nobody: sort them again."""
        self._inspection.bypass = user

    @property
    def engine_in_use(self) -> threading.Lock:
        """Held while the engine looks at a part; who tests it meanwhile takes it."""
        return self._inspection.engine_in_use

    def fail(self, reason: str) -> None:
        """Reject every part from now on."""
        self._inspection.reject_all(reason)
