"""Another false-reject rate on the archive: a slider, what it changes, the parts that flip."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QBoxLayout, QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from inspector.link.questions.what_if import RateStop, WhatIfTable
from inspector.panel.models.what_if import WhatIfModel
from inspector.panel.theme import Metrics
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.gallery import Gallery
from inspector.panel.widgets.job_bar import JobBar
from inspector.panel.widgets.rate_slider import RateSlider
from inspector.panel.widgets.standing import StandingPane
from inspector.panel.widgets.view import View, label, restyle


class WhatIfPane(View):
    """Nothing is inferred again, and nothing changes: a proposal is a draft."""

    opened = pyqtSignal(int)
    """Record of a part."""

    def __init__(self, model: WhatIfModel, gallery: Gallery, propose: Callable[[], None]) -> None:
        super().__init__()
        self._model, self.gallery = model, gallery
        self.pictures: Callable[[], dict[int, bytes]] = dict
        self.to_reject = True
        self.rate, self.beside = label("big"), label("muted", wrap=True)
        self.counts, self.promise = label("strong", wrap=True), label("small", wrap=True)
        self.risk, self.nothing = label("small", wrap=True), label("strong", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.slider = RateSlider()
        self.propose = QPushButton()
        self.job = JobBar()
        self.ways = {True: choice_button(), False: choice_button()}
        group = QButtonGroup(self)
        for way, button in self.ways.items():
            group.addButton(button)
            button.clicked.connect(lambda _=False, way=way: self._show(to_reject=way))
        self.slider.stepped.connect(model.step)
        self.slider.track.chosen.connect(model.choose)
        self.propose.clicked.connect(propose)
        gallery.opened.connect(self.opened)
        self._lay_out()
        model.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Sizes."""
        self.slider.rescale(metrics)
        self.gallery.rescale(metrics)
        directions = QBoxLayout.Direction
        narrow = metrics.portrait
        self._head.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)

    def refresh(self) -> None:
        """Show what the chosen rate would have decided."""
        model = self._model
        self.job.follow(model.job)
        table, stop = model.table, model.stop
        self.propose.setText(self.tr("Propose this rate …"))
        self.propose.setEnabled(model.differs and model.desk.may("ProposeRate"))
        restyle(self.propose, "primary", self.propose.isEnabled())
        if table is None or stop is None:
            return
        self.slider.show_place([one.rate for one in table.stops], model.place, table.now)
        self.rate.setText(f"{100 * stop.rate:.3g} %")
        self.ways[True].setText(self.tr("Passed → rejected: {n}").format(n=f"{stop.to_reject:,}"))
        self.ways[False].setText(self.tr("Rejected → passed: {n}").format(n=f"{stop.to_pass:,}"))
        counts = {True: stop.to_reject, False: stop.to_pass}
        if not counts[self.to_reject] and counts[not self.to_reject]:
            self.to_reject = not self.to_reject  # nobody looks for parts on an empty side
        for way, button in self.ways.items():
            button.setChecked(way is self.to_reject)
        tiles = model.tiles(to_reject=self.to_reject)
        self.gallery.show_tiles(tiles, self.pictures())
        self.gallery.setVisible(bool(tiles))
        self.nothing.setVisible(not tiles)
        self._say(table, stop)
        self.nothing.setText(self.tr("No part is decided otherwise. Move the slider."))

    def _say(self, table: WhatIfTable, stop: RateStop) -> None:
        now = table.stops[table.now].rate
        same = self.tr("of good parts rejected: in force")
        other = self.tr("of good parts rejected, in place of {rate} %")
        text = other if self._model.differs else same
        self.beside.setText(text.format(rate=f"{100 * now:.3g}"))
        said = self.tr("{n} rejects in place of {before}, of {parts}")
        self.counts.setText(
            said.format(
                n=f"{stop.rejects:,}", parts=f"{table.parts:,}", before=f"{table.rejects:,}"
            )
        )
        self.risk.setText(self._risk(stop))
        self.risk.setVisible(stop.to_pass > 0)
        restyle(self.risk, "kind", "warning" if stop.defects_passed else "")
        self.promise.setText(" ".join(self._notes(table, stop)))

    def _risk(self, stop: RateStop) -> str:
        text = self.tr(
            "Of those that would pass people called {bad} true defects, {good} false rejects; "
            "{none} are unjudged or unsure."
        )
        return text.format(
            bad=stop.defects_passed, good=stop.false_rejects_saved, none=stop.unjudged_passed
        )

    def _notes(self, table: WhatIfTable, stop: RateStop) -> list[str]:
        notes = []
        if stop.extrapolated:
            text = self.tr("{n} good images are too few to prove this rate.")
            notes.append(text.format(n=table.images))
        shown = len(self._model.tiles(to_reject=self.to_reject))
        if shown < (stop.to_reject if self.to_reject else stop.to_pass):
            notes.append(self.tr("The newest {n} are shown.").format(n=shown))
        if table.others:
            text = self.tr("{n} parts were judged by another model and are left out.")
            notes.append(text.format(n=f"{table.others:,}"))
        return notes

    def _show(self, *, to_reject: bool) -> None:
        self.to_reject = to_reject
        self.refresh()

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        for column, words in (
            (left, (self.rate, self.beside)),
            (right, (self.counts, self.risk, self.promise)),
        ):
            column.setSpacing(4)
            for word in words:
                column.addWidget(word)
            column.addStretch(1)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(24)
        self._head.addLayout(left, 2)
        self._head.addLayout(right, 3)
        self._head.addWidget(self.propose)
        ways = QHBoxLayout()
        for button in self.ways.values():
            ways.addWidget(button, 2)
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.slider)  # above what grows and shrinks: it stays under the finger
        inside.addLayout(self._head)
        inside.addLayout(ways)
        inside.addWidget(self.gallery, 1)
        inside.addWidget(self.nothing, 1)
        pane = StandingPane(self._model, content, lambda: self.tr("Nothing was counted yet."))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.job)
        column.addWidget(pane, 1)
