"""Calibration: what a technician sets at the camera, and what an engineer proves of a product."""

from __future__ import annotations

from enum import StrEnum

from PyQt6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from inspector.core.state import StationState
from inspector.panel.models.focus import FocusModel
from inspector.panel.models.gauge import GaugeModel
from inspector.panel.models.noise import NoiseModel
from inspector.panel.models.optics import OpticsModel
from inspector.panel.models.screen import ScreenModel
from inspector.panel.models.threshold import ThresholdModel
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.focus_pane import FocusPane
from inspector.panel.widgets.gauge_pane import GaugePane
from inspector.panel.widgets.noise_pane import NoisePane
from inspector.panel.widgets.optics_pane import OpticsPane
from inspector.panel.widgets.screen import Screen
from inspector.panel.widgets.standing import StandingPane
from inspector.panel.widgets.threshold_pane import ThresholdPane


class Task(StrEnum):
    """One at a time."""

    FOCUS = "focus"
    OPTICS = "optics"
    NOISE = "noise"
    THRESHOLD = "threshold"
    GAUGE = "gauge"


class CalibrationScreen(Screen):
    """A choice of tasks, and the one that is being done."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.focus, self.threshold = FocusModel(around.desk), ThresholdModel(around.desk)
        self.optics, self.noise = OpticsModel(around.desk), NoiseModel(around.desk)
        self.gauge = GaugeModel(around.desk)
        self.focus_pane = FocusPane(self.focus)
        self.optics_pane = OpticsPane(self.optics, self.focus)
        self.noise_pane = NoisePane(self.noise, self.focus)
        self.threshold_pane = ThresholdPane(self.threshold, around.lay)
        self.gauge_pane = GaugePane(self.gauge, self.focus, around.lay)
        # the station's states may change and change back between two of its snapshots
        wanted, anew = self.threshold_pane.wanted, self.threshold.reload
        wanted.connect(lambda change: around.sign(change, anew))
        kept = self.focus.light_kept
        self.focus_pane.wanted.connect(lambda change: around.sign(change, lambda: kept(change)))
        self.focus.hands.connect(self._attend)
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
        self.noise_pane.rescale(metrics)
        self.threshold_pane.rescale(metrics)
        self.gauge_pane.rescale(metrics)

    def refresh(self) -> None:
        """Names of the tasks."""
        names = {
            Task.FOCUS: self.tr("Focus and light"),
            Task.OPTICS: self.tr("Optics"),
            Task.NOISE: self.tr("Noise"),
            Task.THRESHOLD: self.tr("Threshold"),
            Task.GAUGE: self.tr("Gauge study"),
        }
        for task, button in self.tasks.items():
            button.setText(names[task])
            button.setChecked(task is self.task)
        looks = self.task in (Task.OPTICS, Task.NOISE)
        shown = Task.FOCUS if looks and not self.focus.halted else self.task  # it asks to halt
        self._stack.setCurrentIndex(list(Task).index(shown))

    def _no_camera(self) -> str:
        return self.tr("This line has no camera.")

    def _no_product(self) -> str:
        return self.tr("No product is loaded.")

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
        camera, product = self.focus.camera, self.focus.product
        match self.task:
            case Task.OPTICS if camera and (camera, product) != (
                self.optics.camera,
                self.optics.product,
            ):
                self.optics.enter(camera, product)
            case Task.NOISE if camera and camera != self.noise.camera:
                self.noise.enter(camera)
            case Task.GAUGE if product != self.gauge.product:
                self.gauge.enter(product)

    def _attend(self) -> None:
        """Whoever turns the lens has no hand for the panel."""
        command = self.around.model.session.attend() if self._here else None
        if command is not None:
            self.around.desk.send(command)

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        for task in Task:
            button = choice_button()
            button.clicked.connect(lambda _=False, task=task: self.choose(task))
            self._group.addButton(button)
            choices.addWidget(button, 1)
            self.tasks[task] = button
        self._stack = QStackedLayout()
        panes: tuple[tuple[ScreenModel, QWidget], ...] = (  # as in `Task`
            (self.focus, self.focus_pane),
            (self.optics, self.optics_pane),
            (self.noise, self.noise_pane),
            (self.threshold, self.threshold_pane),
            (self.gauge, self.gauge_pane),
        )
        for model, pane in panes:
            proving = model is self.threshold or model is self.gauge
            nothing = self._no_product if proving else self._no_camera
            self._stack.addWidget(StandingPane(model, pane, nothing))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(choices)
        column.addLayout(self._stack, 1)
