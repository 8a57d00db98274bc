"""A gauge study, guided: place this part, take, the next; then what measuring spreads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from inspector.panel.models.focus import FocusModel
from inspector.panel.models.gauge import GaugeModel
from inspector.panel.moments import date_and_time
from inspector.panel.station_words import station_words
from inspector.panel.theme import Metrics
from inspector.panel.widgets.dragged import Dragged
from inspector.panel.widgets.fitted_text import FittedText
from inspector.panel.widgets.gauge_result import GaugeResult
from inspector.panel.widgets.job_bar import JobBar, Track
from inspector.panel.widgets.photo import Photo
from inspector.panel.widgets.sheet import Sheet
from inspector.panel.widgets.view import View, beside, card, label, restyle

_GAP = 24
"""Between two pairs of keys, so that nobody takes a + for the other's −."""


class GaugePane(View):
    """Shows ``GaugeModel`` beside what the camera shows."""

    def __init__(self, model: GaugeModel, focus: FocusModel, lay: Callable[[Sheet], None]) -> None:
        super().__init__()
        self._model, self._focus, self._lay = model, focus, lay
        self.photo, self.step = Photo(), FittedText(bold=True)
        self.count, self.track = label("strong"), Track()
        self.problem = label("alarm", wrap=True)
        self.parts, self.shows = label(), label()
        self.take, self.again = QPushButton(), QPushButton()
        self.folder, self.earlier, self.anew = QPushButton(), QPushButton(), QPushButton()
        self.calculate, self.back = QPushButton(), QPushButton()
        self.take.clicked.connect(self._take)
        self.again.clicked.connect(lambda: model.take_anew(focus.camera))
        self.folder.clicked.connect(self._choose_folder)
        self.earlier.clicked.connect(self._choose_study)
        self.anew.clicked.connect(model.begin_anew)
        self.calculate.clicked.connect(self._calculate)
        self.back.clicked.connect(focus.give_back)
        self.job, self.result = JobBar(), GaugeResult()
        self.result.leave.clicked.connect(lambda: model.open(None))
        self.result.earlier.clicked.connect(self._choose_study)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._guide())
        self._stack.addWidget(self.result)
        for changed in (model.changed, focus.changed):
            changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Side by side, or one below the other."""
        self._both.setDirection(beside(metrics))
        self.step.set_size(metrics.px(48))
        self.step.setMinimumHeight(metrics.px(92))
        for key in self._steppers:
            key.setFixedWidth(round(1.15 * metrics.target))
        self.take.setMinimumHeight(round(1.3 * metrics.target))
        self.result.rescale(metrics)

    def refresh(self) -> None:
        """What to do next."""
        model, focus = self._model, self._focus
        self._stack.setCurrentIndex(0 if model.found is None else 1)
        self.result.show_study(model.found)
        look = focus.look
        self.photo.show_photo(look.picture if look is not None else b"", self._waiting())
        self.step.setText(self._step_words())
        total = model.parts * model.shows
        self.count.setText(self.tr("{done} of {total} shown").format(done=model.done, total=total))
        self.track.show_share(model.done / total)
        problem = model.said or (model.job.problem if model.job is not None else "")
        self.problem.setText(station_words("" if problem == "cancelled" else problem))
        self.parts.setText(self.tr("{count} parts").format(count=model.parts))
        self.shows.setText(self.tr("{count} times").format(count=model.shows))
        self.job.follow(model.job)
        self._say_keys()

    def _say_keys(self) -> None:
        model, focus = self._model, self._focus
        ready = focus.look is not None and not model.taking and not model.working
        self.take.setText(self.tr("Take") if focus.halted else self.tr("Halt the station"))
        standing = focus.state is not None and not focus.state.running
        halting = standing and not focus.halted and model.desk.may("Halt")
        self.take.setEnabled(ready and model.next is not None if focus.halted else halting)
        restyle(self.take, "primary", model.next is not None)
        self.again.setText(self.tr("Last one again"))
        self.again.setEnabled(ready and focus.halted and model.begun)
        self.folder.setText(self.tr("From a folder …"))
        known = model.known
        self.folder.setEnabled(known is not None and bool(known.sources) and not model.working)
        self.earlier.setText(self.tr("Earlier studies …"))
        self.earlier.setEnabled(known is not None and bool(known.studies))
        self.anew.setText(self.tr("Begin anew"))
        self.anew.setEnabled(model.begun and not model.working)
        self.calculate.setText(self.tr("Calculate"))
        self.calculate.setEnabled(
            model.enough and not model.working and model.desk.may("StudyGauge")
        )
        restyle(self.calculate, "primary", model.enough and model.next is None)
        self.back.setText(self.tr("Load the product"))
        self.back.setEnabled(focus.halted and model.desk.may("SelectAutomatic"))

    def _step_words(self) -> str:
        model = self._model
        if not self._focus.halted:
            return self.tr("Does a part get the same score each time it is shown?")
        if model.next is None:
            return self.tr("All were shown")
        part, show = model.next
        words = self.tr("Place part {part}, time {show} of {shows}")
        return words.format(part=part, show=show, shows=model.shows)

    def _waiting(self) -> str:
        focus = self._focus
        if not focus.halted:
            return self.tr("The station holds the camera")
        opening = self.tr("Opening the camera …") if focus.watching else self.tr("No picture")
        return station_words(focus.trouble) or opening

    def _take(self) -> None:
        if self._focus.halted:
            self._model.take(self._focus.camera)
        else:
            self._focus.halt()

    def _calculate(self) -> None:
        self._model.study()

    def _choose_folder(self) -> None:
        known = self._model.known
        if known is None:
            return
        title = self.tr("Parts that were photographed several times")
        study = self._model.study
        rows = [
            (f"{one.title} ({one.pictures:,})", partial(study, one.key)) for one in known.sources
        ]
        self._offer(title, rows)

    def _choose_study(self) -> None:
        known = self._model.known
        if known is None:
            return
        rows = [
            (f"{date_and_time(one.utc_us)} · {one.user}", partial(self._model.open, one))
            for one in known.studies
        ]
        self._offer(self.tr("Earlier studies"), rows)

    def _offer(self, title: str, rows: Sequence[tuple[str, Callable[[], None]]]) -> None:
        content, column = QWidget(), QVBoxLayout()
        content.setLayout(column)
        sheet = Sheet(title, Dragged(content))
        for words, choose in rows:
            button = QPushButton(words)
            button.clicked.connect(sheet.dismiss)
            button.clicked.connect(lambda _=False, choose=choose: choose())
            column.addWidget(button)
        column.addStretch()
        self._lay(sheet)

    def _guide(self) -> QWidget:
        page, told = View(), View()
        left, right, plan, keys = QVBoxLayout(), QVBoxLayout(), QGridLayout(), QGridLayout()
        left.addWidget(self.photo, 1)
        self._steppers: list[QPushButton] = []
        for row, (words, step) in enumerate(
            ((self.parts, self._plan_parts), (self.shows, self._plan_shows))
        ):
            less, more = QPushButton("−"), QPushButton("+")
            self._steppers += [less, more]
            less.clicked.connect(lambda _=False, step=step: step(-1))
            more.clicked.connect(lambda _=False, step=step: step(1))
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            for column, widget in enumerate((less, words, more)):
                plan.addWidget(widget, 0, 4 * row + column)
            plan.setColumnStretch(4 * row + 1, 1)
        plan.setColumnMinimumWidth(3, _GAP)
        for place, key in enumerate(
            (self.again, self.calculate, self.earlier, self.folder, self.anew, self.back)
        ):
            keys.addWidget(key, *divmod(place, 3))
            keys.setColumnStretch(place % 3, 1)
        right.addWidget(self.step, 1)
        count = QHBoxLayout()
        count.addWidget(self.count, 1)
        count.addWidget(self.track, 1)
        right.addLayout(count)
        right.addWidget(self.problem)
        right.addWidget(self.job)
        right.addWidget(self.take)
        right.addLayout(plan)
        right.addLayout(keys)
        card(told, right)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, page)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.addLayout(left, 2)
        self._both.addWidget(told, 3)
        return page

    def _plan_parts(self, steps: int) -> None:
        self._model.plan(parts=steps)

    def _plan_shows(self, steps: int) -> None:
        self._model.plan(shows=steps)
