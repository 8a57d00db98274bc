"""Rejects with their pictures, four in a row."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from reportlab.lib.utils import ImageReader

from inspector.reports.inspected import Reject
from inspector.reports.request import ReportRequest
from inspector.reports.sheet import INK, LEFT, LINE, PALE, QUIET, ROOM, Sheet
from inspector.reports.words import Words

Picture = NDArray[np.uint8]
"""uint8[h, w, 3], RGB."""
Pictures = Callable[[int], Picture | None]
"""By number of the record: the part's first view with what was found on it; None: it is gone."""

_COLUMNS, _GAP = 4, 8.0
_SIDE = (ROOM - (_COLUMNS - 1) * _GAP) / _COLUMNS
_CAPTION = 44.0
_MOST_PX = 480
_QUALITY = 85


def gallery(
    sheet: Sheet,
    rejects: Sequence[Reject],
    pictures: Pictures,
    request: ReportRequest,
    words: Words,
) -> None:
    """Draw them, row by row; one whose picture is gone says so."""
    for first in range(0, len(rejects), _COLUMNS):
        sheet.need(_SIDE + _CAPTION)
        sheet.y -= _SIDE
        for place, reject in enumerate(rejects[first : first + _COLUMNS]):
            x = LEFT + place * (_SIDE + _GAP)
            _picture(sheet, x, pictures(reject.sequence), words("picture is gone"))
            _caption(sheet, x, reject, request, words)
        sheet.y -= _CAPTION


def _picture(sheet: Sheet, x: float, picture: Picture | None, gone: str) -> None:
    canvas = sheet.canvas
    canvas.setFillColor(PALE)
    canvas.rect(x, sheet.y, _SIDE, _SIDE, stroke=0, fill=1)
    if picture is None:
        sheet.text_centred(x + _SIDE / 2.0, sheet.y + _SIDE / 2.0, gone, 7.0, QUIET)
        return
    height, width = picture.shape[:2]
    scale = _SIDE / max(height, width)
    shown = (width * scale, height * scale)
    at = (x + (_SIDE - shown[0]) / 2.0, sheet.y + (_SIDE - shown[1]) / 2.0)
    canvas.drawImage(ImageReader(io.BytesIO(_jpeg(picture))), *at, *shown)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.4)
    canvas.rect(x, sheet.y, _SIDE, _SIDE, stroke=1, fill=0)


def _caption(sheet: Sheet, x: float, reject: Reject, request: ReportRequest, words: Words) -> None:
    worst = reject.worst
    score = "" if worst is None or worst.score is None else f"{worst.score:.4g}"
    against = f"{score} > {worst.threshold:.4g}" if worst is not None and score else ""
    lines = (
        (f"{words('part')} {reject.part_id}   {request.time(reject.utc_us)[11:]}", INK),
        (words.reason(reject.reason), INK),
        (against, QUIET),
        (reject.picture[:16], QUIET),
    )
    for number, (text, color) in enumerate(lines, 1):
        cut = sheet.letters.cut(text, _SIDE, 7.0)
        sheet.text(x, sheet.y - 1.0 - number * 8.8, cut, 7.0, color)


def _jpeg(picture: Picture) -> bytes:
    scale = _MOST_PX / max(picture.shape[:2])
    if scale < 1.0:
        picture = np.asarray(
            cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
        )
    done, data = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not done:
        raise ValueError("a picture cannot be encoded")
    return data.tobytes()
