"""For a sheet: the support file is made, and taken away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QPushButton, QVBoxLayout

from inspector.panel.models.support import SupportModel
from inspector.panel.station_words import station_words
from inspector.panel.sticks import sticks
from inspector.panel.widgets.job_bar import JobBar
from inspector.panel.widgets.view import View, label, restyle

_MOST_STICKS = 3


class SupportPane(View):
    """What is in it, how far it is, and where it may go: memory sticks, and the home folder."""

    wrote = pyqtSignal(object, str)
    """Folder, and what went wrong; emitted on the thread that writes."""

    def __init__(
        self,
        model: SupportModel,
        look: Callable[[], Sequence[Path]] = sticks,
        home: Callable[[], Path] = Path.home,
    ) -> None:
        super().__init__()
        self._model, self._look, self._home = model, look, home
        self.about, self.words = label("", wrap=True), label("strong", wrap=True)
        self.job = JobBar()
        self.folders = [QPushButton() for _ in range(_MOST_STICKS + 1)]
        self._found: tuple[Path, ...] = ()
        for index, button in enumerate(self.folders):
            button.clicked.connect(lambda _=False, index=index: self._save(index))
        self.again = QPushButton()
        self.again.clicked.connect(self.refresh)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.about, self.job, self.words, *self.folders, self.again):
            column.addWidget(widget)
        column.addStretch(1)
        self.wrote.connect(model.wrote)
        refresh = self.refresh
        model.changed.connect(refresh)
        self.destroyed.connect(lambda _=None: model.changed.disconnect(refresh))
        self.refresh()

    def refresh(self) -> None:
        """Show how far it is."""
        model = self._model
        self.about.setText(
            self.tr(
                "Logs, settings without passwords and keys, findings of the doctor, versions, and "
                "the newest events of the station. No picture, and no record of a part."
            )
        )
        self.job.follow(model.making)
        self.words.setText(self._say())
        restyle(self.words, "kind", "warning" if model.trouble else "")
        ready = model.made is not None and not model.saved
        self._found = (*tuple(self._look())[:_MOST_STICKS], self._home()) if ready else ()
        for index, button in enumerate(self.folders):
            there = index < len(self._found)
            button.setVisible(there)
            button.setEnabled(not model.saving)
            if there:
                last = index == len(self._found) - 1
                text = self.tr("Save on this PC: {folder}") if last else self.tr("Save to {folder}")
                folder = self._found[index]
                button.setText(text.format(folder=folder if last else folder.name))
        self.again.setText(self.tr("Look for memory sticks again"))
        self.again.setVisible(ready and not model.saving)

    def _say(self) -> str:
        model, made = self._model, self._model.made
        if model.trouble:
            return station_words(model.trouble)
        if model.saved:
            return self.tr("✓ Saved: {path}").format(path=model.saved)
        if made is None:
            return ""
        text = self.tr("{name}: {files} files, {size} kB")
        size = f"{max(1, len(made.data) // 1000):,}"
        return text.format(name=made.name, files=len(made.files), size=size)

    def _save(self, index: int) -> None:
        folder = self._found[index]
        self._model.save(folder, lambda trouble: self.wrote.emit(folder, trouble))
