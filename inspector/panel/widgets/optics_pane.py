"""Lens, scale and flat field, guided: pictures n of m, the result in words, and keeping it."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QBoxLayout, QButtonGroup, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from inspector.link.questions.optics import FlatFound, LensFound, StillUse
from inspector.panel import theme
from inspector.panel.models.focus import FocusModel
from inspector.panel.models.optics import USES, OpticsModel
from inspector.panel.station_words import station_words
from inspector.panel.theme import Metrics
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.job_bar import JobBar
from inspector.panel.widgets.photo import Photo
from inspector.panel.widgets.view import View, card, label, restyle

_DOT_PX = 4


class SeenPhoto(Photo):
    """The camera's picture, and a dot wherever a point of the target was seen so far."""

    def __init__(self) -> None:
        super().__init__()
        self.points: tuple[tuple[float, float], ...] = ()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        super().paintEvent(a0)
        if self.image.isNull():
            return
        room, painter = self.room, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for radius, colour in ((_DOT_PX + 1, theme.GROUND), (_DOT_PX - 1, theme.WARN)):
            painter.setBrush(colour)
            for x, y in self.points:
                middle = QPointF(room.left() + x * room.width(), room.top() + y * room.height())
                painter.drawEllipse(middle, radius, radius)
        painter.end()


