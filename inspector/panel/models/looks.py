"""How light this panel is: kept in a file of the panel's own, before what the line's file says."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from inspector.panel.models.changed import Changed

THEMES = ("dark", "light")


class Looks:
    """The theme in use. What is chosen is kept in a file, if the panel has one."""

    def __init__(self) -> None:
        self.changed = Changed()
        self.theme = THEMES[0]
        self._path: Path | None = None

    def begin(self, path: Path | None, theme: str) -> None:
        """What was chosen at this panel, or else what it was started with."""
        self._path = path
        self.theme = _load(path) or theme

    def use(self, theme: str) -> None:
        """Somebody wants another one, from now on."""
        if theme in THEMES and theme != self.theme:
            self.theme = theme
            if self._path is not None:
                with suppress(OSError):  # a convenience
                    self._path.parent.mkdir(parents=True, exist_ok=True)
                    self._path.write_text(json.dumps({"theme": theme}), encoding="utf-8")
            self.changed.emit()


def _load(path: Path | None) -> str:
    """The kept theme; empty where none was chosen at this panel."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        if path is not None:
            theme = json.loads(path.read_text(encoding="utf-8"))["theme"]
            return str(theme) if theme in THEMES else ""
    return ""
