"""A teaching under way: its stage in words, how far it is, and the way to stop it."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from inspector.link.questions.lessons import TeachLessons
from inspector.link.questions.teaching import TryMethods
from inspector.panel.models.desk import Following
from inspector.panel.widgets.job_bar import Track
from inspector.panel.widgets.method_words import method_name
from inspector.panel.widgets.view import View, label

_BEGINS = {
    "images": 0.0,
    "backbone": 0.03,
    "graph": 0.03,
    "features": 0.2,
    "train": 0.2,
    "levels": 0.55,
    "coreset": 0.6,
    "gaussians": 0.6,
    "tiles": 0.75,
    "bundle": 0.8,
    "compile": 0.82,
    "parity": 0.86,
    "calibrate": 0.88,
    "paint": 0.93,
    "store": 0.98,
}
"""Where in the whole each stage begins, about, in their order."""


class TeachProgress(View):
    """Stands in place of what cannot be changed meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._job: Following | None = None
        self.stage, self.which = label("title", wrap=True), label("muted", wrap=True)
        self.hint = label("muted", wrap=True)
        self.track, self.cancel = Track(), QPushButton()
        self.cancel.clicked.connect(lambda: self._job.cancel() if self._job is not None else None)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addSpacing(24)
        column.addWidget(self.which)
        row = QHBoxLayout()
        row.addWidget(self.stage, 1)
        row.addWidget(self.cancel)
        column.addLayout(row)
        column.addWidget(self.track)
        column.addWidget(self.hint)
        column.addStretch()

    def follow(self, job: Following | None) -> None:
        """Show how this job stands."""
        self._job = job
        self.refresh()

    def refresh(self) -> None:
        """Say it."""
        job = self._job
        state = job.state if job is not None else None
        self.cancel.setText(self.tr("Cancel"))
        self.hint.setText(self.tr("What was gathered stays, also when this is cancelled."))
        step = state.step if state is not None else ""
        which, _, stage = step.partition(": ") if _tries(job) else ("", "", step)
        method, _, side = which.partition(" ")
        if which:
            text = self.tr("Trying: {method}, {side} px")
            which = text.format(method=method_name(method), side=side)
        self.which.setText(which)
        self.which.setVisible(bool(which))
        stage = stage.partition(":")[0]
        self.stage.setText(self._stages().get(stage, self.tr("One moment …")))
        lessons = job is not None and isinstance(job.question, TeachLessons)
        self.hint.setVisible(not lessons)
        share = (job.share or 0.0) if job is not None else 0.0
        self.track.show_share(share if lessons else _whole(stage, share))  # lessons tell the whole

    def _stages(self) -> dict[str, str]:
        return {
            "images": self.tr("Looking through the pictures …"),
            "before": self.tr("Judging with what it knows …"),
            "memory": self.tr("Remembering what is new …"),
            "ordinary": self.tr("Looking at good parts …"),
            "after": self.tr("Judging with what it learnt …"),
            "backbone": self.tr("Preparing the network …"),
            "features": self.tr("Looking at good parts …"),
            "coreset": self.tr("Remembering what is typical …"),
            "gaussians": self.tr("Learning good parts …"),
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


def _whole(stage: str, share: float) -> float:
    """Share of all: a bar that begins anew at each stage tells nobody how long it takes."""
    begins = list(_BEGINS.values())
    place = list(_BEGINS).index(stage) if stage in _BEGINS else 0
    end = begins[place + 1] if place + 1 < len(begins) else 1.0
    return begins[place] + share * (end - begins[place])


def _tries(job: Following | None) -> bool:
    return job is not None and isinstance(job.question, TryMethods)
