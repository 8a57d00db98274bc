"""Fourth step of teaching: how strict, by which method; then it is taught."""

from __future__ import annotations

from PyQt6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from inspector.link.questions.teaching import TeachProduct, TryMethods
from inspector.panel.models.teach import TeachModel
from inspector.panel.models.teach_steps import METHODS, RATES
from inspector.panel.station_words import station_words
from inspector.panel.theme import Metrics
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.dragged import Dragged
from inspector.panel.widgets.method_words import method_name
from inspector.panel.widgets.teach_progress import TeachProgress
from inspector.panel.widgets.view import View, label, restyle


class MethodPage(View):
    """What is chosen has a good default: one touch teaches."""

    def __init__(self, model: TeachModel) -> None:
        super().__init__()
        self.model = model
        self.rate_title, self.rate_says = label("strong", wrap=True), label("muted", wrap=True)
        self.method_title, self.method_says = label("strong"), label("muted", wrap=True)
        self.found, self.trouble = label("muted", wrap=True), label(wrap=True)
        restyle(self.trouble, "kind", "warning")
        self.rates: dict[float, QPushButton] = {}
        self.methods: dict[str, QPushButton] = {}
        self._groups = (QButtonGroup(self), QButtonGroup(self))
        for rate in RATES:
            button = choice_button()
            button.clicked.connect(lambda _=False, rate=rate: model.ask_for(rate))
            self._groups[0].addButton(button)
            self.rates[rate] = button
        for method in METHODS:
            button = choice_button()
            button.clicked.connect(lambda _=False, method=method: model.use(method))
            self._groups[1].addButton(button)
            self.methods[method] = button
        self.several, self.several_says = QPushButton(), label("muted", wrap=True)
        self.several.clicked.connect(model.try_several)
        self.progress = TeachProgress()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(Dragged(self._choices()))
        self._stack.addWidget(self.progress)

    def _choices(self) -> QWidget:
        rates, methods = QHBoxLayout(), QHBoxLayout()
        for button in self.rates.values():
            rates.addWidget(button, 1)
        for button in self.methods.values():
            methods.addWidget(button, 1)
        choices = QWidget()
        column = QVBoxLayout(choices)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.trouble)
        column.addWidget(self.rate_title)
        column.addLayout(rates)
        column.addWidget(self.rate_says)
        column.addSpacing(16)
        column.addWidget(self.method_title)
        column.addLayout(methods)
        column.addWidget(self.method_says)
        trying = QHBoxLayout()
        trying.addWidget(self.several)
        trying.addWidget(self.several_says, 1)
        column.addSpacing(16)
        column.addLayout(trying)
        column.addWidget(self.found)
        column.addStretch()
        return choices

    def rescale(self, metrics: Metrics) -> None:
        """Nothing depends on the window but the style sheet."""

    def refresh(self) -> None:
        """Show what is chosen, or how far it is."""
        model, job = self.model, self.model.job
        busy = job is not None and not job.ended
        teaches = busy and job is not None and isinstance(job.question, TeachProduct | TryMethods)
        self._stack.setCurrentIndex(1 if teaches else 0)
        self.progress.follow(job if teaches else None)
        self.rate_title.setText(self.tr("Good parts that may be rejected"))
        for rate, button in self.rates.items():
            button.setText(self.tr("{rate} %").format(rate=f"{100 * rate:g}"))
            button.setChecked(rate == model.rate)
        self._say_rate()
        self.method_title.setText(self.tr("Method"))
        for method, button in self.methods.items():
            button.setText(method_name(method))
            button.setChecked(method == model.method)
        self.method_says.setText(self._about(model.method))
        self.several.setText(self.tr("Try several"))
        self.several_says.setText(
            self.tr("Teaches three ways for some minutes and ranks them by painted defects.")
        )
        self.several.setEnabled(model.may_teach and not model.running and not busy)
        self.found.setText(self._ranking())
        self.found.setVisible(model.tried is not None)
        self.trouble.setText(self._trouble())
        self.trouble.setVisible(bool(self._trouble()))

    def _say_rate(self) -> None:
        model = self.model
        if model.draft is None:
            return
        there, wanted = model.count, model.draft.wanted
        few = self.tr(
            "{there} pictures: the threshold is estimated. From {wanted} on it is measured."
        )
        enough = self.tr("{there} pictures: the threshold is measured.")
        text = few if there < wanted else enough
        self.rate_says.setText(text.format(there=there, wanted=wanted))

    def _about(self, method: str) -> str:
        says = {
            "patchcore": self.tr("Usual: remembers good parts, looks for what none of them had."),
            "padim": self.tr("Learns how each place looks. Good parts must lie alike."),
            "autoencoder": self.tr(
                "Learns to paint good parts. They must lie alike. Slower to teach."
            ),
            "none": self.tr("Compares each place with what is around it. For even surfaces."),
        }
        return says.get(method, "")

    def _ranking(self) -> str:
        tried = self.model.tried
        if tried is None:
            return ""
        line = self.tr("{place}. {method}, {side} px: {found} of {all} painted defects, {ms} ms")
        slow = self.tr("{place}. {method}, {side} px: too slow, {ms} ms")
        return "\n".join(
            (line if one.in_time else slow).format(
                place=place,
                method=method_name(one.method),
                side=one.side,
                found=one.found,
                all=one.painted,
                ms=f"{one.p95_ms:.0f}",
            )
            for place, one in enumerate(tried.candidates, start=1)
        )

    def _trouble(self) -> str:
        model, job = self.model, self.model.job
        if model.running:
            return self.tr("The line runs. Stop it before it is taught.")
        if not model.may_teach:
            return self.tr("Only an engineer or administrator teaches.")
        if job is not None and job.ended and job.problem:
            return station_words(job.problem)
        return station_words(model.problem) if model.problem else ""
