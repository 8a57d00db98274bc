"""Drafts are taken up or discarded, and what people said of parts is gathered as lessons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from inspector.core.errors import InputError, InspectorError
from inspector.core.record import RecordKind
from inspector.ledger.reader import RecordFilter
from inspector.link.messages import AnyCommand, DiscardDraft, Judge, Mark, ProposeRate, TakeUpDraft
from inspector.link.questions import JobState
from inspector.link.questions.drafts import DraftEntry, Drafts, ListDrafts, TryDraft
from inspector.link.questions.lessons import AskLessons, Lessons, TeachLessons
from inspector.link.questions.parts import ListParts, Parts
from inspector.office.answers.drafts import try_draft
from inspector.office.jobs import Job
from inspector.office.lessons_apart import teach_lessons
from inspector.office.room import Asker
from inspector.teaching.dataset import DatasetStore, Entry, Label, Split
from tests.office.conftest import Desk, run_office
from tests.station.production_line import wait_until

WHY = "too many false rejects"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with run_office(tmp_path_factory.mktemp("drafts")) as desk:
        yield desk


def act(desk: Desk, command: AnyCommand) -> None:
    """As an engineer: whoever asked the office last is who the console speaks for."""
    desk.log_in("eno")
    desk.station.console.call(command)


def waiting(desk: Desk) -> tuple[DraftEntry, ...]:
    answer = desk.ask(ListDrafts(), desk.log_in("eno"))
    assert isinstance(answer, Drafts)
    return answer.entries


def proposed(desk: Desk, rate: float) -> DraftEntry:
    act(desk, ProposeRate("tiny", rate, WHY, "3 of 24 flip"))
    (made,) = (one for one in waiting(desk) if one.rate == rate)
    return made


def actions(desk: Desk, name: str) -> list[dict[str, Any]]:
    found = desk.room.ledger.tail(50, RecordFilter(RecordKind.ACTION))
    told = [one.content for one in found]
    return [one for one in told if one["action"] == name and not one["refused"]]


def test_a_draft_is_counted_taken_up_once_and_recorded(own: Desk) -> None:
    one, other = proposed(own, 0.02), proposed(own, 0.03)
    assert (one.product, one.now, one.who, one.why, one.basis) == (
        *("tiny", 0.05),
        *("eno (engineer), station test-station", WHY, "3 of 24 flip"),
    )
    job = Job(JobState(1, "TryDraft", "eno"), Asker("eno", "engineer", ""))
    tried = try_draft(TryDraft(one.draft), own.room, job)
    assert tried.parts == 24
    assert tried.would == tried.rejects - tried.to_pass + tried.to_reject
    assert tried.extrapolated  # 40 images prove 2.5 % at best

    with pytest.raises(InputError, match="another rate is in this draft"):
        act(own, TakeUpDraft(one.draft, "tiny", 0.07, WHY))
    act(own, TakeUpDraft(one.draft, "tiny", 0.02, WHY))
    assert own.room.catalogue.recipe("tiny").decision.false_reject_rate == 0.02
    assert own.station.station.status().product == "tiny"  # what is loaded goes on
    with pytest.raises(InputError, match="there is no such draft"):
        act(own, TakeUpDraft(one.draft, "tiny", 0.02, WHY))
    wait_until(lambda: bool(actions(own, "TakeUpDraft")), "no record")
    (told,) = actions(own, "TakeUpDraft")
    assert (told["old"], told["new"], told["draft"], told["reason"]) == (
        *("0.05", "0.02"),
        *(one.draft, WHY),
    )

    (left,) = waiting(own)
    assert left.draft == other.draft
    assert "was changed since" in left.problem
    with pytest.raises(InputError, match="was changed since"):
        act(own, TakeUpDraft(other.draft, "tiny", 0.03, WHY))
    act(own, DiscardDraft(other.draft, "tiny", "not any more"))
    assert waiting(own) == ()
    wait_until(lambda: bool(actions(own, "DiscardDraft")), "no record")
    assert (own.room.data_folder / "drafts/discarded" / other.draft).is_file()


@pytest.mark.parametrize("name", ["../line.yaml", "none.yaml", "", "/etc/passwd"])
def test_a_draft_is_a_file_of_its_folder(own: Desk, name: str) -> None:
    with pytest.raises(InputError, match="there is no such draft"):
        act(own, TakeUpDraft(name, "tiny", 0.01, WHY))


def test_words_on_parts_are_lessons_until_they_were_taught(own: Desk) -> None:
    token = own.log_in("eno")
    rejects, passes = (parts_of(own, which, token) for which in ("rejects", "passes"))
    act(own, Judge(rejects[0], "good"))
    act(own, Judge(rejects[1], "defect", "scratch"))
    act(own, Judge(passes[0], "defect", "stain", (Mark(((0.2, 0.2), (0.4, 0.4)), 0),)))
    act(own, Judge(passes[1], "defect"))
    act(own, Judge(passes[2], "good"))
    wait_until(lambda: lessons(own).unmarked == 1, "no records")
    found = lessons(own)
    assert [one.part for one in found.good] == [rejects[0]]
    assert [one.part for one in found.missed] == [passes[0]]
    assert found.good[0].user == "eno"
    assert "only an engine that remembers" in found.problem

    with pytest.raises(InspectorError, match="Teach the product on this PC"):
        teach_lessons(TeachLessons("tiny", "good"), own.room, lambda *_: None)
    entry = Entry(
        sha256="0" * 64,
        suffix=".png",
        source=f"part-{rejects[0]:09d}.png",
        label=Label.GOOD,
        split=Split.TEACH,
    )
    picture = next(own.plant.pictures.iterdir())
    DatasetStore(own.room.data_folder / "datasets/tiny").add([(entry, picture)])
    assert lessons(own).good == ()


def parts_of(desk: Desk, which: Any, token: str) -> list[int]:
    answer = desk.ask(ListParts(which=which), token)
    assert isinstance(answer, Parts)
    return [one.part for one in answer.entries]


def lessons(desk: Desk) -> Lessons:
    answer = desk.ask(AskLessons("tiny"), desk.log_in("eno"))
    assert isinstance(answer, Lessons)
    return answer
