"""One reject at full size: where, how large, why, and how sure."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QBoxLayout, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from inspector.link.messages import CheckNote, RejectNotice
from inspector.panel import theme
from inspector.panel.models.live import LiveModel, ShownPart, ShownVerdict
from inspector.panel.models.rejects import RejectStrip
from inspector.panel.station_words import station_words
from inspector.panel.theme import Metrics
from inspector.panel.widgets.paint import Symbol, draw_symbol, fitted_font
from inspector.panel.widgets.picture import PictureCanvas
from inspector.panel.widgets.sign_button import SignButton
from inspector.panel.widgets.view import ElidedLabel, View, card, label
from inspector.panel.words import cause_in_words, check_name, clock_time, titled

MOST_CHECKS = 4
"""Lines of checks: the failed ones first."""


class CheckLine(QWidget):
    """One check: sign, name, score against limit, and how seldom good parts score so high."""

    def __init__(self) -> None:
        super().__init__()
        self.note: CheckNote | None = None
        self.words = ""
        self.chance = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_note(self, note: CheckNote | None, words: str, chance: str) -> None:
        """Show a check, or nothing."""
        self.note, self.words, self.chance = note, words, chance
        self.setVisible(note is not None)
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        if self.note is None:
            return
        painter = QPainter(self)
        side = self.height() * 0.56
        mark = QRectF(0, (self.height() - side) / 2, side, side)
        passed = self.note.passed
        symbol, ink = (Symbol.CHECK, theme.PASS) if passed else (Symbol.CROSS, theme.ALERT)
        draw_symbol(painter, symbol, mark, ink)
        row = QRectF(self.rect()).adjusted(side * 1.5, 0, 0, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        tall = self.height() * 0.62
        chance = fitted_font(self.chance, tall, row.width() * 0.5)
        painter.setPen(theme.MUTED)
        painter.setFont(chance)
        painter.drawText(row, middle | Qt.AlignmentFlag.AlignRight, self.chance)
        row.setRight(row.right() - painter.fontMetrics().horizontalAdvance(self.chance + "  "))
        painter.setPen(theme.TEXT)
        painter.setFont(fitted_font(self.words, tall, row.width(), bold=not passed))
        painter.drawText(row, middle | Qt.AlignmentFlag.AlignLeft, self.words)
        painter.end()


class RejectDetail(View):
    """Lies over the live picture, never over the verdict."""

    compare_asked = pyqtSignal(int)
    """Number of a part that is to be compared with its nearest normal."""

    def __init__(self, model: RejectStrip, live: LiveModel) -> None:
        super().__init__()
        self._model, self._live = model, live
        self._roomy = 0
        self.title = ElidedLabel("strong")
        self.cause = ElidedLabel("muted")
        self.canvas = PictureCanvas()
        self.reasons = label(wrap=True)
        self.checks = [CheckLine() for _ in range(MOST_CHECKS)]
        self.back = SignButton(Symbol.BACK)
        self.newer = SignButton(Symbol.NEWER)
        self.older = SignButton(Symbol.OLDER)
        self.compare = SignButton(Symbol.COMPARE)
        self.back.clicked.connect(model.close)
        self.newer.clicked.connect(lambda: model.step(-1))
        self.older.clicked.connect(lambda: model.step(1))
        self.compare.clicked.connect(self._compare)
        self._tools = QGridLayout()
        for place, button in enumerate(self.buttons):
            self._tools.addWidget(button, *divmod(place, 2))
        self._middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._middle.addWidget(self.canvas, 1)
        self._middle.addLayout(self._tools)
        self._inside = QVBoxLayout()
        for word in (self.title, self.cause):
            self._inside.addWidget(word)
        self._inside.addLayout(self._middle, 1)
        self._inside.addWidget(self.reasons)
        for line in self.checks:
            self._inside.addWidget(line)
        card(self, self._inside)
        model.changed.connect(self.refresh)
        live.changed.connect(self._follow_heat)
        self.refresh()

    @property
    def buttons(self) -> tuple[SignButton, ...]:
        """All of them, in reading order."""
        return self.compare, self.back, self.newer, self.older

    def rescale(self, metrics: Metrics) -> None:
        """Sizes in pixels."""
        gap = metrics.px(8)
        self._inside.setContentsMargins(gap, gap // 2, gap, gap)
        self._inside.setSpacing(gap // 2)
        self._middle.setSpacing(gap)
        self._tools.setSpacing(gap)
        for button in self.buttons:
            button.rescale(metrics.target, metrics.px(22))
            button.setFixedWidth(max(metrics.target, metrics.px(88)))
            button.setMaximumHeight(max(metrics.target, metrics.px(150)))
        for line in self.checks:
            line.setFixedHeight(metrics.px(32))
        self._roomy = metrics.px(400)

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """Fewer checks in less room."""
        super().resizeEvent(a0)
        self.refresh()

    def refresh(self) -> None:
        """Show the opened reject, or hide."""
        notice = self._model.opened
        self.setVisible(notice is not None)
        self.back.show_as(self.tr("Back"), primary=True)
        self.newer.show_as(self.tr("Newer"))
        self.older.show_as(self.tr("Older"))
        self.compare.show_as(self.tr("Should\nlook like"))
        self.newer.setEnabled(self._model.may_step(-1))
        self.older.setEnabled(self._model.may_step(1))
        if notice is not None:
            self._show(notice)

    def _show(self, notice: RejectNotice) -> None:
        part = self.tr("Part {number}").format(number=f"{notice.part_id:,}")
        self.title.setText(f"{part}  ·  {clock_time(notice.utc_us)}")
        self.cause.setText(cause_in_words(notice.cause))
        self.canvas.show_part(self._part(notice), self._live.heat)
        self.canvas.say(self._absent(notice))
        told = () if notice.checks else notice.reasons
        self.reasons.setText("\n".join(map(station_words, told)))
        self.reasons.setVisible(bool(told))
        first = sorted(notice.checks, key=lambda note: (note.passed, not note.finding))
        most = MOST_CHECKS if self.height() >= self._roomy else 2
        several = len({note.view for note in notice.checks}) > 1
        for index, line in enumerate(self.checks):
            note = first[index] if index < min(most, len(first)) else None
            words, chance = self._words(note, several=several)
            line.show_note(note, words, chance)

    def _absent(self, notice: RejectNotice) -> str:
        """What a person looks for in vain: the picture, or a place that is marked in it."""
        picture = self._model.picture
        if picture is None and not notice.thumbnail_jpeg:
            return self.tr("There is no picture of this part")
        if picture is not None and picture.score is not None and picture.map is None:
            return self.tr("Judged as a whole: no place is marked")
        return ""

    def _words(self, note: CheckNote | None, *, several: bool) -> tuple[str, str]:
        if note is None:
            return "", ""
        name = check_name(note.check) + (f" {note.view + 1}" if several else "")
        if note.finding:
            return titled(name, station_words(note.finding)), ""
        text = self.tr("{check}: {score}, limit {limit}")
        words = text.format(check=name, score=f"{note.score:.3g}", limit=f"{note.threshold:.3g}")
        if not note.p_value:
            return words, self.tr("not calibrated")
        if note.passed:
            return words, f"p = {note.p_value:.2g}"
        seldom = self.tr("1 in {number}").format(number=f"{1 / note.p_value:.0f}")
        return words, f"p = {note.p_value:.2g} ({seldom})"

    def _part(self, notice: RejectNotice) -> ShownPart:
        shown = self.canvas.part
        picture = self._model.picture
        verdict = ShownVerdict(notice.part_id, notice.utc_us, False, notice.cause)
        if shown and shown.verdict == verdict and shown.picture is picture:
            return shown  # nothing is scaled anew while others come in
        return ShownPart(verdict, picture, notice.thumbnail_jpeg, notice.regions)

    def _follow_heat(self) -> None:
        if self.isVisible():
            self.canvas.show_part(self.canvas.part, self._live.heat)

    def _compare(self) -> None:
        if self._model.opened is not None:
            self.compare_asked.emit(self._model.opened.part_id)
