"""Tell the views that a model changed."""

from __future__ import annotations

from collections.abc import Callable


class Changed:
    """A list of listeners. One thread; listeners are called in the order they came."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], object]] = []

    def connect(self, listener: Callable[[], object]) -> None:
        """Call ``listener`` at each change from now on."""
        self._listeners.append(listener)

    def disconnect(self, listener: Callable[[], object]) -> None:
        """Call ``listener`` no more: a sheet goes, its model stays."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def emit(self) -> None:
        """Something changed."""
        for listener in tuple(self._listeners):
            listener()
