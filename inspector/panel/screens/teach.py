"""Teach: from an empty product to a running one, in five steps and few touches."""

from __future__ import annotations

from PyQt6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.panel.models.lessons import LessonsModel
from inspector.panel.models.teach import TeachModel
from inspector.panel.models.teach_steps import Step
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.lessons_pane import LessonsPane
from inspector.panel.widgets.next_words import lead_on, leads_to
from inspector.panel.widgets.screen import Screen
from inspector.panel.widgets.teach_drawing import DrawingPage
from inspector.panel.widgets.teach_method import MethodPage
from inspector.panel.widgets.teach_pictures import PicturesPage
from inspector.panel.widgets.teach_product import ProductPage
from inspector.panel.widgets.teach_result import ResultPage
from inspector.panel.widgets.view import ElidedLabel, restyle


class TeachScreen(Screen):
    """Back at the left, on at the right: whoever touches only the right key gets through."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.model = TeachModel(around.desk, around.model.live)
        self.product = ProductPage(self.model, around.language)
        self.lessons_model = LessonsModel(around.desk, around.model.live)
        self.lessons = LessonsPane(self.lessons_model, around)
        self.pictures = PicturesPage(self.model, self.lessons_model, around)
        self.drawing = DrawingPage(self.model)
        self.method = MethodPage(self.model)
        self.result = ResultPage(self.model)
        self._all = (self.product, self.pictures, self.drawing, self.method, self.result)
        self.where = ElidedLabel("title")
        self.back, self.on = QPushButton(), QPushButton()
        restyle(self.on, "primary", True)
        self.back.clicked.connect(self.model.back)
        self.on.clicked.connect(self._forward)
        head = self._head = QHBoxLayout()
        head.addWidget(self.back)
        head.addWidget(self.where, 1)
        head.addWidget(self.on)
        self.pages = QStackedWidget()
        for page in self._all:
            self.pages.addWidget(page)
        steps = QWidget()
        column = QVBoxLayout(steps)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.pages, 1)
        self._places = QStackedLayout(self)
        self._places.addWidget(steps)
        self._places.addWidget(self.lessons)
        self.pictures.reviewed_wanted.connect(self._teach_reviewed)
        self.lessons.left.connect(lambda: self._places.setCurrentIndex(0))
        self.model.changed.connect(self.refresh)
        self.refresh()

    def enter(self) -> None:
        """Go on where it was left."""
        self.model.enter()

    def rescale(self, metrics: Metrics) -> None:
        """Sizes of everything."""
        self._head.setSpacing(metrics.px(16))
        for button, wide in ((self.back, 110), (self.on, 240)):
            button.setMinimumWidth(max(2 * metrics.target, metrics.px(wide)))
        for page in (*self._all, self.lessons):
            page.rescale(metrics)

    def refresh(self) -> None:
        """Show the step, and what leads on."""
        model = self.model
        titles = {
            Step.PRODUCT: self.tr("What is taught?"),
            Step.PICTURES: self.tr("Good parts"),
            Step.DRAW: self.tr("Where to look"),
            Step.METHOD: self.tr("How to look"),
            Step.RESULT: self.tr("What came of it"),
        }
        place = f"{model.step + 1} / {len(Step)}  "
        about = f" · {model.names(self.around.language.code)}" if model.step > Step.PRODUCT else ""
        self.where.setText(place + titles[model.step] + about)
        self.back.setText(self.tr("Back"))
        self.back.setEnabled(model.step > Step.PRODUCT and not model.working)
        self.on.setText(self._leads_to())
        self.on.setEnabled(model.ready)
        self.pages.setCurrentIndex(model.step)
        self._all[model.step].refresh()

    def _leads_to(self) -> str:
        if self.model.step is Step.METHOD:
            return self.tr("Teach it")
        if self.model.step is not Step.RESULT:
            return self.tr("Next")
        return leads_to(self.model.what_next)

    def _forward(self) -> None:
        model = self.model
        if model.step is Step.PRODUCT:
            model.begin(self.product.name.text)
        elif model.step is not Step.RESULT:
            model.forward()
        else:
            lead_on(model.line, self.around)

    def _teach_reviewed(self) -> None:
        self._places.setCurrentIndex(1)
        self.lessons.refresh()
