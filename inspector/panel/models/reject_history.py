"""Rejects that the strip did not see: asked of the office after a start, or a lost connection."""

from __future__ import annotations

from inspector.link.messages import RejectNotice
from inspector.link.questions.parts import ListParts, PartEntry, PartPicture, Parts, Picture
from inspector.link.questions.reviewing import AskPart, PartCheck, PartDetail
from inspector.link.rejects import CheckNote
from inspector.panel.models.desk import Desk, Inquiry
from inspector.panel.models.live import LiveModel
from inspector.panel.models.rejects import CAPACITY, RejectStrip

_THUMBNAIL_PX = 320


class RejectHistory:
    """Qt-free; GUI thread. What arrives meanwhile stays as it is: it tells more.

    Asked once each time the station is heard anew, for the product that it has.
    """

    def __init__(self, desk: Desk, live: LiveModel, rejects: RejectStrip) -> None:
        self._desk, self._live, self._rejects = desk, live, rejects
        self._due = True
        self._product = ""
        self._asked: Inquiry | None = None
        self._records: dict[int, int] = {}
        """Of parts that came from the office: they have no checks yet."""
        live.changed.connect(self._look)
        desk.changed.connect(self._look)
        rejects.changed.connect(self._complete)

    def _look(self) -> None:
        status = self._live.status if self._live.connected else None
        if status is None:
            self._due = True
            return
        if status.product != self._product:
            self._drop()
            self._product = status.product
        if self._due and self._asked is None and self._desk.there and self._desk.may("ListParts"):
            self._due = False
            question = ListParts(product=status.product, count=CAPACITY)
            self._asked = Inquiry(question, self._take, self._failed)  # it may answer at once
            asked = self._desk.ask(question, self._take, self._failed)
            if self._asked is not None:
                self._asked = asked

    def _drop(self) -> None:
        """Another product: what was asked is of no interest any more."""
        if self._asked is not None:
            self._asked.drop()
        self._asked = None
        self._records.clear()

    def _failed(self, _reason: str) -> None:
        """No records, or no office: the strip begins empty, and fills as parts are rejected."""
        self._asked = None
        self._due = not self._desk.there

    def _take(self, parts: Parts) -> None:
        self._asked = None
        known = {notice.part_id for notice in self._rejects.notices}
        new = [entry for entry in parts.entries if entry.part not in known]
        self._records |= {entry.part: entry.record for entry in new}
        self._rejects.fill([_notice(entry) for entry in new])
        for entry in new:
            if entry.views:
                self._ask_picture(entry)

    def _ask_picture(self, entry: PartEntry) -> None:
        def take(picture: Picture) -> None:
            self._rejects.tell_more(entry.part, thumbnail_jpeg=picture.data)

        question = PartPicture(entry.record, overlay=True, longest=_THUMBNAIL_PX)
        self._desk.ask(question, take, lambda _reason: None)

    def _complete(self) -> None:
        """One of them is looked at: what its checks said."""
        opened = self._rejects.opened
        record = self._records.pop(opened.part_id, 0) if opened is not None else 0
        if opened is None or not record:
            return
        part = opened.part_id

        def take(detail: PartDetail) -> None:
            checks = tuple(_note(check) for check in detail.checks if check.score is not None)
            self._rejects.tell_more(part, checks=checks)

        self._desk.ask(AskPart(record), take, lambda _reason: None)


def _notice(entry: PartEntry) -> RejectNotice:
    return RejectNotice(entry.part, entry.utc_us, entry.cause, entry.reasons, b"")


def _note(check: PartCheck) -> CheckNote:
    return CheckNote(
        check.check,
        check.score or 0.0,
        check.threshold,
        check.p_value,
        check.passed,
        check.view,
        check.finding,
    )
