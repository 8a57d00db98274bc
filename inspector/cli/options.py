"""Options that several commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from inspector.core.errors import InputError


class PanelLanguage(StrEnum):
    """Languages of the panel."""

    EN = "en"
    JA = "ja"


class PanelTheme(StrEnum):
    """How light the panel is."""

    DARK = "dark"
    LIGHT = "light"


LineOption = Annotated[Path | None, typer.Option(help="the line's file; default configs/line.yaml")]


SecondOption = Annotated[
    str, typer.Option(help="who signs as the second person; their password is asked, too")
]


class _Show:
    """Progress on a terminal; silent elsewhere."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("teaching", total=1.0)

    def __call__(self, stage: str, share: float) -> None:
        self._bar.update(self._task, description=stage, completed=share)


@contextmanager
def teaching_progress() -> Iterator[Callable[[str, float], None]]:
    """A bar on a terminal, nothing elsewhere; call it with stage and share."""
    columns = TextColumn("{task.description:<12}"), BarColumn(), TimeElapsedColumn()
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        yield _Show(bar)


def bundle_path(given: Path, data_folder: Path) -> Path:
    """A bundle's folder as given, or the current one of a product that was taught here."""
    from inspector.teaching.bundles import current_bundle  # noqa: PLC0415

    if given.exists() or len(given.parts) > 1:
        return given
    found = current_bundle(data_folder, given.name)
    if found is None:
        raise InputError(
            f"{given}: neither a bundle's folder nor a product that was taught here",
            remedy=f"Teach it: inspector teach FOLDER --product {given}",
        )
    return found
