"""The capture thread: every trigger becomes a ticket, in order, with a frame or with a cause."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

import structlog

from inspector.core.errors import CameraEnded, CameraLost, CameraTimeout, InspectorError
from inspector.core.frame import FrameInfo
from inspector.core.verdict import Cause
from inspector.line.counters import LineCounters
from inspector.line.equipment import Equipment
from inspector.line.part import Ticket
from inspector.line.ring import PartSlot, SlotRing, page_aligned
from inspector.line.views import Views

_log = structlog.get_logger(__name__)


class Capture:
    """Turns triggers into tickets until it is told to stop; then drains what was triggered.

    Runs a thread of its own. Guarantees: one ticket per trigger, in trigger order; per camera
    ``triggers == frames + lost``. A fault ends the thread and is reported to ``on_fault``.
    """

    _MAX_WAITING = 10_000

    def __init__(
        self,
        equipment: Equipment,
        ring: SlotRing,
        tickets: SimpleQueue[Ticket | None],
        counters: LineCounters,
        *,
        deadline_ns: int,
        timeout_s: float,
        window_ns: int,
        on_fault: Callable[[str], None],
        on_end: Callable[[], None],
    ) -> None:
        cameras = equipment.cameras
        self._names = tuple(camera.name for camera in cameras)
        self._views = Views(cameras, timeout_s, window_ns)
        self._ring = ring
        self._tickets = tickets
        self._counters = counters
        self._part_ids = equipment.part_ids
        self._plc = equipment.plc
        self._clock = equipment.clock
        self._deadline_ns = deadline_ns
        self._on_fault = on_fault
        self._on_end = on_end
        self._overrun = page_aligned((len(cameras), *cameras[0].format.shape))
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)
        self._base = 0
        self._next = 1

    def start(self) -> None:
        """Arm the cameras and begin with their next triggers."""
        self._base = self._views.start()
        self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """Take no new triggers, finish those that came, end. False when it did not end in time."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def unaccounted(self) -> dict[str, int]:
        """Triggers that a camera counted itself and that became no part; none once it has ended."""
        return self._views.unaccounted(self._next - 1)

    def _run(self) -> None:
        try:
            while self._capture_part():
                pass
        except InspectorError as error:
            self._on_fault(f"capture: {error}")
        except Exception as error:  # noqa: BLE001  # thread edge: becomes the Error state
            _log.exception("capture thread failed")
            self._on_fault(f"capture: {type(error).__name__}: {error}")
        finally:
            self._tickets.put(None)
            self._on_end()

    def _capture_part(self) -> bool:
        """Handle the next trigger; False at the end."""
        slot = self._ring.lease()
        try:
            taken = self._views.take(self._next, self._overrun if slot is None else slot.pixels)
        except (CameraTimeout, CameraEnded, CameraLost) as end:
            self._give_back(slot)
            return not isinstance(end, CameraEnded) and not self._stopping.is_set()
        except BaseException:
            self._give_back(slot)
            raise
        self._plc.exposed(self._next)
        part_id = self._part_ids.next()
        cause = Cause.FRAME_LOST if taken.reasons else Cause.OVERRUN if slot is None else None
        detail = "; ".join(taken.reasons)
        if cause is Cause.OVERRUN:
            detail = f"all {self._ring.size} slots were waiting for their verdict"
        self._count(taken.frames, usable=cause is None)
        if cause is not None:
            self._give_back(slot)
            slot = None
        self._submit(part_id, taken.frames, slot, cause, detail)
        self._next += 1
        return True

    def _give_back(self, slot: PartSlot | None) -> None:
        if slot is not None:
            self._ring.release(slot)

    def _count(self, frames: dict[str, FrameInfo], *, usable: bool) -> None:
        for name in self._names:
            if name in frames and (usable or len(frames) < len(self._names)):
                self._counters.count_frame(name)
            else:
                self._counters.count_lost(name)

    def _submit(
        self,
        part_id: int,
        frames: dict[str, FrameInfo],
        slot: PartSlot | None,
        cause: Cause | None,
        detail: str,
    ) -> None:
        now = self._clock.monotonic_ns()
        infos = tuple(frames.values())
        first = infos[0] if infos else None
        triggered = first.triggered_ns if first else now
        self._counters.count_part()
        self._tickets.put(
            Ticket(
                part_id=part_id,
                trigger_count=self._base + self._next,
                encoder_count=first.encoder_count if first else -1,
                triggered_ns=triggered,
                arrived_ns=first.arrived_ns if first else now,
                copied_ns=now,
                deadline_ns=triggered + self._deadline_ns,
                frames=infos,
                slot=slot,
                cause=cause,
                detail=detail,
            )
        )
        if self._tickets.qsize() > self._MAX_WAITING:
            self._on_fault(f"{self._MAX_WAITING} parts wait for a verdict: the inspection stalls")
