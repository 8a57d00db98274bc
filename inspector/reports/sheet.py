"""A4 pages from top to bottom: headings, facts, tables, drawings. Knows nothing of inspection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from reportlab import rl_config
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from inspector.reports.fonts import Letters

rl_config.useA85 = 0  # bytes as they are: a quarter less, and quicker

INK, QUIET, LINE = HexColor(0x1B1F24), HexColor(0x5B6570), HexColor(0xD3D9DF)
BLUE, PALE, BAD, GOOD = (
    HexColor(0x2F5D8A),
    HexColor(0xEEF2F6),
    HexColor(0xB3261E),
    HexColor(0x2E6B3E),
)

WIDTH, HEIGHT = 595.28, 841.89
LEFT, TOP, BOTTOM = 48.0, 62.0, 52.0
ROOM = WIDTH - 2 * LEFT
_TOTAL = "pages"
_SMALL = 9.0
"""Letters up to here are too small for a bold that is drawn with a thicker outline."""
_MOST_LINES = 40
"""Longer cells go on in another row: any row fits on a page."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``share`` of the page's width."""

    title: str
    share: float
    right: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """Text that stands out."""

    text: str
    color: Color = INK
    bold: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What stands on every page: ``left`` and ``right`` above, ``foot`` and the number below.

    ``page`` holds the words around the numbers, such as "Page {0} of " and "{0}".
    """

    title: str
    left: str
    right: str
    foot: str
    page: tuple[str, str]
    language: str


class Sheet:
    """Writes pages to a file; ``y`` is where the next thing begins, points from the bottom.

    The number of all pages is a form that every page refers to and that is written last, so that
    pages need not be laid out twice. The bytes depend on nothing but what is drawn.
    """

    def __init__(self, file: IO[bytes], letters: Letters, about: About) -> None:
        self.letters = letters
        size = (WIDTH, HEIGHT)
        self.canvas = Canvas(
            file, pagesize=size, invariant=1, pageCompression=1, lang=about.language
        )
        self.canvas.setTitle(about.title)
        self.canvas.setAuthor("Inspector")
        self.canvas.setSubject(about.foot)
        self.canvas.setCreator("Inspector")
        self._about = about
        self._page = self._sections = 0
        self.y = 0.0
        self.new_page()

    def close(self) -> int:
        """End the file; returns the number of pages."""
        self.canvas.showPage()
        self.canvas.beginForm(_TOTAL)
        self._draw(0.0, 0.0, self._about.page[1].format(self._page), 7.5, QUIET)
        self.canvas.endForm()
        self.canvas.save()
        return self._page

    def new_page(self) -> None:
        """Go on at the top of the next page."""
        if self._page:
            self.canvas.showPage()
        self._page += 1
        about, top = self._about, HEIGHT - 36.0
        self._draw(LEFT, top, about.left, 7.5, QUIET)
        self.text_right(LEFT + ROOM, top, about.right, 7.5, QUIET)
        self.rule(top - 7.0)
        self.rule(BOTTOM - 10.0)
        self._draw(LEFT, BOTTOM - 22.0, about.foot, 7.5, QUIET)
        x = LEFT + ROOM - self.letters.width(about.page[1].format("0000"), 7.5)
        self.text_right(x, BOTTOM - 22.0, about.page[0].format(self._page), 7.5, QUIET)
        self.canvas.saveState()
        self.canvas.translate(x, BOTTOM - 22.0)
        self.canvas.doForm(_TOTAL)
        self.canvas.restoreState()
        self.y = HEIGHT - TOP

    def need(self, height: float) -> None:
        """A new page, unless so much room is left."""
        if self.y - height < BOTTOM:
            self.new_page()

    def space(self, height: float) -> None:
        """Leave room."""
        self.y -= height

    # -- blocks ---------------------------------------------------------------------------------

    def title(self, text: str) -> None:
        """The name of the report."""
        self.y -= 18.0
        self._draw(LEFT, self.y, text, 20, INK, bold=True)
        self.y -= 20.0

    def heading(self, text: str, follows: float = 60.0) -> None:
        """A section's name, on one page with the begin of what follows; viewers list it."""
        self.need(34.0 + follows)
        self._sections += 1
        key = f"section-{self._sections}"
        self.canvas.bookmarkPage(key, fit="XYZ", left=0, top=self.y)
        self.canvas.addOutlineEntry(text, key)
        self.y -= 26.0
        self._draw(LEFT, self.y, text, 11.5, BLUE, bold=True)
        self.y -= 10.0

    def note(self, text: str, color: Color = QUIET, size: float = 8.0) -> None:
        """A paragraph in small letters."""
        for line in self.letters.wrapped(text, ROOM, size):
            self.need(size * 1.5)
            self.y -= size * 1.45
            self._draw(LEFT, self.y, line, size, color)
        self.y -= 4.0

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Names and values, a line each or more."""
        at = LEFT + 118.0
        for name, value in facts:
            lines = self.letters.wrapped(value, ROOM - 118.0, 8.5)
            self.need(13.0 * min(len(lines), _MOST_LINES))
            for number, line in enumerate(lines):
                self.need(13.0)
                self.y -= 12.5
                if not number:
                    self._draw(LEFT, self.y, name, 8.5, QUIET)
                self._draw(at, self.y, line, 8.5, INK)
        self.y -= 4.0

    def figures(self, figures: Sequence[tuple[str, str, Color]]) -> None:
        """The few numbers that matter most, side by side."""
        self.need(52.0)
        step, top = ROOM / len(figures), self.y - 6.0
        self.canvas.setFillColor(PALE)
        self.canvas.rect(LEFT, top - 44.0, ROOM, 44.0, stroke=0, fill=1)
        for place, (name, value, color) in enumerate(figures):
            x = LEFT + place * step + 10.0
            self._draw(x, top - 20.0, value, 15, color, bold=True)
            self._draw(x, top - 35.0, self.letters.cut(name, step - 12.0, 7.5), 7.5, QUIET)
        self.y = top - 48.0

    def table(
        self, columns: Sequence[Column], rows: Iterable[Sequence[str | Cell]], size: float = 7.5
    ) -> int:
        """Rows as they come, with the heads again on each page; returns how many."""
        count, lead = 0, size * 1.4
        self.need(4 * lead)
        self._heads(columns, size)
        for row in rows:
            count += 1
            for piece in self._pieces(columns, row, size):
                height = max(len(lines) for lines in piece) * lead + 4.0
                if self.y - height < BOTTOM:
                    self.new_page()
                    self._heads(columns, size)
                self._row(columns, row, piece, size, lead)
                self.y -= height
                self.rule(self.y)
        self.y -= 6.0
        return count

    def drawing(self, height: float, draw: Callable[[Sheet, float, float], None]) -> None:
        """A drawing over the page's width; it is given left and bottom."""
        self.need(height)
        self.y -= height
        draw(self, LEFT, self.y)
        self.y -= 4.0

    # -- letters and lines ----------------------------------------------------------------------

    def text(self, x: float, y: float, text: str, size: float, color: Color = INK) -> None:
        """A line of text from ``x`` on."""
        self._draw(x, y, text, size, color)

    def text_right(self, x: float, y: float, text: str, size: float, color: Color = INK) -> None:
        """A line of text that ends at ``x``."""
        self._draw(x - self.letters.width(text, size), y, text, size, color)

    def text_centred(self, x: float, y: float, text: str, size: float, color: Color = INK) -> None:
        """A line of text with ``x`` in its middle."""
        self._draw(x - self.letters.width(text, size) / 2.0, y, text, size, color)

    def rule(self, y: float) -> None:
        """A thin line over the page's width."""
        self.canvas.setStrokeColor(LINE)
        self.canvas.setLineWidth(0.4)
        self.canvas.line(LEFT, y, LEFT + ROOM, y)

    def _draw(
        self, x: float, y: float, text: str, size: float, color: Color, *, bold: bool = False
    ) -> None:
        if not text:
            return
        words: Any = self.canvas.beginText(x, y)
        words.setFillColor(color)
        outlined = False
        for face, run in self.letters.runs(text, bold=bold):
            words.setFont(face.name, size)
            if outlined != (face.faked and size > _SMALL):
                outlined = not outlined
                words.setStrokeColor(color)
                words.setTextRenderMode(2 if outlined else 0)
                self.canvas.setLineWidth(size * 0.018)
            words.textOut(run)
        if outlined:
            words.setTextRenderMode(0)
        self.canvas.drawText(words)

    def _heads(self, columns: Sequence[Column], size: float) -> None:
        widths = [column.share * ROOM - 6.0 for column in columns]
        heads = [
            self.letters.wrapped(column.title, width, size, bold=True)
            for column, width in zip(columns, widths, strict=True)
        ]
        height = max(len(lines) for lines in heads) * size * 1.4 + 4.0
        cells = [Cell(column.title, QUIET, bold=True) for column in columns]
        self._row(columns, cells, heads, size, size * 1.4)
        self.y -= height
        self.canvas.setStrokeColor(QUIET)
        self.canvas.setLineWidth(0.7)
        self.canvas.line(LEFT, self.y, LEFT + ROOM, self.y)

    def _pieces(
        self, columns: Sequence[Column], row: Sequence[str | Cell], size: float
    ) -> list[list[list[str]]]:
        """Lines of each cell; of a row that is too tall for a page, in several pieces."""
        lines = [
            self.letters.wrapped(_plain(cell), column.share * ROOM - 6.0, size, bold=_bold(cell))
            for column, cell in zip(columns, row, strict=True)
        ]
        most = max(len(cell) for cell in lines)
        return [
            [cell[first : first + _MOST_LINES] for cell in lines]
            for first in range(0, most, _MOST_LINES)
        ]

    def _row(
        self,
        columns: Sequence[Column],
        row: Sequence[str | Cell],
        lines: Sequence[Sequence[str]],
        size: float,
        lead: float,
    ) -> None:
        x = LEFT
        for column, cell, texts in zip(columns, row, lines, strict=True):
            width = column.share * ROOM
            color = cell.color if isinstance(cell, Cell) else INK
            for number, text in enumerate(texts, 1):
                y, at = self.y - number * lead, x
                if column.right:
                    at = x + width - 6.0 - self.letters.width(text, size, bold=_bold(cell))
                self._draw(at, y, text, size, color, bold=_bold(cell))
            x += width


def _plain(cell: str | Cell) -> str:
    return cell.text if isinstance(cell, Cell) else cell


def _bold(cell: str | Cell) -> bool:
    return isinstance(cell, Cell) and cell.bold
