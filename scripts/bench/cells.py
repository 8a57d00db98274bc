"""Engines by products: how an engine is named, and the file that keeps what was measured of it.

A cell is kept as a file of its own as soon as it is known, so that a run that was stopped goes on
with those that are missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter

from inspector.core.canonical import Json
from inspector.core.engine_spec import EngineSpec
from inspector.core.errors import ConfigError, DatasetError
from inspector.durable.files import write_atomically

Cell = Mapping[str, Any]
"""What is kept of an engine on a product, as plain values; ``settings`` are what cells of one
table must share."""


def engine_of(text: str) -> dict[str, Json]:
    """``patchcore coreset=500`` as the ``engine`` section of a recipe. Raises ``ValueError``."""
    method, *options = text.split()
    pairs = (option.partition("=") for option in options)
    section = {"method": method} | {key: yaml.safe_load(value) for key, _, value in pairs}
    TypeAdapter(EngineSpec).validate_python(section)
    return section


def named_engine(text: str) -> str:
    """The same text, for a command line. Raises ``ValueError`` for what is no engine."""
    engine_of(text)
    return text


def path_of(out: Path, source: str, engine: str) -> Path:
    """The file of a cell."""
    name = f"{Path(source).name}-{engine}"
    return out / f"{re.sub(r'[^A-Za-z0-9_.=-]+', '-', name)}.json"


def found_in(path: Path, settings: Mapping[str, Json]) -> Cell | None:
    """A cell that is known already, or None. Raises ``DatasetError`` for other settings."""
    if not path.is_file():
        return None
    cell: Cell = json.loads(path.read_text(encoding="utf-8"))
    if cell["settings"] != settings:
        raise DatasetError(f"{path}: measured otherwise: {cell['settings']}", remedy="Name --out")
    return cell


def found_or_measured(
    path: Path, named: Cell, measure: Callable[[], Cell] | None, tell: Callable[[Cell], None]
) -> Cell | None:
    """A cell that is known, or measured now, kept and told; None where nothing is to be measured.

    ``named`` are its settings, product and engine; with a ``problem`` they are the cell of what
    cannot be taught. Raises ``DatasetError`` for other settings.
    """
    cell = found_in(path, named["settings"])
    if cell is None and measure is not None:
        try:
            cell = measure()
        except ConfigError as error:
            cell = {**named, "problem": str(error)}
        keep(path, cell)
        tell(cell)
    return cell


def keep(path: Path, cell: Cell) -> None:
    """Write a cell, whole or not at all."""
    write_atomically(path, f"{json.dumps(cell, indent=2)}\n".encode())
