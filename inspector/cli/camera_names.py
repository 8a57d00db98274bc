"""How commands name a camera: by its entry in the line's file, or with driver and place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from inspector.camera.device import Device
from inspector.camera.lending import opened
from inspector.camera.making import make_device
from inspector.core.camera_config import (
    AravisCamera,
    DeviceCameraConfig,
    GenicamCamera,
    OpenCvCamera,
    PluginCamera,
    PylonCamera,
    ReplayCamera,
    SettingValue,
    SimCamera,
)
from inspector.core.errors import InputError
from inspector.station.opening import catalogue_of, data_folder_of, load_line
from inspector.station.places import find_config

NameArgument = Annotated[
    str, typer.Argument(help="name in the line's file; with --driver: serial number")
]
DriverOption = Annotated[
    str, typer.Option(help="pylon, genicam, aravis, opencv or plugin, for a camera of no file")
]
PlaceOption = Annotated[
    str,
    typer.Option(
        "--transport",
        "--producer",
        "--device",
        "--source",
        "--plugin",
        help="with --driver: pylon's transport, GenTL producer (.cti), IP address for aravis, "
        "number or address or file for opencv, or name of a plugin",
    ),
]
ProductOption = Annotated[str, typer.Option(help="its recipe's camera settings hold meanwhile")]

_MODELS: dict[str, tuple[type[DeviceCameraConfig], str]] = {
    "pylon": (PylonCamera, "transport"),
    "genicam": (GenicamCamera, "producer"),
    "aravis": (AravisCamera, "device"),
    "opencv": (OpenCvCamera, "source"),
    "plugin": (PluginCamera, "plugin"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A camera as it was named, and the line's file that it may stand in."""

    config: DeviceCameraConfig
    line_file: Path | None

    @classmethod
    def of(cls, name: str, line: Path | None, driver: str, place: str) -> Named:
        """Raises ``InputError``. Nothing is searched or opened yet."""
        if driver:
            return cls(_ad_hoc(name, driver, place), line)
        if place:
            raise InputError(f"{place}: of which driver?", remedy="Name it with --driver")
        file = line or find_config("line.yaml")
        entries = {entry.name: entry for entry in load_line(file).cameras}
        entry = entries.get(name)
        if entry is None:
            raise InputError(
                f"{name}: no camera of {file}, which has {', '.join(entries)}",
                remedy="Name one of these, another --line, or --driver and --transport",
            )
        if isinstance(entry, ReplayCamera | SimCamera):
            raise InputError(
                f"{name}: {entry.driver} shows pictures and is no device",
                remedy="Name a camera with a device",
            )
        return cls(entry, file)

    @contextmanager
    def opened(self) -> Iterator[Device]:
        """Its device, open. A station that runs has it, and it is refused."""
        with opened(make_device(self.config)) as device:
            yield device

    def settings(self, product: str) -> dict[str, SettingValue]:
        """What the recipe of a product sets; nothing without one."""
        if not product:
            return {}
        file = self.line_file or find_config("line.yaml")
        recipe = catalogue_of(file, data_folder_of(load_line(file))).recipe(product)
        return recipe.camera.of(self.config.name)


def _ad_hoc(name: str, driver: str, place: str) -> DeviceCameraConfig:
    if driver not in _MODELS:
        raise InputError(f"--driver {driver}: unknown", remedy=f"Known: {', '.join(_MODELS)}")
    model, key = _MODELS[driver]
    if not place:
        raise InputError(
            f"--driver {driver}: where is {name}?",
            remedy=f"Give --{key}; without one every network would be searched by broadcasts",
        )
    try:
        return model.model_validate({"driver": driver, "name": name, key: place})
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"--driver {driver}: {first['msg']}", remedy=f"Check --{key}") from error
