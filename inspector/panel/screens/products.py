"""Products: change over to another one, show limit samples, release; where its zones lie."""

from __future__ import annotations

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.core.state import Requirement
from inspector.link.questions.products import Tile
from inspector.panel.models.drafts import DraftsModel
from inspector.panel.models.limit_samples import LimitSamplesModel
from inspector.panel.models.products import Page, ProductsModel
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.changeover_pane import ChangeoverPane
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.comparison_pane import ComparisonPane
from inspector.panel.widgets.drafts_pane import DraftsPane
from inspector.panel.widgets.field import Field
from inspector.panel.widgets.masters_pane import MastersPane
from inspector.panel.widgets.release_pane import ReleasePane
from inspector.panel.widgets.screen import Screen
from inspector.panel.widgets.sheet import Sheet
from inspector.panel.widgets.standing import StandingPane
from inspector.panel.widgets.tile_grid import TileGrid, TileWords
from inspector.panel.widgets.typing_room import TypingRoom
from inspector.panel.widgets.view import ElidedLabel, View, restyle
from inspector.panel.widgets.zones_pane import ZonesPane

LATER_MS = 1500
_PAGES = (Page.TILES, Page.COMPARISON, Page.CHANGEOVER, Page.DETAIL, Page.DRAFTS)


class ProductsScreen(Screen):
    """Tiles; what changes; the changeover; and all about the product that is loaded."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        live = around.model.live
        self.model = ProductsModel(around.desk, live, lambda: around.language.code)
        self.masters_model = LimitSamplesModel(around.desk, live)
        self.drafts_model = DraftsModel(around.desk, live)
        self._metrics: Metrics | None = None
        self._seen: object = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(LATER_MS)
        self._later.timeout.connect(self._once_more)
        self.comparison = ComparisonPane(self.model, around)
        self.changeover = ChangeoverPane(self.model)
        self.masters = MastersPane(self.masters_model, around)
        self.release = ReleasePane(self.model, around)
        self.zones = ZonesPane(self.model, around)
        self.drafts = DraftsPane(self.drafts_model, around)
        self.drafts.left.connect(self.model.back)
        self.drafts.release_wanted.connect(lambda: self._open(self.release))
        self.drafts_model.changed.connect(self._count_drafts)
        self.changeover.live_wanted.connect(self._to_the_line)
        self.changeover.missing_wanted.connect(lambda: self._open(self.masters))
        self.masters.changed_list.connect(self.model.reload)
        self.pages = QStackedWidget()
        for page in (self._tiles_page(), self.comparison, self.changeover, self._detail_page()):
            self.pages.addWidget(StandingPane(self.model, page, self._nothing))
        self.pages.addWidget(self.drafts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self.model.changed.connect(self.refresh)
        live.changed.connect(self._look)
        around.desk.changed.connect(self.refresh)
        self.refresh()

    def enter(self) -> None:
        """Ask what there is; a changeover that is followed goes on."""
        if self.model.page is Page.CHANGEOVER or self.drafts_model.taken is not None:
            self.refresh()
            return
        self.drafts_model.close()
        self.drafts_model.reload()
        self.model.back()

    def _nothing(self) -> str:
        return self.tr("There are no products yet.")

    def rescale(self, metrics: Metrics) -> None:
        """Sizes of everything."""
        self._metrics = metrics
        ways = QBoxLayout.Direction
        self._head.setDirection(ways.TopToBottom if metrics.portrait else ways.LeftToRight)
        for part in (self.grid, self.comparison, self.changeover, self.masters, self.release):
            part.rescale(metrics)
        self.drafts.rescale(metrics)

    # -- pages ----------------------------------------------------------------------

    def _tiles_page(self) -> QWidget:
        self.now, self.stands = ElidedLabel("strong"), ElidedLabel("muted")
        self.about, self.search, self.waiting = QPushButton(), QPushButton(), QPushButton()
        self.waiting.clicked.connect(self._open_drafts)
        self.about.clicked.connect(lambda: self._open(self.masters))
        self.search.clicked.connect(self._search)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.now)
        words.addWidget(self.stands)
        buttons = QHBoxLayout()
        for button in (self.about, self.search, self.waiting):  # as tall as the tallest
            policy = QSizePolicy.Policy
            button.setSizePolicy(policy.Minimum, policy.MinimumExpanding)
        buttons.addWidget(self.about, 1)
        buttons.addWidget(self.search, 1)
        buttons.addWidget(self.waiting, 1)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.addLayout(words, 3)
        self._head.addLayout(buttons, 2)
        self.grid = TileGrid()
        self.grid.touched.connect(self.model.touch)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._head)
        column.addWidget(self.grid, 1)
        return page

    def _detail_page(self) -> QWidget:
        self.back = QPushButton()
        self.back.clicked.connect(self.model.back)
        self._choices = QButtonGroup(self)
        self.choices: dict[View, QPushButton] = {}
        self.parts = QStackedWidget()
        head = QHBoxLayout()
        head.addWidget(self.back)
        for part in (self.masters, self.release, self.zones):
            button = choice_button()
            button.clicked.connect(lambda _=False, part=part: self._turn_to(part))
            self._choices.addButton(button)
            self.choices[part] = button
            self.parts.addWidget(part)
            head.addWidget(button, 1)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.parts, 1)
        self._turn_to(self.masters)
        return page

    # -- what is shown ----------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the page."""
        model = self.model
        self.pages.setCurrentIndex(_PAGES.index(model.page))
        if model.page is Page.TILES:
            self._show_tiles()
        elif model.page is Page.COMPARISON:
            self.comparison.refresh()
        elif model.page is Page.CHANGEOVER:
            self.changeover.refresh()
        elif model.page is Page.DRAFTS:
            self.drafts.refresh()
        else:
            self._show_detail()

    def _show_tiles(self) -> None:
        model = self.model
        loaded = model.title_of(model.loaded) if model.loaded else self.tr("Nothing is loaded")
        self.now.setText(self.tr("Loaded: {product}").format(product=loaded))
        self.stands.setText(self._standing())
        self.about.setText(self.tr("Limit samples,\nrelease, zones"))
        self.about.setEnabled(bool(model.loaded))
        found = self.tr("“{words}” ✕").format(words=model.wanted)
        self.search.setText(found if model.wanted else self.tr("Search"))
        restyle(self.search, "primary", bool(model.wanted))
        self._count_drafts()
        self.grid.show_tiles([self._words(tile) for tile in model.shown])

    def _count_drafts(self) -> None:
        """The way to them is there while some wait."""
        count = len(self.drafts_model.entries)
        self.waiting.setText(self.tr("Drafts ({n})").format(n=count))
        self.waiting.setVisible(count > 0)

    def _standing(self) -> str:
        status = self.model.status
        if status is None:
            return self.tr("The station cannot be reached.")
        keys = {lock.key for lock in status.locked}
        if not status.locked and not status.production:
            return self.tr("Demo: counted and recorded, not as production")
        words = [
            self.tr("not released") if Requirement.RELEASE in keys else self.tr("released"),
            self.tr("limit samples are due")
            if Requirement.LIMIT_SAMPLES in keys
            else self.tr("limit samples valid"),
        ]
        return " · ".join(words)

    def _words(self, tile: Tile) -> TileWords:
        model = self.model
        loaded = tile.product == model.loaded
        if tile.problem:
            mark = self.tr("Recipe is damaged")
        elif not tile.taught:
            mark = self.tr("Not taught")
        elif not tile.released:
            mark = self.tr("Not released")
        else:
            mark = self.tr("Released")
        if loaded:
            mark = self.tr("Loaded · {mark}").format(mark=mark)
        return TileWords(
            tile.product,
            model.title_of(tile.product),
            mark,
            good=tile.released and tile.taught and not tile.problem,
            locked=bool(tile.problem) or not tile.taught,
            loaded=loaded,
            picture=tile.picture,
        )

    def _show_detail(self) -> None:
        self.back.setText(self.tr("‹  Products"))
        names = (self.tr("Limit samples"), self.tr("Release"), self.tr("Zones"))
        for button, name in zip(self.choices.values(), names, strict=True):
            button.setText(name)
        detail = self.model.detail
        if detail is not None:
            self.masters.checks = detail.checks
            self.masters_model.show(detail.product, detail.masters)
        self.release.refresh()
        self.zones.refresh()

    # -- what is done ----------------------------------------------------------------------

    def _look(self) -> None:
        """Snapshots come five times a second: what else they say is seldom something new."""
        status = self.model.status
        now = None
        if status is not None:
            state = (status.product, status.state, status.locked, status.writer, status.production)
            now = (*state, status.limits.checked_utc_us)
        if now == self._seen:
            return
        self._seen = now
        if self.isVisible() and self.model.page in (Page.DETAIL, Page.TILES):
            self.model.reload()  # a check, a release or a changeover has other tiles and pictures
            self._later.start()
        self.refresh()

    def _once_more(self) -> None:
        """Pictures of masters reach the disk after what was said of them."""
        if self.isVisible() and self.model.page is Page.DETAIL:
            self.model.reload()

    def _open_drafts(self) -> None:
        self.drafts_model.reload()
        self.model.open_drafts()

    def _open(self, part: View) -> None:
        self._turn_to(part)
        self.model.open_detail()

    def _turn_to(self, part: View) -> None:
        self.choices[part].setChecked(True)
        self.parts.setCurrentWidget(part)

    def _to_the_line(self) -> None:
        self.model.back()
        self.around.go("live")

    def _search(self) -> None:
        if self.model.wanted:
            self.grid.to_first()
            self.model.search("")
            return
        field = Field(longest=40, prose=True)
        field.call(self.tr("Part of the name"))
        content = QWidget()
        column = QVBoxLayout(content)
        column.addWidget(field)
        column.addStretch()
        room = TypingRoom(content, self.around.language)
        if self._metrics is not None:
            room.rescale(self._metrics)
        sheet = Sheet(self.tr("Search products"), room, confirm=self.tr("Search"))
        sheet.confirmed.connect(lambda: self._found(field.text))
        field.edit.returnPressed.connect(sheet.confirm.click)
        self.around.lay(sheet)
        field.edit.setFocus()

    def _found(self, words: str) -> None:
        self.grid.to_first()
        self.model.search(words)
