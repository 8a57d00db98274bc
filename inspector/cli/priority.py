"""Who comes behind the station when there are too few cores."""

from __future__ import annotations

from collections.abc import Sequence

import psutil

NICE = 10
BEHIND = {"panel": NICE, "office": 15}
"""Commands that never take a core from the line, and how nice they are."""


def give_way(nice: int = NICE) -> None:
    """Come behind the station."""
    psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if psutil.WINDOWS else nice)


def give_way_at_once(arguments: Sequence[str]) -> None:
    """The same if this command line is of a command that always does.

    Before anything large is imported: on a PC of two cores the start of a panel would cost parts.
    """
    nice = BEHIND.get(next(iter(arguments), ""))
    if nice is not None:
        give_way(nice)
