"""Reports as tables for programs: one row a part, or one row a record; CSV and Parquet.

Both hold the same columns. Rows are written as they are read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from itertools import islice
from typing import IO, Any

from inspector.core.errors import InputError
from inspector.ledger.export import utc_text
from inspector.ledger.reader import LedgerReader
from inspector.reports.happenings import others
from inspector.reports.inspected import parts_of
from inspector.reports.request import Language, ReportKind, ReportRequest
from inspector.reports.telling import told
from inspector.reports.words import Words

Row = tuple[Any, ...]

PARTS: Mapping[str, str] = {
    "record": "int64",
    "time_utc": "string",
    "part": "int64",
    "product": "string",
    "lot": "string",
    "production": "bool",
    "outcome": "string",
    "cause": "string",
    "reason": "string",
    "check": "string",
    "view": "int64",
    "score": "double",
    "threshold": "double",
    "p_value": "double",
    "margin_us": "int64",
    "limit_sample": "string",
    "bypassed_by": "string",
    "picture_sha256": "string",
    "recipe": "string",
    "preparation": "string",
    "bundle": "string",
    "calibration": "string",
    "runtime": "string",
    "software": "string",
    "record_digest": "string",
}
RECORDS: Mapping[str, str] = {
    "record": "int64",
    "time_utc": "string",
    "kind": "string",
    "part": "int64",
    "who": "string",
    "role": "string",
    "what": "string",
    "details": "string",
    "old": "string",
    "new": "string",
    "reason": "string",
    "refused": "string",
    "signatures": "string",
    "record_digest": "string",
}
"""Columns and their Arrow types."""

_BATCH = 10_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HASHES = ("recipe", "preparation", "bundle", "calibration")


def columns_of(request: ReportRequest) -> Mapping[str, str]:
    """Names and Arrow types."""
    return RECORDS if request.kind is ReportKind.AUDIT else PARTS


def rows_of(reader: LedgerReader, request: ReportRequest) -> Iterator[Row]:
    """The rows, in the order of the chain. Raises ``InputError`` when there is none."""
    rows = (
        _records(reader, request) if request.kind is ReportKind.AUDIT else _parts(reader, request)
    )
    first = next(rows, None)
    if first is None:
        what = f"--lot {request.lot}: no part of it" if request.lot else "nothing"
        raise InputError(
            f"station {reader.station}: {what} is recorded in that time",
            remedy="See: inspector ledger list",
        )
    yield first
    yield from rows


def write_csv(rows: Iterable[Row], columns: Mapping[str, str], file: IO[bytes]) -> None:
    """UTF-8 with a byte order mark, as spreadsheets know it, and CRLF (RFC 4180).

    Text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    text.flush()
    text.detach()


def write_parquet(rows: Iterable[Row], columns: Mapping[str, str], file: IO[bytes]) -> None:
    """Parquet, Zstandard. Raises ``InputError`` where pyarrow is not installed."""
    pa, parquet = arrow()
    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in columns.items()])
    rows = iter(rows)
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while batch := list(islice(rows, _BATCH)):
            arrays = [
                pa.array(values, field.type)
                for values, field in zip(zip(*batch, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def arrow() -> tuple[Any, Any]:
    """The two modules. Raises ``InputError`` where the extra is not installed."""
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ModuleNotFoundError as error:
        raise InputError(
            "Parquet needs pyarrow", remedy="pip install inspector-line[parquet], or ask for .csv"
        ) from error


WRITERS: Mapping[str, Callable[[Iterable[Row], Mapping[str, str], IO[bytes]], None]] = {
    ".csv": write_csv,
    ".parquet": write_parquet,
}


def _parts(reader: LedgerReader, request: ReportRequest) -> Iterator[Row]:
    for record, part in parts_of(reader, request):
        worst = part.worst
        yield (
            record.sequence,
            utc_text(record.utc_us),
            record.part_id,
            part.product,
            part.lot,
            part.production,
            record.outcome,
            part.cause,
            "" if part.cause == "good" else part.reason,
            worst.check if worst else None,
            worst.view if worst else None,
            worst.score if worst else None,
            worst.threshold if worst else None,
            worst.p_value if worst else None,
            part.deadline.margin_us,
            part.master,
            part.bypassed,
            part.picture,
            *(part.hashes.get(key, "") for key in _HASHES),
            part.fingerprint,
            part.software,
            record.digest.hex(),
        )


def _records(reader: LedgerReader, request: ReportRequest) -> Iterator[Row]:
    words = Words(Language.EN)  # names for programs do not change with the language
    for record, content in others(reader, request):
        line = told(record, content, words)
        yield (
            record.sequence,
            utc_text(record.utc_us),
            record.kind,
            record.part_id if record.part_id is not None else content.get("part"),
            line.who,
            str(content.get("role", "")),
            line.what,
            line.details,
            line.old,
            line.new,
            line.why,
            line.refused,
            line.signatures,
            record.digest.hex(),
        )


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    if isinstance(value, bool):
        return int(value)
    return "" if value is None else value
