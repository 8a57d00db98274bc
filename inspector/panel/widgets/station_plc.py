"""Station, PLC: both images as live bits, and the manual test of outputs."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.core.state import Health, StationState
from inspector.link.signals import Connection, ManualTest, Signal
from inspector.panel.models.signals import STALE_S, SignalsModel
from inspector.panel.station_words import told_whole
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.dragged import Dragged
from inspector.panel.widgets.facts import Fact, FactCard
from inspector.panel.widgets.lamp import Lamp
from inspector.panel.widgets.view import View, beside, label, restyle
from inspector.panel.words import cause_in_words, health_name, role_names, state_name

_MOST_CONNECTIONS = 9
_COLUMNS = 3


class Image(View):
    """One image: its bits as lamps, then its words."""

    def __init__(self) -> None:
        super().__init__()
        self.lamps: list[Lamp] = []
        self.title = label("strong", wrap=True)
        self.words = FactCard()
        self._height, self._size = 44, 17.0
        self._grid = QGridLayout()
        self._grid.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.title)
        column.addLayout(self._grid)
        column.addWidget(self.words)
        column.addStretch(1)

    def rescale(self, height: int, words: float) -> None:
        """Sizes of lamps in pixels."""
        self._height, self._size = height, words
        for lamp in self.lamps:
            lamp.rescale(height, words)

    def make_lamps(self, count: int) -> list[Lamp]:
        """As many lamps as there are bits; returns those that are new."""
        new = []
        while len(self.lamps) < count:
            lamp = Lamp()
            lamp.rescale(self._height, self._size)
            self._grid.addWidget(lamp, *divmod(len(self.lamps), _COLUMNS))
            self.lamps.append(lamp)
            new.append(lamp)
        for index, lamp in enumerate(self.lamps):
            lamp.setVisible(index < count)
        return new


class PlcPane(View):
    """Polled while it is shown. Lamps are touched in a manual test alone."""

    def __init__(self, model: SignalsModel, around: Surroundings) -> None:
        super().__init__()
        self._model, self._around = model, around
        self._group = QButtonGroup(self)
        self.choices: list[QPushButton] = []
        self.link, self.test_words = label("", wrap=True), label("", wrap=True)
        self.begin = QPushButton()
        self.begin.clicked.connect(lambda: around.sign(model.begin()))
        self.outputs, self.inputs = Image(), Image()
        self._words, self._low, self._target = 17.0, 44, 70
        self._lay_out()
        model.changed.connect(self.refresh)
        around.desk.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Beside each other, or one below the other."""
        self._sides.setDirection(beside(metrics))
        self._words, self._target = float(metrics.px(17)), metrics.target
        self._low = round(2.6 * self._words)
        self.inputs.rescale(self._low, self._words)
        self._size_outputs()

    def refresh(self) -> None:
        """Show what stands now."""
        self._show_choices()
        connection = self._model.connection
        self.link.setText(self._link(connection) if connection is not None else "")
        lost = connection is not None and not connection.connected
        restyle(self.link, "kind", "warning" if lost else "")
        self._show_test()
        self.outputs.title.setText(self.tr("Outputs: what the station says"))
        self.inputs.title.setText(self.tr("Inputs: what the PLC says"))
        for new in self.outputs.make_lamps(len(self._model.bits(outputs=True))):
            new.clicked.connect(lambda _=False, lamp=new: self._model.force(lamp.accessibleName()))
        self.inputs.make_lamps(len(self._model.bits(outputs=False)))
        self._show_bits()
        for image, outputs in ((self.outputs, True), (self.inputs, False)):
            words = self._model.words(outputs=outputs)
            image.words.setVisible(bool(words))
            image.words.show_facts(self.tr("Words"), _facts(words))

    def _size_outputs(self) -> None:
        """All in sight; as large as a finger in a glove while they can be touched."""
        self.outputs.rescale(self._target if self._model.may_force else self._low, self._words)

    def _show_bits(self) -> None:
        self._size_outputs()
        outputs = self._model.bits(outputs=True)
        for lamp, bit in zip(self.outputs.lamps, outputs, strict=False):
            left_s = self._model.forced_s(bit.name)
            forced = self.tr("forced {s} s").format(s=round(left_s + 0.5)) if left_s else ""
            lamp.setEnabled(self._model.may_force)
            lamp.show_bit(bit.name, on=bool(bit.value), forced=forced)
        for lamp, bit in zip(self.inputs.lamps, self._model.bits(outputs=False), strict=False):
            lamp.show_bit(bit.name, on=bool(bit.value))

    def _show_choices(self) -> None:
        signals = self._model.signals
        connections = signals.connections if signals is not None else ()
        for index, button in enumerate(self.choices):
            button.setVisible(len(connections) > 1 and index < len(connections))
            if index < len(connections):
                one = connections[index]
                mark = "" if one.connected else "! "
                role = self.tr("gate") if index == 0 else self.tr("observer")
                button.setText(f"{mark}{one.name}\n{role}")
                button.setChecked(index == self._model.chosen)

    def _link(self, connection: Connection) -> str:
        name = connection.name
        if name != connection.driver:
            name = f"{name} ({connection.driver})"
        if not connection.connected:
            why = told_whole(connection.detail)
            return self.tr("! {name}: not connected. {why}").format(name=name, why=why)
        told = [self.tr("{name}: connected").format(name=name)]
        age_s = connection.beat_age_s
        if age_s is not None and age_s > STALE_S:
            told.append(self.tr("! heartbeat stands still for {s} s").format(s=f"{age_s:.0f}"))
        elif age_s is not None:
            told.append(self.tr("heartbeat {ms} ms old").format(ms=f"{1000 * age_s:.0f}"))
        elif not connection.outputs:
            told.append(self.tr("It has no registers to show."))
        writer = self._model.signals.writer if self._model.signals is not None else ""
        control = {"plc": self.tr("PLC has control"), "operator": self.tr("Operator has control")}
        return "  ·  ".join([*told, control.get(writer, "")])

    def _show_test(self) -> None:
        model, status = self._model, self._around.model.live.status
        test = model.signals.test if model.signals is not None else None
        state = status.state if status is not None else None
        possible = model.may_begin(state) and self._around.desk.may("BeginTest")
        self.begin.setText(self.tr("Test outputs …"))
        self.begin.setVisible(test is None)
        self.begin.setEnabled(possible)
        self.test_words.setText(self._test_words(test, state))
        restyle(self.test_words, "kind", "warning" if test is not None else "")

    def _test_words(self, test: ManualTest | None, state: StationState | None) -> str:
        desk = self._around.desk
        if test is not None:
            minutes, seconds = divmod(round(test.left_s), 60)
            text = self.tr(
                "! {left} left. A touch forces an output for 5 s, and what hangs on it moves."
            )
            words = text.format(left=f"{minutes}:{seconds:02}")
            forced = ", ".join(key.partition(":")[2] for key in test.forced)
            return f"{words} {self.tr('Forced now:')} {forced}" if forced else words
        if state is not StationState.HALTED:
            return self.tr("Outputs can be tested while the station is Halted.")
        if not desk.may("BeginTest"):
            able = role_names(desk.who_may("BeginTest"))
            return self.tr("Outputs are tested by: {roles}").format(roles=able)
        return self.tr("Outputs can be tested now. It is signed for, and ends by itself.")

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        for index in range(_MOST_CONNECTIONS):
            button = choice_button()
            button.clicked.connect(lambda _=False, index=index: self._model.choose(index))
            self._group.addButton(button)
            self.choices.append(button)
            choices.addWidget(button, 1)
        said = QVBoxLayout()
        said.addWidget(self.link)
        said.addWidget(self.test_words)
        test = QHBoxLayout()
        test.addLayout(said, 3)
        test.addWidget(self.begin, 1)
        both = QWidget()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, both)
        self._sides.setContentsMargins(0, 0, 8, 0)
        self._sides.setSpacing(16)
        self._sides.addWidget(self.outputs, 1)
        self._sides.addWidget(self.inputs, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(choices)
        column.addLayout(test)
        column.addWidget(Dragged(both), 1)


def _facts(words: Sequence[Signal]) -> list[Fact]:
    return [Fact(one.name, _value(one)) for one in words]


def _value(word: Signal) -> str:
    if isinstance(word.value, str):
        return word.value
    meaning = word.meaning
    if word.name == "state" and meaning:
        meaning = state_name(StationState(meaning))
    elif word.name == "health" and meaning:
        meaning = health_name(Health(meaning))
    elif word.name == "cause" and meaning:
        meaning = cause_in_words(meaning)
    return f"{word.value}  ·  {meaning}" if meaning else f"{word.value}"
