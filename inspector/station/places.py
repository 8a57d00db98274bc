"""Where the line's file, the recipes that came with the program, and the records are found."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.errors import ConfigError
from inspector.core.line_config import LineConfig
from inspector.durable.files import expanded
from inspector.durable.yaml_files import load_yaml

if TYPE_CHECKING:
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


def load_line(path: Path) -> LineConfig:
    """Read and validate the line's file."""
    return load_yaml(path, LineConfig)


def data_folder_of(config: LineConfig) -> Path:
    """The data folder, absolute; ``INSPECTOR_DATA`` in the environment goes before the file."""
    given = os.environ.get("INSPECTOR_DATA")
    key = "INSPECTOR_DATA" if given else "data_folder"
    return expanded(given or config.data_folder, key).resolve()


def database_of(config: LineConfig) -> DatabaseAddress | None:
    """The plant's database that the line's file names; None without one."""
    from inspector.ledger.database import (  # noqa: PLC0415  # a panel finds its station without it
        DatabaseAddress,
    )

    given = config.ledger
    if not given.database:
        return None
    file = given.password_file
    return DatabaseAddress(given.database, expanded(file, "password_file") if file else None)
