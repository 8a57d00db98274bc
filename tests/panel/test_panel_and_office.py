"""The real panel before a real station and its office: rights, a log-in, a job, and no office."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from inspector.link.messages import Login
from inspector.link.questions.jobs import Verified, VerifyLedger
from inspector.panel import office_connection
from inspector.panel.models.desk import Following
from inspector.panel.window import PanelWindow
from tests.panel.fakes import no_office
from tests.panel.office_window import SOON, window
from tests.station.production_line import PASSWORD

__all__ = ["window"]


def test_who_logs_in_may_more_and_has_work_done(qtbot: QtBot, window: PanelWindow) -> None:
    assert not window.desk.may("AddUser")
    assert window.desk.who_may("AddUser") == ("administrator",)
    window.desk.send(Login("adm", PASSWORD))
    qtbot.waitUntil(lambda: window.desk.may("AddUser"), timeout=SOON)

    seen: list[Following] = []
    job = window.desk.run(VerifyLedger(), lambda: seen.append(job))
    qtbot.waitUntil(lambda: job.ended, timeout=SOON)
    assert job.problem == ""
    assert isinstance(job.result, Verified)
    assert job.state is not None
    assert job.state.user == "adm"


def test_without_an_office_the_line_is_still_shown(
    qtbot: QtBot, window: PanelWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window._office, "_connect_office", no_office)
    monkeypatch.setattr(office_connection, "SILENCE_S", 0.0)
    qtbot.waitUntil(lambda: not window.desk.there, timeout=SOON)
    assert window.model.live.connected
    refused: list[str] = []
    window.desk.ask(VerifyLedger(), lambda _: None, refused.append)
    qtbot.waitUntil(lambda: bool(refused), timeout=SOON)
