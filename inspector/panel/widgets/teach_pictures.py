"""Second step of teaching: good parts before the camera, and what stands out in their pictures."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QPainter, QPaintEvent, QPixmap
from PyQt6.QtWidgets import QBoxLayout, QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from inspector.link.questions.teaching import FetchPictures, PicturesAdded, TakePictures
from inspector.panel import theme
from inspector.panel.models.lessons import LessonsModel
from inspector.panel.models.teach import TeachModel
from inspector.panel.models.teach_steps import TAKEN
from inspector.panel.station_words import station_words
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.dragged import Dragged
from inspector.panel.widgets.paint import fitted_font
from inspector.panel.widgets.picture_grid import Cell, PictureGrid
from inspector.panel.widgets.sheet import Sheet
from inspector.panel.widgets.view import View, label, restyle


class LargePicture(View):
    """One picture, as large as it can be, with words where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._data, self._pixmap, self._words = b"", QPixmap(), ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 90)

    def show_picture(self, data: bytes, words: str = "") -> None:
        """A JPEG file, or words in its place."""
        if data is not self._data:
            self._data, self._pixmap = data, QPixmap()
            self._pixmap.loadFromData(data)
        self._words = words
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        room = QRectF(self.rect())
        painter.fillRect(room, theme.SURFACE)
        if self._pixmap.isNull():
            painter.setPen(theme.MUTED)
            size = min(28.0, room.height() / 6)
            painter.setFont(fitted_font(self._words, size, room.width() * 0.94))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self._words)
        else:
            keep = Qt.AspectRatioMode.KeepAspectRatio
            inner = QRectF(0, 0, self._pixmap.width(), self._pixmap.height())
            fitted = inner.size().scaled(room.size(), keep)
            place = QRectF(0, 0, fitted.width(), fitted.height())
            place.moveCenter(room.center())
            painter.drawPixmap(place, self._pixmap, inner)
        painter.end()


