"""Calibration: what a technician sets at the camera, and what an engineer proves of a product."""

from __future__ import annotations

from enum import StrEnum

from PyQt6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout

from inspector.core.state import StationState
from inspector.panel.models.focus import FocusModel
from inspector.panel.models.optics import OpticsModel
from inspector.panel.models.threshold import ThresholdModel
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.focus_pane import FocusPane
from inspector.panel.widgets.optics_pane import OpticsPane
from inspector.panel.widgets.screen import Screen
from inspector.panel.widgets.standing import StandingPane
from inspector.panel.widgets.threshold_pane import ThresholdPane


class Task(StrEnum):
    """One at a time."""

    FOCUS = "focus"
    OPTICS = "optics"
    THRESHOLD = "threshold"


class CalibrationScreen(Screen):
    """A choice of tasks, and the one that is being done."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.focus, self.threshold = FocusModel(around.desk), ThresholdModel(around.desk)
        self.optics = OpticsModel(around.desk)
        self.focus_pane = FocusPane(self.focus)
        self.optics_pane = OpticsPane(self.optics, self.focus)
        self.threshold_pane = ThresholdPane(self.threshold, around.lay)
        # the station's states may change and change back between two of its snapshots
        wanted, anew = self.threshold_pane.wanted, self.threshold.reload
        wanted.connect(lambda change: around.sign(change, anew))
        self.task = Task.FOCUS
        self._here = False
        self._said: tuple[StationState | None, str, int] = (None, "", 0)
        self.tasks: dict[Task, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._lay_out()
        self.focus.changed.connect(self._follow_camera)
        around.model.live.changed.connect(self._station_says)
        self.refresh()

    def enter(self) -> None:
        """Begin what is chosen."""
        self._here = True
        state, product, _ = self._said = self._heard()
        if self.task is Task.THRESHOLD:
            self.focus.leave()
            self.threshold.enter(product)
        else:
            self.focus.enter(product, state)
            self._follow_camera()

    def leave(self) -> None:
        """Let go of the camera."""
        self._here = False
        self.focus.leave()

    def choose(self, task: Task) -> None:
        """Another task."""
        self.task = task
        self.refresh()
        self.enter()

    def rescale(self, metrics: Metrics) -> None:
        """The window changed."""
        self.focus_pane.rescale(metrics)
        self.optics_pane.rescale(metrics)
        self.threshold_pane.rescale(metrics)

    def refresh(self) -> None:
        """Names of the tasks."""
        names = {
            Task.FOCUS: self.tr("Focus and light"),
            Task.OPTICS: self.tr("Lens and flat field"),
            Task.THRESHOLD: self.tr("Threshold"),
        }
        for task, button in self.tasks.items():
            button.setText(names[task])
            button.setChecked(task is self.task)
        halting = self.task is Task.OPTICS and not self.focus.halted
        shown = Task.FOCUS if halting else self.task  # it asks to halt, for both
        self._stack.setCurrentIndex(list(Task).index(shown))

    def _heard(self) -> tuple[StationState | None, str, int]:
        status = self.around.model.live.status
        return (
            (None, "", 0) if status is None else (status.state, status.product, len(status.locked))
        )

    def _station_says(self) -> None:
        said = self._heard()
        if not self._here or said == self._said:
            return
        self._said = said
        if self.task is Task.THRESHOLD:
            self.threshold.enter(said[1])
        else:
            self.focus.take_state(said[1], said[0])
            self.refresh()

    def _follow_camera(self) -> None:
        """Pictures are taken with the camera that is watched."""
        product = self.focus.product
        chosen = self.focus.camera and self.focus.camera != self.optics.camera
        if self.task is Task.OPTICS and (chosen or product != self.optics.product):
            self.optics.enter(self.focus.camera, product)

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        for task in Task:
            button = choice_button()
            button.clicked.connect(lambda _=False, task=task: self.choose(task))
            self._group.addButton(button)
            choices.addWidget(button, 1)
            self.tasks[task] = button
        self._stack = QStackedLayout()
        self._stack.addWidget(
            StandingPane(self.focus, self.focus_pane, lambda: self.tr("This line has no camera."))
        )
        self._stack.addWidget(
            StandingPane(self.optics, self.optics_pane, lambda: self.tr("This line has no camera."))
        )
        self._stack.addWidget(
            StandingPane(
                self.threshold, self.threshold_pane, lambda: self.tr("No product is loaded.")
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(choices)
        column.addLayout(self._stack, 1)
