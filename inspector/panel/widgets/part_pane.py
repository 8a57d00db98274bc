"""One part, large: judged by a swipe or a button, marked by a finger."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.link.messages import Mark
from inspector.panel.models.part_review import Beside, Finding
from inspector.panel.models.review import ReviewModel
from inspector.panel.review_words import finding_words, moment_words, reason_words
from inspector.panel.station_words import station_words
from inspector.panel.theme import Metrics
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.dragged import Dragged
from inspector.panel.widgets.paint import Symbol
from inspector.panel.widgets.part_checks import PartChecks
from inspector.panel.widgets.sign_button import SignButton
from inspector.panel.widgets.touched_picture import Corners, Tool, TouchedPicture, Way
from inspector.panel.widgets.view import ElidedLabel, View, restyle

FINDINGS: dict[Way, tuple[Finding, Symbol]] = {
    Way.LEFT: ("good", Symbol.CHECK),
    Way.UP: ("unsure", Symbol.UNSURE),
    Way.RIGHT: ("defect", Symbol.CROSS),
}
"""Which way says what; the buttons stand in this order."""
ARROWS = {Way.LEFT: "←  {}", Way.UP: "↑  {}", Way.RIGHT: "{}  →"}


class PartPane(View):
    """Swipes on the part's own picture judge; swipes on the one beside it, and keys, turn on."""

    def __init__(self, model: ReviewModel, name_defect: Callable[[], None]) -> None:
        super().__init__()
        self._model = model
        self.title, self.about = ElidedLabel("strong"), ElidedLabel("muted")
        self.back = SignButton(Symbol.BACK)
        self.newer, self.older = SignButton(Symbol.NEWER), SignButton(Symbol.OLDER)
        self.picture, self.other = TouchedPicture(), TouchedPicture()
        self.checks = PartChecks()
        self.besides = {beside: choice_button() for beside in Beside}
        self.view = SignButton(Symbol.COMPARE)
        self.tools = {tool: choice_button() for tool in Tool}
        self.unmark, self.defect = QPushButton(), QPushButton()
        for button in (self.unmark, self.defect):
            button.setObjectName("choice")
        self.undo = SignButton(Symbol.UNDO)
        self.judge = {way: SignButton(symbol) for way, (_, symbol) in FINDINGS.items()}
        self.problem = ElidedLabel("bad")
        self._connect(name_defect)
        self._lay_out()
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Sizes; what is read stands beside the pictures, or below them."""
        gap, side = metrics.px(8), metrics.target
        tall = max(side, metrics.px(70))
        for button in (self.back, self.newer, self.older, self.view):
            button.rescale(side, metrics.px(18))
            button.setFixedSize(round(tall * 1.3), tall)
        for button in (*self.judge.values(), self.undo):
            button.rescale(side, metrics.px(26))
            button.setFixedHeight(round(tall * (1.8 if metrics.portrait else 1.5)))
        for picture in (self.picture, self.other):
            picture.rescale(metrics)
        directions = QBoxLayout.Direction
        self._middle.setDirection(
            directions.TopToBottom if metrics.portrait else directions.LeftToRight
        )
        self.checks.rescale(metrics)
        most = 16_777_215 if metrics.portrait else metrics.px(290)
        self._side.setMaximumWidth(most)
        self._side.setMinimumWidth(0 if metrics.portrait else most)
        self._middle.setStretch(0, 3)
        self._middle.setStretch(1, 2 if metrics.portrait else 0)
        self._middle.setSpacing(gap)

    def refresh(self) -> None:
        """Show the part."""
        part = self._model.part
        tile = part.tile
        if tile is None:
            return
        passed = self.tr("Passed") if tile.passed else reason_words(tile.reason)
        place = f"{part.place + 1} / {len(part.tiles)}"
        self.title.setText(self.tr("Part {part}").format(part=f"{tile.part:,}") + f"  ·  {passed}")
        self.about.setText("  ·  ".join(filter(None, (place, moment_words(tile.utc_us), tile.lot))))
        self.newer.setEnabled(part.place > 0)
        self.older.setEnabled(part.place + 1 < len(part.tiles))
        self._refresh_pictures()
        detail = part.detail
        self.checks.show_all(
            detail.checks if detail is not None else (),
            detail.said if detail is not None else (),
            passed=tile.passed,
            language=self.tr("Part {part}"),
        )
        self._refresh_words(passed=tile.passed)
        self._refresh_tools()

    def _connect(self, name_defect: Callable[[], None]) -> None:
        part = self._model.part
        self.back.clicked.connect(self._model.close)
        self.newer.clicked.connect(lambda: part.step(-1))
        self.older.clicked.connect(lambda: part.step(1))
        self.view.clicked.connect(lambda: part.look_at((part.view + 1) % max(1, part.views)))
        self.picture.swiped.connect(self._swiped)
        self.picture.drawn.connect(self._drawn)
        self.other.swiped.connect(lambda way: part.step(1 if way is Way.LEFT else -1))
        self._sides, self._pens = QButtonGroup(self), QButtonGroup(self)
        self._pens.setExclusive(False)
        for beside, button in self.besides.items():
            self._sides.addButton(button)
            button.clicked.connect(lambda _=False, beside=beside: part.look_beside(beside))
        for tool, button in self.tools.items():
            self._pens.addButton(button)
            button.clicked.connect(lambda on, tool=tool: self._take(tool if on else None))
        self.unmark.clicked.connect(part.unmark)
        self.defect.clicked.connect(name_defect)
        self.undo.clicked.connect(self._model.undo)
        for way, large in self.judge.items():
            large.clicked.connect(lambda _=False, way=way: self._swiped(way))

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.about)
        head = QHBoxLayout()
        head.addWidget(self.back)
        head.addLayout(words, 1)
        for key in (self.view, self.newer, self.older):
            head.addWidget(key)
        tools = QHBoxLayout()
        for pen in (*self.tools.values(), self.unmark):
            tools.addWidget(pen, 1)
        beside = QHBoxLayout()
        for choice in self.besides.values():
            beside.addWidget(choice, 1)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.picture, 1)
        left.addLayout(tools)
        right.addWidget(self.other, 1)
        right.addLayout(beside)
        both = QHBoxLayout()
        both.addLayout(left, 1)
        both.addLayout(right, 1)
        self._side = QWidget()
        column = QVBoxLayout(self._side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Dragged(self.checks), 1)
        column.addWidget(self.defect)
        self._middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._middle.addLayout(both, 1)
        self._middle.addWidget(self._side)
        foot = QHBoxLayout()
        for judging in self.judge.values():
            foot.addWidget(judging, 3)
        foot.addWidget(self.undo, 2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(head)
        whole.addLayout(self._middle, 1)
        whole.addWidget(self.problem)
        whole.addLayout(foot)

    def _refresh_pictures(self) -> None:
        part = self._model.part
        waiting = self.tr("One moment …")
        for name, jpeg, widget in (
            ("field", part.field, self.picture),
            ("other", part.other, self.other),
        ):
            problem = part.problems.get(name, "")
            widget.show_picture(jpeg, station_words(problem) if problem else waiting)
        said = part.detail.said if part.detail is not None else ()
        before = tuple(mark for word in said for mark in word.marks)
        self.picture.show_marks(_seen(part.marks, part.view), _seen(before, part.view))
        turn = {
            Way.LEFT: (Symbol.OLDER, self.tr("Next")),
            Way.RIGHT: (Symbol.NEWER, self.tr("Back")),
        }
        self.other.allow(turn)

    def _refresh_words(self, *, passed: bool) -> None:
        model, part = self._model, self._model.part
        ways: dict[Way, tuple[Symbol, str]] = {}
        tile = part.tile
        for way, (finding, symbol) in FINDINGS.items():
            words = finding_words(finding, passed=passed)
            ways[way] = symbol, words
            said = tile is not None and tile.finding == finding
            self.judge[way].show_as(ARROWS[way].format(words), on=said)
            self.judge[way].setEnabled(model.may_judge and not model.waiting)
        self.picture.allow(ways if model.may_judge else {})
        last = model.undoable
        self.undo.show_as(self.tr("Undo") + (f" #{last.tile.part}" if last is not None else ""))
        self.undo.setEnabled(last is not None)
        problem = part.problems.get("word", "")
        refused = self.tr("Not recorded: {reason}").format(reason=station_words(problem))
        self.problem.setText(refused if problem else "")
        self.problem.setVisible(bool(problem))

    def _refresh_tools(self) -> None:
        part = self._model.part
        self.back.show_as(self.tr("List"))
        self.newer.show_as(self.tr("Back"))
        self.older.show_as(self.tr("Next"))
        self.view.setVisible(part.views > 1)
        self.view.show_as(self.tr("View {n}").format(n=f"{part.view + 1}/{part.views}"))
        self.besides[Beside.HEAT].setText(self.tr("Heat"))
        self.besides[Beside.NORMAL].setText(self.tr("Nearest good"))
        for beside, button in self.besides.items():
            button.setChecked(part.beside is beside)
        self.tools[Tool.BOX].setText(self.tr("Mark: box"))
        self.tools[Tool.OUTLINE].setText(self.tr("Outline"))
        for tool, button in self.tools.items():
            button.setChecked(self.picture.tool is tool)
            button.setEnabled(self._model.may_judge)
        self.unmark.setText(self.tr("Unmark"))
        self.unmark.setEnabled(bool(part.marks))
        chosen = self.tr("Class: {name}").format(name=part.defect)
        self.defect.setText(chosen if part.defect else self.tr("Class of defect …"))
        self.defect.setEnabled(self._model.may_judge)
        restyle(self.defect, "primary", bool(part.defect))

    def _take(self, tool: Tool | None) -> None:
        self.picture.draw_with(tool)
        self._refresh_tools()

    def _drawn(self, corners: Corners) -> None:
        self.picture.draw_with(None)  # one mark, one touch of its tool: then swipes judge again
        self._model.part.mark(corners)

    def _swiped(self, way: Way) -> None:
        self.picture.draw_with(None)
        self._model.judge(FINDINGS[way][0])


def _seen(marks: tuple[Mark, ...], view: int) -> tuple[Corners, ...]:
    return tuple(mark.corners for mark in marks if mark.view == view)
