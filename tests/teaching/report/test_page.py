"""The report: one file, well formed, that needs nothing else and says what was found."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from inspector.teaching.outcome import Calibrated
from inspector.teaching.report.page import gallery, page_of, percent
from inspector.teaching.report.pictures import Exhibit
from tests.teaching.tiny_calibration import calibrated, write_set
from tests.tiny_plant import TinyPlant, make_plant

AT = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
VOID = {"meta", "img", "br"}


class Balanced(HTMLParser):
    """Fails on tags that do not match."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(page: str) -> Balanced:
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    return parser


@pytest.fixture
def plant(tmp_path: Path) -> TinyPlant:
    return make_plant(tmp_path / "plant", parts=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_set(tmp_path / "set")


@pytest.fixture
def made(plant: TinyPlant, folder: Path) -> Calibrated:
    return calibrated(plant, folder, pictures=True)


def test_page_needs_nothing_else(made: Calibrated) -> None:
    page = page_of(made, AT).decode()
    parser = parsed(page)
    assert all(address.startswith("data:image/jpeg;base64,") for address in parser.addresses)
    assert len(parser.addresses) == 24
    assert not parser.tags & {"script", "link", "iframe"}
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "url(" not in page


def test_charts_are_well_formed(made: Calibrated) -> None:
    charts = re.findall(r"<svg.*?</svg>", page_of(made, AT).decode(), re.DOTALL)
    assert len(charts) == 4
    for chart in charts:
        numbers = re.findall(r' (?:x|y|x1|x2|cx|cy|height)="([^"]*)"', chart)
        assert all(-1.0 <= float(number) <= 1000.0 for number in numbers)
        ET.fromstring(chart)


def test_page_says_what_was_found(made: Calibrated) -> None:
    page = page_of(made, AT).decode()
    for words in (
        "Calibration of tiny",
        "2026-03-04 05:06 UTC",
        made.calibration.hash,
        f"{made.calibration.threshold:.4g}",
        "19 more good images could prove the promise",
        "does not know which images the product was taught with",
        "33.3 % (7.49 % to 70.1 %) escaped",
        "10 : 1",
        "faint/203.png",
    ):
        assert words in page, words


def test_names_are_escaped(plant: TinyPlant, folder: Path) -> None:
    nasty = folder / "test/good/<b>&.png"
    (folder / "test/good/300.png").rename(nasty)
    page = page_of(calibrated(plant, folder / "test/good", pictures=True), AT)
    parsed(page.decode())
    assert b"<b>&" not in page


def test_without_defects_and_with_another_promise(plant: TinyPlant, folder: Path) -> None:
    made = calibrated(plant, folder / "test/good", rate=0.001)
    page = page_of(made, AT).decode()
    parsed(page)
    for words in (
        "Not applied: the recipe promises 5 %",
        "decision.false_reject_rate: 0.001",
        "the word of a model",
        "No labelled defects were given",
        "not written",
    ):
        assert words in page, words
    assert "Other thresholds" not in page


def test_percent() -> None:
    assert [percent(rate) for rate in (0.01, 0.0559812, 1.0, 0.0)] == [
        "1 %",
        "5.6 %",
        "100 %",
        "0 %",
    ]


def test_a_check_that_marks_no_place_shows_no_second_picture() -> None:
    seen = Exhibit("1.png", "good", 3.1, True, "judged as a whole", b"plain", b"heated")
    assert gallery("Nearest", "", [seen]).count("<img") == 2
    assert gallery("Nearest", "", [replace(seen, heated=None)]).count("<img") == 1
