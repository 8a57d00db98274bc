"""Logged series from files: CSV with a heading, or Parquet; one row for each part."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from engines.temporal import Series
from inspector.core.errors import ConfigError, InputError


def read_series(path: Path, channels: Sequence[str] = ()) -> Series:
    """The columns of these names, or all that hold numbers, in the order of the rows.

    Rows in which a value is missing are left out. Raises ``ConfigError`` naming file and column,
    ``InputError`` for Parquet without its extra.
    """
    columns = _parquet(path) if path.suffix == ".parquet" else _csv(path)
    missing = [name for name in channels if name not in columns]
    if missing:
        raise ConfigError(
            f"{path}: no column {missing[0]}", remedy=f"There are: {', '.join(columns)}"
        )
    numbers = {name: _numbers(columns[name]) for name in channels or columns}
    wrong = [name for name in channels if numbers[name] is None]
    if wrong:
        raise ConfigError(f"{path}: {wrong[0]}: not numbers", remedy="Name other columns")
    found = {name: values for name, values in numbers.items() if values is not None}
    if not found:
        raise ConfigError(f"{path}: no column of numbers", remedy="Give a heading and numbers")
    rows = np.stack([np.array(values, np.float64) for values in found.values()], axis=1)
    return Series(tuple(found), rows[np.isfinite(rows).all(axis=1)])


def _csv(path: Path) -> dict[str, Sequence[Any]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            heading, *rows = csv.reader(file)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{path}: cannot be read ({error})", remedy="Check the file") from error
    except ValueError as error:
        raise ConfigError(f"{path}: is empty", remedy="Give a heading and rows") from error
    for number, row in enumerate(rows, 2):
        if len(row) != len(heading):
            raise ConfigError(
                f"{path}: line {number}: {len(row)} values under {len(heading)} headings",
                remedy="Mend the line",
            )
    return dict(zip(heading, zip(*rows, strict=True), strict=bool(rows)))


def _parquet(path: Path) -> dict[str, Sequence[Any]]:
    try:
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ModuleNotFoundError as error:
        raise InputError(
            f"{path}: Parquet needs pyarrow", remedy="pip install inspector-line[parquet]"
        ) from error
    try:
        columns: dict[str, Sequence[Any]] = parquet.read_table(path).to_pydict()
    except (OSError, arrow.ArrowInvalid) as error:
        raise ConfigError(f"{path}: cannot be read ({error})", remedy="Check the file") from error
    return columns


def _numbers(column: Iterable[Any]) -> list[float] | None:
    """A column as numbers, NaN where one is missing; None where something else stands in it."""
    try:
        numbers = [math.nan if value in ("", None) else float(value) for value in column]
    except (TypeError, ValueError):
        return None
    return numbers if any(math.isfinite(number) for number in numbers) else None
