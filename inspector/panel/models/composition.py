"""Japanese text while it is being composed: kana, and how it may be written."""

from __future__ import annotations

from collections.abc import Callable

from inspector.panel.models import kana
from inspector.panel.models.kanji import spellings


class Composition:
    """What was typed and is not in the field yet.

    ``spell`` gives spellings of a phrase in hiragana, likeliest first.
    """

    def __init__(self, spell: Callable[[str], tuple[str, ...]] = spellings) -> None:
        self._spell = spell
        self._typed: list[str] = []
        """Keys as they were hit, so that one erased takes back one kana, and Latin stays known."""
        self._done = ""
        self._pending = ""
        self.chosen = -1
        """Index of the spelling that stands in the field now; -1: the kana."""
        self.offers: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """What stands in the field meanwhile, underlined; empty when nothing is composed."""
        return self.offers[self.chosen] if self.chosen >= 0 else self._done + self._pending

    def type(self, letter: str) -> None:
        """One more key."""
        self._typed.append(letter)
        fresh, self._pending = kana.to_kana(self._pending + letter.lower())
        self._done += fresh
        self._offer()

    def erase(self) -> None:
        """Take back: first the choice of a spelling, then letter by letter."""
        if self.chosen >= 0:
            self.chosen = -1
            return
        if self._pending:
            self._pending = self._pending[:-1]
        else:
            self._done = self._done[:-1]
        self._typed = []  # no key stands for a letter alone any more
        self._offer()

    def next(self) -> None:
        """The next spelling, the first after the last."""
        if self.offers:
            self.chosen = (self.chosen + 1) % len(self.offers)

    def choose(self, index: int) -> str:
        """Take one of the spellings; what goes into the field."""
        self.chosen = index
        return self.take()

    def take(self) -> str:
        """What goes into the field; nothing is composed any more."""
        text = self.shown if self.chosen >= 0 else self._done + kana.finished(self._pending)
        self._typed, self._done, self._pending = [], "", ""
        self._offer()
        return text

    def _offer(self) -> None:
        self.chosen = -1
        reading = self._done + kana.finished(self._pending)
        forms = (reading, kana.katakana(reading), kana.half_width(reading))
        keys = "".join(self._typed)
        latin = (keys, kana.full_width(keys)) if keys else ()
        every = (*self._spell(reading), *forms, *latin)
        self.offers = tuple(dict.fromkeys(every)) if reading else ()
