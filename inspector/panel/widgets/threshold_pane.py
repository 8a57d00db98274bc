"""Calibrating from good images: what they prove, what would change, and the way to sign it."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from inspector.link.questions.teaching import PictureSource
from inspector.link.questions.thresholds import Proof
from inspector.panel import theme
from inspector.panel.models.threshold import STORED, Shift, ThresholdModel, histogram
from inspector.panel.theme import Metrics
from inspector.panel.widgets.dragged import Dragged
from inspector.panel.widgets.job_bar import JobBar
from inspector.panel.widgets.plot import Plot
from inspector.panel.widgets.sheet import Sheet
from inspector.panel.widgets.view import View, card, label, restyle
from inspector.panel.words import titled


class ThresholdPane(View):
    """Shows ``ThresholdModel``."""

    wanted = pyqtSignal(object)
    """A ``ChangeThreshold`` to be signed."""

    def __init__(self, model: ThresholdModel, lay: Callable[[Sheet], None]) -> None:
        super().__init__()
        self._model, self._lay = model, lay
        self.title, self.says = label("strong"), label("small", wrap=True)
        self.plot = Plot()
        self.head, self.change = label("title", wrap=True), label("strong", wrap=True)
        self.proof, self.left_out = label("", wrap=True), label("muted", wrap=True)
        self.images, self.calibrate, self.sign = QPushButton(), QPushButton(), QPushButton()
        self.images.clicked.connect(self._choose)
        self.calibrate.clicked.connect(model.calibrate)
        self.sign.clicked.connect(lambda: self.wanted.emit(model.change))
        self.job = JobBar()
        self._lay_out()
        model.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Side by side, or one below the other."""
        ways = QBoxLayout.Direction
        self._both.setDirection(ways.TopToBottom if metrics.portrait else ways.LeftToRight)
        self.plot.rescale(metrics)

    def refresh(self) -> None:
        """What is known."""
        model = self._model
        self.job.follow(model.job)
        self.images.setText(self.tr("Images: {which}").format(which=self._source(model.source)))
        self.calibrate.setText(self.tr("Calibrate"))
        self.sign.setText(self.tr("Put into force …"))
        may, change = model.desk.may("CalibrateProduct"), model.change
        for key in (self.images, self.calibrate):
            key.setEnabled(may and not model.working and model.now is not None)
        self.sign.setVisible(change is not None)
        self.sign.setEnabled(model.desk.may("ChangeThreshold"))
        restyle(self.calibrate, "primary", change is None)
        restyle(self.sign, "primary", change is not None)
        self._draw(model.shown)
        self._say(model.shown)

    def _say(self, proof: Proof | None) -> None:
        model = self._model
        if proof is None:
            self.head.setText(self.tr("Not calibrated yet on this PC"))
            for text in (self.change, self.proof, self.left_out):
                text.setText("")
            return
        new = model.found is not None and not model.in_force
        name = self.tr("New threshold") if new else self.tr("Threshold in force")
        self.head.setText(titled(name, f"{proof.threshold:.4g}"))
        self.change.setText(self._change_words() if model.found is not None else "")
        self.proof.setText(self._proof_words(proof))
        self.left_out.setText(self._left_out_words())

    def _change_words(self) -> str:
        model = self._model
        if model.in_force:
            return self.tr("It holds now. Production waits for a release.")
        found = model.found
        before = "" if found is None or found.before is None else f"{found.before.threshold:.4g}"
        words = {
            Shift.FIRST: self.tr("There is none in force."),
            Shift.SAME: self.tr("As good as now ({before})."),
            Shift.HIGHER: self.tr("Higher than now ({before}): more parts would pass."),
            Shift.LOWER: self.tr("Lower than now ({before}): more parts would be rejected."),
            Shift.UNLIKE: self.tr("Scores mean something else than before ({before})."),
        }
        return words[model.shift].format(before=before)

    def _proof_words(self, proof: Proof) -> str:
        said = self.tr(
            "{images} good images prove that at most {proved} of good parts are rejected "
            "(95 % sure). The recipe promises {promised}."
        )
        text = said.format(
            images=f"{proof.images:,}",
            proved=f"{100 * proof.proved:.2g}\u00a0%",
            promised=f"{100 * proof.promised:.2g}\u00a0%",
        )
        if proof.extrapolated:
            text += "\n" + self.tr("The threshold is an estimate, beyond all that was seen.")
        if proof.wants:
            wants = self.tr("{wants} more good images could prove the promise.")
            text += "\n" + wants.format(wants=f"{proof.wants:,}")
        return text

    def _left_out_words(self) -> str:
        found = self._model.found
        if found is None or not (found.taught or found.copies):
            return ""
        said = self.tr("Left out: {taught} taught before, {copies} twice there.")
        return said.format(taught=found.taught, copies=found.copies)

    def _draw(self, proof: Proof | None) -> None:
        self.plot.clear()
        self.plot.restyle()
        self.title.setText(self.tr("Scores of good images"))
        self.says.setText("")
        if proof is None:
            return
        found = self._model.found
        before = found.before if found is not None and found.comparable else None
        edges, counts = histogram(proof, *([before.threshold] if before is not None else []))
        self.plot.steps(edges, counts, theme.MUTED, filled=True)
        self.plot.limit(proof.threshold, theme.ALERT)
        both = before is not None and not self._model.in_force
        if before is not None and both:
            self.plot.limit(before.threshold, theme.TEXT, dashed=True)
        self.says.setText(
            self.tr("Line: threshold; dashed: the one in force. Beyond it parts are rejected.")
            if both
            else self.tr("Line: threshold. Beyond it parts are rejected.")
        )

    def _source(self, key: str) -> str:
        now = self._model.now
        if key == STORED:
            said = self.tr("held out at teaching ({count})")
            return said.format(count=now.stored if now is not None else 0)
        found = next((one for one in now.sources if one.key == key), None) if now else None
        return "" if found is None else self._named(found)

    def _named(self, source: PictureSource) -> str:
        return f"{source.title or self.tr('taken at the panel')} ({source.pictures:,})"

    def _choose(self) -> None:
        now = self._model.now
        if now is None:
            return
        keys = [*([STORED] if now.stored else []), *(one.key for one in now.sources)]
        content, column = QWidget(), QVBoxLayout()
        content.setLayout(column)
        sheet = Sheet(self.tr("Good images that were not taught"), Dragged(content))
        for key in keys:
            button = QPushButton(self._source(key))
            button.clicked.connect(lambda _=False, key=key: self._chosen(sheet, key))
            column.addWidget(button)
        if not keys:
            nothing = label("muted", wrap=True)
            nothing.setText(self.tr("There are none: plug a stick in, or take some."))
            column.addWidget(nothing)
        column.addStretch()
        self._lay(sheet)

    def _chosen(self, sheet: Sheet, key: str) -> None:
        sheet.dismiss()
        self._model.choose(key)

    def _lay_out(self) -> None:
        drawn, told = View(), View()
        left, right, keys = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        for widget in (self.title, self.says):
            left.addWidget(widget)
        left.addWidget(self.plot, 1)
        for text in (self.head, self.change, self.proof, self.left_out):
            right.addWidget(text)
        right.addStretch()
        right.addWidget(self.images)
        for key in (self.calibrate, self.sign):
            keys.addWidget(key, 1)
        right.addWidget(self.job)
        right.addLayout(keys)
        card(drawn, left)
        card(told, right)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.addWidget(drawn, 1)
        self._both.addWidget(told, 1)
