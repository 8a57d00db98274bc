"""Where the command line finds the line's file and the recipes that came with the program."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from inspector.core.errors import ConfigError


class PanelLanguage(StrEnum):
    """Languages of the panel."""

    EN = "en"
    JA = "ja"


LineOption = Annotated[Path | None, typer.Option(help="the line's file; default configs/line.yaml")]


def config_folders() -> tuple[Path, ...]:
    """Folders that may hold ``line.yaml``: here, the checkout, the installation."""
    checkout = Path(__file__).parents[2] / "configs"
    return (Path("configs"), checkout, Path(sys.prefix) / "share/inspector/configs")


def find_config(name: str) -> Path:
    """The first file of that name. Raises ``ConfigError``."""
    for folder in config_folders():
        if (folder / name).is_file():
            return folder / name
    looked = ", ".join(str(folder) for folder in config_folders())
    raise ConfigError(f"{name}: not found in {looked}", remedy="Name the line's file with --line")
