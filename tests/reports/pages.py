"""Reading a PDF with another program than the one that made it."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw


@dataclass(frozen=True)
class Pages:
    """``texts`` of each page, fonts by name with whether they are embedded, outermost letters."""

    texts: tuple[str, ...]
    fonts: dict[str, bool]
    contents: tuple[str, ...]
    extent: tuple[float, float]
    """Leftmost and rightmost letter of all pages, points."""
    dark: float
    """Share of the first page that is not white."""

    @property
    def text(self) -> str:
        """Of all pages, without line breaks."""
        return re.sub(r"\s+", " ", " ".join(self.texts))


def read(data: bytes) -> Pages:
    """Text and fonts of a PDF."""
    document = pypdfium2.PdfDocument(data)
    try:
        texts, fonts, lefts, rights = [], {}, [], []
        for page in document:
            layer = page.get_textpage()
            texts.append(layer.get_text_range())
            boxes = [layer.get_rect(number) for number in range(layer.count_rects())]
            lefts += [box[0] for box in boxes]
            rights += [box[2] for box in boxes]
            for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
                font = raw.FPDFTextObj_GetFont(thing)
                name = ctypes.create_string_buffer(100)
                raw.FPDFFont_GetBaseFontName(font, name, 100)
                fonts[name.value.decode()] = bool(raw.FPDFFont_GetIsEmbedded(font))
        drawn = document[0].render(scale=0.5).to_numpy()
        dark = float((drawn.min(axis=2) < 200).mean())
        contents = tuple(entry.get_title() for entry in document.get_toc())
        return Pages(tuple(texts), fonts, contents, (min(lefts), max(rights)), dark)
    finally:
        document.close()
