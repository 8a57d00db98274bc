"""A teaching under way: its stage in words, how far it is, and the way to stop it."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QPushButton, QVBoxLayout

from inspector.link.questions.teaching import TryMethods
from inspector.panel.models.desk import Following
from inspector.panel.widgets.job_bar import Track
from inspector.panel.widgets.view import View, label


class TeachProgress(View):
    """Stands in place of what cannot be changed meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._job: Following | None = None
        self.stage, self.which = label("title", wrap=True), label("muted", wrap=True)
        self.track, self.cancel = Track(), QPushButton()
        self.cancel.clicked.connect(lambda: self._job.cancel() if self._job is not None else None)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch()
        for one in (self.which, self.stage, self.track):
            column.addWidget(one)
        column.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignRight)
        column.addStretch()

    def follow(self, job: Following | None) -> None:
        """Show how this job stands."""
        self._job = job
        self.refresh()

    def refresh(self) -> None:
        """Say it."""
        job, self_state = self._job, self._job.state if self._job is not None else None
        self.cancel.setText(self.tr("Cancel"))
        step = self_state.step if self_state is not None else ""
        which, _, stage = step.partition(": ") if _tries(job) else ("", "", step)
        self.which.setText(which)
        self.which.setVisible(bool(which))
        self.stage.setText(self._stages().get(stage.partition(":")[0], self.tr("One moment …")))
        self.track.show_share(job.share if job is not None else None)

    def _stages(self) -> dict[str, str]:
        return {
            "images": self.tr("Looking through the pictures …"),
            "backbone": self.tr("Preparing the network …"),
            "features": self.tr("Looking at good parts …"),
            "coreset": self.tr("Remembering what is typical …"),
            "graph": self.tr("Learning good parts …"),
            "train": self.tr("Learning good parts …"),
            "levels": self.tr("Learning good parts …"),
            "tiles": self.tr("Looking at the rims …"),
            "bundle": self.tr("Packing …"),
            "compile": self.tr("Making it fast on this PC …"),
            "parity": self.tr("Testing it on this PC …"),
            "calibrate": self.tr("Measuring the threshold …"),
            "paint": self.tr("Trying it on painted defects …"),
            "store": self.tr("Storing …"),
        }


def _tries(job: Following | None) -> bool:
    return job is not None and isinstance(job.question, TryMethods)
