"""Where the line's file, the recipes that came with the program, and the records are found."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from inspector.core.errors import ConfigError
from inspector.core.line_config import LineConfig
from inspector.durable.files import expanded
from inspector.ledger.database import DatabaseAddress


def config_folders() -> tuple[Path, ...]:
    """Folders that may hold ``line.yaml``: ``INSPECTOR_CONFIG``, here, checkout, installation."""
    given = os.environ.get("INSPECTOR_CONFIG")
    named = (expanded(given, "INSPECTOR_CONFIG"),) if given else ()
    checkout = Path(__file__).parents[2] / "configs"
    return (*named, Path("configs"), checkout, Path(sys.prefix) / "share/inspector/configs")


def find_config(name: str) -> Path:
    """The first file or folder of that name. Raises ``ConfigError``."""
    for folder in config_folders():
        if (folder / name).exists():
            return folder / name
    looked = ", ".join(str(folder) for folder in config_folders())
    raise ConfigError(f"{name}: not found in {looked}", remedy="Name the line's file with --line")


def database_of(config: LineConfig) -> DatabaseAddress | None:
    """The plant's database that the line's file names; None without one."""
    given = config.ledger
    if not given.database:
        return None
    file = given.password_file
    return DatabaseAddress(given.database, expanded(file, "password_file") if file else None)
