"""Correcting a camera: stills of a target or a card, what comes of them, and keeping it. Qt-free.

The camera is watched by the `FocusModel`; here its pictures are kept.
"""

from __future__ import annotations

from inspector.link.messages import KeepCorrection
from inspector.link.questions.optics import (
    CorrectCamera,
    Correction,
    FlatFound,
    LayStillsAside,
    LensFound,
    ListStills,
    Stills,
    StillUse,
    TakeStill,
)
from inspector.panel.models.desk import Desk, Following
from inspector.panel.models.screen import ScreenModel

USES: dict[Correction, tuple[StillUse, StillUse]] = {
    "lens": ("tilted", "plane"),
    "flat": ("card", "dark"),
}
STEP_MM = 0.01
SMALLEST_MM, LARGEST_MM = 1.0, 100.0


class OpticsModel(ScreenModel):
    """GUI thread."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.camera = ""
        self.product = ""
        self.correction: Correction = "lens"
        self.mm = 15.0
        self.stills: Stills | None = None
        self.said = ""
        """Why the last picture was not taken."""
        self.taking = False
        self.job: Following | None = None
        self.found: LensFound | FlatFound | None = None
        self.kept = False
        """What was found holds by now."""

    @property
    def working(self) -> bool:
        """Something is being worked out."""
        return self.job is not None and not self.job.ended

    @property
    def enough(self) -> bool:
        """There are as many pictures as are needed at least; the second kind may be left out."""
        if self.stills is None:
            return False
        if self.correction == "flat":
            return self.taken("card") >= self.stills.least_card
        return self.taken("tilted") + self.taken("plane") >= self.stills.least_target

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """Where the target was seen so far, in fractions of the picture."""
        stills = self.stills.stills if self.stills is not None else ()
        return tuple(point for still in stills for point in still.points)

    def taken(self, use: StillUse) -> int:
        """How many pictures there are."""
        return sum(one.use == use for one in self.stills.stills) if self.stills is not None else 0

    def enter(self, camera: str, product: str) -> None:
        """It comes into sight, or another camera is watched."""
        if camera != self.camera:
            self.camera, self.stills, self.found, self.said = camera, None, None, ""
        self.product = product or self.product
        self.reload()

    def reload(self) -> None:
        """Ask what was taken."""
        if self.camera:
            self.ask(ListStills(self.camera), self._take)

    def choose(self, correction: Correction) -> None:
        """Lens and scale, or flat field."""
        self.correction, self.found, self.said, self.job = correction, None, "", None
        self.changed.emit()

    def adjust(self, steps: int) -> None:
        """The side of a square, as it was measured."""
        mm = round(self.mm + steps * STEP_MM, 2)
        self.mm, self.found = min(max(mm, SMALLEST_MM), LARGEST_MM), None
        self.changed.emit()

    def take(self, use: StillUse) -> None:
        """Keep what the camera shows now."""
        if not self.taking:
            self.taking, self.said = True, ""
            self.desk.ask(TakeStill(self.camera, use), self._taken, self._not_taken)
            self.changed.emit()

    def begin_anew(self) -> None:
        """Lay the pictures of this correction aside."""
        self.found = None
        self.ask(LayStillsAside(self.camera, self.correction), self._take)

    def keep(self) -> None:
        """Let it hold from the next load on: the station does so, and records who said it."""
        if self.found is not None:
            command = KeepCorrection(self.camera, self.correction, self.found.hash)
            self.send(command, then=self._held)

    def calculate(self) -> None:
        """Work it out; nothing uses it yet."""
        if not self.working:
            self.kept = False
            question = CorrectCamera(self.camera, self.correction, self.product, self.mm)
            self.job = self.desk.run(question, self._told)
            self._told()

    def _held(self, _answer: object) -> None:
        self.kept = True
        self.changed.emit()

    def _taken(self, stills: Stills) -> None:
        self.taking = False
        self._take(stills)
        self.changed.emit()

    def _not_taken(self, reason: str) -> None:
        self.taking, self.said = False, reason
        self.changed.emit()

    def _take(self, stills: Stills) -> None:
        if stills.camera == self.camera:
            if stills != self.stills:
                self.found = None
            self.stills = stills

    def _told(self) -> None:
        job = self.job
        if job is not None and job.ended and isinstance(job.result, LensFound | FlatFound):
            self.found = job.result
        self.changed.emit()
