"""Replay: pictures from disk, delivered as a triggered camera would deliver them."""

from __future__ import annotations

from typing import Protocol

from inspector.core.errors import CameraEnded, CameraTimeout
from inspector.core.frame import CameraHealth, FrameFormat, FrameInfo, Pixels, Trigger
from inspector.core.ports import Clock, TriggerSource


class Pictures(Protocol):
    """An ordered set of pictures of one format."""

    @property
    def format(self) -> FrameFormat:
        """Format of every picture; valid from ``open`` on."""

    def open(self) -> None:
        """Check that the pictures are there. Raises ``ImageError`` or ``DatasetError``."""

    def __len__(self) -> int:
        """How many pictures there are."""

    def read(self, index: int, out: Pixels) -> str:
        """Copy picture ``index`` into ``out`` and return its name."""

    def close(self) -> None:
        """Free what was opened."""


class ReplayCamera:
    """Delivers the next picture at each trigger; loops, or ends after the last.

    Like an SDK it keeps a few frames for a consumer that is late (``buffers``); a trigger that
    finds them all taken has lost its frame. Which picture is shown depends on the trigger's count
    alone, so that a lost frame skips its picture, as a real part would have gone by.
    """

    def __init__(
        self,
        name: str,
        pictures: Pictures,
        trigger: TriggerSource,
        clock: Clock,
        *,
        loop: bool = True,
        buffers: int = 16,
    ) -> None:
        self._name = name
        self._pictures = pictures
        self._trigger = trigger
        self._clock = clock
        self._loop = loop
        self._buffers = buffers
        self._open = False
        self._taken = 0
        self._frames = 0
        self._lost = 0

    @property
    def name(self) -> str:
        """Name in counters and records."""
        return self._name

    @property
    def format(self) -> FrameFormat:
        """Format of the pictures."""
        return self._pictures.format

    def open(self) -> None:
        """Check the pictures."""
        self._pictures.open()
        self._open = True

    def start(self) -> None:
        """Let the belt feed parts."""
        self._taken = self._trigger.count
        self._trigger.start()

    def grab(self, pixels: Pixels, timeout_s: float) -> FrameInfo:
        """Copy the picture of the next trigger that still has its frame."""
        trigger = self._trigger.wait(self._taken, timeout_s)
        if trigger is None:
            raise CameraTimeout(f"{self._name}: no trigger within {timeout_s:g} s")
        while self._trigger.count - trigger.count >= self._buffers:
            self._lost += 1
            later = self._trigger.wait(trigger.count, 0.0)
            if later is None:
                break
            trigger = later
        self._taken = trigger.count
        return self._deliver(trigger, pixels)

    def _deliver(self, trigger: Trigger, pixels: Pixels) -> FrameInfo:
        index = trigger.count - 1
        if index >= len(self._pictures) and not self._loop:
            raise CameraEnded(f"{self._name}: all {len(self._pictures)} pictures were shown")
        source = self._pictures.read(index % len(self._pictures), pixels)
        self._frames += 1
        return FrameInfo(
            camera=self._name,
            frame_id=index,
            trigger_count=trigger.count,
            encoder_count=trigger.encoder_count,
            triggered_ns=trigger.at_ns,
            arrived_ns=self._clock.monotonic_ns(),
            source=source,
            pixel_format=self.format.pixel_format,
        )

    def stop(self) -> None:
        """Stop the belt; frames of triggers that came are still delivered."""
        self._trigger.stop()

    def close(self) -> None:
        """Free the pictures."""
        if self._open:
            self._pictures.close()
            self._open = False

    def health(self) -> CameraHealth:
        """Counts since it was made, as the camera itself sees them."""
        triggers = self._trigger.count
        if not self._loop:
            triggers = min(triggers, len(self._pictures))
        return CameraHealth(
            connected=self._open,
            triggers=triggers,
            frames=self._frames,
            lost=self._lost,
        )
