"""The views of a part: each camera's frames matched to triggers, and the cameras to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from inspector.core.errors import CameraEnded, CameraLost, CameraTimeout, FrameCorrupt
from inspector.core.frame import FrameInfo, Pixels
from inspector.core.ports import Camera
from inspector.line.ring import page_aligned

_NOTHING_YET = (CameraTimeout, CameraEnded, CameraLost)
_ALONE = "it was not triggered with the others"


class View:
    """One camera's frames, matched to triggers by the camera's own trigger count.

    A frame that belongs to a later trigger than the one asked for proves that the frames between
    are lost; it is held back (one extra copy, in this rare case) until its trigger is asked for.
    """

    def __init__(self, camera: Camera) -> None:
        self.camera = camera
        self._spare = page_aligned(camera.format.shape)
        self._held: FrameInfo | None = None
        self._base = 0
        self._presumed = 0
        """Parts for which it was silent, after its newest frame: no trigger, or a lost frame?"""
        self.lost_reason = ""

    def mark(self) -> int:
        """Take the trigger count after which the camera's parts are ours."""
        self._base = self.camera.health().triggers
        return self._base

    @property
    def triggers(self) -> int:
        """The camera's own count of our triggers."""
        return self.camera.health().triggers - self._base

    @property
    def gone(self) -> bool:
        """Whether the camera is known to be gone."""
        return not self.camera.health().connected

    def take(self, wanted: int, pixels: Pixels, timeout_s: float) -> FrameInfo | None:
        """Copy the frame of our trigger ``wanted`` (1, 2, ...) into ``pixels``; None if it is lost.

        Raises ``CameraTimeout`` while that trigger has not come yet, ``CameraLost`` while the
        camera is gone and it has not come as far as anybody knows, ``CameraEnded`` when it never
        will, ``CameraError`` when the camera failed for good.
        """
        if self._held is None:
            info = self._grab(wanted, pixels, timeout_s)
            if info is None or self._ours(info) == wanted:
                return info
            self._hold(info, pixels)
        held = self._held
        assert held is not None
        if self._ours(held) != wanted:
            self.lost_reason = f"the camera skipped {self._ours(held) - wanted} triggers"
            return None
        self._held = None
        pixels[...] = self._spare
        return held

    def _hold(self, info: FrameInfo, pixels: Pixels) -> None:
        self._spare[...] = pixels
        self._held = info

    def postpone(self, info: FrameInfo, pixels: Pixels) -> None:
        """What was taken belongs to the next part: this camera missed a trigger."""
        self._hold(info, pixels)
        self._miss(_ALONE)

    def presume_missed(self, reason: str) -> None:
        """It knows of no trigger for this part; should its frame be lost, that is told later."""
        self._presumed += 1
        self._miss(reason)

    def _miss(self, reason: str) -> None:
        """Its next trigger is the next part's."""
        self._base -= 1
        self.lost_reason = reason

    def has_come(self, wanted: int, timeout_s: float) -> bool:
        """Whether this camera knows of our trigger ``wanted``."""
        if self._held is None and self.triggers < wanted:
            try:
                info = self._grab(wanted, self._spare, timeout_s)
            except _NOTHING_YET:
                return False
            self._held = info
        return self._held is not None or self.triggers >= wanted

    def _ours(self, info: FrameInfo) -> int:
        return info.trigger_count - self._base

    def _grab(self, wanted: int, pixels: Pixels, timeout_s: float) -> FrameInfo | None:
        while True:
            triggered = self.triggers >= wanted
            try:
                info = self.camera.grab(pixels, timeout_s)
            except _NOTHING_YET as nothing:
                if not triggered:
                    raise
                self.lost_reason = nothing.problem
                if isinstance(nothing, CameraTimeout):
                    self.lost_reason = f"no frame within {timeout_s * 1e3:.0f} ms of its trigger"
                return None
            except FrameCorrupt as error:
                if error.trigger_count - self._base < wanted:
                    continue
                if self._presumed:  # so it was triggered for a part that is decided
                    self._presumed -= 1
                    self._base += 1
                    continue
                self.lost_reason = error.problem
                return None
            if self._ours(info) >= wanted:
                self._presumed = 0
                return info


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one part: the frames by camera, and why others are missing."""

    frames: dict[str, FrameInfo] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


class Views:
    """All views of the parts. A part is what any camera was triggered for.

    Frames of one number belong to one part where their triggers lie within ``window_ns``. Otherwise
    a camera missed a trigger, and all its later frames would be joined to the part before: so the
    earliest frame is the part, and the others wait for the next one.
    """

    def __init__(self, cameras: Sequence[Camera], timeout_s: float, window_ns: int) -> None:
        self._views = tuple(View(camera) for camera in cameras)
        self._timeout_s = timeout_s
        self._window_ns = window_ns

    def start(self) -> int:
        """Arm the cameras for their next triggers; the first one's count so far."""
        bases = [view.mark() for view in self._views]
        for view in self._views:  # not before all are marked: a part between would shift the views
            view.camera.start()
        return bases[0]

    def unaccounted(self, done: int) -> dict[str, int]:
        """Triggers that a camera counted itself and that became no part, of ``done`` parts."""
        counts = {view.camera.name: view.triggers - done for view in self._views}
        return {name: count for name, count in counts.items() if count}

    def take(self, wanted: int, pixels: Pixels) -> Taken:
        """Copy the frames of part ``wanted`` into uint8[V, H, W, C].

        Raises as ``View.take`` does while no camera knows of that part.
        """
        taken: list[FrameInfo | None] = []
        for index, view in enumerate(self._views):
            try:
                taken.append(view.take(wanted, pixels[index], self._patience(view)))
            except _NOTHING_YET:
                if not taken and not self._came_elsewhere(wanted, index):
                    raise
                left_s = 0.0 if taken else self._patience(view)  # it may be under way still
                taken.append(self._at_last(wanted, view, pixels[index], left_s))
        return self._joined(taken, pixels)

    def _patience(self, view: View) -> float:
        """Nobody waits for a camera that is gone while others go on: they would fall behind."""
        waits = not view.gone or all(other.gone for other in self._views)
        return self._timeout_s if waits else 0.0

    def _came_elsewhere(self, wanted: int, silent: int) -> bool:
        """Whether any camera behind this one was triggered; one of them waits if this did not."""
        left_s = self._timeout_s - self._patience(self._views[silent])
        return any(view.has_come(wanted, left_s) for view in self._views[silent + 1 :])

    @staticmethod
    def _at_last(wanted: int, view: View, pixels: Pixels, timeout_s: float) -> FrameInfo | None:
        """Its frame of a part that another camera saw."""
        try:
            return view.take(wanted, pixels, timeout_s)
        except _NOTHING_YET as nothing:
            lost = isinstance(nothing, CameraLost)
            view.presume_missed(nothing.problem if lost else _ALONE)
            return None

    def _joined(self, taken: Sequence[FrameInfo | None], pixels: Pixels) -> Taken:
        came = [info.triggered_ns for info in taken if info is not None]
        latest_ns = min(came, default=0) + self._window_ns
        frames: dict[str, FrameInfo] = {}
        reasons = []
        for index, (view, info) in enumerate(zip(self._views, taken, strict=True)):
            if info is not None and info.triggered_ns <= latest_ns:
                frames[view.camera.name] = info
                continue
            if info is not None:
                view.postpone(info, pixels[index])
            name = f"{view.camera.name}: "
            reasons.append(name + view.lost_reason.removeprefix(name))
        return Taken(frames, tuple(reasons))
