"""``inspector camera list``, ``show`` and ``save``: what is there, and how it is set."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from inspector.camera.device import Feature, FeatureKind, Features
from inspector.camera.discovery import DRIVERS, Found, Search, discover, networks
from inspector.camera.parameter_file import Parameters
from inspector.camera.settings import same_value
from inspector.cli.camera_names import DriverOption, NameArgument, Named, PlaceOption
from inspector.cli.options import LineOption
from inspector.core.errors import CameraError, CameraLost, InputError
from inspector.core.ports import SystemClock
from inspector.durable.files import write_atomically
from inspector.station.opening import data_folder_of, load_line
from inspector.station.places import find_config


def list_command(
    driver: Annotated[
        str, typer.Option(help="pylon, genicam, aravis, opencv; all without it")
    ] = "",
    transport: Annotated[
        str, typer.Option(help="of pylon, such as BaslerGigE: this one alone")
    ] = "",
    producer: Annotated[
        list[Path] | None, typer.Option(help="GenTL producer (.cti) to load; may be repeated")
    ] = None,
    network: Annotated[
        bool, typer.Option("--network", help="also search GigE, by broadcasts on every network")
    ] = False,
) -> None:
    """List the cameras that each installed SDK finds. Networks are left alone without --network.

    [bold]Examples[/bold]

        inspector camera list
        inspector camera list --network
        inspector camera list --driver genicam --producer /opt/maker/lib/maker.cti
    """
    if driver and driver not in DRIVERS:
        raise InputError(f"--driver {driver}: unknown", remedy=f"Known: {', '.join(DRIVERS)}")
    search = Search(driver, transport, tuple(producer or ()), network)
    skipped = []
    for found in discover(search):
        if found.skipped:
            skipped.append(f"{found.driver} {found.place}")
        else:
            print(*_told(found), sep="\n")
    if skipped:
        where = ", ".join(networks()) or "none is up"
        print(f"not searched {', '.join(skipped)}: --network sends broadcasts on {where}")


def _told(found: Found) -> Iterator[str]:
    place = f"{found.driver:12} {found.place}"
    if found.problem:
        yield f"{place}: {found.problem}"
    elif not found.cameras:
        yield f"{place}: none"
    for camera in found.cameras:
        maker = f"{camera.vendor} {camera.model}".strip()
        named = f"{camera.serial}  {maker}" if camera.serial else maker
        yield f"{place}: {named}  {camera.address}".rstrip()


def show_command(  # noqa: PLR0917  # one parameter for each option
    name: NameArgument,
    text: Annotated[str, typer.Argument(help="show those alone whose names hold it")] = "",
    driver: DriverOption = "",
    place: PlaceOption = "",
    json_out: Annotated[Path | None, typer.Option("--json", help="write them here")] = None,
    line: LineOption = None,
) -> None:
    """Show a camera's features: value, limits, choices, and which can be written (w) now.

    [bold]Examples[/bold]

        inspector camera show 24011234 exposure
        inspector camera show 0815-0000 --driver pylon --transport BaslerCamEmu
    """
    with Named.of(name, line, driver, place).opened() as device:
        who = device.identity
        print(f"camera       {who.serial} {who.vendor} {who.model} {who.version}  {who.address}")
        shown = [one for one in _features(device.features) if text.lower() in one.name.lower()]
    for one in shown:
        print(f"{one.name:32} {'w' if one.writable else '-'} {_value(one)}{_allowed(one)}")
    if json_out is not None:
        content = {"identity": asdict(who), "features": [asdict(one) for one in shown]}
        write_atomically(json_out, f"{json.dumps(content, indent=2)}\n".encode())


def _features(features: Features) -> Iterator[Feature]:
    for name in features.names():
        try:
            yield features.describe(name)
        except CameraLost:
            raise
        except CameraError as error:
            yield Feature(name, FeatureKind.STRING, description=error.problem)


def _value(one: Feature) -> str:
    if one.kind is FeatureKind.COMMAND:
        return "(command)"
    if one.value is None:
        return "(cannot be read now)"
    number = f"{one.value:g}" if isinstance(one.value, float) else str(one.value)
    return f"{number} {one.unit}".rstrip()


def _allowed(one: Feature) -> str:
    if one.choices:
        return f"  [{', '.join(one.choices)}]"
    if one.kind not in (FeatureKind.INTEGER, FeatureKind.FLOAT):
        return ""
    lower, upper = ("" if limit is None else f"{limit:.10g}" for limit in (one.lower, one.upper))
    step = f", steps of {one.step:g}" if one.step and one.step != 1 else ""
    return f"  [{lower} to {upper}{step}]" if lower or upper else ""


def save_command(
    name: NameArgument,
    product: Annotated[str, typer.Option(help="whose parameter file it becomes")],
    driver: DriverOption = "",
    place: PlaceOption = "",
    line: LineOption = None,
) -> None:
    """Keep a camera's parameters as they are now: later loads put them back, and tell of changes.

    [bold]Examples[/bold]

        inspector camera save 24011234 --product bracket
    """
    named = Named.of(name, line, driver, place)
    wanted = named.settings(product)
    folder = data_folder_of(load_line(line or find_config("line.yaml")))
    parameters = Parameters(folder, name, product, SystemClock())
    with named.opened() as device:
        values = parameters.save(device.features, device.identity)
    print(f"kept         {parameters.path}: {len(values)} parameters")
    for key, value in wanted.items():
        if key in values and not same_value(values[key], value):
            print(f"recipe       {product} sets {key} to {value}; the camera has {values[key]}")
