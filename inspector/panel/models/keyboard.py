"""The on-screen keyboard's layout: letters, digits, shift, a page of signs, and Japanese."""

from __future__ import annotations

from enum import Enum

from inspector.panel.models.changed import Changed
from inspector.panel.models.composition import Composition

LETTERS = ("1234567890", "qwertyuiop", "asdfghjkl-", "zxcvbnm,.")
SIGNS = ("1234567890", "!\"#$%&'()=", "^~|@`{[+*_", ";:]}<>?/\\")


class Shift(Enum):
    """Capital letters: not now, for one letter, until it is touched again."""

    OFF = 0
    ONCE = 1
    HELD = 2


class KeyboardModel:
    """Which characters the keys give now, and the Japanese text that is being composed.

    What its methods return goes into the field.
    """

    def __init__(self, composition: Composition | None = None) -> None:
        self.changed = Changed()
        self.composition = composition or Composition()
        self.shift = Shift.OFF
        self.signs = False
        self.latin_only = False
        """The field takes no Japanese: a password, a user's name."""
        self._japanese = False

    @property
    def japanese(self) -> bool:
        """Letters become kana."""
        return self._japanese and not self.latin_only

    @property
    def shifted(self) -> bool:
        """Capital letters."""
        return self.shift is not Shift.OFF

    @property
    def rows(self) -> tuple[str, ...]:
        """The character keys, row by row."""
        if self.signs:
            return SIGNS
        return tuple(row.upper() for row in LETTERS) if self.shifted else LETTERS

    def speak(self, *, japanese: bool) -> None:
        """Begin with kana or with Latin letters."""
        self._japanese = japanese
        self.changed.emit()

    def toggle_shift(self) -> None:
        """Capital letters for the next key, for all, for none."""
        self.shift = Shift((self.shift.value + 1) % len(Shift))
        self.changed.emit()

    def toggle_signs(self) -> None:
        """Letters or signs."""
        self.signs, self.shift = not self.signs, Shift.OFF
        self.changed.emit()

    def toggle_japanese(self) -> str:
        """Kana or Latin letters."""
        text = self.composition.take()
        self._japanese = not self._japanese
        self.changed.emit()
        return text

    def press(self, character: str) -> str:
        """A character key."""
        kana = self.japanese and not self.signs and not character.isdigit()
        if kana and not (self.shifted and character.isalpha()):
            text = self.composition.take() if self.composition.chosen >= 0 else ""
            self.composition.type(character)
        else:
            text = self.composition.take() + character
        self.typed()
        return text

    def space(self) -> str:
        """Space, or the next spelling."""
        if not self.composition.shown:
            return " "
        self.composition.next()
        self.changed.emit()
        return ""

    def erase(self) -> bool:
        """Take back what is being composed; False when that is nothing, and the field's turn."""
        if not self.composition.shown:
            return False
        self.composition.erase()
        self.changed.emit()
        return True

    def choose(self, index: int) -> str:
        """One of the spellings on offer."""
        return self._taken(self.composition.choose(index))

    def take(self) -> str:
        """What is being composed, as it stands."""
        return self._taken(self.composition.take())

    def typed(self) -> None:
        """A character was given: shift for one letter ends."""
        if self.shift is Shift.ONCE:
            self.shift = Shift.OFF
        self.changed.emit()

    def _taken(self, text: str) -> str:
        self.changed.emit()
        return text
