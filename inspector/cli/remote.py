"""``inspector remote``: panels on other PCs, each with a key of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from inspector.cli.desk import office
from inspector.cli.options import LineOption
from inspector.cli.users import AdminOption
from inspector.core.errors import ConfigError, InputError
from inspector.core.line_config import RemoteConfig
from inspector.durable.files import storage_errors, write_atomically
from inspector.link.binding import link_folder, load_or_create_keys
from inspector.link.doors import remote_addresses
from inspector.link.endpoint import OFFICE, STATION, Endpoint, endpoint_file
from inspector.link.keys import PANEL_FILE, SERVER_FILE, load_key_pair
from inspector.link.messages import AddPanel, ListPanels, PanelList, RemovePanel

PUBLIC_FILE = "public.key"

app = typer.Typer(
    help="Panels on other PCs: make a key there, let it in here.", no_args_is_help=True
)

PanelArgument = Annotated[str, typer.Argument(help="name of the panel, as people will read it")]


@app.command("key")
def key_command(
    folder: Annotated[Path, typer.Argument(help="of this panel; made if absent")],
    stick: Annotated[Path, typer.Argument(help="where the public key is put for the station")],
) -> None:
    """Make the key of a panel, on the panel's own PC. The secret half never leaves it.

    [bold]Examples[/bold]

        inspector remote key ~/line-3 /media/stick
    """
    key = load_or_create_keys(link_folder(folder) / PANEL_FILE)
    write_atomically(stick / PUBLIC_FILE, key.public)
    print(f"{stick / PUBLIC_FILE}: take it to the station: inspector remote add NAME {stick}")


@app.command("add")
def add_command(
    name: PanelArgument,
    stick: Annotated[Path, typer.Argument(help="folder in which public.key lies")],
    user: AdminOption,
    line: LineOption = None,
) -> None:
    """Let a panel in, on the station's PC; puts beside its key where the station is.

    [bold]Examples[/bold]

        inspector remote add office-2 /media/stick --user administrator
    """
    path = stick / PUBLIC_FILE
    try:
        public = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path}: no public key ({error})", remedy="On the panel's PC: inspector remote key"
        ) from error
    with office(line) as station:
        remote = station.config.link.remote
        if not remote.address:
            raise ConfigError(
                "link.remote.address: this line lets no panel on another PC in",
                remedy="Name the address, and those that may come, in the line's file",
            )
        station.log_in(user)
        station.call(AddPanel(name, public))
        server = load_key_pair(link_folder(station.data_folder) / SERVER_FILE)
    for whose in (STATION, OFFICE):
        write_atomically(endpoint_file(stick, whose), _told(remote, whose, server.public))
    print(f"{name} is let in. On its PC: inspector remote find FOLDER {stick}")


@app.command("find")
def find_command(
    folder: Annotated[Path, typer.Argument(help="of this panel")],
    stick: Annotated[Path, typer.Argument(help="where the station has said where it is")],
) -> None:
    """Keep where the station is, on the panel's own PC: then start the panel.

    [bold]Examples[/bold]

        inspector remote find ~/line-3 /media/stick
        inspector panel --remote ~/line-3
    """
    kept = link_folder(folder)
    for whose in (STATION, OFFICE):
        source = endpoint_file(stick, whose)
        with storage_errors(source):
            write_atomically(endpoint_file(kept, whose), source.read_bytes())
    print(f"inspector panel --remote {folder}")


@app.command("remove")
def remove_command(name: PanelArgument, user: AdminOption, line: LineOption = None) -> None:
    """Let a panel in no more. Its connections end at once."""
    with office(line) as station:
        station.log_in(user)
        station.call(RemovePanel(name))
    print(f"{name} is let in no more")


@app.command("list")
def list_command(user: AdminOption, line: LineOption = None) -> None:
    """List the panels that are let in."""
    with office(line) as station:
        station.log_in(user)
        answer = station.call(ListPanels())
    assert isinstance(answer, PanelList)
    for one in answer.entries:
        print(f"{one.name:<24} {datetime.fromtimestamp(one.added_utc_us / 1e6, UTC):%Y-%m-%d}")


def _told(remote: RemoteConfig, whose: str, server_key: bytes) -> bytes:
    requests, events = remote_addresses(remote, whose)
    return msgspec.json.encode(Endpoint(requests, events, server_key.decode("ascii"), ""))
