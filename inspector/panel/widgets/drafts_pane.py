"""Drafts that wait: the list, and the one that is decided on."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from inspector.link.questions.drafts import DraftEntry
from inspector.panel.models.drafts import DraftsModel
from inspector.panel.models.threshold import Shift
from inspector.panel.station_words import station_words
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.dragged import Dragged
from inspector.panel.widgets.job_bar import JobBar
from inspector.panel.widgets.paged_rows import Cell, PagedRows, Row
from inspector.panel.widgets.standing import StandingPane
from inspector.panel.widgets.view import ElidedLabel, View, card, label, restyle


class DraftsPane(View):
    """A list; a touch leads to one draft, what it would change, and the keys that decide."""

    left = pyqtSignal()
    """Back to the tiles."""
    release_wanted = pyqtSignal()

    def __init__(self, model: DraftsModel, around: Surroundings) -> None:
        super().__init__()
        self.model, self._around = model, around
        self.title = ElidedLabel("title")
        self.back = QPushButton()
        self.back.clicked.connect(self._back)
        self.rows = PagedRows()
        self.rows.opened.connect(model.open)
        self.what, self.who = label("big", wrap=True), label("muted", wrap=True)
        self.why, self.basis = label(wrap=True), label("muted", wrap=True)
        self.counts, self.risk = label("strong", wrap=True), label(wrap=True)
        self.hint = label("muted", wrap=True)
        self.job = JobBar()
        self.discard, self.on = QPushButton(), QPushButton()
        restyle(self.discard, "dangerous", True)
        restyle(self.on, "primary", True)
        self.discard.clicked.connect(self._discard)
        self.on.clicked.connect(self._go_on)
        self._lay_out()
        model.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Rows as tall as a target."""
        self.rows.rescale(metrics)

    def refresh(self) -> None:
        """Show the list, or the draft that is looked at."""
        model = self.model
        one = model.taken or model.chosen
        self.back.setText(self.tr("‹  Products") if one is None else self.tr("‹  Drafts"))
        self.title.setText(self.tr("Drafts"))
        self._places.setCurrentIndex(0 if one is None else 1)
        if one is None:
            self.rows.show_rows([self._row(entry) for entry in model.entries])
            return
        rates = {"old": f"{100 * one.now:.3g}", "new": f"{100 * one.rate:.3g}"}
        self.title.setText(self._name(one))
        self.what.setText(self.tr("Good parts rejected: {old} % → {new} %").format(**rates))
        who = self.tr("Proposed by {who}, {when}")
        self.who.setText(who.format(who=_user(one), when=_moment(one)))
        self.why.setText(one.why)
        counted = model.tried is not None  # as it was proposed, until it was counted anew
        self.basis.setText("" if counted else station_words(one.basis))
        self.job.follow(model.working)
        if model.taken is None:
            self._show_waiting(one)
        else:
            self._show_taken()
        for text in (self.basis, self.counts, self.risk, self.hint):
            text.setVisible(bool(text.text()))

    def _show_waiting(self, one: DraftEntry) -> None:
        model, tried = self.model, self.model.tried
        counts = risk = ""
        if tried is not None:
            said = self.tr(
                "Of {parts} recorded parts {would} would be rejected, in place of {rejects}: "
                "{fewer} more would pass, {more} more be rejected."
            )
            counts = said.format(
                parts=f"{tried.parts:,}",
                would=f"{tried.would:,}",
                rejects=f"{tried.rejects:,}",
                fewer=f"{tried.to_pass:,}",
                more=f"{tried.to_reject:,}",
            )
            known = self.tr(
                "Of those that would pass people called {bad} true defects, {good} false rejects."
            )
            risk = known.format(bad=tried.defects, good=tried.saved) if tried.to_pass else ""
            if tried.extrapolated:
                few = self.tr("{n} good images are too few to prove this rate.")
                risk = " ".join(filter(None, (risk, few.format(n=tried.images))))
        self.counts.setText(counts)
        self.risk.setText(risk)
        restyle(self.risk, "kind", "warning" if tried is not None and tried.defects else "")
        stop = self.tr("The line runs: stop it before a draft is taken up.")
        self.hint.setText(station_words(one.problem) or (stop if model.running else ""))
        self.discard.setVisible(True)
        self.discard.setText(self.tr("Discard …"))
        self.discard.setEnabled(model.desk.may("DiscardDraft"))
        self.on.setText(self.tr("Take it up …"))
        self.on.setEnabled(model.may_take_up)

    def _show_taken(self) -> None:
        """It is the recipe: threshold, then release."""
        model, threshold = self.model, self.model.threshold
        found = threshold.found
        self.discard.setVisible(False)
        self.counts.setText(self.tr("It is the recipe now. Its threshold is worked out."))
        self.risk.setText("")
        self.hint.setText("")
        restyle(self.risk, "kind", "")
        self.on.setText(self.tr("Calibrate"))
        self.on.setEnabled(not threshold.working and not model.running)
        if found is None:
            return
        before = "–" if found.before is None else f"{found.before.threshold:.4g}"
        changed = self.tr("Threshold {before} → {after}")
        self.counts.setText(changed.format(before=before, after=f"{found.new.threshold:.4g}"))
        if threshold.shift is Shift.HIGHER:
            self.risk.setText(self.tr("More parts would pass: smaller defects as well."))
        if found.new.extrapolated:
            few = self.tr("{n} good images are too few to prove this rate.")
            self.hint.setText(few.format(n=found.new.images))
        if threshold.change is not None and not threshold.in_force:
            self.on.setText(self.tr("Put into force …"))
            self.on.setEnabled(model.desk.may("ChangeThreshold"))
            return
        self.hint.setText(self.tr("In force. Before it produces, it has to be released."))
        self.on.setText(self.tr("To release") if model.loaded else self.tr("Load it"))
        self.on.setEnabled(True)

    def _row(self, entry: DraftEntry) -> Row:
        rates = {"old": f"{100 * entry.now:.3g}", "new": f"{100 * entry.rate:.3g}"}
        change = self.tr("{old} % → {new} %").format(**rates)
        return Row(
            entry.draft,
            (
                Cell(2.4, self._name(entry), change, bold=True),
                Cell(1.8, _user(entry), _moment(entry)),
                Cell(4.0, entry.why, station_words(entry.basis), warn=bool(entry.problem)),
            ),
        )

    def _nothing(self) -> str:
        return self.tr("No draft waits.")

    def _name(self, entry: DraftEntry) -> str:
        return entry.title.get(self._around.language.code) or entry.product

    def _back(self) -> None:
        if self.model.chosen is None and self.model.taken is None:
            self.left.emit()
        else:
            self.model.close()
            self.model.reload()

    def _discard(self) -> None:
        command = self.model.discard()
        if command is not None:
            self._around.sign(command, self.model.was_discarded)

    def _go_on(self) -> None:
        """Take it up, calibrate it, put that into force, load it, release it: in this order."""
        model, threshold = self.model, self.model.threshold
        if model.taken is None:
            command = model.take_up()
            if command is not None:
                self._around.sign(command, model.was_taken_up)
        elif threshold.found is None:
            model.calibrate()
        elif threshold.change is not None:
            self._around.sign(threshold.change, threshold.reload)
        elif not model.loaded:
            model.load()
        else:
            model.close()
            self.release_wanted.emit()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        told = QWidget()
        inside = QVBoxLayout(told)
        inside.setSpacing(12)
        for text in (
            *(self.what, self.who, self.why, self.basis),
            *(self.counts, self.risk, self.hint),
        ):
            inside.addWidget(text)
        inside.addStretch()
        about, column = View(), QVBoxLayout()
        column.addWidget(Dragged(told), 1)
        column.addWidget(self.job)
        card(about, column)
        keys = QHBoxLayout()
        keys.addWidget(self.discard, 1)
        keys.addWidget(self.on, 2)
        one = QWidget()
        page = QVBoxLayout(one)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(about, 1)
        page.addLayout(keys)
        both = QWidget()
        self._places = QStackedLayout(both)
        self._places.addWidget(StandingPane(self.model, self.rows, self._nothing))
        self._places.addWidget(one)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(head)
        whole.addWidget(both, 1)


def _user(entry: DraftEntry) -> str:
    """The name alone; role and station stand in the file."""
    return entry.who.partition(" ")[0]


def _moment(entry: DraftEntry) -> str:
    return entry.when.replace("T", " ")[:16]
