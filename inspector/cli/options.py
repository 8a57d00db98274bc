"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class PanelLanguage(StrEnum):
    """Languages of the panel."""

    EN = "en"
    JA = "ja"


LineOption = Annotated[Path | None, typer.Option(help="the line's file; default configs/line.yaml")]
