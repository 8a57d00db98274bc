"""Changeovers and limit samples without Qt: what is sent when, and what is said of the answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from inspector.core.state import (
    Alarm,
    Health,
    LimitSamples,
    Lock,
    MasterSaid,
    Requirement,
    StationState,
    StationStatus,
)
from inspector.link.messages import AnnounceMasters, AnyCommand, Reset, SelectProduct, Stop
from inspector.link.questions.products import ListTiles, MasterEntry, Tile, Tiles
from inspector.panel.models.changeover import Changeover, Phase
from inspector.panel.models.desk import Desk
from inspector.panel.models.limit_samples import CheckState, LimitSamplesModel
from inspector.panel.models.live import LiveModel
from inspector.panel.models.products import ProductsModel

_S = StationState
MASTERS = (MasterEntry("a", good=True), MasterEntry("b", good=False))


class Line:
    """What the models are told, and what they send."""

    def __init__(self) -> None:
        self.sent: list[AnyCommand] = []
        self.asked: list[object] = []
        self.desk = Desk(self.sent.append, self.asked.append)
        self.live = LiveModel(lambda: 0.0)

    def tell(
        self, state: StationState, product: str = "old", alarm: Alarm | None = None, **more: Any
    ) -> None:
        alarms = (alarm,) if alarm is not None else ()
        status = StationStatus("here", state, Health.GOOD, product, production=True, alarms=alarms)
        self.live.take_status(replace(status, **more), 0.0)

    def begin(self, state: StationState = _S.READY) -> Changeover:
        self.tell(state)
        return Changeover(self.desk, self.live, "new")


@pytest.fixture
def line() -> Line:
    return Line()


def fault(at: int) -> Alarm:
    return Alarm("fault", Health.FAILURE, "the engine failed its self-test", at)


def phase(changeover: Changeover) -> Phase:
    return changeover.phase


def test_at_rest_the_product_is_asked_for_at_once(line: Line) -> None:
    changeover = line.begin()
    assert line.sent == [SelectProduct("new")]
    line.tell(_S.READY)  # a snapshot from before
    assert phase(changeover) is Phase.LOADING
    line.tell(_S.HALTED, "new")
    line.tell(_S.INITIALIZED, "new")
    assert phase(changeover) is Phase.LOADING
    line.tell(_S.READY, "new")
    assert phase(changeover) is Phase.LOADED


def test_a_running_line_stops_first(line: Line) -> None:
    changeover = line.begin(_S.CONTINUOUS_EXECUTION)
    assert line.sent == [Stop()]
    line.tell(_S.CONTINUOUS_EXECUTION)
    assert line.sent == [Stop()]
    line.tell(_S.READY)
    assert line.sent[1:] == [SelectProduct("new")]
    assert phase(changeover) is Phase.LOADING


def test_a_stop_that_comes_too_late_is_no_failure(line: Line) -> None:
    changeover = line.begin(_S.CONTINUOUS_EXECUTION)
    line.tell(_S.READY)
    line.desk.refused(line.sent[0], "the line does not run")
    assert phase(changeover) is Phase.LOADING


def test_locked_is_loaded_too_and_says_why(line: Line) -> None:
    changeover = line.begin()
    lock = Lock(Requirement.RELEASE, "Not released: new was never released. Release it: x")
    line.tell(_S.INITIALIZED, "new", locked=(lock,))
    assert phase(changeover) is Phase.LOADED
    assert changeover.locks == (lock.text,)


def test_a_fault_while_loading_fails_it_and_another_attempt_resets(line: Line) -> None:
    changeover = line.begin()
    line.tell(_S.ERROR, "new", fault(1))
    assert phase(changeover) is Phase.FAILED
    assert changeover.reason == "the engine failed its self-test"
    changeover.again()
    assert line.sent[-1] == Reset()
    line.tell(_S.ERROR, "new", fault(1))  # a snapshot from before
    assert phase(changeover) is Phase.LOADING
    line.tell(_S.ERROR, "new", fault(2))
    assert phase(changeover) is Phase.FAILED


def test_from_error_the_old_fault_does_not_count(line: Line) -> None:
    line.tell(_S.ERROR, alarm=fault(1))
    changeover = Changeover(line.desk, line.live, "new")
    line.tell(_S.ERROR, alarm=fault(1))
    line.tell(_S.READY, "new")
    assert phase(changeover) is Phase.LOADED


def test_a_closed_changeover_sends_nothing_more(line: Line) -> None:
    changeover = line.begin(_S.CONTINUOUS_EXECUTION)
    changeover.close()
    line.tell(_S.READY)
    assert line.sent == [Stop()]


def where(model: LimitSamplesModel) -> CheckState:
    return model.state


@pytest.mark.parametrize(
    ("state", "limits", "expected"),
    [
        (_S.READY, LimitSamples(2, valid=True), CheckState.VALID),
        (_S.INITIALIZED, LimitSamples(2), CheckState.DUE),
        (_S.SINGLE_EXECUTION, LimitSamples(2, expected="a"), CheckState.PLACING),
        (_S.READY, LimitSamples(2, 1, said=(MasterSaid("a"),)), CheckState.GOING_ON),
        (_S.READY, LimitSamples(2, said=(MasterSaid("b", "wrong"),)), CheckState.FAILED),
    ],
)
def test_where_a_check_stands(
    line: Line, state: StationState, limits: LimitSamples, expected: CheckState
) -> None:
    model = LimitSamplesModel(line.desk, line.live)
    assert where(model) is CheckState.UNKNOWN
    model.show("old", MASTERS)
    line.tell(state, limits=limits)
    assert where(model) is expected
    model.show("old", MASTERS[:1])
    if expected is not CheckState.PLACING:
        assert where(model) is CheckState.NO_MASTERS


def test_next_is_who_was_not_shown_or_who_was_touched(line: Line) -> None:
    model = LimitSamplesModel(line.desk, line.live)
    model.show("old", MASTERS)
    line.tell(_S.READY, limits=LimitSamples(2, 1, said=(MasterSaid("a"),)))
    assert model.next == MASTERS[1]
    model.choose("a")
    assert model.next == MASTERS[0]
    model.announce_next()
    assert line.sent == [AnnounceMasters(("a",))]
    assert model.chosen == ""


def test_snapshots_that_say_the_same_wake_nobody(line: Line) -> None:
    model = LimitSamplesModel(line.desk, line.live)
    woken: list[CheckState] = []
    model.changed.connect(lambda: woken.append(model.state))
    for _ in range(5):
        line.tell(_S.READY, limits=LimitSamples(2))
    assert len(woken) == 1


def test_search_looks_at_names_in_both_languages(line: Line) -> None:
    model = ProductsModel(line.desk, line.live, lambda: "ja")
    model.reload()
    names = {"b2": "座金", "b10": "ボトル"}
    tiles = tuple(
        Tile(name, {"en": f"Part {name}", "ja": ja}, taught=True, released=True)
        for name, ja in names.items()
    )
    asked = line.asked[0]
    assert isinstance(asked, ListTiles)
    line.desk.answered(asked, Tiles(tiles))
    for words, found in (("part b1", ["b10"]), ("座", ["b2"]), ("", ["b10", "b2"])):
        model.search(words)
        assert [tile.product for tile in model.shown] == found
