"""Where the line's file and the recipes that came with the program are found."""

from __future__ import annotations

import sys
from pathlib import Path

from inspector.core.errors import ConfigError


def config_folders() -> tuple[Path, ...]:
    """Folders that may hold ``line.yaml``: here, the checkout, the installation."""
    checkout = Path(__file__).parents[2] / "configs"
    return (Path("configs"), checkout, Path(sys.prefix) / "share/inspector/configs")


def find_config(name: str) -> Path:
    """The first file or folder of that name. Raises ``ConfigError``."""
    for folder in config_folders():
        if (folder / name).exists():
            return folder / name
    looked = ", ".join(str(folder) for folder in config_folders())
    raise ConfigError(f"{name}: not found in {looked}", remedy="Name the line's file with --line")