class PicturesPage(View):
    """The newest picture large, all of them small; one touch leaves out what is no good part."""

    reviewed_wanted = pyqtSignal()
    """Teach what people said of parts, in place of pictures."""

    def __init__(self, model: TeachModel, lessons: LessonsModel, around: Surroundings) -> None:
        super().__init__()
        self.model, self._lessons, self._around = model, lessons, around
        self.large, self.grid = LargePicture(), PictureGrid()
        self.grid.picked.connect(model.look)
        self.about = label("muted", wrap=True)
        self.count, self.said = label("strong", wrap=True), label("muted", wrap=True)
        self.remarks = label(wrap=True)
        restyle(self.remarks, "kind", "warning")
        self.take, self.one, self.ready, self.out, self.back = (QPushButton() for _ in range(5))
        self.take.clicked.connect(self._take)
        self.one.clicked.connect(lambda: model.take(1))
        self.ready.clicked.connect(self._choose_source)
        self.out.clicked.connect(model.leave_out)
        self.back.clicked.connect(model.take_back)
        self._lay_out()

    def _lay_out(self) -> None:
        left, right = QWidget(), QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.large, 1)
        column.addWidget(self.about)
        acts = QGridLayout()
        acts.addWidget(self.take, 0, 0, 1, 2)
        acts.addWidget(self.one, 1, 0)
        acts.addWidget(self.ready, 1, 1)
        column.addLayout(acts)
        self._gallery = QVBoxLayout(right)
        self._gallery.setContentsMargins(0, 0, 0, 0)
        self._gallery.addWidget(self.count)
        self._gallery.addWidget(self.said)
        self._gallery.addWidget(self.remarks)
        self._gallery.addWidget(Dragged(self.grid), 1)
        sorting = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        sorting.addWidget(self.out, 1)
        sorting.addWidget(self.back, 1)
        self._gallery.addLayout(sorting)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._beside.setContentsMargins(0, 0, 0, 0)
        self._beside.addWidget(left, 1)
        self._beside.addWidget(right, 1)

    def rescale(self, metrics: Metrics) -> None:
        """Beside each other, or one below the other."""
        directions = QBoxLayout.Direction
        self._beside.setDirection(
            directions.TopToBottom if metrics.portrait else directions.LeftToRight
        )
        self._beside.setSpacing(metrics.px(16))
        self.grid.rescale(max(metrics.target * 3 // 2, metrics.px(110)))

    def refresh(self) -> None:
        """Show pictures, counts and hints."""
        model = self.model
        shown, free = model.shown, not model.working
        cells = [
            Cell(
                one.name, model.pictures.get(one.name, b""), self._hint(one.hints), bool(one.hints)
            )
            for one in reversed(model.draft.pictures if model.draft is not None else ())
        ]
        self.grid.show_cells(cells, shown.name if shown is not None else "")
        data = model.pictures.get(shown.name, b"") if shown is not None else b""
        if shown is not None and model.large[0] == shown.name:
            data = model.large[1]
        self.large.show_picture(data, self.tr("Lay a good part before the camera"))
        self._say_count()
        self.about.setText(self._about())
        restyle(self.about, "kind", "warning" if model.running else "")
        self.take.setText(
            self.tr("Stop")
            if self._taking
            else self.tr("Take {count} pictures").format(count=TAKEN)
        )
        self.take.setEnabled(self._taking or (free and not model.running))
        restyle(self.take, "primary", not model.enough)
        self.one.setText(self.tr("Take one"))
        self.one.setEnabled(free and not model.running)
        self.ready.setText(self.tr("From a stick …"))
        self.ready.setEnabled(free and model.draft is not None)
        self.out.setText(self.tr("Not a good part"))
        self.out.setEnabled(model.can_leave_out)
        self.back.setText(self.tr("Take it back"))
        self.back.setEnabled(bool(model.aside))

    @property
    def _taking(self) -> bool:
        job = self.model.job
        if job is None or job.ended:
            return self.model.working
        return isinstance(job.question, TakePictures | FetchPictures)

    def _take(self) -> None:
        if self._taking:
            self.model.cancel()
        else:
            self.model.take()

    def _say_count(self) -> None:
        model = self.model
        count = self.tr("{count} good pictures").format(count=model.count)
        self.count.setText(count)
        draft = model.draft
        remarks = draft.remarks if draft is not None and draft.pictures else ()
        said = next(filter(None, map(self._remark, remarks)), "")  # one at a time
        self.remarks.setText(said)
        self.remarks.setVisible(bool(said))
        text = self.tr("Enough for {rate}: the threshold is measured.")
        if model.missing:
            text = self.tr(
                "Enough to teach. With {more} more the threshold for {rate} is measured."
            )
        if draft is not None and not model.enough:
            text = self.tr("{more} more, and it can be taught.")
        least = draft.least if draft is not None else 0
        more = model.missing if model.enough else least - model.count
        rate = f"{100 * model.rate:g}\N{NO-BREAK SPACE}%"
        self.said.setText(text.format(more=more, rate=rate) if draft is not None else "")

    def _about(self) -> str:
        model, job = self.model, self.model.job
        if model.problem:
            return station_words(model.problem)
        if model.running:
            return self.tr("The line runs. Stop it before pictures are taken.")
        if self._taking:
            return self.tr("Lay one good part after the other before the camera.")
        if job is not None and job.problem not in {"", "cancelled"}:
            return station_words(job.problem)
        if job is not None and isinstance(job.result, PicturesAdded) and not job.result.added:
            return self.tr("All of them are here already.")
        return self._lets_go()

    def _lets_go(self) -> str:
        model, status = self.model, self.model.live.status
        if not model.halted and status is not None:
            title = status.title.get(self._around.language.code, status.product)
            text = self.tr("The line lets go of {product} meanwhile.")
            return text.format(product=title)
        return ""

    def _hint(self, hints: tuple[str, ...]) -> str:
        names = {
            "blurred": self.tr("blurred?"),
            "other-light": self.tr("other light?"),
            "same": self.tr("the same?"),
        }
        return names.get(hints[0], "") if hints else ""

    def _remark(self, remark: str) -> str:
        names = {
            "alike": self.tr("Many are alike: turn and move the part, take other parts."),
            "too-bright": self.tr("Some places are white through and through: less light."),
            "too-dark": self.tr("The pictures are dark: more light or a longer exposure."),
            "flat": self.tr("Hardly anything is seen in them: lens cap, part, focus?"),
            "sizes": self.tr("They have several sizes: teaching needs one."),
        }
        return names.get(remark, "")

    def _choose_source(self) -> None:
        draft = self.model.draft
        if draft is None:
            return
        content = QWidget()
        column = QVBoxLayout(content)
        sheet = Sheet(self.tr("Pictures of good parts"), Dragged(content))
        self._offer_reviewed(sheet, column)
        for source in draft.sources:
            words = {
                "taught": self.tr("Those it was taught from: {count}"),
                "stick": self.tr("Stick {name}: {count}"),
                "folder": self.tr("Folder {name}: {count}"),
            }[source.kind]
            button = QPushButton(words.format(name=source.title, count=source.pictures))
            button.clicked.connect(lambda _=False, key=source.key: self._fetch(sheet, key))
            column.addWidget(button)
        if not draft.sources:
            nothing = label("muted", wrap=True)
            nothing.setText(self.tr("There is no stick with pictures on it."))
            column.addWidget(nothing)
        column.addStretch()
        self._around.lay(sheet)

    def _offer_reviewed(self, sheet: Sheet, column: QVBoxLayout) -> None:
        """Taught more: such parts are strange ones, and would spoil a threshold."""
        button = QPushButton()

        def offer() -> None:
            count = self._lessons.count
            button.setText(
                self.tr("Parts judged in Review, taught more: {count}").format(count=count)
            )
            button.setVisible(count > 0)

        def go() -> None:
            sheet.dismiss()
            self.reviewed_wanted.emit()

        button.clicked.connect(go)
        column.addWidget(button)
        offer()
        self._lessons.changed.connect(offer)
        sheet.gone.connect(lambda: self._lessons.changed.disconnect(offer))
        draft = self.model.draft
        if draft is not None and draft.known:
            self._lessons.enter(draft.product)

    def _fetch(self, sheet: Sheet, key: str) -> None:
        sheet.dismiss()
        self.model.fetch(key)
