"""What an administrator does about people."""

from __future__ import annotations

from collections.abc import Callable

from inspector.link.messages import (
    AddUser,
    AnyCommand,
    ListUsers,
    OneTime,
    RemoveUser,
    ResetPassword,
    SetBadge,
    SetRole,
)
from inspector.panel.models.desk import Desk
from inspector.panel.models.screen import Standing
from inspector.panel.models.users import UsersModel
from tests.panel import people


class Counter:
    """Keeps what was sent; answers when told to."""

    def __init__(self) -> None:
        self.sent: list[AnyCommand] = []
        self.desk = Desk(self.sent.append, lambda _question: None)
        self.model = UsersModel(self.desk)
        self.model.reload()

    def answer(self, answer: object = None) -> None:
        self.desk.answered(self.sent[-1], answer)

    def refuse(self, reason: str) -> bool:
        return self.desk.refused(self.sent[-1], reason)


def standing(model: UsersModel) -> Standing:
    return model.standing


def test_the_list_is_awaited_shown_or_refused() -> None:
    counter = Counter()
    assert standing(counter.model) is Standing.BUSY
    counter.answer(people.LIST)
    assert standing(counter.model) is Standing.READY
    counter.model.reload()
    assert counter.refuse("ListUsers: not allowed")
    assert standing(counter.model) is Standing.PROBLEM


def test_a_one_time_password_is_shown_until_it_was_told() -> None:
    counter = Counter()
    counter.answer(people.LIST)
    counter.model.begin_to_add()
    counter.model.add(" ｍｏｒｉ", "operator", "森 花子 ")
    assert counter.sent[-1] == AddUser("mori", "operator", "森 花子")
    assert counter.model.waiting
    counter.answer(OneTime("abcd-efgh"))
    assert counter.model.one_time == ("mori", "abcd-efgh")
    assert counter.model.chosen == "mori"
    assert isinstance(counter.sent[-1], ListUsers), "the list is asked for anew"
    counter.model.told()
    assert counter.model.one_time is None


def test_changes_concern_who_is_looked_at_and_a_refusal_stays_with_them() -> None:
    counter = Counter()
    counter.answer(people.LIST)
    model = counter.model
    model.choose("oki")
    changes: tuple[tuple[Callable[[], None], AnyCommand], ...] = (
        (lambda: model.set_role("technician"), SetRole("oki", "technician")),
        (model.reset_password, ResetPassword("oki")),
        (lambda: model.set_badge(""), SetBadge("oki", "")),
        (model.remove, RemoveUser("oki")),
    )
    for change, command in changes:
        change()
        assert counter.sent[-1] == command
        assert counter.refuse("not now")
        assert (model.waiting, model.trouble) == (False, "not now")
    model.choose("sato")
    assert model.trouble == ""


def test_the_only_administrator_stays_one() -> None:
    counter = Counter()
    counter.answer(people.LIST)
    counter.model.choose("administrator")
    assert counter.model.only_administrator
    counter.model.choose("oki")
    assert not counter.model.only_administrator


def test_a_badge_goes_to_whom_it_was_waited_for() -> None:
    counter = Counter()
    counter.answer(people.LIST)
    counter.model.choose("oki")
    counter.model.ask_for_badge()
    counter.model.ask_for_badge()
    assert counter.model.wants_badge == ""
    counter.model.ask_for_badge()
    counter.model.set_badge("0815")
    assert counter.sent[-1] == SetBadge("oki", "0815")


def test_nothing_stays_when_somebody_leaves() -> None:
    counter = Counter()
    counter.answer(people.LIST)
    counter.model.choose("oki")
    counter.model.reset_password()
    counter.answer(OneTime("abcd"))
    counter.model.leave()
    assert counter.model.one_time is None
    assert counter.model.entries is None
    assert counter.model.chosen == ""
