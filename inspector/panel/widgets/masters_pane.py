"""The guided check of limit samples: place this one, it was judged so, that is the next."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout

from inspector.link.messages import OverrideLimits
from inspector.link.questions.products import MasterEntry, ProductPicture
from inspector.panel.models.limit_samples import CheckState, LimitSamplesModel
from inspector.panel.moments import date_and_time
from inspector.panel.product_words import lock_words
from inspector.panel.station_words import station_words
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.job_bar import Track
from inspector.panel.widgets.master_rows import MasterRows, MasterWords
from inspector.panel.widgets.master_sheets import NewMaster
from inspector.panel.widgets.sheet import Sheet
from inspector.panel.widgets.view import View, card, label, restyle
from inspector.panel.widgets.zone_picture import ZonePicture
from inspector.panel.words import check_name

_S = CheckState


class MastersPane(View):
    """List at one side, what to do now at the other."""

    changed_list = pyqtSignal()
    """Masters were added or removed: ask anew."""

    def __init__(self, model: LimitSamplesModel, around: Surroundings) -> None:
        super().__init__()
        self.model, self._around = model, around
        self._metrics: Metrics | None = None
        self.checks: tuple[str, ...] = ()
        self._pictures: dict[bytes, ProductPicture] = {}
        self.rows = MasterRows()
        self.rows.touched.connect(model.choose)
        self.now, self.must = label("big", wrap=True), label("strong", wrap=True)
        self.last, self.why = label("strong", wrap=True), label("muted", wrap=True)
        self.progress = label("muted")
        self.track = Track()
        self.picture = ZonePicture()
        self.show_next, self.show_all, self.stop = QPushButton(), QPushButton(), QPushButton()
        self.add, self.remove, self.override = QPushButton(), QPushButton(), QPushButton()
        restyle(self.show_next, "primary", True)
        self.show_next.clicked.connect(model.announce_next)
        self.show_all.clicked.connect(model.announce_all)
        self.stop.clicked.connect(model.stop)
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.override.clicked.connect(lambda: around.sign(OverrideLimits(model.product, "")))
        self._lay_out()
        model.changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        inside = QVBoxLayout()
        for widget in (self.now, self.must, self.last, self.why):
            inside.addWidget(widget)
        inside.addWidget(self.picture, 1)
        inside.addWidget(self.progress)
        inside.addWidget(self.track)
        guide = View()
        card(guide, inside)
        acts = QGridLayout()
        acts.addWidget(self.show_next, 0, 0, 1, 2)
        acts.addWidget(self.stop, 0, 0, 1, 2)
        acts.addWidget(self.show_all, 0, 2)
        right = QVBoxLayout()
        right.addWidget(guide, 1)
        right.addLayout(acts)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.addWidget(self.rows, 4)
        self._sides.addLayout(right, 5)
        foot = QHBoxLayout()
        for button in (self.add, self.remove, self.override):
            foot.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._sides, 1)
        column.addLayout(foot)

    def rescale(self, metrics: Metrics) -> None:
        """Side by side, or what to do below the list."""
        self._metrics = metrics
        ways = QBoxLayout.Direction
        self._sides.setDirection(ways.TopToBottom if metrics.portrait else ways.LeftToRight)
        self.rows.rescale(metrics)

    def refresh(self) -> None:
        """Say where the check stands."""
        model, state = self.model, self.model.state
        following = model.next
        self.rows.show_masters([self._words(one, following) for one in model.masters])
        self.now.setText(self._headline(state, following))
        looks = {_S.FAILED: "warning", _S.DUE: "warning", _S.VALID: "good"}
        restyle(self.now, "kind", looks.get(state, ""))
        asked = state in (_S.PLACING, _S.GOING_ON) or bool(model.chosen)
        self.must.setText(self._asked(following, state) if asked or state is _S.DUE else "")
        self._show_last(state)
        self.why.setText(self._why(state))
        for text in (self.must, self.last, self.why):
            text.setVisible(bool(text.text()))
        worst = next((one for one in model.masters if model.said.get(one.name)), None)
        shown = worst if state is _S.FAILED and not model.chosen else following
        self._show_picture(shown if asked or state is not _S.VALID else None)
        self._show_progress(state)
        self._show_buttons(state, following)

    def _headline(self, state: CheckState, following: MasterEntry | None) -> str:
        name = following.name if following is not None else ""
        return {
            _S.UNKNOWN: self.tr("The station cannot be reached."),
            _S.NO_MASTERS: self.tr("A good and a bad limit sample are needed"),
            _S.DUE: self.tr("Limit samples are to be shown"),
            _S.PLACING: self.tr("Place now: {name}").format(name=name),
            _S.GOING_ON: self.tr("Next: {name}").format(name=name),
            _S.FAILED: self.tr("The check has failed"),
            _S.VALID: self.tr("The check is valid"),
        }[state]

    def _asked(self, master: MasterEntry | None, state: CheckState) -> str:
        if master is None:
            return ""
        named = state in (_S.PLACING, _S.GOING_ON)
        return self._must(master) if named else f"{master.name} · {self._must(master)}"

    def _must(self, master: MasterEntry) -> str:
        if master.good:
            return self.tr("Good: must pass")
        if master.check:
            text = self.tr("Bad: must be found by {check}")
            return text.format(check=check_name(master.check))
        return self.tr("Bad: must be rejected")

    def _words(self, master: MasterEntry, following: MasterEntry | None) -> MasterWords:
        said = self.model.said
        problem = said.get(master.name)
        found = None if problem is None else not problem
        here = following is not None and master.name == following.name
        here = (here and self.model.state is not _S.VALID) or master.name == self.model.chosen
        return MasterWords(
            master.name,
            self._must(master),
            station_words(problem or ""),
            found,
            here=here,
            picture=master.picture,
        )

    def _show_last(self, state: CheckState) -> None:
        last = self.model.last if state in (_S.PLACING, _S.GOING_ON, _S.FAILED) else None
        problems = [one for one in self.model.said.values() if one]
        if last is None:
            self.last.setText("")
        elif problems:
            self.last.setText("\n".join(station_words(one) for one in problems))
        else:
            self.last.setText(self.tr("{name}: as expected").format(name=last.name))
        restyle(self.last, "kind", "bad" if problems else "good")

    def _why(self, state: CheckState) -> str:
        limits = self.model.limits
        if state is _S.VALID and limits.due_utc_us is not None:
            until = self.tr("Until {when}").format(when=date_and_time(limits.due_utc_us)[:16])
            more = self.tr("or {count} more parts").format(count=f"{limits.parts_left or 0:,}")
            return until if limits.parts_left is None else f"{until}, {more}"
        if state is _S.FAILED:
            return self.tr("Find the cause, or replace a worn master; then show all of them again.")
        if state is _S.PLACING:
            return self.tr("The next part is this limit sample. It passes the gate.")
        return lock_words(self.model.lock) if state in (_S.DUE, _S.NO_MASTERS) else ""

    def _show_picture(self, master: MasterEntry | None) -> None:
        jpeg = master.picture if master is not None else b""
        self.picture.quiet = master is None
        self.picture.show_picture(self._pictures.setdefault(jpeg, ProductPicture(jpeg)))

    def _show_progress(self, state: CheckState) -> None:
        done, total = self.model.done, len(self.model.masters)
        shown = self.tr("{done} of {total} shown").format(done=done, total=total)
        self.progress.setText(shown)
        self.track.show_share(done / total if total else 0.0)
        for widget in (self.progress, self.track):
            widget.setVisible(state in (_S.PLACING, _S.GOING_ON, _S.VALID))

    def _show_buttons(self, state: CheckState, following: MasterEntry | None) -> None:
        desk, model = self._around.desk, self.model
        name = following.name if following is not None else ""
        self.show_next.setText(self.tr("Show {name}").format(name=name))
        self.show_all.setText(self.tr("All in this order"))
        self.stop.setText(self.tr("Stop showing"))
        self.add.setText(self.tr("Add …"))
        self.remove.setText(self.tr("Remove …"))
        self.override.setText(self.tr("Run without check …"))
        placing = state is _S.PLACING
        ready = model.at_rest and desk.may("AnnounceMasters") and following is not None
        self.show_next.setVisible(not placing)
        restyle(self.show_next, "primary", state is not _S.VALID)  # nothing has to be done
        self.stop.setVisible(placing)
        self.show_next.setEnabled(ready)
        self.show_all.setEnabled(ready)
        self.add.setEnabled(desk.may("AddMaster") and not placing)
        self.remove.setEnabled(desk.may("RemoveMaster") and bool(model.chosen) and not placing)
        locked = bool(model.lock) and state in (_S.DUE, _S.GOING_ON, _S.NO_MASTERS)
        self.override.setEnabled(desk.may("OverrideLimits") and locked)

    def _add(self) -> None:
        content = NewMaster(self.checks, self._around.language)
        if self._metrics is not None:
            content.rescale(self._metrics)
        sheet = Sheet(self.tr("Add a limit sample"), content, confirm=self.tr("Add"))
        sheet.allow(on=False)
        content.changed.connect(lambda: sheet.allow(content.complete))
        sheet.confirmed.connect(lambda: self._send_new(content))
        self._around.lay(sheet)

    def _send_new(self, content: NewMaster) -> None:
        command = self.model.add(content.name.text, good=content.good, check=content.check)
        self._around.sign(command, self.changed_list.emit)

    def _remove(self) -> None:
        self._around.sign(self.model.remove(self.model.chosen), self.changed_list.emit)
