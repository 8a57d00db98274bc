"""The ``inspector`` command. Exit codes: 0 done, 2 bad input, 3 fault."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from inspector.cli.priority import give_way_at_once
from inspector.cli.with_parent import end_with_parent
from inspector.core.errors import InspectorError

if TYPE_CHECKING:
    import typer

_QUIET = {"OPENCV_LOG_LEVEL": "SILENT", "OPENCV_FFMPEG_LOGLEVEL": "-8"}
"""What is wrong with a picture is said in our own line, not beside it."""


def main() -> None:
    """Entry point: errors become one line on stderr and an exit code, never a traceback."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    end_with_parent()
    give_way_at_once(sys.argv[1:])
    try:
        _app(sys.argv[1:])()
    except InspectorError as error:
        print(f"inspector: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:  # such as a folder that may not be entered
        print(f"inspector: {error}. Check the path and its rights", file=sys.stderr)
        sys.exit(3)
    except KeyboardInterrupt:
        print("inspector: interrupted", file=sys.stderr)
        sys.exit(130)


def _app(arguments: Sequence[str]) -> typer.Typer:
    """The commands; the panel alone where it is asked for, which need not load all the others.

    Imported here, so that Ctrl-C is caught meanwhile.
    """
    if arguments[:1] == ["panel"]:
        from inspector.cli.panel import alone  # noqa: PLC0415

        return alone
    from inspector.cli.app import app  # noqa: PLC0415

    return app
