"""Noise of a camera, guided: the lens covered, an even card, and the result in words."""

from __future__ import annotations

import math

from PyQt6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout

from inspector.link.questions.noise import NoiseFigures
from inspector.panel import theme
from inspector.panel.models.focus import FocusModel
from inspector.panel.models.noise import NoiseModel
from inspector.panel.moments import date_and_time
from inspector.panel.station_words import station_words
from inspector.panel.theme import Metrics
from inspector.panel.widgets.job_bar import JobBar
from inspector.panel.widgets.photo import Photo
from inspector.panel.widgets.plot import Plot
from inspector.panel.widgets.view import View, beside, card, label, restyle


class NoisePane(View):
    """Shows ``NoiseModel`` beside what the camera shows."""

    def __init__(self, model: NoiseModel, focus: FocusModel) -> None:
        super().__init__()
        self._model, self._focus = model, focus
        self.photo, self.where = Photo(), label("small", wrap=True)
        self.steps = (label("strong", wrap=True), label("strong", wrap=True))
        self.takes = (QPushButton(), QPushButton())
        self.takes[0].clicked.connect(lambda: model.measure("dark"))
        self.takes[1].clicked.connect(lambda: model.measure("light"))
        self.head, self.figures = label("title", wrap=True), label("", wrap=True)
        self.when, self.says = label("muted", wrap=True), label("small", wrap=True)
        self.plot, self.job = Plot(), JobBar()
        self.problem = label("alarm", wrap=True)
        self._lay_out()
        for changed in (model.changed, focus.changed):
            changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Side by side, or one below the other."""
        self._both.setDirection(beside(metrics))
        for key in self.takes:
            key.setFixedWidth(metrics.px(150))
        self.plot.rescale(metrics)
        self.plot.setMinimumHeight(metrics.px(90))

    def refresh(self) -> None:
        """What to do, and what is known."""
        model, focus = self._model, self._focus
        look = focus.look
        waiting = self.tr("Opening the camera …") if focus.watching else self.tr("No picture")
        words = station_words(focus.trouble) or waiting
        self.photo.show_photo(look.picture if look is not None else b"", words)
        still = self.tr("Touch neither camera nor light while it measures.")
        self.where.setText(f"{model.camera} · {still}")
        done = " ✓" if model.dark else ""
        self.steps[0].setText(self.tr("1. Cover the lens") + done)
        self.steps[1].setText(self.tr("2. Even white card in the whole picture, lens open"))
        can = any(dial.exposes for dial in look.dials) if look is not None else False
        free = look is not None and not model.working and model.desk.may("MeasureNoise")
        for key, name, on in (
            (self.takes[0], self.tr("Take"), free and can),
            (self.takes[1], self.tr("Measure"), free and can and model.dark),
        ):
            key.setText(name)
            key.setEnabled(on)
        restyle(self.takes[0], "primary", can and not model.dark)
        restyle(self.takes[1], "primary", can and model.dark)
        self.job.follow(model.job)
        self.problem.setText(station_words(model.trouble) or self._cannot(can))
        self._say(model.figures)

    def _cannot(self, can: bool) -> str:
        if can or self._focus.look is None:
            return ""
        return self.tr(
            "The exposure of this camera cannot be turned from here. Photograph the steps, and use "
            "inspector camera noise."
        )

    def _say(self, found: NoiseFigures | None) -> None:
        self.plot.clear()
        self.plot.restyle()
        for widget in (self.plot, self.says):
            widget.setVisible(found is not None)
        if found is None:
            self.head.setText(self.tr("Not measured yet"))
            self.figures.setText("")
            self.when.setText("")
            return
        head = self.tr("Differences below {step} % of white drown in noise")
        self.head.setText(head.format(step=f"{100 * found.step:.2g}"))
        self.figures.setText(self._figures(found))
        gain = "" if found.gain_db is None else self.tr("gain {gain} dB · ")
        told = gain.format(gain=f"{found.gain_db or 0.0:.1f}")
        self.when.setText(f"{told}{date_and_time(found.utc_us)} · {found.user}")
        self.says.setText(self.tr("Noise (variance, levels²) over light, % of white"))
        lights = [100 * light for light, _ in found.points]
        variances = [variance for _, variance in found.points]
        if lights:
            self.plot.curve(lights, variances, theme.TEXT, marks=True)
            self.plot.from_zero(max(variances))
            self.plot.setXRange(0.0, 100.0, padding=0.02)

    def _figures(self, found: NoiseFigures) -> str:
        words = self.tr(
            "That is 3 sigma of one pixel at half of white.\n"
            "White: {full} electrons, signal to noise {snr} ({db} dB)\n"
            "Dark: {dark} levels, {electrons} electrons{hidden}\n"
            "Gain: {gain} levels per electron (± {error})\n"
            "Range {range} dB, {linear} % off a straight line"
        )
        hidden = self.tr(" (hidden by rounding: use more bits)") if found.hidden else ""
        return words.format(
            full=f"{found.full_e:,.0f}",
            snr=f"{found.snr_max:.0f}",
            db=f"{20 * math.log10(found.snr_max):.0f}",
            dark=f"{found.dark_noise:.2f}",
            electrons=f"{found.dark_noise_e:.1f}",
            hidden=hidden,
            gain=f"{found.gain:.3g}",
            error=f"{1.96 * found.gain_error:.1g}",
            range=f"{found.range_db:.0f}",
            linear=f"{100 * found.linearity:.1f}",
        )

    def _lay_out(self) -> None:
        told, left, right = View(), QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.photo, 2)
        left.addWidget(self.where)
        left.addWidget(self.says)
        left.addWidget(self.plot, 1)
        for step, take in zip(self.steps, self.takes, strict=True):
            row = QHBoxLayout()
            row.addWidget(step, 1)
            row.addWidget(take)
            right.addLayout(row)
        right.addWidget(self.job)
        right.addWidget(self.problem)
        for text in (self.head, self.figures, self.when):
            right.addWidget(text)
        right.addStretch()
        card(told, right)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.addLayout(left, 1)
        self._both.addWidget(told, 1)
