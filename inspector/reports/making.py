"""Making a report: from the records to the bytes of a file."""

from __future__ import annotations

import io
from pathlib import PurePath
from typing import IO

from inspector.core.errors import InputError
from inspector.ledger.reader import LedgerReader
from inspector.reports.fonts import Letters
from inspector.reports.paper import write_paper
from inspector.reports.pictures import Pictures
from inspector.reports.request import Language, ReportRequest
from inspector.reports.tables import WRITERS, arrow, columns_of, rows_of

SUFFIXES = (".pdf", *WRITERS)


def check_suffix(name: str) -> str:
    """The form of a report that a file's name asks for. Raises ``InputError``."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"--out {name}: no such form", remedy=f"End it in {', '.join(SUFFIXES)}")
    if suffix == ".parquet":
        arrow()
    return suffix


def write(
    reader: LedgerReader,
    request: ReportRequest,
    suffix: str,
    file: IO[bytes],
    pictures: Pictures = lambda _sequence: None,
) -> frozenset[str]:
    """Write one report in the form of ``suffix``; returns letters for which there was no font.

    The same records give the same bytes, whenever it is asked for. ``pictures`` is asked for those
    of a PDF alone. Raises ``InputError`` with what cannot be made, ``LedgerError``.
    """
    if suffix in WRITERS:
        WRITERS[suffix](rows_of(reader, request), columns_of(request), file)
        return frozenset()
    letters = Letters(japanese=request.language is Language.JA)
    write_paper(reader, request, pictures, letters, file)
    return frozenset(letters.lacking)


def make(
    reader: LedgerReader,
    request: ReportRequest,
    suffix: str = ".pdf",
    pictures: Pictures = lambda _sequence: None,
) -> bytes:
    """``write`` into memory: for clients over the link."""
    file = io.BytesIO()
    write(reader, request, check_suffix(f"report{suffix}"), file, pictures)
    return file.getvalue()
