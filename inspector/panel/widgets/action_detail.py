"""One action of the audit: everything that its record tells."""

from __future__ import annotations

from PyQt6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout

from inspector.link.questions.audit import ActionEntry, SignedBy
from inspector.panel.command_words import MEANINGS, command_name, meaning_name
from inspector.panel.moments import date_and_time
from inspector.panel.review_words import finding_words
from inspector.panel.station_words import station_words
from inspector.panel.widgets.view import View, label
from inspector.panel.words import person_name, role_name

_KEYS = {
    "alarm": QT_TRANSLATE_NOOP("ActionKey", "alarm"),
    "badge": QT_TRANSLATE_NOOP("ActionKey", "has a badge"),
    "basis": QT_TRANSLATE_NOOP("ActionKey", "basis"),
    "before": QT_TRANSLATE_NOOP("ActionKey", "before"),
    "calibration": QT_TRANSLATE_NOOP("ActionKey", "calibration"),
    "camera": QT_TRANSLATE_NOOP("ActionKey", "camera"),
    "correction": QT_TRANSLATE_NOOP("ActionKey", "correction"),
    "recipe": QT_TRANSLATE_NOOP("ActionKey", "product recipe"),
    "draft": QT_TRANSLATE_NOOP("ActionKey", "draft"),
    "connection": QT_TRANSLATE_NOOP("ActionKey", "connection"),
    "false_reject_rate": QT_TRANSLATE_NOOP("ActionKey", "false-reject rate"),
    "finding": QT_TRANSLATE_NOOP("ActionKey", "finding"),
    "from": QT_TRANSLATE_NOOP("ActionKey", "from panel"),
    "full_name": QT_TRANSLATE_NOOP("ActionKey", "full name"),
    "hold": QT_TRANSLATE_NOOP("ActionKey", "hold"),
    "lot": QT_TRANSLATE_NOOP("ActionKey", "lot"),
    "name": QT_TRANSLATE_NOOP("ActionKey", "name"),
    "names": QT_TRANSLATE_NOOP("ActionKey", "names"),
    "new": QT_TRANSLATE_NOOP("ActionKey", "new"),
    "note": QT_TRANSLATE_NOOP("ActionKey", "note"),
    "old": QT_TRANSLATE_NOOP("ActionKey", "old"),
    "on": QT_TRANSLATE_NOOP("ActionKey", "on"),
    "output": QT_TRANSLATE_NOOP("ActionKey", "output"),
    "panel": QT_TRANSLATE_NOOP("ActionKey", "panel"),
    "part": QT_TRANSLATE_NOOP("ActionKey", "part"),
    "product": QT_TRANSLATE_NOOP("ActionKey", "product"),
    "reason": QT_TRANSLATE_NOOP("ActionKey", "reason"),
    "seconds": QT_TRANSLATE_NOOP("ActionKey", "seconds"),
    "since_us": QT_TRANSLATE_NOOP("ActionKey", "from"),
    "threshold": QT_TRANSLATE_NOOP("ActionKey", "threshold"),
    "to": QT_TRANSLATE_NOOP("ActionKey", "to"),
    "until_us": QT_TRANSLATE_NOOP("ActionKey", "until"),
}
_CHANGES = (("old", "new"), ("before", "threshold"))
"""Keys of an old and a new value."""
_SWITCHES = ("on", "badge")
"""Yes or no."""
_LATE = ("full_name", "new", "threshold", "false_reject_rate", "calibration", "reason")
"""What it was about comes first, then how it changed, then why."""


def key_name(key: str) -> str:
    """What a value of a record is."""
    return QCoreApplication.translate("ActionKey", _KEYS.get(key, key))


def value_text(key: str, value: str) -> str:
    """A value as people read it."""
    if key.endswith("_us") and value.lstrip("-").isdigit():
        return date_and_time(int(value))
    if key == "part" and value.isdigit():
        return f"{int(value):,}"
    if key == "finding":
        return finding_words(value, passed=value == "good")
    if key in _SWITCHES:
        return QCoreApplication.translate("RecipeValue", value)
    return role_name(value) if key in ("old", "new") else value


def told_in_short(entry: ActionEntry) -> str:
    """What it was about, in one line; of a change old → new."""
    told = dict(entry.told)
    for old, new in _CHANGES:
        if new in told:
            before = value_text(old, told.pop(old, "–"))
            told[new] = _changed(before, value_text(new, told[new]))
    signed = ", ".join(one.user for one in entry.signatures)
    ordered = sorted(
        told.items(), key=lambda item: _LATE.index(item[0]) + 1 if item[0] in _LATE else 0
    )
    parts = [value_text(key, value) for key, value in ordered]
    return "  ·  ".join([*parts, *([f"✎ {signed}"] if signed else [])])


class ActionDetail(View):
    """For a sheet, in the language in which it was laid."""

    person_wanted = pyqtSignal()
    action_wanted = pyqtSignal()

    def __init__(self, entry: ActionEntry) -> None:
        super().__init__()
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for index, (name, value) in enumerate(self._lines(entry)):
            key, text = label("muted"), label(wrap=True)
            key.setText(name)
            key.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
            text.setText(value)
            grid.addWidget(key, index, 0)
            grid.addWidget(text, index, 1)
        self.person, self.action = QPushButton(), QPushButton()
        self.person.setText(self.tr("Only {name}").format(name=person_name(entry.user)))
        self.action.setText(self.tr("Only: {action}").format(action=command_name(entry.action)))
        self.person.clicked.connect(self.person_wanted)
        self.action.clicked.connect(self.action_wanted)
        row = QHBoxLayout()
        row.addWidget(self.person, 1)
        row.addWidget(self.action, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)
        column.addStretch()
        column.addLayout(row)

    def _lines(self, entry: ActionEntry) -> list[tuple[str, str]]:
        who = person_name(entry.user), role_name(entry.role), entry.peer
        lines = [
            (self.tr("when"), date_and_time(entry.utc_us)),
            (self.tr("who"), "  ·  ".join(who)),
        ]
        if entry.refused:
            lines.append((self.tr("refused"), station_words(entry.refused)))
        lines += [(key_name(key), value_text(key, value)) for key, value in entry.told]
        lines += [(self.tr("signed"), _signed(one)) for one in entry.signatures]
        return [*lines, (self.tr("record"), f"{entry.record:,}")]


def _changed(before: str, after: str) -> str:
    """Old → new; what both begin with is said once."""
    name, gap, value = after.rpartition(" ")
    return f"{before} → {value if gap and before.startswith(name + gap) else after}"


def _signed(one: SignedBy) -> str:
    means = next((meaning_name(known) for known in MEANINGS if known == one.meaning), one.meaning)
    name = f"{one.user} ({one.full_name})" if one.full_name else one.user
    return f"{name}  ·  {role_name(one.role)}  ·  {means}  ·  {date_and_time(one.utc_us)}"
