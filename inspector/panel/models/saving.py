"""A file that the office made, and taking it away: on a stick, or to this PC."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from inspector.panel.models.desk import Desk, Following
from inspector.panel.models.screen import ScreenModel


class Named(Protocol):
    """A file on the wire."""

    @property
    def name(self) -> str:
        """Of the file."""

    @property
    def data(self) -> bytes:
        """What is in it."""


File = TypeVar("File", bound=Named)
Write = Callable[[Path, str, bytes, Callable[[str], None]], None]
"""Puts a file into a folder, on a thread of its own; told what went wrong, or nothing."""


class SavingModel(ScreenModel, Generic[File]):
    """One file at a time, of type ``kind``. Qt-free; GUI thread."""

    def __init__(self, desk: Desk, kind: type[File], write: Write) -> None:
        super().__init__(desk)
        self.making: Following | None = None
        self.saving = False
        self.saved = ""
        """Where it was written."""
        self.trouble = ""
        self._kind, self._write = kind, write

    @property
    def made(self) -> File | None:
        """The file, once it is there."""
        result = self.making.result if self.making is not None else None
        return result if isinstance(result, self._kind) else None

    def save(self, folder: Path, told: Callable[[str], None]) -> None:
        """Write it; ``told`` is called on the writing thread: hand it to ``wrote``."""
        made = self.made
        if made is not None and not self.saving:
            self.saving = True
            self._write(folder, made.name, made.data, told)
            self.changed.emit()

    def wrote(self, folder: Path, trouble: str) -> None:
        """It is there, or not."""
        self.saving, self.trouble = False, trouble
        if not trouble and self.made is not None:
            self.saved = str(folder / self.made.name)
            self.taken(self.made)
        self.changed.emit()

    def taken(self, made: File) -> None:
        """It was taken away. For subclasses."""
