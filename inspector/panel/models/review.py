"""The review screen without its pixels: the gallery, its filter, and judging part by part."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from inspector.link.messages import Judge
from inspector.link.questions.parts import ListParts, PartPicture, Parts, Picture, Which
from inspector.link.questions.reviewing import AskReviews, Reviews
from inspector.panel.models.desk import Desk
from inspector.panel.models.part_review import Finding, PartReview, PartTile, said_in
from inspector.panel.models.screen import ScreenModel

THUMBNAIL_PX = 240
PAGE = 24
_KEPT_THUMBNAILS = 300
_HOUR_US = 3_600_000_000
HOURS = (1, 8, 24, 168, 0)
"""How far back a gallery may look; 0: any time."""


@dataclass(frozen=True, slots=True)
class PartFilter:
    """Which parts a gallery shows. Empty strings and 0 hours: any."""

    which: Which = "rejects"
    product: str = ""
    lot: str = ""
    reason: str = ""
    hours: int = 0
    unjudged: bool = False

    @property
    def narrowed(self) -> int:
        """How many choices leave parts out."""
        return sum(map(bool, (self.product, self.lot, self.reason, self.hours)))


@dataclass(frozen=True, slots=True)
class LastWord:
    """What was said last, and what takes it back."""

    user: str
    tile: PartTile
    said: Judge
    back: Judge


class ReviewModel(ScreenModel):
    """Qt-free; GUI thread. ``who``: the user at the panel; ``now_us``: UTC."""

    def __init__(
        self,
        desk: Desk,
        who: Callable[[], str],
        now_us: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        super().__init__(desk)
        self._who, self._now_us = who, now_us
        self.filter = PartFilter()
        self.tiles: tuple[PartTile, ...] = ()
        self.next = 0
        """Record from which older parts go on; 0: there are none."""
        self.thumbnails: dict[int, bytes] = {}
        self.reviews: Reviews | None = None
        self.last: LastWord | None = None
        self.part = PartReview(desk, self.changed)
        self.waiting = False
        """A word was sent, and is not recorded yet."""
        self._of_gallery = False

    @property
    def empty(self) -> bool:
        """True when no part is to be shown."""
        return not self.tiles

    @property
    def undoable(self) -> LastWord | None:
        """One's own last word, unless another one is under way."""
        own = self.last is not None and self.last.user == self._who()
        return self.last if own and not self.waiting else None

    @property
    def may_judge(self) -> bool:
        """Whether who is here may say something."""
        return self.desk.may("Judge")

    def reload(self) -> None:
        """The newest page, and the counts."""
        self.ask(self._page(0), self._take_first, slot="page")
        self.count()

    def count(self) -> None:
        """What people have said."""
        question = AskReviews(self.filter.product, self.since_us)
        self.ask(question, self._take_reviews, slot="counts")

    def more(self) -> None:
        """The next page."""
        if self.next:
            self.ask(self._page(self.next), self._take_more, slot="page")

    def narrow(self, chosen: PartFilter) -> None:
        """Other parts."""
        self.filter, self.tiles, self.next = chosen, (), 0
        self.reload()

    def want(self, records: Iterable[int]) -> None:
        """These are seen: ask for those pictures that were not asked for yet."""
        for record in records:
            if record not in self.thumbnails:
                self.thumbnails[record] = b""
                self._ask_thumbnail(record)
        while len(self.thumbnails) > _KEPT_THUMBNAILS:
            del self.thumbnails[next(iter(self.thumbnails))]

    # -- one part ---------------------------------------------------------------------------------

    def open(self, record: int) -> None:
        """Look at a part of the gallery."""
        place = next(i for i, tile in enumerate(self.tiles) if tile.record == record)
        self._of_gallery = True
        self.part.open(self.tiles, place)

    def open_of(self, tiles: tuple[PartTile, ...], record: int) -> None:
        """Look at a part of another list."""
        self._of_gallery = False
        place = next(i for i, tile in enumerate(tiles) if tile.record == record)
        self.part.open(tiles, place)

    def close(self) -> None:
        """Back to the list."""
        self.part.close()

    def judge(self, finding: Finding) -> None:
        """Say what the part is; once that is recorded, the next one is shown."""
        command, tile = self.part.judgement(finding), self.part.tile
        if command is None or tile is None or self.waiting or not self.may_judge:
            return
        self.waiting = True
        word = LastWord(self._who(), tile, command, self._taking_back(tile))

        def recorded(_answer: object) -> None:
            self.waiting = False
            self.last = word
            self._said(tile.record, finding)
            if self.part.tile is not None and self.part.tile.record == tile.record:
                self._go_on()
            self.count()

        self.desk.send(command, recorded, self._not_recorded)
        self.changed.emit()

    def undo(self) -> None:
        """Take the last word back, and show its part again."""
        last = self.undoable
        if last is None:
            return
        self.waiting = True

        def recorded(_answer: object) -> None:
            self.waiting, self.last = False, None
            self._said(last.tile.record, last.tile.finding)
            self._show_again(last)
            self.count()

        self.desk.send(last.back, recorded, self._not_recorded)
        self.changed.emit()

    def _not_recorded(self, reason: str) -> None:
        self.waiting = False
        self.part.problems["word"] = reason
        self.changed.emit()

    def _taking_back(self, tile: PartTile) -> Judge:
        """One's own word before, or none."""
        said = self.part.detail.said if self.part.detail is not None else ()
        own = next((one for one in said if one.user == self._who()), None)
        if own is None:
            return Judge(tile.part, "withdrawn")
        finding: Finding = own.finding  # type: ignore[assignment]  # as it was recorded
        return Judge(tile.part, finding, own.defect, own.marks, own.note)

    def _said(self, record: int, finding: str) -> None:
        self.tiles = said_in(self.tiles, record, finding)
        self.part.say(record, finding)

    def _go_on(self) -> None:
        if not self.part.step(1):
            self.part.close()
            if self._of_gallery:
                self.more()

    def _show_again(self, last: LastWord) -> None:
        tiles = self.part.tiles or self.tiles
        places = [i for i, tile in enumerate(tiles) if tile.record == last.tile.record]
        if places:
            self.part.open(tiles, places[0])
            self.part.marks, self.part.defect = last.said.marks, last.said.defect
        self.changed.emit()

    # -- answers ----------------------------------------------------------------------------------

    def _page(self, before: int) -> ListParts:
        chosen = self.filter
        return ListParts(
            which=chosen.which,
            product=chosen.product,
            lot=chosen.lot,
            reason=chosen.reason,
            since_us=self.since_us,
            unjudged=chosen.unjudged,
            pictured=chosen.which == "passes",
            before=before,
            count=PAGE,
        )

    @property
    def since_us(self) -> int | None:
        """Where the time that is looked at begins; None: any."""
        return self._now_us() - self.filter.hours * _HOUR_US if self.filter.hours else None

    def _take_first(self, parts: Parts) -> None:
        self.tiles = tuple(map(PartTile.of, parts.entries))
        self.next = parts.next

    def _take_more(self, parts: Parts) -> None:
        self.tiles += tuple(map(PartTile.of, parts.entries))
        self.next = parts.next

    def _take_reviews(self, reviews: Reviews) -> None:
        self.reviews = reviews

    def _ask_thumbnail(self, record: int) -> None:
        """With what was found on it; where that cannot be drawn any more, as it was seen."""

        def done(picture: Picture) -> None:
            self.thumbnails[record] = picture.data
            self.changed.emit()

        def plain(_reason: str) -> None:
            self.desk.ask(PartPicture(record, longest=THUMBNAIL_PX), done, lambda _reason: None)

        self.desk.ask(PartPicture(record, overlay=True, longest=THUMBNAIL_PX), done, plain)
