"""The real panel before a real station: parts are judged, counted, and another rate proposed."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from inspector.link.messages import Login
from inspector.panel.screens.review import ReviewScreen
from inspector.panel.widgets.touched_picture import Way
from inspector.panel.window import PanelWindow
from tests.panel.office_window import SOON, window
from tests.station.production_line import PASSWORD

__all__ = ["window"]


def test_a_word_is_recorded_taken_back_and_a_rate_proposed(
    qtbot: QtBot, window: PanelWindow, tmp_path: Path
) -> None:
    window.desk.send(Login("eno", PASSWORD))
    qtbot.waitUntil(lambda: window.desk.may("ProposeRate"), timeout=SOON)
    window.shell.go("review")
    screen = window.shell.screens["review"]
    assert isinstance(screen, ReviewScreen)
    model = screen.model
    qtbot.waitUntil(lambda: len(model.tiles) > 2, timeout=SOON)
    qtbot.waitUntil(lambda: all(model.thumbnails.values()), timeout=SOON)

    screen.gallery.buttons[0].click()
    qtbot.waitUntil(lambda: bool(model.part.field and model.part.other), timeout=SOON)
    screen.part.judge[Way.RIGHT].click()
    qtbot.waitUntil(lambda: model.tiles[0].finding == "defect", timeout=SOON)
    qtbot.waitUntil(lambda: _counted(screen) == 1, timeout=SOON)
    screen.part.undo.click()
    qtbot.waitUntil(lambda: model.tiles[0].finding == "", timeout=SOON)
    qtbot.waitUntil(lambda: _counted(screen) == 0, timeout=SOON)

    model.close()
    screen.what_if_button.click()
    what_if = screen.what_if
    qtbot.waitUntil(lambda: what_if.table is not None, timeout=SOON)
    what_if.choose(0)
    proposal = what_if.proposal
    assert proposal is not None
    # Office and panel share one in-process client here: whoever asked last is who it speaks for.
    window.desk.send(Login("eno", PASSWORD))
    window.shell.signing.open(proposal)
    window.shell.signing.sign("fewer false rejects", [])
    qtbot.waitUntil(lambda: window.shell.signing.command is None, timeout=SOON)
    assert list(tmp_path.rglob("drafts/tiny-*.yaml"))


def _counted(screen: ReviewScreen) -> int:
    """Rejects that somebody called true, asked anew until the record is there."""
    screen.model.count()
    reviews = screen.model.reviews
    return reviews.true if reviews is not None else -1
