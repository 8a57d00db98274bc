"""Focus and exposure: the camera's picture, and in large words what to turn."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from inspector.link.questions.cameras import CameraLook
from inspector.panel import theme
from inspector.panel.models.focus import FocusModel, Light, Turn
from inspector.panel.station_words import station_words
from inspector.panel.theme import Metrics
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.dial_rows import DialRows
from inspector.panel.widgets.fitted_text import FittedText
from inspector.panel.widgets.photo import Photo
from inspector.panel.widgets.plot import Plot
from inspector.panel.widgets.sharpness_bar import SharpnessBar
from inspector.panel.widgets.view import ElidedLabel, View, card, label, restyle


class FocusPane(View):
    """Shows ``FocusModel``."""

    wanted = pyqtSignal(object)
    """A ``ChangeLight`` to be signed."""

    def __init__(self, model: FocusModel) -> None:
        super().__init__()
        self._model = model
        self.turn, self.light = FittedText(bold=True), FittedText(bold=True)
        self.share = QLabel()
        self.share.setObjectName("big")  # of its own width: beside the bar nothing is left over
        self.scale = label("small")
        self.bar = SharpnessBar()
        self.figures = ElidedLabel("muted")
        self.photo, self.levels = Photo(), Plot()
        self.dials = DialRows(model)
        self.dials.keep.clicked.connect(lambda: self.wanted.emit(model.change))
        self.levels.hideAxis("left")
        self.anew, self.back, self.again = QPushButton(), QPushButton(), QPushButton()
        self.anew.clicked.connect(model.begin_anew)
        self.back.clicked.connect(model.give_back)
        self.again.clicked.connect(model.watch)
        self.why = label("strong", wrap=True)
        self.why.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.halt = QPushButton()
        restyle(self.halt, "primary", True)
        self.halt.clicked.connect(model.halt)
        self.cameras: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._choices = QHBoxLayout()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._asking())
        self._stack.addWidget(self._looking())
        model.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Side by side, or one below the other."""
        ways = QBoxLayout.Direction
        self._both.setDirection(ways.TopToBottom if metrics.portrait else ways.LeftToRight)
        self.turn.set_size(metrics.px(60))
        self.turn.setMinimumHeight(metrics.px(88))
        self.light.set_size(metrics.px(30))
        self.light.setMinimumHeight(metrics.px(76))
        self.levels.setMinimumHeight(metrics.px(70))
        self.bar.rescale(metrics)
        self.dials.rescale(metrics)
        self.levels.rescale(metrics)
        self.share.setFixedWidth(metrics.px(124))
        self.halt.setMinimumWidth(metrics.px(480))

    def refresh(self) -> None:
        """What the camera shows, or how to have it show something."""
        model = self._model
        self._stack.setCurrentIndex(1 if model.halted else 0)
        self._ask_to_halt()
        self._list_cameras()
        self.anew.setText(self.tr("Begin anew"))
        self.again.setText(self.tr("Look again"))
        self.again.setVisible(not model.watching)
        self.anew.setVisible(model.watching)
        self.anew.setEnabled(model.look is not None)
        self.back.setText(self.tr("Load the product"))
        self.back.setEnabled(model.desk.may("SelectAutomatic"))
        self._say(model.look)

    def _say(self, look: CameraLook | None) -> None:
        model = self._model
        trouble = station_words(model.trouble)
        waiting = self.tr("Opening the camera …") if model.watching else self.tr("No picture")
        self.photo.show_photo(look.picture if look is not None else b"", trouble or waiting)
        self.turn.setText(self._turn_words())
        self.light.setText(self._light_words(look))
        self.bar.show_sharpness(*model.bar)
        self.share.setText("" if look is None else f"{100 * look.sharpness:.0f} %")
        self.figures.setText("" if look is None else self._figures(look))
        self._draw_levels(look)

    def _turn_words(self) -> str:
        return {
            Turn.WAIT: "",
            Turn.NOTHING: self.tr("Nothing to focus on"),
            Turn.ON: self.tr("Turn on"),
            Turn.BACK: self.tr("Turn back"),
            Turn.SHARP: self.tr("Sharp"),
        }[self._model.turn]

    def _light_words(self, look: CameraLook | None) -> str:
        if look is None:
            return ""
        bright = self.tr("Too bright: {white} % white. Close the aperture, or expose for less time")
        dark = self.tr("Too dark: bright places reach {level} %. Open the aperture, or add light")
        right = self.tr("Light is right: bright places reach {level} %")
        words = {Light.BRIGHT: bright, Light.DARK: dark}.get(self._model.light, right)
        white = 100 * look.saturated
        return words.format(
            white=f"{white:.0f}" if white >= 1 else f"{white:.1f}",
            level=f"{100 * look.brightest:.0f}",
        )

    def _figures(self, look: CameraLook) -> str:
        told = [f"{look.size[0]} × {look.size[1]} px"]
        if look.dials:
            return told[0]  # the rest stands at their keys
        if look.exposure_us is not None:
            told.append(self.tr("exposure {time} µs").format(time=f"{look.exposure_us:,.0f}"))
        if look.gain_db is not None:
            told.append(self.tr("gain {gain} dB").format(gain=f"{look.gain_db:.1f}"))
        return " · ".join(told)

    def _draw_levels(self, look: CameraLook | None) -> None:
        plot = self.levels
        plot.clear()
        plot.restyle()
        self.scale.setText("" if look is None else self.tr("How bright the pixels are, % of white"))
        if look is None or not look.histogram:
            return
        edges = [100.0 * place / len(look.histogram) for place in range(len(look.histogram) + 1)]
        plot.steps(edges, look.histogram, theme.TEXT, filled=True)
        wrong = self._model.light is Light.BRIGHT
        plot.limit(100.0, theme.ALERT if wrong else theme.LINE)
        plot.setXRange(0.0, 101.0, padding=0.02)

    def _ask_to_halt(self) -> None:
        model = self._model
        running = model.state is not None and model.state.running
        self.why.setText(
            self.tr("The line runs: lens and light are set while it stands still.")
            if running
            else self.tr(
                "To look through its cameras the station has to let go of them. Its product is "
                "unloaded meanwhile, and no part is inspected."
            )
        )
        self.halt.setText(self.tr("Halt the station"))
        self.halt.setEnabled(not running and model.state is not None and model.desk.may("Halt"))

    def _list_cameras(self) -> None:
        names = list(self._model.cameras)
        if list(self.cameras) != names:
            for button in self.cameras.values():
                button.deleteLater()
            self.cameras = {name: self._camera(name) for name in names}
        for name, button in self.cameras.items():
            button.setText(name)
            button.setChecked(name == self._model.camera)
            button.setVisible(len(names) > 1)

    def _camera(self, name: str) -> QPushButton:
        button = choice_button()
        button.clicked.connect(lambda: self._model.choose(name))
        self._group.addButton(button)
        self._choices.addWidget(button, 1)
        return button

    def _asking(self) -> QWidget:
        page = View()
        inside = QVBoxLayout()
        inside.addStretch()
        inside.addWidget(self.why)
        inside.addSpacing(16)
        inside.addWidget(self.halt, 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addStretch()
        card(page, inside)
        return page

    def _looking(self) -> QWidget:
        page, words, left = View(), View(), QVBoxLayout()
        left.addLayout(self._choices)
        left.addWidget(self.photo, 1)
        left.addWidget(self.figures)
        left.addWidget(self.dials)
        measure = QHBoxLayout()
        measure.addWidget(self.bar, 1)
        measure.addWidget(self.share)
        keys = QHBoxLayout()
        for key in (self.anew, self.again, self.back):
            keys.addWidget(key, 1)
        inside = QVBoxLayout()
        inside.addWidget(self.turn, 3)
        inside.addLayout(measure)
        inside.addWidget(self.light, 2)
        inside.addWidget(self.scale)
        inside.addWidget(self.levels, 3)
        inside.addLayout(keys)
        card(words, inside)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, page)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.addLayout(left, 1)
        self._both.addWidget(words, 1)
        return page