class OpticsPane(View):
    """Shows ``OpticsModel`` beside what the camera shows."""

    def __init__(self, model: OpticsModel, focus: FocusModel) -> None:
        super().__init__()
        self._model, self._focus = model, focus
        self.photo = SeenPhoto()
        self.where = label("small", wrap=True)
        self.lens, self.flat = choice_button(), choice_button()
        self._group = QButtonGroup(self)
        self.counts = (label("strong", wrap=True), label("strong", wrap=True))
        self.takes = (QPushButton(), QPushButton())
        for place, key in enumerate(self.takes):
            key.clicked.connect(lambda _=False, place=place: model.take(self._uses[place]))
        self.less, self.more, self.side = QPushButton("−"), QPushButton("+"), QLabel()
        self.side.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for key, steps in ((self.less, -1), (self.more, 1)):
            key.setAutoRepeat(True)
            key.clicked.connect(lambda _=False, steps=steps: model.adjust(steps))
        self.result, self.affected = label("", wrap=True), label("muted", wrap=True)
        self.anew, self.calculate, self.keep = QPushButton(), QPushButton(), QPushButton()
        self.anew.clicked.connect(model.begin_anew)
        self.calculate.clicked.connect(model.calculate)
        self.keep.clicked.connect(model.keep)
        self.job = JobBar()
        self._lay_out()
        for changed in (model.changed, focus.changed):
            changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Side by side, or one below the other."""
        ways = QBoxLayout.Direction
        self._both.setDirection(ways.TopToBottom if metrics.portrait else ways.LeftToRight)
        for key in self.takes:
            key.setFixedWidth(metrics.px(150))

    def refresh(self) -> None:
        """How far it is."""
        model, focus = self._model, self._focus
        lens, found = model.correction == "lens", model.found
        look = focus.look
        self.photo.points = model.points if lens else ()
        waiting = self.tr("Opening the camera …") if focus.watching else self.tr("No picture")
        words = station_words(focus.trouble) or waiting
        self.photo.show_photo(look.picture if look is not None else b"", words)
        where = (
            self.tr("Dots: where the target was seen. Reach corners and edges, too.")
            if lens
            else self.tr("The card fills the whole picture, without a shadow.")
        )
        self.where.setText(f"{model.camera} · {where}")
        for key, name, on in (
            (self.lens, self.tr("Lens and scale"), lens),
            (self.flat, self.tr("Flat field"), not lens),
        ):
            key.setText(name)
            key.setChecked(on)
        self._say_counts()
        self._say_side()
        self.job.follow(model.job)
        self.result.setText(station_words(model.said) or self._result_words())
        self.affected.setText(self._affected_words())
        self.anew.setText(self.tr("Begin anew"))
        self.calculate.setText(self.tr("Calculate"))
        self.keep.setText(self.tr("Keep"))
        may = model.desk.may("CorrectCamera") and not model.working
        new = found is not None and not model.kept
        self.calculate.setVisible(not new)
        self.keep.setVisible(new)
        self.calculate.setEnabled(may and model.enough and found is None)
        self.keep.setEnabled(model.desk.may("KeepCorrection"))
        self.anew.setEnabled(bool(sum(map(model.taken, self._uses))) and not model.working)
        restyle(self.calculate, "primary", model.enough and found is None)
        restyle(self.keep, "primary", True)

    @property
    def _uses(self) -> tuple[StillUse, StillUse]:
        return USES[self._model.correction]

    def _say_counts(self) -> None:
        model, stills = self._model, self._model.stills
        first, second = (model.taken(use) for use in USES[model.correction])
        if model.correction == "lens":
            least = stills.least_target if stills is not None else 0
            one = self.tr("1. Target tilted every way: {n} of {least}")
            two = self.tr("2. Target where parts lie: {n}, for the scale")
        else:
            least = stills.least_card if stills is not None else 0
            one = self.tr("1. Even white card, moved a little each time: {n} of {least}")
            two = self.tr("2. Lens covered: {n}, may be left out")
        self.counts[0].setText(one.format(n=first, least=least))
        self.counts[1].setText(two.format(n=second))
        for key in self.takes:
            key.setText(self.tr("Take"))
            key.setEnabled(self._focus.look is not None and not model.taking and not model.working)

    def _say_side(self) -> None:
        lens = self._model.correction == "lens"
        for widget in (self.less, self.side, self.more):
            widget.setVisible(lens)
        said = self.tr("Square: {mm} mm, measured")
        self.side.setText(said.format(mm=f"{self._model.mm:.2f}"))

    def _result_words(self) -> str:
        found = self._model.found
        if isinstance(found, LensFound):
            return self._lens_words(found)
        if isinstance(found, FlatFound):
            return self._flat_words(found)
        if self._model.correction == "flat" or self._model.points:
            return ""
        return self.tr(
            "Print the target at 100 % and glue it to something flat, or have it made:\n"
            "inspector camera target target.png --mm {mm}"
        ).format(mm=f"{self._model.mm:g}")

    def _lens_words(self, found: LensFound) -> str:
        good = self.tr("Good: points lie {px} px off, {worst} px in the worst picture.")
        lines = [good.format(px=f"{found.rms_px:.2f}", worst=f"{found.worst_px:.2f}")]
        if found.mm_per_px is None or found.uncertainty is None:
            lines.append(self.tr("No scale: there is no picture of the target where parts lie."))
        else:
            scale = self.tr("That is {off} mm. Scale {mm} mm/px ± {error} (95 %).")
            lines.append(
                scale.format(
                    off=f"{found.rms_px * found.mm_per_px:.3f}",
                    mm=f"{found.mm_per_px:.5f}",
                    error=f"{found.uncertainty:.5f}",
                )
            )
        return "\n".join(lines)

    def _flat_words(self, found: FlatFound) -> str:
        said = self.tr(
            "The darkest place has {share} % of the brightest light. {faulty} pixels are faulty; "
            "the correction adds {noise} % noise."
        )
        return said.format(
            share=f"{100 * (1 - found.unevenness):.0f}",
            faulty=f"{found.faulty:,}",
            noise=f"{100 * found.added_noise:.2f}",
        )

    def _affected_words(self) -> str:
        found = self._model.found
        if found is None:
            return ""
        kept = self.tr("Kept for camera {camera}.").format(camera=self._model.camera)
        if not found.products:
            none = self.tr("No product uses it yet: preparation in its recipe says so.")
            return f"{kept} {none}" if self._model.kept else none
        names = ", ".join(found.products)
        must = (
            self.tr("To be taught and released again: {products}.")
            if self._model.kept
            else self.tr("If it is kept, these are to be taught and released again: {products}.")
        ).format(products=names)
        return f"{kept} {must}" if self._model.kept else must

    def _lay_out(self) -> None:
        told, left, right = View(), QVBoxLayout(), QVBoxLayout()
        choices, side, keys = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for key in (self.lens, self.flat):
            self._group.addButton(key)
            choices.addWidget(key, 1)
        self.lens.clicked.connect(lambda: self._model.choose("lens"))
        self.flat.clicked.connect(lambda: self._model.choose("flat"))
        left.addLayout(choices)
        left.addWidget(self.photo, 1)
        left.addWidget(self.where)
        for count, take in zip(self.counts, self.takes, strict=True):
            row = QHBoxLayout()
            row.addWidget(count, 1)
            row.addWidget(take)
            right.addLayout(row)
        side.addWidget(self.less)
        side.addWidget(self.side, 1)
        side.addWidget(self.more)
        right.addLayout(side)
        right.addWidget(self.result)
        right.addWidget(self.affected)
        right.addStretch()
        right.addWidget(self.job)
        for key in (self.anew, self.calculate, self.keep):
            keys.addWidget(key, 1)
        right.addLayout(keys)
        card(told, right)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.addLayout(left, 1)
        self._both.addWidget(told, 1)
