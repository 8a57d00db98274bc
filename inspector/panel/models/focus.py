"""Setting a camera's lens and light: what it shows, and what to do about it. Qt-free."""

from __future__ import annotations

import math
from enum import StrEnum

from inspector.core.state import StationState
from inspector.link.messages import ChangeLight, Halt, SelectAutomatic
from inspector.link.questions.cameras import (
    AskCameras,
    CameraLook,
    Dial,
    KnownCameras,
    LookAtCamera,
    SetLight,
    WatchCamera,
)
from inspector.panel.models.changed import Changed
from inspector.panel.models.desk import Desk, Following, Inquiry
from inspector.panel.models.screen import ScreenModel

SHARP = 0.95
"""Share of the best sharpness that is as good: pictures of a still part differ by their noise."""
FELL = 0.9
"""Below it the best is behind."""
MOVED = 0.05
"""Sharpness that differs by more, as a share, says that somebody turns the lens."""
STEPS = 3.0
"""Keys turn light by thirds of a stop."""
ASIDE = 0.01
"""Settings that differ by less, as a share, are the same: cameras round."""
_GOAL, _MOST = 0.8, 8.0
"""Where bright places should reach, share of white; light is changed by that factor at once."""
_WHITE = 0.001
"""Share of white pixels beyond which nobody knows how bright they would be."""


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
        self.cameras: tuple[str, ...] = ()
        self.camera = ""
        self.product = ""
        self.look: CameraLook | None = None
        self.job: Following | None = None
        self.hands = Changed()
        """Somebody turns the lens."""
        self._fell = False
        self._tenengrad = 0.0
        self._wanted: dict[str, float] = {}
        self._there_by = 0
        """Number of the look that shows what was turned, whatever the camera made of it."""
        self._turned: set[str] = set()
        self._kept: dict[str, float] = {}
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

    @property
    def dials(self) -> tuple[Dial, ...]:
        """Exposure and gain as they will be in a moment; none where they cannot be turned."""
        dials = self.look.dials if self.look is not None else ()
        return tuple(
            Dial(one.name, self._wanted.get(one.name, one.value), one.lower, one.upper)
            for one in dials
        )

    @property
    def said(self) -> dict[str, float | None]:
        """What the recipe says of each dial; None where it leaves that to the camera."""
        return {**dict(self.look.recipe if self.look is not None else ()), **self._kept}

    @property
    def change(self) -> ChangeLight | None:
        """What is to be signed; None while the light is that of the recipe."""
        told = self.said
        settings = tuple(
            (one.name, said, one.value)
            for one in self.dials
            if ((said := told.get(one.name)) is not None or one.name in self._turned)
            and not _same(said, one.value)
        )
        if not settings:
            return None
        return ChangeLight(self.product, "", self.camera, settings)

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
        self._wanted, self._turned, self._kept = {}, set(), {}
        self.job = None  # what ended before must not be told of again
        self.job = self.desk.run(WatchCamera(self.camera, self.product), self._told)
        self.changed.emit()

    def begin_anew(self) -> None:
        """Another scene, light or aperture: the sharpest so far is forgotten."""
        self._anew, self._fell = True, False
        self._ask()

    def brighten(self, name: str, thirds: int) -> None:
        """Turn one dial by thirds of a stop."""
        dial = next((one for one in self.dials if one.name == name), None)
        if dial is not None:
            self._turn(dial, _lit(dial, 2.0 ** (thirds / STEPS)))

    def suggest(self) -> None:
        """Bring bright places to four fifths of white, by the exposure before the gain."""
        look, dials = self.look, {one.exposes: one for one in self.dials}
        if look is None or not dials:
            return
        factor = 0.5 if look.saturated > _WHITE else _GOAL / max(look.brightest, _GOAL / _MOST)
        for exposes in (True, False) if factor > 1.0 else (False, True):
            dial = dials.get(exposes)
            if dial is not None and not _same(1.0, factor):
                self._turn(dial, lit := _lit(dial, factor))
                factor *= _light(dial, dial.value) / _light(dial, lit)

    def light_kept(self, change: ChangeLight) -> None:
        """The station has written it into the recipe."""
        self._kept |= {name: value for name, _, value in change.settings}
        self.changed.emit()

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
        self.cameras = found.names
        if self.camera not in found.names:
            self.camera = found.names[0] if found.names else ""
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
            self._settle(look)
            if look.sharpness < FELL:
                self._fell = True
            if abs(look.tenengrad - self._tenengrad) > MOVED * self._tenengrad:
                self._tenengrad = look.tenengrad
                self.hands.emit()
        self.changed.emit()

    def _no_look(self, reason: str) -> None:
        del reason  # the job's own end says why
        self._asked = None

    def _turn(self, dial: Dial, value: float) -> None:
        if value == dial.value:
            return
        self._wanted[dial.name] = value
        self._turned.add(dial.name)
        self._there_by = (self.look.number if self.look is not None else 0) + 3
        self.desk.ask(
            SetLight(self.camera, dial.name, value), lambda _: None, lambda _: self._wanted.clear()
        )
        self.begin_anew()  # brighter edges are steeper: sharpness compares with another best
        self.changed.emit()

    def _settle(self, look: CameraLook) -> None:
        """What was turned is there, or was refused."""
        there = {one.name: one.value for one in look.dials}
        for name, value in list(self._wanted.items()):
            late = look.refused or look.number >= self._there_by
            if late or name not in there or _same(value, there[name]):
                del self._wanted[name]


def _lit(dial: Dial, factor: float) -> float:
    """The value that gives so many times the light, as far as the camera goes."""
    value = dial.value * factor if dial.exposes else dial.value + 20.0 * math.log10(factor)
    value = float(f"{value:.4g}") if dial.exposes else round(value, 2)  # as people write it down
    return min(max(value, dial.lower), dial.upper)


def _light(dial: Dial, value: float) -> float:
    return value if dial.exposes else 10.0 ** (value / 20.0)


def _same(one: float | None, other: float) -> bool:
    return one is not None and math.isclose(one, other, rel_tol=ASIDE, abs_tol=1e-3)
