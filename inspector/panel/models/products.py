"""The products screen without its pixels: tiles, what changes, the changeover, one product."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from inspector.core.state import StationStatus
from inspector.link.questions.products import (
    AskProduct,
    Compared,
    CompareProducts,
    ListTiles,
    ProductDetail,
    Tile,
    Tiles,
)
from inspector.panel.models.changeover import Changeover
from inspector.panel.models.desk import Desk
from inspector.panel.models.live import LiveModel
from inspector.panel.models.screen import ScreenModel


class Page(StrEnum):
    """What the screen shows."""

    TILES = "tiles"
    COMPARISON = "comparison"
    CHANGEOVER = "changeover"
    DETAIL = "detail"
    DRAFTS = "drafts"


class ProductsModel(ScreenModel):
    """Qt-free. ``language`` gives the code of the language in use."""

    def __init__(self, desk: Desk, live: LiveModel, language: Callable[[], str]) -> None:
        super().__init__(desk)
        self.page = Page.TILES
        self.tiles: tuple[Tile, ...] = ()
        self.wanted = ""
        """What is searched for."""
        self.other = ""
        self.comparison: Compared | None = None
        self.changeover: Changeover | None = None
        self.detail: ProductDetail | None = None
        self._live, self._language = live, language

    # -- what is shown ----------------------------------------------------------------------------

    @property
    def status(self) -> StationStatus | None:
        """What the station says, while it is heard."""
        return self._live.status if self._live.connected else None

    @property
    def loaded(self) -> str:
        """The product of the station; empty while nobody knows."""
        return self.status.product if self.status is not None else ""

    @property
    def empty(self) -> bool:
        """True when the page has nothing to show yet."""
        pages: dict[Page, object] = {
            Page.TILES: self.tiles,
            Page.COMPARISON: self.comparison,
            Page.CHANGEOVER: self.changeover,
            Page.DETAIL: self.detail,
        }
        return not pages.get(self.page, True)

    @property
    def shown(self) -> tuple[Tile, ...]:
        """Tiles that are searched for: what is loaded first, then by name."""
        found = (tile for tile in self.tiles if self._is_wanted(tile))
        loaded = self.loaded
        return tuple(
            sorted(found, key=lambda t: (t.product != loaded, _natural(self.title_of(t.product))))
        )

    def title_of(self, product: str) -> str:
        """Its name in the language in use."""
        title = next((tile.title for tile in self.tiles if tile.product == product), {})
        return title.get(self._language()) or title.get("en") or product

    def _is_wanted(self, tile: Tile) -> bool:
        words = " ".join((tile.product, *tile.title.values())).casefold()
        return all(word in words for word in self.wanted.casefold().split())

    # -- may it change over -----------------------------------------------------------------------

    @property
    def runs(self) -> bool:
        """The line has to be stopped first."""
        return self.status is not None and self.status.state.running

    @property
    def plc_commands(self) -> bool:
        """Only the PLC may change over now."""
        return self.status is not None and self.status.writer == "plc"

    @property
    def may_change(self) -> bool:
        """True when a touch of *Change over* would not be refused, as far as the panel knows."""
        loadable = self.comparison is not None and not self.comparison.problem
        known = self.status is not None and not self.plc_commands
        return loadable and known and self.desk.may("SelectProduct")

    # -- what is done ------------------------------------------------------------------------------

    def reload(self) -> None:
        """Ask for what the page shows."""
        if self.page is Page.COMPARISON:
            self.ask(CompareProducts(self.loaded, self.other), self._take_comparison, "comparison")
        elif self.page is Page.DETAIL:
            self.ask(AskProduct(self.loaded), self._take_detail, "detail")
        elif self.page is not Page.DRAFTS:
            self.ask(ListTiles(), self._take_tiles, "tiles")

    def search(self, words: str) -> None:
        """Show those with these words in their names; empty: all."""
        self.wanted = words.strip()
        self.changed.emit()

    def touch(self, product: str) -> None:
        """A tile: what a changeover to it would change; of what is loaded, all about it."""
        if product == self.loaded:
            self.open_detail()
            return
        self.other, self.comparison = product, None
        self._turn_to(Page.COMPARISON)

    def open_detail(self) -> None:
        """All about what is loaded."""
        if self.detail is not None and self.detail.product != self.loaded:
            self.detail = None
        self._turn_to(Page.DETAIL)

    def open_drafts(self) -> None:
        """What people proposed."""
        self._turn_to(Page.DRAFTS)
        self.changed.emit()

    def back(self) -> None:
        """To the tiles."""
        self._end_changeover()
        self._turn_to(Page.TILES)

    def confirm(self) -> None:
        """Change over."""
        if self.may_change:
            self._begin(self.other)

    def go_back_to(self, product: str) -> None:
        """The changeover failed: to what ran before."""
        self._begin(product)

    def _begin(self, product: str) -> None:
        self._end_changeover()
        self.page, self.problem = Page.CHANGEOVER, ""
        self.changeover = Changeover(self.desk, self._live, product)
        self.changeover.changed.connect(self.changed.emit)
        self.changed.emit()

    def _end_changeover(self) -> None:
        if self.changeover is not None:
            self.changeover.close()
            self.changeover = None

    def _turn_to(self, page: Page) -> None:
        self.page = page
        self.reload()

    def _take_tiles(self, tiles: Tiles) -> None:
        self.tiles = tiles.entries

    def _take_comparison(self, comparison: Compared) -> None:
        self.comparison = comparison

    def _take_detail(self, detail: ProductDetail) -> None:
        self.detail = detail


def _natural(name: str) -> list[tuple[int, str]]:
    """Part 2 comes before part 10."""
    pieces = re.split(r"(\d+)", name.casefold())
    return [(int(piece), "") if piece.isdecimal() else (0, piece) for piece in pieces]
