"""Noise of a camera: covered lens, even card, and what came of them. Qt-free.

The camera is watched by the `FocusModel`.
"""

from __future__ import annotations

from inspector.link.questions.noise import (
    AskNoise,
    MeasureNoise,
    NoiseFigures,
    NoiseKnown,
    Scene,
)
from inspector.panel.models.desk import Desk, Following
from inspector.panel.models.screen import ScreenModel


class NoiseModel(ScreenModel):
    """GUI thread."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.camera = ""
        self.known: NoiseKnown | None = None
        self.job: Following | None = None

    @property
    def working(self) -> bool:
        """Pictures are being taken."""
        return self.job is not None and not self.job.ended

    @property
    def trouble(self) -> str:
        """Why the last pictures were no good."""
        problem = self.job.problem if self.job is not None else ""
        return "" if problem == "cancelled" else problem

    @property
    def figures(self) -> NoiseFigures | None:
        """What was measured last."""
        return self.known.figures if self.known is not None else None

    @property
    def dark(self) -> bool:
        """The covered lens was taken."""
        return self.known is not None and self.known.darks > 0

    def enter(self, camera: str) -> None:
        """It comes into sight, or another camera is watched."""
        if camera != self.camera:
            self.camera, self.known, self.job = camera, None, None
        self.reload()

    def reload(self) -> None:
        """Ask what is known."""
        if self.camera:
            self.ask(AskNoise(self.camera), self._take)

    def measure(self, scene: Scene) -> None:
        """Take the pictures of one scene."""
        if not self.working:
            self.job = self.desk.run(MeasureNoise(self.camera, scene), self._told)
            self._told()

    def _take(self, known: NoiseKnown) -> None:
        if known.camera == self.camera:
            self.known = known

    def _told(self) -> None:
        if self.job is not None and self.job.ended and isinstance(self.job.result, NoiseKnown):
            self._take(self.job.result)
        self.changed.emit()
