"""The last rejects, newest first."""

from __future__ import annotations

from inspector.link.messages import RejectNotice
from inspector.panel.models.changed import Changed

CAPACITY = 12


class RejectStrip:
    """The last twelve rejects, and the one that is opened for a closer look."""

    def __init__(self) -> None:
        self.changed = Changed()
        self.notices: tuple[RejectNotice, ...] = ()
        self.opened: RejectNotice | None = None

    def add(self, notice: RejectNotice) -> None:
        """One more reject; the oldest leaves, a repeated one stays where it is."""
        if all(notice.part_id != known.part_id for known in self.notices):
            self.notices = (notice, *self.notices)[:CAPACITY]
            self.changed.emit()

    def open(self, notice: RejectNotice) -> None:
        """Take a closer look at one."""
        self.opened = notice
        self.changed.emit()

    def close(self) -> None:
        """Back to the live picture."""
        self.opened = None
        self.changed.emit()
