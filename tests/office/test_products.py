"""Products: tiles, what a changeover changes, and one product with masters and releases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from inspector.link.messages import Withdraw
from inspector.link.office_client import InProcessOfficeClient, answer_to
from inspector.link.questions.products import (
    AskProduct,
    Compared,
    CompareProducts,
    ListTiles,
    ProductDetail,
    Tiles,
)
from inspector.office.room import Room
from inspector.office.serving import in_process
from inspector.station.opening import OpenStation
from tests.office.two_products import make_two_products
from tests.station.production_line import MASTERS, as_user, opened, qualified

REASON = "a scratch on the fixture was seen"


@dataclass
class Line:
    station: OpenStation
    client: InProcessOfficeClient

    def compared(self, now: str, other: str) -> Compared:
        answer = answer_to(self.client, CompareProducts(now, other), timeout_s=30.0)
        assert isinstance(answer, Compared)
        return answer

    def detail(self, product: str) -> ProductDetail:
        answer = answer_to(self.client, AskProduct(product), timeout_s=30.0)
        assert isinstance(answer, ProductDetail)
        return answer


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """``tiny`` is released and loaded."""
    plant = make_two_products(tmp_path_factory.mktemp("two"))
    with opened(plant) as station:
        qualified(station)
        with in_process(Room.of_line(plant.line_file), station.console) as client:
            yield Line(station, client)


def test_every_recipe_is_a_tile_even_one_that_cannot_be_read(line: Line) -> None:
    tiles = answer_to(line.client, ListTiles(), timeout_s=30.0)
    assert isinstance(tiles, Tiles)
    by_name = {tile.product: tile for tile in tiles.entries}
    assert set(by_name) == {"broken", "other", "rough", "tiny"}
    assert by_name["tiny"].released
    assert by_name["tiny"].picture[:2] == b"\xff\xd8"
    assert (by_name["other"].taught, by_name["other"].released) == (True, False)
    assert not by_name["rough"].taught
    assert "broken.yaml" in by_name["broken"].problem


def test_a_comparison_says_what_changes_and_what_is_due(line: Line) -> None:
    compared = line.compared("tiny", "other")
    found = {(one.group, one.key): (one.old, one.new) for one in compared.differences}
    assert compared.title == {"en": "Other part", "ja": "別の部品"}
    assert found["threshold", "false_reject_rate"] == ("5 %", "0.1 %")
    assert found["zones", "zones"] == ("", "rim")
    assert found["preparation", "region.height"] == ("", "64")
    assert found["rest", "plc_id"] == ("7", "8")
    assert found["release", "released"][0].startswith("ann, ")
    assert found["release", "released"][1] == ""
    assert len(found["engine", "bundle"][1]) == 12
    assert ("checks", "checks") not in found
    assert compared.problem == ""
    assert compared.unreleased == "other was never released"
    assert "needs a good and a bad one" in compared.limits_due


def test_back_to_what_is_released_and_was_shown_nothing_is_due(line: Line) -> None:
    back = line.compared("other", "tiny")
    assert (back.problem, back.unreleased, back.limits_due) == ("", "", "")


def test_from_nothing_everything_is_new(line: Line) -> None:
    assert not any(one.old for one in line.compared("", "tiny").differences)
    assert line.compared("tiny", "tiny").differences == ()


def test_what_was_never_taught_says_so(line: Line) -> None:
    assert line.compared("tiny", "rough").problem.startswith("rough: not taught yet")


def test_zones_lie_on_the_picture_in_fractions_of_it(line: Line) -> None:
    picture = line.detail("other").picture
    assert picture.region == (0.0, 0.0, 1.0, 1.0)
    assert [zone.polygon for zone in picture.zones] == [((0.0, 0.0), (0.5, 0.0), (0.5, 0.25))]


def test_masters_have_the_picture_of_when_they_were_shown(line: Line) -> None:
    masters = line.detail("tiny").masters
    assert tuple(one.name for one in masters) == MASTERS
    assert [one.good for one in masters] == [True, True, True, False]
    assert all(one.picture[:2] == b"\xff\xd8" for one in masters)


def test_who_released_it_and_why_and_that_it_was_withdrawn(line: Line) -> None:
    detail = line.detail("tiny")
    assert [(one.number, one.user, one.role) for one in detail.releases] == [(1, "ann", "engineer")]
    assert detail.active == 1
    assert detail.releases[0].reason == "first release of the tiny part"
    as_user(line.station, "ann", Withdraw("tiny", REASON))
    after = line.detail("tiny")
    assert (after.active, after.releases[0].withdraws) == (0, 1)
