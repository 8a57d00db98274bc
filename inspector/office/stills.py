"""Pictures that are taken to correct a camera: ``cameras/<serial>/stills/<use>-<n>.png``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import get_args

from calibration.artefacts import camera_folder
from calibration.camera.finding import find_target
from calibration.camera.lens import LEAST_VIEWS
from calibration.camera.target import Kind, Target
from calibration.illumination.flat_field import LEAST_FLATS
from calibration.stills import Still
from inspector.core.errors import InspectorError, RefusedError
from inspector.core.frame import PixelFormat
from inspector.core.levels import for_display, levels_of
from inspector.durable.files import storage_errors, write_atomically
from inspector.durable.images import encode_png, read_image
from inspector.link.questions.optics import (
    COLUMNS,
    ROWS,
    Correction,
    LayStillsAside,
    ListStills,
    Stills,
    StillUse,
    TakenStill,
    TakeStill,
)
from inspector.office.room import Room

OF: dict[Correction, tuple[StillUse, ...]] = {"lens": ("tilted", "plane"), "flat": ("card", "dark")}
_ANY_MM = 15.0
"""Where points are in the picture does not depend on it."""


def target_of(mm: float) -> Target:
    """The target that the panel works with. Raises ``InputError``."""
    return Target(Kind.CHARUCO, COLUMNS, ROWS, mm)


def paths_of(room: Room, camera: str, use: StillUse) -> list[Path]:
    """Pictures of one use, oldest first."""
    return sorted(_folder(room, camera).glob(f"{use}-*.png"))


def list_stills(question: ListStills, room: Room) -> Stills:
    """What was taken."""
    taken = tuple(
        TakenStill(path.name, use, _points(path, path.stat().st_mtime_ns))
        for use in get_args(StillUse)
        for path in paths_of(room, question.camera, use)
    )
    return Stills(question.camera, taken, LEAST_VIEWS, LEAST_FLATS)


def take_still(question: TakeStill, room: Room) -> Stills:
    """Raises ``ImageError`` where the target is not to be seen, ``RefusedError``."""
    held = room.viewfinder.held(question.camera)
    if held is None:
        raise RefusedError("no picture comes from this camera", remedy="Wait for one")
    pixels, pixel_format = held
    if question.use in OF["lens"]:
        grey = levels_of(for_display(pixels, pixel_format))
        find_target(Still(question.camera, grey, PixelFormat.MONO8), target_of(_ANY_MM))
    number = len(paths_of(room, question.camera, question.use)) + 1
    path = _folder(room, question.camera) / f"{question.use}-{number:02d}.png"
    write_atomically(path, encode_png(levels_of(pixels)))
    return list_stills(ListStills(question.camera), room)


def lay_aside(question: LayStillsAside, room: Room) -> Stills:
    """Move them into a folder of their own."""
    folder = _folder(room, question.camera)
    found = [p for use in OF[question.correction] for p in paths_of(room, question.camera, use)]
    if found:
        aside = folder / f"before-{sum(one.is_dir() for one in folder.iterdir()) + 1}"
        with storage_errors(aside):
            aside.mkdir(exist_ok=True)
            for path in found:
                path.rename(aside / path.name)
    return list_stills(ListStills(question.camera), room)


def _folder(room: Room, camera: str) -> Path:
    if camera not in {entry.name for entry in room.config.cameras}:
        raise RefusedError(f"{camera}: no camera of this line", remedy="Choose another")
    return camera_folder(room.data_folder, camera) / "stills"


@lru_cache(maxsize=256)
def _points(path: Path, changed_ns: int) -> tuple[tuple[float, float], ...]:
    del changed_ns  # part of the key
    if path.name.split("-")[0] not in OF["lens"]:
        return ()
    try:
        levels = levels_of(read_image(path, PixelFormat.MONO8))
        view = find_target(Still(path.name, levels, PixelFormat.MONO8), target_of(_ANY_MM))
    except InspectorError:  # damaged since: the calibration will name it
        return ()
    height, width = levels.shape[:2]
    return tuple((float(x) / width, float(y) / height) for x, y in view.image_px)
