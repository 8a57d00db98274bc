"""All that is on the screen: header, verdict strip, one of the screens, and the way to others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QCoreApplication, QEvent, QRect, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QLineEdit,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from inspector.panel import theme
from inspector.panel.models.desk import Desk
from inspector.panel.models.panel import PanelModel
from inspector.panel.models.signing import Signed, SigningModel
from inspector.panel.screens import SCREENS, Entry
from inspector.panel.surroundings import Surroundings
from inspector.panel.translation import Language
from inspector.panel.widgets.bands import Bands
from inspector.panel.widgets.body import Body
from inspector.panel.widgets.control import ControlPane
from inspector.panel.widgets.hands import Hands
from inspector.panel.widgets.header import Header
from inspector.panel.widgets.live import LiveScreen
from inspector.panel.widgets.login import LoginPane
from inspector.panel.widgets.navigation import MorePlaces, Navigation, Place
from inspector.panel.widgets.notice import Notice
from inspector.panel.widgets.screen import Screen
from inspector.panel.widgets.sheet import Sheet
from inspector.panel.widgets.signature import SigningPane
from inspector.panel.widgets.strip import VerdictStrip
from inspector.panel.widgets.view import OVERLAY, View, label
from inspector.panel.words import role_names

GAP = 8
SMALLEST_TARGETS = 11.0
"""A display that is less high than so many targets is one of the smallest."""
HEADER_PX, STRIP_PX = 60, 64


class _Screens(dict[str, Screen]):
    """Screens by key, each made when it is asked for the first time."""

    def __init__(self, make: Callable[[str], Screen]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: str) -> Screen:
        self[key] = self._make(key)
        return self[key]


class Shell(View):
    """The panel's one window without its connections."""

    def __init__(
        self,
        model: PanelModel,
        desk: Desk,
        language: Language,
        entries: Sequence[Entry] = SCREENS,
        *,
        dpi: float | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("shell")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model, self.desk = model, desk
        self._entries, self.dpi = tuple(entries), dpi
        self._sheet: Sheet | None = None
        self.signing = SigningModel(desk, model.session)
        self.around = Surroundings(
            model,
            desk,
            language,
            self.lay,
            self.say,
            self.go,
            model.session.open,
            self.sign,
        )
        self.header = Header(model.live, model.session, model.control, language)
        self.strip = VerdictStrip(model.live)
        self.bands = Bands(model.live, model.session, model.control)
        self.hands = Hands(self, model.session)
        self.hands.ticked.connect(self.signing.tick)
        for source in (self.bands, self.hands):
            source.asked.connect(desk.send)
        self.navigation = Navigation()
        self.login = LoginPane(model.session, language)
        self.signature = SigningPane(self.signing, language)
        self.notice = Notice()
        self._body = Body()
        self.screens = _Screens(self._make)
        self.here = self._entries[0].key
        self._user = ""
        self._left = ("", "")
        """Who was sent away from which screen, because the role was gone."""
        self._lay_out()
        self._body.lay(self.signature)
        self._body.lay(self.login)
        self.notice.setParent(self)
        self.notice.setProperty(OVERLAY, True)
        self.navigation.chosen.connect(self.go)
        self.navigation.more_wanted.connect(self._more)
        self.header.control_wanted.connect(self.show_control)
        for changed in (model.session.changed, self.signing.changed, desk.changed):
            changed.connect(self.refresh)
        model.looks.changed.connect(self._relight)
        self.bands.shown.connect(self._make_room)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)
        self.screens[self.here].enter()
        self.refresh()

    @property
    def live(self) -> LiveScreen:
        """The live screen."""
        found = self.screens["live"]
        assert isinstance(found, LiveScreen)
        return found

    # -- what screens may do: see Surroundings ----------------------------------------------------

    def go(self, key: str) -> None:
        """Show a screen; one that the role may not use says who may, and asks who it is."""
        if key not in {entry.key for entry in self._entries}:
            return
        self._dismiss()
        self._left = ("", "")
        if self._locked(self._entry(key)):
            self._tell_locked(self._entry(key))
            return
        if key != self.here:
            self._turn_to(key)
        self.refresh()

    def lay(self, sheet: Sheet) -> None:
        """Lay a sheet over the screen; one that lies there goes, as if cancelled."""
        self._dismiss()
        self._sheet = sheet
        self._body.lay(sheet)
        sheet.gone.connect(lambda: self._gone(sheet))
        sheet.show()
        sheet.raise_()
        self.refresh()

    def sign(self, command: Signed, then: Callable[[], object] = lambda: None) -> None:
        """Have a command signed; nobody signs what another panel would have to give."""
        if self.model.control.holder and type(command).__name__ in self.desk.one_panel:
            self.show_control()
        else:
            self.signing.open(command, then)

    def say(self, text: str) -> None:
        """Say a sentence for some seconds."""
        self._place_notice()
        self.notice.say(text)

    # -- Qt ---------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Navigation, strip, and what lies over the screen."""
        self._look_who_is_there()
        places = [
            Place(entry.key, entry.icon, self._title(entry), self._locked(entry))
            for entry in self._entries
        ]
        self.navigation.show_places(places, self.here)
        self.navigation.setVisible(len(places) > 1)
        asked = self.model.session.logging_in or self.signing.command is not None
        self.strip.setVisible(self.here != "live" or asked or self._sheet is not None)
        for pane in (self.signature, self.login):
            if pane.isVisibleTo(self._body):
                pane.raise_()

    def changeEvent(self, a0: QEvent | None) -> None:  # noqa: N802  # Qt's name
        """A sheet speaks the language in which it was laid."""
        if a0 is not None and a0.type() == QEvent.Type.LanguageChange:
            self._dismiss()
        super().changeEvent(a0)

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """Scale everything with the window."""
        super().resizeEvent(a0)
        self.rescale()

    def rescale(self) -> None:
        """Sizes and colours anew."""
        metrics = theme.Metrics.of(self.size(), self.screen(), self.dpi)
        style = theme.stylesheet(metrics)
        if style != self.styleSheet():  # costs a tenth of a second
            self.setStyleSheet(style)
        gap = metrics.px(GAP)
        directions = QBoxLayout.Direction
        upright = not metrics.portrait
        self._outer.setDirection(directions.LeftToRight if upright else directions.BottomToTop)
        self.navigation.rescale(metrics.target, metrics.px(17), upright=upright)
        self._column.setSpacing(gap)
        self._column.setContentsMargins(gap, gap, gap, gap)
        self.header.rescale(max(metrics.target, metrics.px(HEADER_PX)), gap)
        self.strip.setFixedHeight(metrics.px(STRIP_PX))
        self.notice.setMinimumHeight(metrics.target)
        self.bands.rescale(metrics)
        self.login.rescale(metrics)
        self.signature.rescale(metrics)
        for screen in self.screens.values():
            screen.rescale(metrics)
        self._outer.activate()
        self._place_notice()

    def _relight(self) -> None:
        """The other theme: what holds a colour follows, what was told one is told anew."""
        theme.use(theme.Theme(self.model.looks.theme))
        self.rescale()
        for view in self.findChildren(View):
            view.refresh()
        for widget in self.findChildren(QWidget):
            widget.update()
        self.refresh()

    def _lay_out(self) -> None:
        self._outer = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(0)
        self._outer.addWidget(self.navigation)
        self._column = QVBoxLayout()
        for widget in (self.header, self.strip, self.bands):
            self._column.addWidget(widget)
        self._column.addWidget(self._body, 1)
        self._outer.addLayout(self._column, 1)

    def _make_room(self, needed: bool) -> None:
        """For the bands, on the fullest screen; parts that all pass are not rejected anyway."""
        live = self.screens.get("live")
        if isinstance(live, LiveScreen):
            live.rejects.setVisible(not needed)

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        """On the smallest displays keys of 12 mm and the verdict leave no room for the header."""
        typing = isinstance(new, QLineEdit | QTextEdit) and self.isAncestorOf(new)
        metrics = theme.Metrics.of(self.size(), self.screen(), self.dpi)
        self.header.setVisible(not typing or self.height() >= SMALLEST_TARGETS * metrics.target)

    def _place_notice(self) -> None:
        corner = self._body.mapTo(self, self._body.rect().topLeft())
        gap = GAP * 2
        room = QRect(corner, self._body.size()).adjusted(gap, gap, -gap, -gap)
        self.notice.place(room)

    def _turn_to(self, key: str) -> None:
        self.screens[self.here].leave()
        self.here = key
        self._body.stack.setCurrentWidget(self.screens[key])
        self.screens[key].enter()

    def _look_who_is_there(self) -> None:
        """Whose role is gone is sent away, and finds the screen again with it.

        While the station cannot be reached nobody is known, and what is shown stays.
        """
        desk, (user, left) = self.desk, self._left
        if not desk.role:
            return
        if self._locked(self._entry(self.here)):
            self._left = self._user, self.here
            self._turn_to(self._entries[0].key)
        elif left and user == desk.user and not self._locked(self._entry(left)):
            self._left = ("", "")
            self._turn_to(left)
        self._user = desk.user

    # -- sheets and locks -------------------------------------------------------------------------

    def _dismiss(self) -> None:
        sheet, self._sheet = self._sheet, None
        if sheet is not None:
            sheet.dismiss()

    def _gone(self, sheet: Sheet) -> None:
        self._body.over.remove(sheet)
        if self._sheet is sheet:
            self._sheet = None
            self.refresh()

    def _more(self) -> None:
        metrics = theme.Metrics.of(self.size(), self.screen(), self.dpi)
        places = MorePlaces(self.navigation.hidden, metrics.target, metrics.px(17))
        places.chosen.connect(self.go)
        self.lay(Sheet(self.tr("More"), places))

    def show_control(self) -> None:
        """Who is in control, and the way to ask for it."""
        pane = ControlPane(self.around)
        sheet = Sheet(self.tr("Who is in control"), pane)
        pane.signing.connect(sheet.dismiss)
        self.lay(sheet)

    def _entry(self, key: str) -> Entry:
        return next(entry for entry in self._entries if entry.key == key)

    def _make(self, key: str) -> Screen:
        screen = self._entry(key).make(self.around)
        self._body.stack.addWidget(screen)
        screen.rescale(theme.Metrics.of(self.size(), self.screen(), self.dpi))
        return screen

    def _title(self, entry: Entry) -> str:
        if not entry.title:
            return self.screens[entry.key].title()
        return QCoreApplication.translate("Screens", entry.title)

    def _locked(self, entry: Entry) -> bool:
        return bool(entry.needs and self.desk.rights) and not self.desk.may(entry.needs)

    def _tell_locked(self, entry: Entry) -> None:
        able = role_names(self.desk.who_may(entry.needs))
        words = label("strong", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        words.setText(self.tr("For: {roles}").format(roles=able))
        title = self.tr("{screen} is locked").format(screen=self._title(entry))
        sheet = Sheet(title, words, confirm=self.tr("Log in"))
        sheet.confirmed.connect(self.model.session.open)
        self.lay(sheet)
