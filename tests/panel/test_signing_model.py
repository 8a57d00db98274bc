"""Signatures: how many, of whom, and what happens when the station does not agree."""

from __future__ import annotations

from typing import Any

from inspector.link.messages import (
    AnyCommand,
    Bypass,
    HoldEvidence,
    OverrideLimits,
    Session,
    Signature,
)
from inspector.panel.models.desk import Desk
from inspector.panel.models.session import SessionModel
from inspector.panel.models.signing import Signer, SigningModel
from tests.panel.people import SATO


class Table:
    """A sheet, who is there, and what was sent."""

    def __init__(self, session: Session = SATO) -> None:
        self.now_s = 50.0
        self.sent: list[AnyCommand] = []
        self.desk = Desk(self.sent.append, lambda _question: None)
        self.session = SessionModel(lambda: self.now_s)
        self.session.greet(Session("", "panel", "operator"))
        self.session.accept(session if session.token else None)
        self.signing = SigningModel(self.desk, self.session, lambda: self.now_s)


FIRST, SECOND = Signer("sato", "one"), Signer("quy", "two", "review")


def state(signing: SigningModel) -> Any:
    return signing.command, signing.waiting, signing.problem


def test_four_eyes_are_two_people_with_a_reason() -> None:
    table = Table()
    table.signing.open(Bypass(True, ""))
    signing = table.signing
    assert signing.needed == 2
    assert (signing.first, signing.first_full_name) == ("sato", "佐藤 太郎")
    for reason, signers in (
        ("", (FIRST, SECOND)),
        ("trial run", (FIRST,)),
        ("trial run", (FIRST, Signer("sato", "two"))),
        ("trial run", (FIRST, Signer("quy", ""))),
    ):
        signing.sign(reason, signers)
    assert table.sent == []
    signing.sign(" trial run ", (FIRST, SECOND))
    signatures = (Signature("sato", "one"), Signature("quy", "two", "review"))
    assert table.sent == [Bypass(True, "trial run", signatures)]
    assert signing.waiting
    signing.sign("trial run", (FIRST, SECOND))
    assert len(table.sent) == 1, "once, however often it is touched"
    table.desk.answered(table.sent[0], None)
    assert state(signing) == (None, False, "")


def test_a_refusal_stays_on_the_sheet_and_a_wait_counts_down() -> None:
    table = Table()
    table.signing.open(OverrideLimits("tiny", ""))
    table.signing.sign("shift must go on", (FIRST,))
    assert table.desk.refused(table.sent[0], "too many failed attempts. Try again in 4 s")
    assert table.signing.command is not None
    assert table.signing.blocked_s == 4
    table.now_s += 4
    table.signing.tick()
    assert table.signing.blocked_s == 0


def test_a_rule_that_was_not_told_is_learnt_from_the_refusal() -> None:
    table = Table()
    table.signing.open(HoldEvidence("", lot="L-7"))
    assert table.signing.needed == 0
    table.signing.sign("complaint", ())
    assert table.sent == [HoldEvidence("complaint", lot="L-7")]
    table.desk.refused(table.sent[0], "HoldEvidence: needs your signature and a second person's")
    assert table.signing.needed == 2


def test_sorting_again_waits_for_nobody() -> None:
    table = Table()
    table.signing.open(Bypass(False, ""))
    assert table.signing.needed == 0


def test_whoever_is_not_logged_in_does_that_first() -> None:
    table = Table(Session("", "panel", "operator"))
    table.signing.open(OverrideLimits("tiny", ""))
    assert table.signing.command is None
    assert table.session.logging_in
    table.session.choose("sato")
    table.session.answered(table.session.give_password("pw"), SATO)
    assert table.signing.command == OverrideLimits("tiny", "")


def test_who_gives_up_the_log_in_signs_nothing_later() -> None:
    table = Table(Session("", "panel", "operator"))
    table.signing.open(OverrideLimits("tiny", ""))
    table.session.close()
    table.session.accept(SATO)
    assert table.signing.command is None


def test_a_sheet_goes_with_who_began_it() -> None:
    table = Table()
    table.signing.open(OverrideLimits("tiny", ""))
    table.session.rest()
    assert table.signing.command is None


def test_nothing_secret_is_printed() -> None:
    assert "one" not in repr(FIRST)
