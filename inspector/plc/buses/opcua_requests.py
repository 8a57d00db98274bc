"""What clients ask for by methods, as the input image says it: rising edges beside variables."""

from __future__ import annotations

import threading
from dataclasses import replace

from inspector.plc.registers import Inputs, Outputs


class Requests:
    """Methods put in, each exchange takes out. Any thread.

    An edge needs a low before it: what was high in the image before is shown low first.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = Inputs()
        self._known = False
        self._due: set[str] = set()
        self._recipe: int | None = None
        self._raised = False
        self._answer: tuple[int, bool] | None = None
        self._serial = ""

    def pulse(self, bit: str) -> None:
        """One rising edge of an input bit."""
        with self._lock:
            self._due.add(bit)

    def name_part(self, serial: str) -> None:
        """Serial number of the parts from now on; empty = what the variable says."""
        with self._lock:
            self._serial = serial

    def prepare(self, recipe: int) -> None:
        """Ask for a recipe until it is answered; takes the place of one asked for before."""
        with self._lock:
            self._recipe, self._raised, self._answer = recipe, False, None

    def answer(self, recipe: int) -> bool | None:
        """Whether the recipe was confirmed or refused; None while there is no answer."""
        with self._lock:
            if self._answer is None or self._answer[0] != recipe:
                return None
            return self._answer[1]

    def forget_peer(self) -> None:
        """Nobody is there; the first image of who comes next shows no edge."""
        with self._lock:
            self._known = False

    def image(self, outputs: Outputs, written: Inputs) -> Inputs:
        """The inputs of one exchange; ``written`` is what the variables say."""
        with self._lock:
            self._hear(outputs)
            changes: dict[str, bool | int | str] = {}
            if not self._known:
                self._known, self._last = True, written
                return written
            for bit in tuple(self._due):
                changes[bit] = not getattr(self._last, bit)
                if changes[bit]:
                    self._due.discard(bit)
            if self._recipe is not None:
                self._raised |= not self._last.recipe_request
                changes |= {"recipe_request": self._raised, "recipe_wanted": self._recipe}
            if self._serial:
                changes["serial"] = self._serial
            self._last = replace(written, **changes)  # type: ignore[arg-type]  # names of fields
            return self._last

    def _hear(self, outputs: Outputs) -> None:
        if self._recipe is None or not self._raised or outputs.recipe_answer != self._recipe:
            return
        if outputs.recipe_confirmed or outputs.recipe_refused:
            self._answer = self._recipe, outputs.recipe_confirmed
            self._recipe = None
