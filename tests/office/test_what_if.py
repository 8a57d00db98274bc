"""Another false-reject rate on the archive: counted by the office, and once more by hand."""

from __future__ import annotations

import time

import pytest

from calibration.another_rate import at_rate, comparable
from inspector.core.errors import InputError, RefusedError
from inspector.core.recipe import Recipe
from inspector.core.record import RecordKind
from inspector.durable.yaml_files import load_yaml
from inspector.ledger.reader import RecordFilter
from inspector.link.messages import ProposeRate
from inspector.link.questions import JobState
from inspector.link.questions.jobs import AskResult, JobStarted
from inspector.link.questions.what_if import WhatIf, WhatIfTable
from inspector.office.answers.what_if import first_rejecting, what_if
from inspector.office.jobs import Job
from inspector.office.room import Asker, Room
from inspector.reports.inspected import SeenCheck
from inspector.station.deciders import find_calibration
from tests.office.conftest import PARTS, Desk
from tests.station.production_line import wait_until

PATIENCE_S = 30.0
ASKER = Asker("oki", "operator", "")


def told(desk: Desk, question: WhatIf) -> WhatIfTable:
    token = desk.log_in("oki")
    started = desk.ask(question, token)
    assert isinstance(started, JobStarted)
    deadline = time.monotonic() + PATIENCE_S
    while True:
        answer = desk.ask(AskResult(started.job), token)
        if isinstance(answer, WhatIfTable):
            return answer
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture(scope="module")
def table(desk: Desk) -> WhatIfTable:
    return told(desk, WhatIf())


def archive(room: Room) -> list[tuple[int, bool, float, str]]:
    """Part, whether it passed, its worst raw score, its calibration."""
    found = []
    for record in room.ledger.each(RecordFilter(RecordKind.INSPECTION)):
        content = record.content
        worst = max(check["score"] for check in content["checks"])
        digest = content["hashes"]["calibration"]
        found.append((record.part_id or 0, record.outcome == "pass", worst, digest))
    return found


def test_every_stop_counts_what_a_hand_count_counts(desk: Desk, table: WhatIfTable) -> None:
    parts = archive(desk.room)
    calibration = find_calibration(desk.room.data_folder, "tiny", parts[-1][3])
    assert table.checks == ("engine",)
    assert table.parts == len(parts) >= PARTS
    assert table.rejects == sum(not passed for _, passed, _, _ in parts)
    assert [stop.rate for stop in table.stops] == sorted({stop.rate for stop in table.stops})
    for stop in table.stops:
        threshold = at_rate(calibration, stop.rate).threshold
        assert stop.thresholds == (threshold,)
        assert stop.rejects == sum(score > threshold for _, _, score, _ in parts)
        assert stop.to_reject == sum(p and score > threshold for _, p, score, _ in parts)
        assert stop.to_pass == sum(not p and score <= threshold for _, p, score, _ in parts)
        assert stop.unjudged_passed == stop.to_pass


def test_the_rate_in_force_decides_as_it_was_decided(desk: Desk, table: WhatIfTable) -> None:
    now = table.stops[table.now]
    assert (now.to_reject, now.to_pass) == (0, 0)
    assert now.rejects == table.rejects
    digest = archive(desk.room)[-1][3]
    calibration = find_calibration(desk.room.data_folder, "tiny", digest)
    assert at_rate(calibration, calibration.promised) == calibration
    assert comparable(calibration, at_rate(calibration, 0.1))


def test_parts_that_flip_are_named_with_the_stop_from_which_they_are_rejected(
    desk: Desk, table: WhatIfTable
) -> None:
    thresholds = [stop.thresholds[0] for stop in table.stops]
    assert thresholds == sorted(thresholds, reverse=True)
    wanted = {
        part: next((i for i, top in enumerate(thresholds) if score > top), len(thresholds))
        for part, _, score, _ in archive(desk.room)
    }
    for flip in table.flips:
        assert flip.rejected_from == wanted[flip.part]
        assert flip.pictures == 1
    flipping = sum(stop.to_reject for stop in table.stops) + sum(
        stop.to_pass for stop in table.stops
    )
    assert table.flips
    assert flipping


@pytest.mark.parametrize(
    ("checks", "first"),
    [
        ([SeenCheck("a", 1.5, 2.0, True), SeenCheck("b", 0.0, 9.0, True)], 2),
        ([SeenCheck("a", 1.5, 2.0, True), SeenCheck("b", 8.0, 9.0, True)], 1),
        ([SeenCheck("a", 0.5, 2.0, True), SeenCheck("a", 3.5, 2.0, False, view=1)], 0),
        ([SeenCheck("a", 0.5, 2.0, True)], 3),
        ([SeenCheck("a", 0.0, 2.0, False, finding="no part")], 0),
        ([SeenCheck("a", None, 2.0, False)], 0),
        ([SeenCheck("other", 5.0, 2.0, False)], 0),
        ([SeenCheck("other", 1.0, 2.0, True)], 3),
    ],
)
def test_any_check_of_any_view_rejects_and_what_has_no_score_stays_as_it_was(
    checks: list[SeenCheck], first: int
) -> None:
    limits = [{"a": 3.0, "b": 9.0}, {"a": 2.0, "b": 7.0}, {"a": 1.0, "b": 5.0}]
    assert first_rejecting(checks, limits) == first


def test_a_product_without_parts_is_refused_in_words(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="no part was judged with a calibration"):
        what_if(WhatIf(product="other"), desk.room, Job(JobState(1, "WhatIf", "oki"), ASKER))


def test_a_proposal_is_a_draft_and_nothing_else(desk: Desk) -> None:
    console, before = desk.station.console, desk.room.catalogue.recipe("tiny")
    desk.log_in("eno")
    console.call(ProposeRate("tiny", 0.07, "too many false rejects", "3 of 24 flip"))
    (path,) = (desk.room.data_folder / "drafts").iterdir()
    draft = load_yaml(path, Recipe)
    assert draft.decision.false_reject_rate == 0.07
    assert draft.model_copy(update={"decision": before.decision}) == before
    words = path.read_text(encoding="utf-8")
    for said in ("eno (engineer)", "too many false rejects", "3 of 24 flip", before.hash):
        assert said in words
    assert desk.room.catalogue.recipe("tiny") == before
    wait_until(lambda: _proposals(desk.room) != [], "no record")
    (action,) = _proposals(desk.room)
    assert (action["user"], action["old"], action["new"]) == ("eno", "0.05", "0.07")
    assert action["draft"] == path.name


def _proposals(room: Room) -> list[dict[str, object]]:
    actions = room.ledger.tail(50, RecordFilter(RecordKind.ACTION))
    told = [one.content for one in actions]
    return [one for one in told if one["action"] == "ProposeRate" and not one["refused"]]


@pytest.mark.parametrize(("rate", "word"), [(0.0, "no false-reject rate"), (0.9, "no false")])
def test_a_rate_that_is_none_makes_no_draft(desk: Desk, rate: float, word: str) -> None:
    desk.log_in("eno")
    with pytest.raises(InputError, match=word):
        desk.station.console.call(ProposeRate("tiny", rate, "because I say so"))
