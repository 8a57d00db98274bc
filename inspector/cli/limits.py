"""``inspector limits``: known good and known bad parts, and their check."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from inspector.cli.desk import desk, office
from inspector.cli.logs import log_to
from inspector.cli.options import LineOption, SecondOption
from inspector.core.camera_config import ReplayCamera
from inspector.core.errors import ConfigError, FaultError, InputError
from inspector.core.line_config import LineConfig, LinkConfig
from inspector.core.plc_config import SimPlc
from inspector.core.state import StationState, StationStatus
from inspector.limits.check import LimitCheck, load_check
from inspector.limits.masters import Master, keep_picture, load_masters, picture_of
from inspector.link.client import StationClient
from inspector.link.messages import (
    AddMaster,
    AnnounceMasters,
    GetStatus,
    OverrideLimits,
    RemoveMaster,
    Snapshot,
)
from inspector.station.opening import catalogue_of, data_folder_of, load_line, open_station
from inspector.station.places import find_config

app = typer.Typer(no_args_is_help=True)

UserOption = Annotated[str, typer.Option(help="engineer or administrator; the password is asked")]
_LOOK_S = 0.1
_ANSWER_S = 10.0


@app.callback()
def limits_command(
    context: typer.Context, product: Annotated[str, typer.Argument(help="product")]
) -> None:
    """Limit samples: choose known good and known bad parts, and have them judged.

    [bold]Examples[/bold]

        inspector limits bracket add --bad scratch-1 photos/scratch.png --user ann
        inspector limits bracket check
    """
    context.obj = product


@app.command("add")
def add_command(  # noqa: PLR0917  # one parameter for each option
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="name on the master, such as scratch-1")],
    user: UserOption,
    image: Annotated[
        Path | None, typer.Argument(help="a picture of it, as the camera sees it")
    ] = None,
    good: Annotated[bool | None, typer.Option("--good/--bad", help="what it is")] = None,
    check: Annotated[str, typer.Option(help="of a bad one: the check that must find it")] = "",
    place: Annotated[
        str, typer.Option(help="of a bad one: left,top,width,height in fractions of the field")
    ] = "",
    reason: Annotated[str, typer.Option(help="why")] = "",
    second: SecondOption = "",
    line: LineOption = None,
) -> None:
    """Add a master."""
    product = str(context.obj)
    if good is None:
        raise InputError(f"{name}: good or bad?", remedy="Give --good or --bad")
    with desk(line, product) as station:
        signed = station.log_in_to_sign(user, second)
        picture = keep_picture(station.data_folder, product, image) if image else ""
        where = _rectangle(place)
        station.call(AddMaster(product, name, good, check, where, picture, reason, signed))
    print(f"{product}: {name} is a {'good' if good else 'bad'} limit sample")


def _rectangle(text: str) -> tuple[float, float, float, float] | None:
    if not text:
        return None
    try:
        left, top, width, height = (float(number) for number in text.split(","))
    except ValueError as error:
        raise InputError(
            f"--place {text}: not a rectangle", remedy="Give left,top,width,height: 0.4,0.5,0.2,0.1"
        ) from error
    return left, top, width, height


@app.command("remove")
def remove_command(  # noqa: PLR0917  # one parameter for each option
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="name of the master")],
    user: UserOption,
    reason: Annotated[str, typer.Option(help="why")] = "",
    second: SecondOption = "",
    line: LineOption = None,
) -> None:
    """Take a master off the list."""
    product = str(context.obj)
    with desk(line, product) as station:
        signed = station.log_in_to_sign(user, second)
        station.call(RemoveMaster(product, name, reason, signed))
    print(f"{product}: {name} is no limit sample any more")


@app.command("override")
def override_command(
    context: typer.Context,
    reason: Annotated[str, typer.Option(help="why; it is kept for ever")],
    user: UserOption,
    second: SecondOption = "",
    line: LineOption = None,
) -> None:
    """Sign for production without a valid check, for a shift at most; on a running station."""
    product = str(context.obj)
    with office(line) as station:
        signatures = station.log_in_to_sign(user, second)
        station.call(OverrideLimits(product, reason, signatures))
    print(f"{product}: runs without a check of limit samples; an alarm says so")


@app.command("list")
def list_command(context: typer.Context, line: LineOption = None) -> None:
    """List the masters, in the order in which they are shown, and the last check."""
    product = str(context.obj)
    data_folder = data_folder_of(load_line(line or find_config("line.yaml")))
    for master in load_masters(data_folder, product).masters:
        print(f"{master.expected:<5}{master.name}{_details(master)}")
    check, parts = load_check(data_folder, product)
    if check is not None:
        print(f"last check: {'passed' if check.passed else 'FAILED'}, {parts} parts since")


def _details(master: Master) -> str:
    words = [f"found by {master.check}"] if master.check else []
    if master.place is not None:
        words.append(f"at {','.join(f'{edge:g}' for edge in master.place.model_dump().values())}")
    words += ["with a picture"] if master.picture else []
    return f"  ({', '.join(words)})" if words else ""


@app.command("check")
def check_command(
    context: typer.Context,
    images: Annotated[
        bool, typer.Option("--images", help="show the stored pictures, on a station opened for it")
    ] = False,
    user: Annotated[str, typer.Option(help="who shows them; default the panel's role")] = "",
    line: LineOption = None,
) -> None:
    """Announce all masters, and wait until they were shown and judged.

    With --images their stored pictures go through the path of the station in place of parts: enough
    for production only where the line's cameras show pictures anyway.
    """
    product = str(context.obj)
    line_file = line or find_config("line.yaml")
    config = load_line(line_file)
    if images:
        check = _check_pictures(config, line_file, product)
    else:
        with desk(line, product) as station:
            if user:
                station.log_in(user)
            check = _check(station.client, station.data_folder, product, ())
    for result in check.results:
        score = f"  score {result.score:.4g} against {result.threshold:.4g}" if result.score else ""
        print(f"{result.expected:<5}{result.name}: {result.problem or 'as it should be'}{score}")
    if not check.passed:
        raise FaultError(
            f"{product}: limit samples were judged wrongly", remedy="Check light, lens and position"
        )
    if check.from_pictures and not config.simulated:
        print("from pictures: does not count for production on this line")


def _check_pictures(config: LineConfig, line_file: Path, product: str) -> LimitCheck:
    """Run the check with a replay camera in place of the line's."""
    data_folder = data_folder_of(config)
    if len(config.cameras) > 1:
        raise ConfigError(
            f"{line_file}: cameras: a part has {len(config.cameras)} views, a master one picture",
            remedy="Show the masters themselves",
        )
    masters = load_masters(data_folder, product).masters
    with tempfile.TemporaryDirectory() as folder:
        for index, master in enumerate(masters):
            picture = picture_of(data_folder, product, master)
            shutil.copyfile(picture, Path(folder) / f"{index:04d}{picture.suffix}")
        camera = ReplayCamera(
            driver="replay", name=config.cameras[0].name, source=folder, loop=False
        )
        shown = config.model_copy(
            update={
                "product": product,
                "production": False,
                "cameras": (camera,),
                "plc": SimPlc(),
                "link": LinkConfig(enabled=False),
            }
        )
        catalogue = catalogue_of(line_file, data_folder)
        with (
            log_to(data_folder / "logs", config.station),
            open_station(shown, catalogue, pictures_shown=True) as opened,
        ):
            names = tuple(master.name for master in masters)
            return _check(opened.console, data_folder, product, names)


def _check(
    client: StationClient, data_folder: Path, product: str, names: tuple[str, ...]
) -> LimitCheck:
    """Announce, and wait for the check to be over."""
    status = _status(client)
    if status.product != product:
        raise InputError(f"{product}: {status.product} is loaded", remedy="Change over first")
    before, ran, told = status.limits.checked_utc_us, False, ""
    client.call(AnnounceMasters(names))
    while status.limits.checked_utc_us == before:
        time.sleep(_LOOK_S)
        status = _status(client)
        if status.limits.expected not in ("", told):
            told = status.limits.expected
            print(f"show {told}")
        running = status.state.running
        if status.state is StationState.ERROR or (ran and not running):
            break
        ran = running
    check, _ = load_check(data_folder, product)
    if check is None or check.utc_us == before:
        reasons = "; ".join(alarm.text for alarm in status.alarms)
        raise FaultError(f"{product}: the check was broken off: {reasons or status.state}")
    return check


def _status(client: StationClient) -> StationStatus:
    answer = client.call(GetStatus(), _ANSWER_S)
    assert isinstance(answer, Snapshot)
    return answer.status
