"""Reports for the panel, made in a process of their own."""

from __future__ import annotations

import hashlib

from inspector.link.questions.jobs import AskResult, JobStarted
from inspector.link.questions.reports import MakeReport, ReportFile
from tests.office.conftest import Desk
from tests.office.test_office import ended


def test_a_report_is_made_and_handed_over_as_a_file(desk: Desk) -> None:
    token = desk.log_in("aud")
    started = desk.ask(MakeReport("audit", form=".csv", language="ja"), token)
    assert isinstance(started, JobStarted)
    assert ended(desk, started.job).end == "done"
    made = desk.ask(AskResult(started.job), token)
    assert isinstance(made, ReportFile)
    assert made.name.endswith("_audit.csv")
    assert made.sha256 == hashlib.sha256(made.data).hexdigest()
    assert b"aud" in made.data


def test_what_cannot_be_meant_is_refused_in_words(desk: Desk) -> None:
    token = desk.log_in("aud")
    started = desk.ask(MakeReport("shift", form=".csv"), token)
    assert isinstance(started, JobStarted)
    state = ended(desk, started.job)
    assert state.end == "failed"
    assert "begin and an end" in state.problem
