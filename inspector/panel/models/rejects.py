"""The last rejects, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from inspector.link.messages import RejectNotice
from inspector.link.picture import LivePicture
from inspector.panel.models.changed import Changed

CAPACITY = 12


class RejectStrip:
    """The last twelve rejects, and the one that is opened for a closer look."""

    def __init__(self) -> None:
        self.changed = Changed()
        self.notices: tuple[RejectNotice, ...] = ()
        self.opened: RejectNotice | None = None
        self._pictures: dict[int, LivePicture] = {}

    @property
    def picture(self) -> LivePicture | None:
        """The opened one's whole picture; None when it was skipped on its way here."""
        return self._pictures.get(self.opened.part_id) if self.opened is not None else None

    def add(self, notice: RejectNotice) -> None:
        """One more reject; the oldest leaves, a repeated one stays where it is."""
        if all(notice.part_id != known.part_id for known in self.notices):
            self.notices = (notice, *self.notices)[:CAPACITY]
            self.changed.emit()

    def fill(self, older: Iterable[RejectNotice]) -> None:
        """Rejects of before, in any order; those that are there stay as they are."""
        known = {notice.part_id for notice in self.notices}
        new = [notice for notice in older if notice.part_id not in known]
        both = sorted((*self.notices, *new), key=lambda notice: notice.part_id, reverse=True)
        self.notices = tuple(both[:CAPACITY])
        if new:
            self.changed.emit()

    def tell_more(self, part_id: int, **told: Any) -> None:
        """More of one that came without: its picture, its checks. Gone meanwhile: nothing."""
        more = {
            notice.part_id: msgspec.structs.replace(notice, **told)
            for notice in self.notices
            if notice.part_id == part_id
        }
        self.notices = tuple(more.get(notice.part_id, notice) for notice in self.notices)
        if self.opened is not None:
            self.opened = more.get(self.opened.part_id, self.opened)
        if more:
            self.changed.emit()

    def keep(self, picture: LivePicture) -> None:
        """Remember the picture of a reject for as long as it may be asked for."""
        if not picture.passed:
            self._pictures[picture.part_id] = picture
            opened = self.opened.part_id if self.opened is not None else 0
            for part_id in sorted(self._pictures.keys() - {opened})[:-CAPACITY]:
                del self._pictures[part_id]

    def open(self, notice: RejectNotice) -> None:
        """Take a closer look at one; the same once more: back."""
        opened = self.opened
        self._set(None if opened and opened.part_id == notice.part_id else notice)

    def close(self) -> None:
        """Back to the live picture."""
        self._set(None)

    def forget(self) -> None:
        """Another product: its rejects are not these."""
        self.notices, self._pictures = (), {}
        self._set(None)

    def step(self, by: int) -> None:
        """The next older one (``by`` 1) or newer one (-1), if there is one."""
        here = self._place()
        if here is not None and 0 <= here + by < len(self.notices):
            self._set(self.notices[here + by])

    def may_step(self, by: int) -> bool:
        """Whether there is one on that side."""
        here = self._place()
        return here is not None and 0 <= here + by < len(self.notices)

    def _place(self) -> int | None:
        wanted = self.opened.part_id if self.opened is not None else None
        places = (i for i, notice in enumerate(self.notices) if notice.part_id == wanted)
        return next(places, None)

    def _set(self, opened: RejectNotice | None) -> None:
        self.opened = opened
        self.changed.emit()
