"""Letters that are embedded: Vera, which comes with the PDF library, and a Japanese font of the PC.

A letter that neither has is printed as its code, ``\\u65e5``: a report loses nothing silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from inspector.core.errors import InputError

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("~/.local/share/fonts"),
    Path("~/.fonts"),
    Path("C:/Windows/Fonts"),
)
JAPANESE = (
    *("vl-pgothic-regular.ttf", "vl-gothic-regular.ttf", "ipaexg.ttf", "ipagp.ttf", "ipag.ttf"),
    *("takaopgothic.ttf", "takaogothic.ttf"),
    *("biz-udpgothicr.ttc", "biz-udgothicr.ttc", "meiryo.ttc", "yugothr.ttc", "msgothic.ttc"),
)
"""File names, best first: with TrueType outlines, which a PDF can hold a part of."""
REMEDY = "Install a Japanese font: sudo apt-get install fonts-vlgothic"

_WIDE = 0x2E80
_NEVER_FIRST = frozenset(
    "、。，．・：；！？）」』】］〕〉》ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.;:)]}%"
)
_NEVER_LAST = frozenset("（「『【［〔〈《([{")


@dataclass(frozen=True, slots=True)
class _Face:
    name: str
    widths: Mapping[int, float]
    faked: bool = False
    """Bold is drawn with a thicker outline."""


@cache
def japanese_font(folders: tuple[Path, ...] = FOLDERS) -> Path | None:
    """The file of the best Japanese font here."""
    found: dict[str, Path] = {}
    for folder in folders:
        files = folder.expanduser().rglob("*.tt[cf]") if folder.expanduser().is_dir() else ()
        found |= {path.name.lower(): path for path in sorted(files)}
    return next((found[name] for name in JAPANESE if name in found), None)


@cache
def _face(name: str, file: str, *, faked: bool = False) -> _Face:
    font = TTFont(name, file, subfontIndex=0)
    pdfmetrics.registerFont(font)
    return _Face(name, font.face.charWidths, faked)


class Letters:
    """Measures, breaks and draws lines of text, regular and bold. One thread at a time.

    Raises ``InputError`` when Japanese is needed and there is no font for it.
    """

    def __init__(self, *, japanese: bool, folders: tuple[Path, ...] = FOLDERS) -> None:
        path = japanese_font(folders)
        if path is None and japanese:
            raise InputError("no font on this PC has Japanese letters", remedy=REMEDY)
        plain, bold = [_face("Vera", "Vera.ttf")], [_face("VeraBd", "VeraBd.ttf")]
        if path is not None:
            try:
                wide = _face(f"Japanese-{path.stem}", str(path))
            except (TTFError, OSError) as error:
                raise InputError(
                    f"{path}: not a font that can be embedded", remedy=REMEDY
                ) from error
            plain.append(wide)
            bold.append(_Face(wide.name, wide.widths, faked=True))
        self._faces = {False: plain, True: bold}
        self._known: dict[tuple[str, bool], tuple[_Face, str, float]] = {}
        self.lacking: set[str] = set()
        """Letters that had to be printed as their codes."""

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Points."""
        return sum(self._letter(letter, bold)[2] for letter in text) * size / 1000.0

    def runs(self, text: str, *, bold: bool) -> Iterator[tuple[_Face, str]]:
        """The text, split where the font changes."""
        letters = (self._letter(letter, bold) for letter in text)
        for _, group in groupby(letters, key=lambda letter: letter[0].name):
            members = list(group)
            yield members[0][0], "".join(member[1] for member in members)

    def wrapped(self, text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
        """Lines no wider than ``width`` points, broken where Japanese and English may be."""
        lines = []
        for paragraph in text.split("\n"):
            rest = paragraph.strip()
            while True:
                end = self._fitting(rest, width, size, bold=bold)
                if end < len(rest):
                    end = next((at for at in range(end, 0, -1) if _may_break(rest, at)), end)
                lines.append(rest[:end].rstrip())
                rest = rest[end:].lstrip()
                if not rest:
                    break
        return lines

    def cut(self, text: str, width: float, size: float, *, bold: bool = False) -> str:
        """The text, shortened with an ellipsis where it is too wide."""
        if self.width(text, size, bold=bold) <= width:
            return text
        end = self._fitting(text, width - self.width("…", size, bold=bold), size, bold=bold)
        return f"{text[:end].rstrip()}…"

    def _fitting(self, text: str, width: float, size: float, *, bold: bool) -> int:
        room = width * 1000.0 / size
        for count, letter in enumerate(text):
            room -= self._letter(letter, bold)[2]
            if room < 0:
                return max(count, 1)
        return len(text)

    def _letter(self, letter: str, bold: bool) -> tuple[_Face, str, float]:
        known = self._known.get((letter, bold))
        if known is None:
            known = self._known[letter, bold] = self._find(letter, self._faces[bold])
        return known

    def _find(self, letter: str, faces: list[_Face]) -> tuple[_Face, str, float]:
        for face in faces:
            if ord(letter) in face.widths:
                return face, letter, face.widths[ord(letter)]
        if letter.isspace():
            return faces[0], " ", faces[0].widths[32]
        self.lacking.add(letter)
        code = letter.encode("unicode_escape").decode()
        return faces[0], code, sum(faces[0].widths[ord(one)] for one in code)


def _may_break(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if after in _NEVER_FIRST or before in _NEVER_LAST:
        return False
    return before in " -/" or after.isspace() or max(ord(before), ord(after)) >= _WIDE
