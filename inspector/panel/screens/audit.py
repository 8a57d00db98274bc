"""Audit: who did what and when, and proof that nobody altered the record of it."""

from __future__ import annotations

from PyQt6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
)

from inspector.link.questions.audit import ActionEntry
from inspector.panel.command_words import command_name
from inspector.panel.models.audit import AuditModel, Span
from inspector.panel.models.reports import ReportModel
from inspector.panel.moments import date_and_time
from inspector.panel.station_words import station_words
from inspector.panel.sticks import write_away
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.action_detail import ActionDetail, told_in_short
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.head_card import HeadCard
from inspector.panel.widgets.job_bar import JobBar
from inspector.panel.widgets.paged_rows import Cell, PagedRows, Row
from inspector.panel.widgets.report_pane import ReportPane
from inspector.panel.widgets.screen import Screen
from inspector.panel.widgets.sheet import Sheet
from inspector.panel.widgets.standing import StandingPane
from inspector.panel.widgets.view import beside, label, restyle
from inspector.panel.words import person_name, role_name


class AuditScreen(Screen):
    """A list that is narrowed by touching what one looks for."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.model = AuditModel(around.desk)
        self._fresh = -1
        self.rows = PagedRows()
        self.rows.opened.connect(self._open)
        self.rows.more_wanted.connect(self.model.go_on)
        self._spans = QButtonGroup(self)
        self.spans: dict[Span, QPushButton] = {}
        for span in Span:
            button = choice_button()
            button.clicked.connect(lambda _=False, span=span: self.model.look_back(span))
            self._spans.addButton(button)
            self.spans[span] = button
        self.person, self.action = QPushButton(), QPushButton()
        self.person.clicked.connect(lambda: self.model.only(person=""))
        self.action.clicked.connect(lambda: self.model.only(action=""))
        self.reports = ReportModel(around.desk, write_away)
        self.verify, self.head, self.report = QPushButton(), QPushButton(), QPushButton()
        self.report.clicked.connect(self._show_report)
        self.verify.clicked.connect(self.model.verify)
        self.head.clicked.connect(self._show_head)
        self.job = JobBar()
        self.outcome = label("good", wrap=True)
        self._lay_out()
        self.model.changed.connect(self.refresh)
        self.refresh()

    def enter(self) -> None:
        """Ask for the newest."""
        self.model.reload()

    def rescale(self, metrics: Metrics) -> None:
        """Sizes of everything."""
        self._narrow_row.setDirection(beside(metrics))
        self.rows.rescale(metrics)

    def refresh(self) -> None:
        """Show what was found."""
        model = self.model
        names = {
            Span.DAY: self.tr("24 hours"),
            Span.WEEK: self.tr("7 days"),
            Span.MONTH: self.tr("30 days"),
            Span.ALL: self.tr("All"),
        }
        for span, button in self.spans.items():
            button.setText(names[span])
            button.setChecked(span is model.span)
        self.person.setText(f"✕  {model.person}")
        self.person.setVisible(bool(model.person))
        self.action.setText(f"✕  {command_name(model.action)}")
        self.action.setVisible(bool(model.action))
        anew, self._fresh = model.fresh != self._fresh, model.fresh
        self.rows.show_rows([self._row(one) for one in model.entries], more=model.more, anew=anew)
        self.verify.setText(self.tr("Verify all records"))
        running = model.verifying is not None and not model.verifying.ended
        self.verify.setVisible(not running)
        self.head.setVisible(not running)
        self.head.setText(self.tr("Signed head"))
        self.head.setEnabled(model.head is not None)
        self.report.setText(self.tr("Report …"))
        self.report.setVisible(not running)
        self.job.follow(model.verifying)
        self._say_outcome()

    def _lay_out(self) -> None:
        spans, chips = QHBoxLayout(), QHBoxLayout()
        for button in self.spans.values():
            spans.addWidget(button, 1)
        for chip in (self.person, self.action):
            chip.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            chips.addWidget(chip, 1)
        self._narrow_row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._narrow_row.addLayout(spans, 1)
        self._narrow_row.addLayout(chips, 1)
        proof = QHBoxLayout()
        for button in (self.verify, self.head, self.report):
            proof.addWidget(button, 1)
        pane = StandingPane(
            self.model, self.rows, lambda: self.tr("Nobody did anything like this in this time.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._narrow_row)
        column.addWidget(pane, 1)
        column.addWidget(self.outcome)
        column.addWidget(self.job)
        column.addLayout(proof)

    def _row(self, entry: ActionEntry) -> Row:
        who = person_name(entry.user)
        who = f"{who}  ·  {role_name(entry.role)}" if entry.role else who
        refused = self.tr("! refused") if entry.refused else ""
        what = command_name(entry.action)
        about = station_words(entry.refused) if entry.refused else told_in_short(entry)
        day, clock = date_and_time(entry.utc_us).split(" ")
        cells = (
            Cell(1.6, clock, day),
            Cell(3, what, who, bold=True),
            Cell(5.8, refused or about, about if refused else "", warn=bool(refused)),
        )
        return Row(str(entry.record), cells)

    def _open(self, key: str) -> None:
        entry = self.model.entry(int(key))
        if entry is None:
            return
        detail = ActionDetail(entry)
        sheet = Sheet(f"{command_name(entry.action)}  ·  {person_name(entry.user)}", detail)
        detail.person_wanted.connect(lambda: self._narrow(sheet, person=entry.user))
        detail.action_wanted.connect(lambda: self._narrow(sheet, action=entry.action))
        self.around.lay(sheet)

    def _narrow(self, sheet: Sheet, **only: str) -> None:
        sheet.dismiss()
        self.model.only(**only)

    def _show_head(self) -> None:
        if self.model.head is not None:
            self.around.lay(Sheet(self.tr("The newest signed head"), HeadCard(self.model.head)))

    def _show_report(self) -> None:
        status = self.around.model.live.status
        self.reports.lot = status.lot if status is not None else ""
        self.reports.want()
        pane = ReportPane(self.reports, self.around)
        self.around.lay(Sheet(self.tr("Report"), pane))

    def _say_outcome(self) -> None:
        found = self.model.verified
        self.outcome.setVisible(found is not None)
        if found is None:
            return
        if found.findings:
            first = found.findings[0]
            text = self.tr("✕ {count} faults. The first: record {record}, {what}")
            text = text.format(
                count=len(found.findings), record=first[0], what=station_words(first[1])
            )
        else:
            text = self.tr("✓ {records} records and {pictures} pictures are as they were written.")
            text = text.format(records=f"{found.records:,}", pictures=f"{found.pictures:,}")
        self.outcome.setText(text)
        restyle(self.outcome, "faulty", bool(found.findings))
