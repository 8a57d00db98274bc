"""``inspector panel``: the touchscreen program, a client of a running station."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from inspector.cli.options import LineOption, PanelLanguage, PanelTheme
from inspector.core.errors import InputError
from inspector.doctor.finding import Status
from inspector.doctor.machine import display

alone = typer.Typer(
    name="inspector",
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
"""This command without the others, which would load for longer than the panel itself."""


@alone.callback()
def _alone() -> None:
    """Real-time camera line inspection. Not a safety device."""


def has_display() -> bool:
    """True when a window can be shown, by the doctor's rule."""
    return display().status is Status.OK


def panel_command(  # noqa: PLR0917  # one parameter for each option
    line: LineOption = None,
    language: Annotated[PanelLanguage, typer.Option(help="en or ja")] = PanelLanguage.EN,
    full_screen: Annotated[bool, typer.Option(help="fill the screen, as on a line PC")] = False,
    theme: Annotated[PanelTheme | None, typer.Option(help="dark or light")] = None,
    dpi: Annotated[
        float | None, typer.Option(min=40, max=600, help="of the screen, where its own is wrong")
    ] = None,
    name: Annotated[str, typer.Option(help="of this panel, for people; else that of its PC")] = "",
    remote: Annotated[
        Path | None, typer.Option(help="folder that inspector remote made: a station elsewhere")
    ] = None,
) -> None:
    """Show the panel of the station on this PC, or of one on another.

    [bold]Examples[/bold]

        inspector panel --language ja --full-screen
        inspector panel --remote ~/line-3
    """
    if not has_display():
        finding = display()
        raise InputError(f"the panel needs a display: {finding.found}", remedy=finding.remedy)
    for variable in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        os.environ.pop(variable, None)  # OpenCV points them at a Qt of its own
    from inspector.panel.curtain import Curtain, application  # noqa: PLC0415  # Qt for this alone

    app = application()
    curtain = Curtain(language.value, full_screen=full_screen)  # what follows loads for long
    from inspector.link.client_zmq import ZmqClient  # noqa: PLC0415
    from inspector.link.control import new_seat  # noqa: PLC0415
    from inspector.link.office_client import ZmqOfficeClient  # noqa: PLC0415
    from inspector.panel.app import main  # noqa: PLC0415
    from inspector.panel.theme import Theme  # noqa: PLC0415
    from inspector.station.places import data_folder_of, find_config, load_line  # noqa: PLC0415

    config = load_line(line or find_config("line.yaml"))
    folder = data_folder_of(config) if remote is None else remote
    seat = new_seat(name)
    code = main(
        lambda: ZmqClient(folder, seat),
        lambda: ZmqOfficeClient(folder),
        language.value,
        seat=seat,
        full_screen=full_screen,
        look=Theme(theme or config.panel.theme),
        dpi=dpi or config.panel.dpi,
        visitors=folder / "panel" / "visitors.json",
        curtain=curtain,
    )
    del app
    raise typer.Exit(code)


alone.command("panel")(panel_command)
