"""Which part a frame shows: by the device's own numbers, or by the shots that were fired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from inspector.camera.device import Delivered, FrameIds
from inspector.camera.numbering import DeviceClock, FrameNumbers
from inspector.camera.shots import Shots
from inspector.core.frame import Trigger
from inspector.core.ports import Clock

NO_ENCODER = -1


@dataclass(frozen=True, slots=True)
class Matched:
    """What a frame told: whose it is (None: no part's), and whose frames will never come."""

    trigger: Trigger | None
    lost: tuple[int, ...] = ()
    """Trigger counts, ascending, all before ``trigger``."""
    reason: str = ""


class OutOfStep(Exception):
    """Frames and triggers can no longer be told apart: begin anew, all that wait are lost."""


class Triggering(Protocol):
    """Counts triggers from the first run to the last and never goes back. Capture thread."""

    @property
    def count(self) -> int:
        """Number of the newest trigger that is known. Any thread."""

    def start(self) -> None:
        """Triggers may come."""

    def stop(self) -> None:
        """No more triggers; frames of those that came are still matched."""

    def restart(self, ids: FrameIds) -> tuple[int, ...]:
        """The device numbers its frames anew; triggers whose frames are lost by that."""

    def match(self, delivered: Delivered, exposure_us: float) -> Matched:
        """Whose frame it is. Raises ``OutOfStep``."""

    def missed(self) -> int | None:
        """A trigger that certainly has no frame, at the head of those that wait."""

    def check(self, now_ns: int) -> None:
        """Raises ``OutOfStep`` when a frame is overdue."""


class CountedTriggers:
    """Hardware: the camera is triggered past us, and every frame has its trigger's number.

    The number is the frame id, or a counter in the frame's chunks, which counts even the triggers
    that came too fast for the camera. A trigger is dated by the frame: what the device's clock
    says, less ``transfer_ms`` and the exposure.
    """

    def __init__(
        self,
        *,
        counter: str = "",
        encoder: str = "",
        transfer_ms: float = 0.0,
        clock: Clock,
    ) -> None:
        self._counter = counter
        self._encoder = encoder
        self._transfer_ns = int(transfer_ms * 1e6)
        self._host = clock
        self._closed_ns: int | None = None
        self._numbers: FrameNumbers | None = None
        self._ids = FrameIds(0)
        self._base = 0
        self._clock = DeviceClock()
        self.count = 0

    def start(self) -> None:
        """Every frame counts from here on."""
        self._closed_ns = None

    def stop(self) -> None:
        """Later triggers are nobody's: the line may go on without us."""
        self._closed_ns = self._host.monotonic_ns()

    def restart(self, ids: FrameIds) -> tuple[int, ...]:
        """Numbers go on from the newest."""
        self._ids, self._base, self._numbers = ids, self.count, None
        return ()

    def match(self, delivered: Delivered, exposure_us: float) -> Matched:
        """By number."""
        count = self._base + self._number_of(delivered)
        if count <= self.count:
            return Matched(None)
        at_ns = self._clock.host_ns(delivered.device_ns, delivered.arrived_ns)
        at_ns -= int(exposure_us * 1e3) + self._transfer_ns
        if self._closed_ns is not None and at_ns > self._closed_ns:
            return Matched(None)
        lost = tuple(range(self.count + 1, count))
        self.count = count
        encoder = delivered.chunks.get(self._encoder, NO_ENCODER) if self._encoder else NO_ENCODER
        reason = "the camera missed its trigger" if self._counter else "its frame id is missing"
        return Matched(Trigger(count, int(encoder), at_ns), lost, reason)

    def _number_of(self, delivered: Delivered) -> int:
        counted = delivered.chunks.get(self._counter) if self._counter else None
        if counted is None:
            if self._numbers is None:
                self._numbers = FrameNumbers(self._ids)
            return self._numbers.number_of(delivered.frame_id)
        if self._numbers is None:
            self._numbers = FrameNumbers(FrameIds(int(counted), 2**32 - 1, 0))
        return self._numbers.number_of(int(counted))

    def missed(self) -> int | None:
        """Nobody tells."""
        return None

    def check(self, now_ns: int) -> None:
        """Nobody tells."""


class FiredTriggers:
    """Software: we fire at the sensor's triggers, so that every frame has its shot.

    Frames follow shots in order. Should the device swallow a shot without a word, all later frames
    would be taken for the part before: so a frame that comes too late for its shot and suits the
    next one better, and a shot whose frame is overdue, put the two out of step.
    """

    _FEW = 8
    """Frames after which the usual time from shot to frame is known."""

    def __init__(self, shots: Shots, *, timeout_s: float) -> None:
        self._shots = shots
        self._timeout_ns = int(timeout_s * 1e9)
        self._numbers = FrameNumbers(FrameIds(0))
        self._number = 0
        self._clock = DeviceClock()
        self._usual_ns = 0.0
        self._seen = 0

    @property
    def count(self) -> int:
        """Triggers that were seen."""
        return self._shots.count

    def start(self) -> None:
        """Fire at what comes."""
        self._shots.start()

    def stop(self) -> None:
        """Fire no more."""
        self._shots.stop()

    def restart(self, ids: FrameIds) -> tuple[int, ...]:
        """Shots that wait have lost their frames."""
        self._numbers, self._number = FrameNumbers(ids), 0
        lost = []
        while self._shots.oldest() is not None:
            lost.append(self._shots.take().trigger.count)
        return tuple(lost)

    def match(self, delivered: Delivered, exposure_us: float) -> Matched:
        """The oldest shot that was fired, after those whose frame ids are missing."""
        del exposure_us
        number = self._numbers.number_of(delivered.frame_id)
        gap = number - self._number - 1
        if gap < 0:
            return Matched(None)
        self._number = number
        lost = []
        while (shot := self._shots.oldest()) is not None and (gap or not shot.fired):
            gap -= shot.fired
            lost.append(self._shots.take().trigger.count)
        if shot is None:
            return Matched(None, tuple(lost), "its frame id is missing")
        self._in_step(self._clock.host_ns(delivered.device_ns, delivered.arrived_ns))
        return Matched(self._shots.take().trigger, tuple(lost), "its frame id is missing")

    def _in_step(self, arrived_ns: int) -> None:
        """Raises ``OutOfStep`` when the frame is rather the next shot's."""
        first, second = self._shots.oldest(), self._shots.second()
        assert first is not None
        took = arrived_ns - first.trigger.at_ns
        if self._seen >= self._FEW and second is not None and second.fired:
            took_second = arrived_ns - second.trigger.at_ns
            if abs(took_second - self._usual_ns) < abs(took - self._usual_ns):
                raise OutOfStep(f"a frame came {took / 1e6:.1f} ms after its trigger")
        self._seen += 1
        self._usual_ns += (took - self._usual_ns) / min(self._seen, 4 * self._FEW)

    def missed(self) -> int | None:
        """A shot that the device did not take."""
        shot = self._shots.oldest()
        return self._shots.take().trigger.count if shot is not None and not shot.fired else None

    def check(self, now_ns: int) -> None:
        """Overdue after the line's own time-out of a frame."""
        shot = self._shots.oldest()
        if shot is not None and shot.fired and now_ns - shot.trigger.at_ns > self._timeout_ns:
            raise OutOfStep("no frame came")
