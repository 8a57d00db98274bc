"""Who did what, as somebody looks for it; and whether the record of it is whole."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum

from inspector.link.questions.audit import (
    ActionEntry,
    Actions,
    AskHead,
    ListActions,
    NewestHead,
)
from inspector.link.questions.jobs import Verified, VerifyLedger
from inspector.panel.models.desk import Desk, Following
from inspector.panel.models.screen import ScreenModel

PAGE = 50
_HOUR_US = 3_600_000_000


class Span(Enum):
    """How far back is looked; in hours, 0 for all of it."""

    DAY = 24
    WEEK = 168
    MONTH = 720
    ALL = 0


class AuditModel(ScreenModel):
    """Actions, newest first, by person, action and time. ``now_us`` gives UTC microseconds."""

    def __init__(
        self, desk: Desk, now_us: Callable[[], int] = lambda: time.time_ns() // 1000
    ) -> None:
        super().__init__(desk)
        self.entries: tuple[ActionEntry, ...] = ()
        self.more = False
        """There are older ones."""
        self.person = ""
        self.action = ""
        self.span = Span.WEEK
        self.head: NewestHead | None = None
        self.verifying: Following | None = None
        self.fresh = 0
        """Counts lists that were begun anew: a view goes back to its first page."""
        self._next = 0
        self._known = False
        self._now_us = now_us

    @property
    def busy(self) -> bool:
        """True while the first page is awaited."""
        return "page" in self._open and not self._known

    @property
    def empty(self) -> bool:
        """True when there is nothing to show."""
        return not self.entries

    @property
    def verified(self) -> Verified | None:
        """What the last verification found, if it came to its end."""
        found = self.verifying.result if self.verifying is not None else None
        return found if isinstance(found, Verified) else None

    def reload(self) -> None:
        """The first page anew, and the newest head."""
        self._known, self.entries, self.more = False, (), False
        self.fresh += 1
        self.ask(self._question(0), self._first, slot="page")
        self.ask(AskHead(), self._take_head, slot="head")

    def go_on(self) -> None:
        """The next page."""
        if self.more and "page" not in self._open:
            self.ask(self._question(self._next), self._follow, slot="page")

    def look_back(self, span: Span) -> None:
        """Another stretch of time."""
        self.span = span
        self.reload()

    def only(self, *, person: str | None = None, action: str | None = None) -> None:
        """One person's actions, or one kind of action; empty: everybody's, all."""
        self.person = self.person if person is None else person
        self.action = self.action if action is None else action
        self.reload()

    def verify(self) -> None:
        """Have the whole ledger checked, with its pictures."""
        if self.verifying is None or self.verifying.ended:
            self.verifying = self.run(VerifyLedger())
            self.changed.emit()

    def entry(self, record: int) -> ActionEntry | None:
        """One of those that were read."""
        return next((one for one in self.entries if one.record == record), None)

    def _question(self, before: int) -> ListActions:
        since = self._now_us() - self.span.value * _HOUR_US if self.span.value else None
        return ListActions(
            person=self.person, action=self.action, since_us=since, before=before, count=PAGE
        )

    def _first(self, page: Actions) -> None:
        self._known, self.entries = True, ()
        self._follow(page)

    def _follow(self, page: Actions) -> None:
        self.entries += page.entries
        self._next, self.more = page.next, bool(page.next)

    def _take_head(self, head: NewestHead) -> None:
        self.head = head
