"""Setting a camera's lens and light: what it shows, and what to do about it. Qt-free."""

from __future__ import annotations

import math
from enum import StrEnum

from inspector.core.state import StationState
from inspector.link.messages import Halt, SelectAutomatic
from inspector.link.questions.cameras import (
    AskCameras,
    CameraLook,
    KnownCamera,
    KnownCameras,
    LookAtCamera,
    WatchCamera,
)
from inspector.panel.models.desk import Desk, Following, Inquiry
from inspector.panel.models.screen import ScreenModel

SHARP = 0.95
"""Share of the best sharpness that is as good: pictures of a still part differ by their noise."""
FELL = 0.9
"""Below it the best is behind."""


class Turn(StrEnum):
    """What to do with the focus ring."""

    WAIT = "wait"
    NOTHING = "nothing"
    """There is nothing to focus on."""
    ON = "on"
    BACK = "back"
    SHARP = "sharp"
    """The best was passed, and is reached again."""


class Light(StrEnum):
    """What to do about the exposure."""

    WAIT = "wait"
    BRIGHT = "bright"
    DARK = "dark"
    RIGHT = "right"


class FocusModel(ScreenModel):
    """Watches one camera while the station is halted. GUI thread."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.state: StationState | None = None
        self.cameras: tuple[KnownCamera, ...] = ()
        self.camera = ""
        self.product = ""
        self.look: CameraLook | None = None
        self.job: Following | None = None
        self._fell = False
        self._visible = False
        self._anew = self._give_back = False
        self._asked: Inquiry | None = None

    @property
    def empty(self) -> bool:
        """True before the line's cameras are known."""
        return not self.cameras

    @property
    def halted(self) -> bool:
        """The station has let go of its cameras."""
        return self.state is StationState.HALTED

    @property
    def watching(self) -> bool:
        """A camera is open, or being opened."""
        return self.job is not None and not self.job.ended

    @property
    def trouble(self) -> str:
        """Why there is no picture."""
        problem = self.job.problem if self.job is not None else ""
        return "" if problem == "cancelled" else problem

    @property
    def turn(self) -> Turn:
        """What to do with the focus ring."""
        if self.look is None:
            return Turn.WAIT
        if "flat" in self.look.advice:
            return Turn.NOTHING
        if self.look.sharpness < FELL:
            return Turn.BACK
        return Turn.SHARP if self._fell and self.look.sharpness >= SHARP else Turn.ON

    @property
    def light(self) -> Light:
        """What to do about the exposure."""
        if self.look is None:
            return Light.WAIT
        if "too-bright" in self.look.advice:
            return Light.BRIGHT
        return Light.DARK if "too-dark" in self.look.advice else Light.RIGHT

    @property
    def bar(self) -> tuple[float, float]:
        """Sharpness now and the best so far, 0 .. 1 of a scale that doubles when it is outgrown."""
        if self.look is None or self.look.sharpness <= 0.0 or self.look.tenengrad <= 0.0:
            return 0.0, 0.0
        best = self.look.tenengrad / self.look.sharpness
        scale = 2.0 ** math.ceil(math.log2(best * 1.15))
        return self.look.tenengrad / scale, best / scale

    # -- what a person does -----------------------------------------------------------------------

    def enter(self, product: str, state: StationState | None) -> None:
        """It comes into sight."""
        self._visible, self.product, self.state = True, product or self.product, state
        self.reload()

    def leave(self) -> None:
        """It goes out of sight: the camera is let go."""
        self._visible = False
        self._stop()

    def reload(self) -> None:
        """Ask for the cameras, and watch one."""
        self.ask(AskCameras(), self._take_cameras, "cameras")

    def choose(self, camera: str) -> None:
        """Another camera: the one before is let go first."""
        if camera == self.camera:
            return
        self.camera = camera
        if self.watching:
            self._stop()
        else:
            self.watch()

    def watch(self) -> None:
        """Look, if the station lets us."""
        if self.watching or not (self._visible and self.halted and self.camera and self.product):
            return
        self.look, self._fell, self._asked = None, False, None
        self.job = None  # what ended before must not be told of again
        self.job = self.desk.run(WatchCamera(self.camera, self.product), self._told)
        self.changed.emit()

    def begin_anew(self) -> None:
        """Another scene, light or aperture: the sharpest so far is forgotten."""
        self._anew, self._fell = True, False
        self._ask()

    def halt(self) -> None:
        """Have the station let go of its cameras."""
        self.send(Halt())

    def give_back(self) -> None:
        """Let go of the camera, then have the station load its product again."""
        self._give_back = True
        if self.watching:
            self._stop()
        else:
            self._finish()

    def take_state(self, product: str, state: StationState | None) -> None:
        """The station says how it is."""
        if product:
            self.product = product
        if state is self.state:
            return
        self.state = state
        if self.halted:
            self.watch()
        else:
            self._stop()
            self.look = None
        self.changed.emit()

    # -- what comes back --------------------------------------------------------------------------

    def _take_cameras(self, found: KnownCameras) -> None:
        self.cameras = found.cameras
        if self.camera not in {one.name for one in found.cameras}:
            self.camera = found.cameras[0].name if found.cameras else ""
        self.watch()

    def _stop(self) -> None:
        if self.job is not None and not self.job.ended:
            self.job.cancel()

    def _told(self) -> None:
        """The job moved, or ended."""
        job = self.job
        if job is None:
            return
        if job.ended:
            self._finish()
        elif job.state is not None and job.state.done:
            self._ask()
        self.changed.emit()

    def _finish(self) -> None:
        """The camera is free."""
        if self._give_back:
            self._give_back = False
            self.send(SelectAutomatic())
        elif self.job is not None and self.job.problem == "cancelled":
            self.look = None
            self.watch()  # another one was chosen; nothing happens where the screen was left

    def _ask(self) -> None:
        if self._asked is not None or not self.watching:
            return
        anew, self._anew = self._anew, False
        question = LookAtCamera(anew)
        self._asked = Inquiry(question, self._take_look, self._no_look)
        self.desk.ask(question, self._take_look, self._no_look)

    def _take_look(self, look: CameraLook) -> None:
        self._asked = None
        if look.number and look.camera == self.camera and self.watching:
            self.look = look
            if look.sharpness < FELL:
                self._fell = True
        self.changed.emit()

    def _no_look(self, reason: str) -> None:
        del reason  # the job's own end says why
        self._asked = None
