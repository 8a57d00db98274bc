"""The on-screen keyboard's layout: letters, digits, shift, and a page of signs."""

from __future__ import annotations

from inspector.panel.models.changed import Changed

LETTERS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
SIGNS = ("1234567890", "!\"#$%&'()=", "-^~|@`{[+*", ";:]}<>?/_\\,.")


class KeyboardModel:
    """Which characters the keys give now. Shift serves one letter."""

    def __init__(self) -> None:
        self.changed = Changed()
        self.shifted = False
        self.signs = False

    @property
    def rows(self) -> tuple[str, ...]:
        """The character keys, row by row."""
        if self.signs:
            return SIGNS
        return tuple(row.upper() for row in LETTERS) if self.shifted else LETTERS

    def toggle_shift(self) -> None:
        """Capital letters for the next key."""
        self.shifted = not self.shifted
        self.changed.emit()

    def toggle_signs(self) -> None:
        """Letters or signs."""
        self.signs, self.shifted = not self.signs, False
        self.changed.emit()

    def typed(self) -> None:
        """A character was given: shift ends."""
        if self.shifted:
            self.toggle_shift()
