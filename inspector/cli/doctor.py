"""``inspector doctor``: what this PC has, what is missing, what to install."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from inspector.cli.options import LineOption
from inspector.core.errors import FaultError
from inspector.doctor import Status, examine
from inspector.station.opening import data_folder_of, load_line
from inspector.station.places import find_config

_MARKS = {
    Status.OK: "[green]✓ ok[/green]",
    Status.WARN: "[yellow]! look[/yellow]",
    Status.MISSING: "[yellow]– missing[/yellow]",
    Status.FAILURE: "[red]✕ failure[/red]",
}


def doctor_command(
    line: LineOption = None,
) -> None:
    """Look over this PC: runtimes, camera SDKs, GPU, display, disk, clock.

    [bold]Examples[/bold]

        inspector doctor
    """
    config = load_line(line or find_config("line.yaml"))
    table = Table("", "topic", "what")
    for name in ("found", "remedy"):  # folded, never cut: a remedy is there to be copied
        table.add_column(name, overflow="fold")
    folder = str(data_folder_of(config))
    findings = examine(config.model_copy(update={"data_folder": folder}))
    for one in findings:
        texts = (escape(text) for text in (one.topic, one.name, one.found, one.remedy))
        table.add_row(_MARKS[one.status], *texts)
    Console().print(table)
    if any(one.status is Status.FAILURE for one in findings):
        raise FaultError("this PC cannot run Inspector as it is", remedy="See the failures above")
