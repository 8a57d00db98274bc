"""Teaching what people said of parts: good ones that were rejected, defects that were missed."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from inspector.link.questions.lessons import LessonKind, LessonPart, TaughtLessons
from inspector.panel.models.lessons import LessonsModel
from inspector.panel.models.teach_steps import Next
from inspector.panel.review_words import moment_words
from inspector.panel.station_words import station_words
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.dragged import Dragged
from inspector.panel.widgets.next_words import lead_on, leads_to, needed_words
from inspector.panel.widgets.picture_grid import Cell, PictureGrid
from inspector.panel.widgets.standing import StandingPane
from inspector.panel.widgets.teach_progress import TeachProgress
from inspector.panel.widgets.view import ElidedLabel, View, card, label, restyle


class LessonsPane(View):
    """What would be taught; then how far it is; then what came of it, and the way to the line."""

    left = pyqtSignal()

    def __init__(self, model: LessonsModel, around: Surroundings) -> None:
        super().__init__()
        self.model, self._around = model, around
        self.title = ElidedLabel("title")
        self.back, self.on = QPushButton(), QPushButton()
        restyle(self.on, "primary", True)
        self.back.clicked.connect(self._back)
        self.on.clicked.connect(self._go_on)
        self.kinds: dict[LessonKind, QPushButton] = {
            "good": choice_button(),
            "missed": choice_button(),
        }
        self._group = QButtonGroup(self)
        for kind, button in self.kinds.items():
            self._group.addButton(button)
            button.clicked.connect(lambda _=False, kind=kind: model.choose(kind))
        self.about, self.left_out = label(wrap=True), label("muted", wrap=True)
        self.trouble = label(wrap=True)
        restyle(self.trouble, "kind", "warning")
        self.grid = PictureGrid()
        self.progress = TeachProgress()
        self.cured, self.cost = label("big", wrap=True), label("strong", wrap=True)
        self.proves, self.refused = label(wrap=True), label("muted", wrap=True)
        self.needs = label("strong", wrap=True)
        self._lay_out()
        model.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Pictures that a finger finds."""
        self.grid.rescale(max(metrics.target * 3 // 2, metrics.px(130)))
        self.on.setMinimumWidth(max(2 * metrics.target, metrics.px(220)))

    def refresh(self) -> None:
        """Show the place where one is."""
        model = self.model
        self.title.setText(self.tr("Teach from Review"))
        self.back.setText(self.tr("Back"))
        self.back.setEnabled(not model.working)
        self.progress.follow(model.job if model.working else None)
        place = 1 if model.working else 2 if model.result is not None else 0
        self._places.setCurrentIndex(place)
        self.on.setVisible(place != 1)
        if model.result is not None and place:
            self._show_result(model.result)
        else:
            self._show_parts()

    def _show_parts(self) -> None:
        model, found = self.model, self.model.lessons
        shown = model.shown
        self.on.setText(self.tr("Teach these {n}").format(n=len(shown)))
        self.on.setEnabled(model.may_teach)
        if found is None:
            return
        self.kinds["good"].setText(self.tr("Wrongly rejected: {n}").format(n=len(found.good)))
        self.kinds["missed"].setText(self.tr("Missed defects: {n}").format(n=len(found.missed)))
        for kind, button in self.kinds.items():
            button.setChecked(kind == model.kind)
        self.about.setText(
            self.tr("What is new in these good parts is remembered as good: they pass.")
            if model.kind == "good"
            else self.tr("What looks like the marked places is rejected from then on.")
        )
        self.left_out.setText(self._left_out())
        self.trouble.setText(self._trouble())
        for text in (self.left_out, self.trouble):
            text.setVisible(bool(text.text()))
        self.grid.show_cells([self._cell(part) for part in shown])

    def _cell(self, part: LessonPart) -> Cell:
        picture = self.model.pictures.get(part.record, b"")
        return Cell(f"{part.record}", picture, moment_words(part.utc_us))

    def _left_out(self) -> str:
        found = self.model.lessons
        assert found is not None
        said = []
        if self.model.kind == "missed" and found.unmarked:
            text = self.tr("{n} more are not marked: show in Review where the defect is.")
            said.append(text.format(n=found.unmarked))
        if found.gone:
            said.append(self.tr("Of {n} no picture is left.").format(n=found.gone))
        if not self.model.shown:
            said.append(self.tr("Nobody judged a part of this kind that was not taught yet."))
        return " ".join(said)

    def _trouble(self) -> str:
        model, job = self.model, self.model.job
        if model.lessons is not None and model.lessons.problem:
            return station_words(model.lessons.problem)
        if job is not None and job.ended and job.problem:
            return station_words(job.problem)
        if model.running:
            return self.tr("The line runs. Stop it before it is taught.")
        if not model.desk.may("TeachLessons"):
            return self.tr("Only an engineer or administrator teaches.")
        return ""

    def _show_result(self, result: TaughtLessons) -> None:
        tried = result.given - len(result.refused)
        cured = (
            self.tr("{n} of {all} pass now")
            if result.kind == "good"
            else self.tr("{n} of {all} defects are found now")
        )
        self.cured.setText(cured.format(n=result.cured, all=tried))
        cost = self.tr(
            "Threshold {old} → {new}. Of {images} good pictures held out {before} were rejected, "
            "now {after}."
        )
        self.cost.setText(
            cost.format(
                old=f"{result.threshold_before:.4g}",
                new=f"{result.threshold_after:.4g}",
                images=result.images,
                before=result.before,
                after=result.after,
            )
        )
        proves = self.tr("About {expected} of good parts will be rejected, at most {proved}.")
        self.proves.setText(
            proves.format(expected=_percent(result.expected), proved=_percent(result.proved))
        )
        said = [station_words(reason) for _, reason in result.refused[:3]]
        if len(result.refused) > len(said):
            more = self.tr("{n} more taught nothing.")
            said.append(more.format(n=len(result.refused) - len(said)))
        if result.known:
            said.append(self.tr("{n} were known already.").format(n=result.known))
        self.refused.setText("\n".join(said))
        self.needs.setText(self._needed())
        for text in (self.refused, self.needs):
            text.setVisible(bool(text.text()))
        self.on.setText(leads_to(self.model.line.what_next))
        self.on.setEnabled(self.model.line.what_next is not Next.LOADING)

    def _needed(self) -> str:
        model, what = self.model, self.model.line.what_next
        if model.problem:
            return station_words(model.problem)
        old = self.tr("The line has what it had before, until this is loaded.")
        return old if what is Next.LOAD else needed_words(what)

    def _back(self) -> None:
        if self.model.result is not None:
            self.model.again()
        self.left.emit()

    def _go_on(self) -> None:
        model = self.model
        if model.result is None:
            model.teach()
        else:
            lead_on(model.line, self._around)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        head.addWidget(self.on)
        parts, kinds = QWidget(), QHBoxLayout()
        for button in self.kinds.values():
            kinds.addWidget(button, 1)
        column = QVBoxLayout(parts)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(kinds)
        for text in (self.about, self.left_out, self.trouble):
            column.addWidget(text)
        column.addWidget(Dragged(self.grid), 1)
        result = QWidget()
        told = QVBoxLayout(result)
        told.setSpacing(12)
        for text in (self.cured, self.cost, self.proves, self.refused, self.needs):
            told.addWidget(text)
        told.addStretch()
        outcome, dragged = View(), QVBoxLayout()
        dragged.addWidget(Dragged(result))
        card(outcome, dragged)
        places = QWidget()
        self._places = QStackedLayout(places)
        self._places.addWidget(StandingPane(self.model, parts, self._nothing))
        self._places.addWidget(self.progress)
        self._places.addWidget(outcome)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(head)
        whole.addWidget(places, 1)

    def _nothing(self) -> str:
        return self.tr("No product is chosen.")


def _percent(share: float) -> str:
    return f"{100 * share:.2g}\N{NO-BREAK SPACE}%"
