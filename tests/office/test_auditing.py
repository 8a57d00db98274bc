"""Who did what, as the office tells it."""

from __future__ import annotations

import pytest

from inspector.core.errors import RefusedError
from inspector.link.messages import Bypass, HoldEvidence, Judge, Login
from inspector.link.office_client import answer_to
from inspector.link.questions.audit import Actions, AskHead, ListActions, NewestHead
from tests.office.conftest import Desk
from tests.station.production_line import PASSWORD, wait_until


def actions(desk: Desk, question: ListActions) -> Actions:
    found = desk.ask(question, desk.log_in("aud"))
    assert isinstance(found, Actions)
    return found


def test_actions_come_in_pages_newest_first_with_what_was_told(desk: Desk) -> None:
    token = desk.log_in("eno")
    console = desk.station.console
    console.call(Login("eno", PASSWORD))
    console.call(HoldEvidence("complaint of a customer", lot="L-7"))
    console.call(Judge(1, "good"))
    with pytest.raises(RefusedError):
        console.call(Bypass(True, ""))
    asked = ListActions(person="eno", action="HoldEvidence")
    wait_until(lambda: bool(actions(desk, asked).entries), "no record")
    wait_until(lambda: bool(actions(desk, ListActions(action="Judge")).entries), "no review")
    (hold,) = actions(desk, asked).entries
    assert (hold.user, hold.role, hold.refused) == ("eno", "engineer", "")
    assert dict(hold.told) == {"reason": "complaint of a customer", "lot": "L-7"}
    (refused,) = actions(desk, ListActions(action="Bypass")).entries
    assert refused.refused
    whole = actions(desk, ListActions(count=100)).entries
    first = actions(desk, ListActions(count=2))
    rest = actions(desk, ListActions(count=100, before=first.next))
    numbers = [entry.record for entry in first.entries + rest.entries]
    assert numbers == sorted(numbers, reverse=True)
    assert set(numbers) >= {entry.record for entry in whole[-3:]}
    later = hold.utc_us + 1
    assert hold not in actions(desk, ListActions(since_us=later)).entries
    assert token


def test_the_newest_head_is_told_for_paper(desk: Desk) -> None:
    found = desk.ask(AskHead(), desk.log_in("aud"))
    assert isinstance(found, NewestHead)
    assert found.number == 0 or len(found.fingerprint.split()) == 8


def test_operators_are_not_told(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="not allowed"):
        answer_to(desk.client, ListActions(), desk.log_in("oki"))
