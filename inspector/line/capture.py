"""The capture thread: every trigger becomes a ticket, in order, with a frame or with a cause."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

import structlog

from inspector.core.errors import CameraEnded, CameraTimeout, FrameCorrupt, InspectorError
from inspector.core.frame import FrameInfo, Pixels
from inspector.core.ports import Camera
from inspector.core.verdict import Cause
from inspector.line.counters import LineCounters
from inspector.line.equipment import Equipment
from inspector.line.part import Ticket
from inspector.line.ring import PartSlot, SlotRing, page_aligned

_log = structlog.get_logger(__name__)


class View:
    """One camera's frames, matched to triggers by the camera's own trigger count.

    A frame that belongs to a later trigger than the one asked for proves that the frames between
    are lost; it is held back (one extra copy, in this rare case) until its trigger is asked for.
    """

    def __init__(self, camera: Camera, timeout_s: float) -> None:
        self.camera = camera
        self._timeout_s = timeout_s
        self._spare = page_aligned(camera.format.shape)
        self._held: FrameInfo | None = None
        self._base = 0
        self.lost_reason = ""

    def mark(self) -> int:
        """Take the trigger count after which the camera's parts are ours."""
        self._base = self.camera.health().triggers
        return self._base

    @property
    def triggers(self) -> int:
        """The camera's own count of our triggers."""
        return self.camera.health().triggers - self._base

    def take(self, wanted: int, pixels: Pixels) -> FrameInfo | None:
        """Copy the frame of our trigger ``wanted`` (1, 2, ...) into ``pixels``; None if it is lost.

        Raises ``CameraTimeout`` while that trigger has not come yet, ``CameraEnded`` when it never
        will, ``CameraError`` when the camera is gone.
        """
        if self._held is None:
            info = self._grab(wanted, pixels)
            if info is None or self._ours(info) == wanted:
                return info
            self._spare[...] = pixels
            self._held = info
        held = self._held
        if self._ours(held) != wanted:
            self.lost_reason = f"the camera skipped {self._ours(held) - wanted} triggers"
            return None
        self._held = None
        pixels[...] = self._spare
        return held

    def _ours(self, info: FrameInfo) -> int:
        return info.trigger_count - self._base

    def _grab(self, wanted: int, pixels: Pixels) -> FrameInfo | None:
        while True:
            triggered = self.triggers >= wanted
            try:
                info = self.camera.grab(pixels, self._timeout_s)
            except (CameraTimeout, CameraEnded):
                if not triggered:
                    raise
                self.lost_reason = f"no frame within {self._timeout_s * 1e3:.0f} ms of its trigger"
                return None
            except FrameCorrupt as error:
                if error.trigger_count - self._base < wanted:
                    continue
                self.lost_reason = error.problem
                return None
            if self._ours(info) >= wanted:
                return info


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
        on_fault: Callable[[str], None],
        on_end: Callable[[], None],
    ) -> None:
        cameras = equipment.cameras
        self._views = tuple(View(camera, timeout_s) for camera in cameras)
        self._ring = ring
        self._tickets = tickets
        self._counters = counters
        self._part_ids = equipment.part_ids
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
        bases = [view.mark() for view in self._views]
        self._base = bases[0]
        for view in self._views:  # not before all are marked: a part between would shift the views
            view.camera.start()
        self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """Take no new triggers, finish those that came, end. False when it did not end in time."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def unaccounted(self) -> dict[str, int]:
        """Triggers that a camera counted itself and that became no part; none once it has ended."""
        done = self._next - 1
        counts = {view.camera.name: view.triggers - done for view in self._views}
        return {name: count for name, count in counts.items() if count}

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
            frames, reasons = self._take_views(self._overrun if slot is None else slot.pixels)
        except (CameraTimeout, CameraEnded) as end:
            self._give_back(slot)
            return isinstance(end, CameraTimeout) and not self._stopping.is_set()
        except BaseException:
            self._give_back(slot)
            raise
        part_id = self._part_ids.next()
        cause = Cause.FRAME_LOST if reasons else Cause.OVERRUN if slot is None else None
        detail = "; ".join(reasons)
        if cause is Cause.OVERRUN:
            detail = f"all {self._ring.size} slots were waiting for their verdict"
        self._count(frames, usable=cause is None)
        if cause is not None:
            self._give_back(slot)
            slot = None
        self._submit(part_id, frames, slot, cause, detail)
        self._next += 1
        return True

    def _give_back(self, slot: PartSlot | None) -> None:
        if slot is not None:
            self._ring.release(slot)

    def _take_views(self, pixels: Pixels) -> tuple[dict[str, FrameInfo], list[str]]:
        frames: dict[str, FrameInfo] = {}
        reasons: list[str] = []
        for index, view in enumerate(self._views):
            try:
                info = view.take(self._next, pixels[index])
            except (CameraTimeout, CameraEnded):
                if index == 0:
                    raise
                view.lost_reason, info = "it was not triggered with the first camera", None
            if info is None:
                reasons.append(f"{view.camera.name}: {view.lost_reason}")
            else:
                frames[view.camera.name] = info
        return frames, reasons

    def _count(self, frames: dict[str, FrameInfo], *, usable: bool) -> None:
        for view in self._views:
            name = view.camera.name
            if name in frames and (usable or len(frames) < len(self._views)):
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
