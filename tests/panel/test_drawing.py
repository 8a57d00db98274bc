"""Fingers on a picture, without Qt: fields, rectangles, outlines, corners that are moved."""

from __future__ import annotations

import pytest

from inspector.panel.models.drawing import Corner, Drawing, Drawn, Pen
from inspector.panel.models.teach_steps import product_of

REACH = 20.0


@pytest.fixture
def drawing() -> Drawing:
    made = Drawing()
    made.begin((640, 480), Drawn())
    return made


def drag(drawing: Drawing, start: Corner, end: Corner) -> None:
    drawing.press(start, REACH)
    drawing.move(end, REACH)
    drawing.release(end, REACH)


def tap(drawing: Drawing, *corners: Corner) -> None:
    for corner in corners:
        drag(drawing, corner, (corner[0] + 2, corner[1] - 2))  # gloves tremble


def test_a_field_is_a_rectangle_within_the_picture(drawing: Drawing) -> None:
    drag(drawing, (600, 400), (-50, 100))
    assert drawing.drawn.region == (0, 100, 600, 300)
    drag(drawing, (10, 110), (14, 112))  # a slip changes nothing
    assert drawing.drawn.region == (0, 100, 600, 300)


def test_a_corner_of_the_field_is_moved(drawing: Drawing) -> None:
    drag(drawing, (100, 100), (300, 300))
    drag(drawing, (303, 298), (400, 350))
    assert drawing.drawn.region == (100, 100, 300, 250)


def test_taps_are_corners_and_the_first_one_closes(drawing: Drawing) -> None:
    drawing.pen = Pen.EXCLUDE
    tap(drawing, (100, 100), (200, 100), (200, 200))
    before = drawing.drawn
    assert len(before.corners) == 3
    tap(drawing, (105, 97))
    (zone,) = drawing.drawn.zones
    assert (zone.name, zone.use, len(zone.polygon)) == ("zone-1", "exclude", 3)
    assert not drawing.drawn.corners


def test_an_outline_of_two_corners_is_none(drawing: Drawing) -> None:
    drawing.pen = Pen.INCLUDE
    tap(drawing, (100, 100), (200, 100))
    drawing.close()
    assert drawing.drawn.zones == ()


def test_places_are_drawn_named_and_undone(drawing: Drawing) -> None:
    drawing.pen = Pen.INCLUDE
    drag(drawing, (10, 10), (100, 100))
    drawing.pen = Pen.EXCLUDE
    drag(drawing, (200, 200), (300, 300))
    assert [(z.name, z.use) for z in drawing.drawn.zones] == [
        ("zone-1", "include"),
        ("zone-2", "exclude"),
    ]
    drag(drawing, (200, 200), (180, 190))
    assert drawing.drawn.zones[1].polygon[0] == (180.0, 190.0)
    drawing.undo()
    drawing.undo()
    assert names(drawing) == ["zone-1"]
    drawing.clear()
    assert not names(drawing)
    drawing.undo()
    assert names(drawing) == ["zone-1"]


def names(drawing: Drawing) -> list[str]:
    return [zone.name for zone in drawing.drawn.zones]


@pytest.mark.parametrize(
    ("title", "product"),
    [("Bracket, left (M6)", "bracket-left-m6"), ("左ブラケット", ""), ("品種 3", ""), ("A", "")],
)
def test_a_title_becomes_a_name_for_files(title: str, product: str) -> None:
    assert product_of(title) == product
