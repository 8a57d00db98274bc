"""Electronic signatures: what is signed, why, by whom, and what the signature means."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.link.messages import (
    AddMaster,
    Bypass,
    ChangeLight,
    ChangeThreshold,
    DiscardDraft,
    Meaning,
    ProposeRate,
    ReleaseHold,
    RemoveMaster,
    TakeUpDraft,
)
from inspector.panel.command_words import (
    MEANINGS,
    command_name,
    consequence_of,
    light_words,
    meaning_name,
)
from inspector.panel.models.signing import Signed, Signer, SigningModel
from inspector.panel.theme import Metrics
from inspector.panel.translation import Language
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.field import Field
from inspector.panel.widgets.question_sheet import QuestionSheet
from inspector.panel.widgets.view import View, label, restyle
from inspector.panel.words import titled

LONGEST_REASON = 240


class SignerForm(View):
    """One signature: whose, proven by the password, and its meaning."""

    changed = pyqtSignal()
    done = pyqtSignal()
    """Enter in the last field."""

    def __init__(self) -> None:
        super().__init__()
        self.title = label("strong")
        self.user, self.password = Field(longest=64), Field(secret=True)
        self.user.edit.returnPressed.connect(self.password.edit.setFocus)
        self.password.edit.returnPressed.connect(self.done)
        for field in (self.user, self.password):
            field.edit.textChanged.connect(self.changed)
        self._group = QButtonGroup(self)
        self.meanings: dict[Meaning, QPushButton] = {}
        row = QHBoxLayout()
        for meaning in MEANINGS:
            button = choice_button()
            button.setChecked(meaning == "approval")
            self._group.addButton(button)
            self.meanings[meaning] = button
            row.addWidget(button, 1)
        fields = QHBoxLayout()
        fields.addWidget(self.user, 1)
        fields.addWidget(self.password, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.title)
        self._column.addLayout(fields)
        self._column.addLayout(row)

    def begin(self, meaning: Meaning, user: str = "") -> None:
        """Nothing is signed; ``user`` is fixed if given."""
        self.meanings[meaning].setChecked(True)
        self.user.edit.setText(user)
        self.user.setVisible(not user)
        self.password.clear()

    def call(self, title: str) -> None:
        """Whose turn it is."""
        self.title.setText(title)
        self.user.call(self.tr("User"))
        self.password.call(self.tr("Password"))
        for meaning, button in self.meanings.items():
            button.setText(meaning_name(meaning))

    @property
    def signer(self) -> Signer:
        """What was typed."""
        meaning = next(one for one, button in self.meanings.items() if button.isChecked())
        return Signer(self.user.text.strip(), self.password.text, meaning)


class SigningPane(QuestionSheet):
    """The sheet for every command that is signed. It stays until the station has agreed."""

    def __init__(self, model: SigningModel, language: Language) -> None:
        super().__init__()
        self._model = model
        self._shown: Signed | None = None
        self._wide_px = 0
        self._problem = ""
        self.facts = label("alarm", wrap=True)
        self.consequence = label("strong", wrap=True)
        self.reason = Field(prose=True, longest=LONGEST_REASON)
        self.forms = (SignerForm(), SignerForm())
        self.sign = QPushButton()
        self.cancel.clicked.connect(model.close)
        self.sign.clicked.connect(self._sign)
        self.reason.edit.returnPressed.connect(self._next)
        self.reason.edit.textChanged.connect(self._offer)
        for form in self.forms:
            form.changed.connect(self._offer)
        self.forms[0].done.connect(self._second)
        self.forms[1].done.connect(self._sign)
        self.fill(self._page(), language, self.sign)
        model.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Sizes of everything; two columns where there is room for two."""
        super().rescale(metrics)
        self._halves.setSpacing(3 * metrics.px(8))
        self._wide_px = metrics.px(1000)
        self._arrange()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """Other room."""
        super().resizeEvent(a0)
        self._arrange()

    def _arrange(self) -> None:
        directions = QBoxLayout.Direction
        wide = self.width() >= self._wide_px
        self._halves.setDirection(directions.LeftToRight if wide else directions.TopToBottom)

    def refresh(self) -> None:
        """Show what is to be signed, or hide and forget what was typed."""
        model, command = self._model, self._model.command
        opening = command is not None and command is not self._shown
        self._shown = command
        if opening or command is None:
            self.reason.edit.clear()
            self.forms[0].begin("responsibility", model.first)
            self.forms[1].begin("approval")
        if model.problem and model.problem is not self._problem:
            for form in self.forms:
                form.password.clear()
            self.room.show_head()
        self._problem = model.problem
        self.setVisible(command is not None)
        if command is not None:
            self._words(command)
        self._offer()
        if opening:
            self.reason.edit.setFocus()

    def _page(self) -> QWidget:
        left = QVBoxLayout()
        for widget in (self.consequence, self.facts, self.reason):
            left.addWidget(widget)
        left.addStretch()
        right = QVBoxLayout()
        for form in self.forms:
            right.addWidget(form)
        right.addStretch()
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._halves.addLayout(left, 1)
        self._halves.addLayout(right, 1)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._halves)
        column.addStretch()
        return page

    def _words(self, command: Signed) -> None:
        model, name = self._model, type(command).__name__
        sorting = isinstance(command, Bypass) and not command.on
        self.title.setText(self.tr("Sort parts again") if sorting else command_name(name))
        self.consequence.setText("" if sorting else consequence_of(name))
        self.consequence.setVisible(bool(self.consequence.text()))
        self.facts.setText(self._facts(command))
        self.facts.setVisible(bool(self.facts.text()))
        self.reason.call(self.tr("Reason"))
        whole = f"{model.first}  ·  {model.first_full_name}" if model.first_full_name else ""
        first = self.tr("Your signature")
        self.forms[0].call(titled(first, whole or model.first))
        self.forms[1].call(self.tr("A second person's signature"))
        for index, form in enumerate(self.forms):
            form.setVisible(index < model.needed)
        self.cancel.setText(self.tr("Cancel"))
        signs = {0: self.tr("Do it"), 1: self.tr("Sign"), 2: self.tr("Sign together")}
        self.sign.setText(signs[model.needed])

    def _facts(self, command: Signed) -> str:
        match command:
            case ChangeThreshold():
                before = "–" if command.before is None else f"{command.before:.4g}"
                text = self.tr("{product}: threshold {before} → {after}, false rejects {rate} %")
                return text.format(
                    product=command.product,
                    before=before,
                    after=f"{command.threshold:.4g}",
                    rate=f"{100 * command.false_reject_rate:.3g}",
                )
            case ChangeLight(product=product, camera=camera, settings=settings):
                return f"{product}, {camera}: {light_words(settings)}"
            case (
                AddMaster(product=product, name=name)
                | RemoveMaster(product=product, name=name)
                | DiscardDraft(product=product, draft=name)
            ):
                return titled(product, name)
            case ProposeRate(product=product, rate=rate) | TakeUpDraft(product=product, rate=rate):
                text = self.tr("{product}: false rejects {rate} %")
                return text.format(product=product, rate=f"{100 * rate:.3g}")
            case ReleaseHold():
                return self.tr("Hold number {number}").format(number=command.hold)
        return str(getattr(command, "product", ""))

    def _missing(self) -> str:
        users = [form.user.text.strip() for form in self.forms]
        if self._model.needed > 1 and users[0] == users[1] != "":
            return self.tr("The second signature is another person's.")
        return ""

    def _offer(self) -> None:
        model = self._model
        ready = model.command is not None and model.complete(self.reason.text, self._signers())
        ready = ready and not model.waiting and not model.blocked_s
        self.sign.setEnabled(ready)
        loud = isinstance(model.command, Bypass) and model.command.on
        restyle(self.sign, "primary", ready and not loud)
        restyle(self.sign, "dangerous", ready and loud)
        self.tell(model, self._missing())

    def _signers(self) -> list[Signer]:
        return [form.signer for form in self.forms[: self._model.needed]]

    def _next(self) -> None:
        if self._model.needed:
            self.forms[0].password.edit.setFocus()
        else:
            self._sign()

    def _second(self) -> None:
        if self._model.needed > 1:
            self.forms[1].user.edit.setFocus()
        else:
            self._sign()

    def _sign(self) -> None:
        if self.sign.isEnabled():
            self._model.sign(self.reason.text, self._signers())
