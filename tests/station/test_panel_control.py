"""Which of several panels acts, by the rules alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.access.permissions import ONE_PANEL, PERMISSIONS, Role
from inspector.core.errors import RefusedError
from inspector.core.line_config import LinkConfig
from inspector.link import messages
from inspector.link.control import Seat
from inspector.link.keys import remote_peer
from inspector.station.panel_control import ACTION, RESTART_S, Panel, PanelControl
from tests.access.clocks import HandClock
from tests.station.desk_people import Counter, Notes

LINE, OFFICE, THIRD = (Panel("panel", name[0], name) for name in ("line", "office", "third"))
ANSWER_S, SILENT_S = 20.0, 15.0


class Hands:
    """Control, its clock and its records."""

    def __init__(self) -> None:
        self.clock, self.notes = HandClock(), Notes()
        config = LinkConfig(answer_s=ANSWER_S, silent_s=SILENT_S)
        self.control = PanelControl(config, self.clock, self.notes)

    @property
    def passed(self) -> list[tuple[str, str, str, str]]:
        """From, to, who, why."""
        assert all(one["action"] == ACTION for _, one in self.notes.records)
        return [
            (one["from"], one["to"], one["user"], one["reason"]) for _, one in self.notes.records
        ]

    def wait(self, seconds: float, *present: Panel, touched: Panel | None = None) -> None:
        """Time goes by; these panels live."""
        for _ in range(round(seconds)):
            self.clock.seconds += 1.0
            for panel in present:
                self.control.present(panel, 0.0 if panel is touched else 1e6)
            self.control.look()


@pytest.fixture
def hands() -> Hands:
    return Hands()


def test_the_first_who_acts_has_it_and_the_others_are_told_who(hands: Hands) -> None:
    assert hands.control.state.holder == ""
    hands.control.require(LINE, "oki")
    hands.control.require(LINE, "oki")
    with pytest.raises(RefusedError, match=r"^line is in control"):
        hands.control.require(OFFICE, "sato")
    state = hands.control.state
    assert (state.holder, state.holder_seat, state.asks) == ("line", LINE.mark, "")
    assert hands.passed == [("", "line", "oki", "first command")]


def test_it_is_given_or_kept_by_one_word(hands: Hands) -> None:
    hands.control.require(LINE, "oki")
    hands.control.ask(OFFICE, "sato")
    assert (hands.control.state.asks, hands.control.state.left_s) == ("office", ANSWER_S)
    with pytest.raises(RefusedError, match="office asks for control already"):
        hands.control.ask(THIRD, "yui")
    for watching in (OFFICE, THIRD):
        with pytest.raises(RefusedError, match="not in control"):
            hands.control.give(watching, "yui")
    hands.control.keep(LINE)
    assert hands.control.state.asks == ""
    hands.control.ask(OFFICE, "sato")
    hands.control.give(LINE, "oki")
    assert hands.control.state.holder == "office"
    assert hands.passed[1:] == [("line", "office", "oki", "given")]


def test_nobody_asks_and_it_is_free_for_the_next(hands: Hands) -> None:
    hands.control.require(LINE, "oki")
    hands.control.give(LINE, "oki")
    hands.control.ask(THIRD, "yui")
    assert hands.control.state.holder == "third"


def test_no_answer_and_no_touch_is_an_answer(hands: Hands) -> None:
    hands.control.require(LINE, "oki")
    hands.control.ask(OFFICE, "sato")
    hands.wait(ANSWER_S - 2, LINE, OFFICE)
    hands.wait(10, LINE, OFFICE, touched=LINE)
    assert hands.control.state.holder == "line", "somebody is there"
    hands.wait(ANSWER_S + 1, LINE, OFFICE)
    assert hands.passed[1:] == [("line", "office", "sato", "no answer")]


def test_a_holder_that_is_not_heard_any_more_loses_it(hands: Hands) -> None:
    hands.control.require(LINE, "oki")
    hands.wait(SILENT_S - 1, OFFICE)
    with pytest.raises(RefusedError):
        hands.control.require(OFFICE, "sato")
    hands.wait(3, OFFICE)
    assert hands.control.state.holder == ""
    hands.control.require(OFFICE, "sato")
    assert [why for *_, why in hands.passed] == [
        "first command", "not heard any more", "first command",
    ]  # fmt: skip


def test_who_asks_and_dies_asks_no_more(hands: Hands) -> None:
    hands.control.require(LINE, "oki")
    hands.control.ask(OFFICE, "sato")
    hands.wait(SILENT_S + 2, LINE, touched=LINE)
    assert (hands.control.state.holder, hands.control.state.asks) == ("line", "")


def test_a_panel_that_was_started_again_need_not_wait(hands: Hands) -> None:
    hands.control.require(LINE, "oki")
    again = Panel(LINE.peer, "another mark", LINE.name)
    with pytest.raises(RefusedError):
        hands.control.require(again, "oki")
    hands.wait(RESTART_S + 1)
    hands.control.require(again, "oki")
    assert hands.passed[-1] == ("line", "line", "oki", "started again")


def test_log_out_leaves_it_to_who_asks(hands: Hands) -> None:
    hands.control.require(LINE, "oki")
    hands.control.ask(OFFICE, "sato")
    hands.control.leave(THIRD, "yui")
    hands.control.leave(LINE, "oki")
    assert hands.passed[1:] == [("line", "office", "oki", "logged out")]
    hands.control.leave(OFFICE, "sato")
    assert hands.control.state.holder == ""


def test_names_are_those_of_the_station_on_other_pcs_and_else_what_panels_say() -> None:
    far = Panel.of(remote_peer("office-2"), Seat("m", "I am the line"))
    assert far == Panel(remote_peer("office-2"), "m", "office-2")
    assert Panel.of("panel", None) is None, "a shell is no panel"
    here = Panel.of("panel", Seat("m", "\x1b line" + 100 * "x"))
    assert here is not None
    assert here.name.startswith("line")
    assert len(here.name) == 24


WATCHING = ("Stop", "Abort", "CallEngineer", "Acknowledge", "EndTest", "Judge", "ProposeRate")


def test_what_watching_panels_may_do(tmp_path: Path) -> None:
    assert set(ONE_PANEL) <= set(PERMISSIONS)
    assert not set(ONE_PANEL) & set(WATCHING)
    counter = Counter(tmp_path, own_role=Role.ADMINISTRATOR)
    counter.station.control = Hands().control
    line, office = Seat("1", "line"), Seat("2", "office")
    counter.ask(messages.Start(), seat=line)
    with pytest.raises(RefusedError, match="line is in control"):
        counter.ask(messages.Start(), seat=office)
    assert counter.notes.last["refused"].startswith("line is in control")
    assert counter.notes.last["panel"] == "office"
    for command in (
        messages.Stop(),
        messages.Abort(),
        messages.CallEngineer(),
        messages.Acknowledge("a"),
        messages.EndTest(),
        messages.Judge(7, "good"),
        messages.ProposeRate("p", 0.01, "why it is"),
        messages.Bypass(on=False, reason="again"),
        messages.GetStatus(),
    ):
        counter.ask(command, seat=office)
    counter.ask(messages.Start())
    counter.ask(messages.TakeControl(), seat=office)
    counter.ask(messages.Start(), seat=office)


def test_a_panel_on_another_pc_is_nobody_before_someone_logs_in(tmp_path: Path) -> None:
    counter = Counter(tmp_path, own_role=Role.OPERATOR)
    counter.add("oki", Role.OPERATOR)
    far, seat = remote_peer("office"), Seat("m", "")
    counter.ask(messages.Stop(), peer=far, seat=seat)
    for refused in (messages.Start(), messages.GetStatus(), messages.CallEngineer()):
        with pytest.raises(RefusedError, match="nobody is logged in"):
            counter.ask(refused, peer=far, seat=seat)
    with pytest.raises(RefusedError, match="not from another PC"):
        counter.ask(messages.Recover("root", "proof"), peer=far, seat=seat)
    token = counter.log_in("oki", peer=far)
    counter.ask(messages.Start(), token, far, seat)
    hello = counter.ask(messages.Hello(client="office", remote=True))
    assert isinstance(hello, messages.Session)
    assert hello.role == ""


def test_a_session_is_gone_on_with_where_it_was_begun(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    counter.add("oki", Role.OPERATOR)
    counter.people.users.set_pin("oki", "4711")
    here, beside = Seat("1", "pc"), Seat("2", "pc")
    counter.ask(messages.Login("oki", "only-for-tests-8"), seat=here)
    with pytest.raises(RefusedError, match="no session here"):
        counter.ask(messages.ResumeSession("oki", "4711"), seat=beside)
    counter.ask(messages.ResumeSession("oki", "4711"), seat=here)
