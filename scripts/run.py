"""Set Inspector up, once, and start the demo line: ``python3 scripts/run.py [--headless ...]``.

Arguments go to ``inspector run``; ``--demo sim`` shows a rendered line instead of solar cells.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036  # said in words before newer syntax is read
    sys.exit("Inspector needs Python 3.11 or newer. Start this script with one, e.g. python3.11.")

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts import bootstrap  # found through the line above


def command_line(places: bootstrap.Places, arguments: Sequence[str]) -> list[str]:
    """``inspector run`` with the caller's arguments; the solar demo unless they name another."""
    chosen = any(a.split("=")[0] in ("--demo", "--line", "--product", "--help") for a in arguments)
    demo = [] if chosen else ["--demo", "solar"]
    return [str(places.program("inspector")), "run", *demo, *arguments]


def main(arguments: Sequence[str]) -> int:
    """Set up, then become the demo line."""
    places = bootstrap.Places()
    bootstrap.ensure(places, ["demo"])
    return bootstrap.hand_over(places, command_line(places, arguments))


if __name__ == "__main__":
    sys.exit(bootstrap.guarded(main))
