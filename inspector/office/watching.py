"""Pictures of one camera for whoever sets it: the station has let go of it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass

import numpy as np

from inspector.camera.assistant import Assistant, Look
from inspector.camera.device import Device
from inspector.camera.formats import Unpacker, internal_format
from inspector.camera.lending import FREE, Acquisition, acquiring, opened, set_for_a_while
from inspector.camera.making import make_device
from inspector.core.camera_config import (
    DeviceCameraConfig,
    ReplayCamera,
    SettingValue,
    SimCamera,
)
from inspector.core.errors import (
    CameraEnded,
    CameraTimeout,
    ConfigError,
    FrameCorrupt,
    RefusedError,
)
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from inspector.core.ports import SystemClock
from inspector.core.recipe import Recipe
from inspector.link.questions.cameras import CameraLook, Dial, WatchCamera, Watched
from inspector.office.dials import dials_of, turn
from inspector.office.jobs import Job
from inspector.office.pictures import jpeg
from inspector.office.room import Room
from inspector.office.viewfinder import Viewfinder
from inspector.scoring.overlay import shown
from inspector.sim.belt import Belt
from inspector.station.devices import open_cameras

STEP = "camera"
SHOWN_PX = 960
_TURN_S = 0.4
_PATIENCE_S = 0.5
_SILENCE_S = 10.0
"""A camera that runs freely shows something within this time."""
_SETTLE_S = 0.2
"""After a setting was turned, frames that were on their way are passed over."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One picture, valid until the next."""

    pixels: Pixels
    pixel_format: PixelFormat
    exposure_us: float | None = None
    gain_db: float | None = None
    dials: tuple[Dial, ...] = ()
    refused: str = ""


def watch_camera(question: WatchCamera, room: Room, job: Job) -> Watched:
    """Look until it is cancelled, or nobody asks. Raises ``CameraError``, ``RefusedError``."""
    finder, assistant = room.viewfinder, Assistant()
    finder.open()
    looks = 0
    job.progress(STEP)
    said = room.catalogue.recipe(question.product).camera.of(question.camera)
    with closing(finder), seeing(question, room) as seen:
        for one in seen:
            job.check()
            if finder.forgotten:
                break
            if one is None:
                continue
            if finder.take_anew():
                assistant.reset()
            looks += 1
            look = assistant.look(one.pixels, one.pixel_format)
            told = _told(looks, question.camera, one, look, said)
            finder.show(told, one.pixels, one.pixel_format)
            job.progress(STEP, looks)
    return Watched(looks)


def _told(
    number: int, camera: str, seen: Seen, look: Look, said: Mapping[str, SettingValue]
) -> CameraLook:
    height, width = seen.pixels.shape[:2]
    return CameraLook(
        number=number,
        camera=camera,
        picture=jpeg(shown(seen.pixels, seen.pixel_format), SHOWN_PX).data,
        size=(width, height),
        sharpness=look.sharpness,
        tenengrad=look.focus.tenengrad,
        histogram=look.histogram,
        saturated=look.saturated,
        dark=look.dark,
        brightest=look.brightest,
        advice=tuple(advice.value for advice in look.advice),
        exposure_us=seen.exposure_us,
        gain_db=seen.gain_db,
        dials=seen.dials,
        recipe=tuple((dial.name, _number(said.get(dial.name))) for dial in seen.dials),
        refused=seen.refused,
    )


def _number(value: SettingValue | None) -> float | None:
    return float(value) if isinstance(value, int | float) else None


@contextmanager
def seeing(question: WatchCamera, room: Room) -> Iterator[Iterator[Seen | None]]:
    """Pictures of a camera some twice a second; None where one did not come in time."""
    entry = next((one for one in room.config.cameras if one.name == question.camera), None)
    if entry is None:
        raise RefusedError(f"{question.camera}: no camera of this line", remedy="Choose another")
    recipe = room.catalogue.recipe(question.product)
    if isinstance(entry, ReplayCamera | SimCamera):
        with _shown(entry, recipe, room) as pictures:
            yield pictures
        return
    settings = recipe.camera.of(entry.name)
    with (
        opened(make_device(entry)) as device,
        set_for_a_while(device.features, settings, FREE, entry.name),
        acquiring(device, entry.buffers) as acquisition,
    ):
        yield _delivered(device, acquisition, entry, room.viewfinder)


@contextmanager
def _shown(
    entry: ReplayCamera | SimCamera, recipe: Recipe, room: Room
) -> Iterator[Iterator[Seen | None]]:
    """Of a camera without a device: one picture after the other, at a pace for the eye."""
    clock = SystemClock()
    config = room.config.model_copy(
        update={"cameras": (entry.model_copy(update={"trigger": "belt"}),)}
    )
    belt = Belt(clock, parts_per_s=1 / _TURN_S, counts_per_part=config.belt.counts_per_part)
    (camera,) = open_cameras(config, recipe, room.data_folder, belt, clock).cameras
    try:
        camera.start()
        pixels = np.empty(camera.format.shape, np.uint8)

        def each() -> Iterator[Seen | None]:
            while True:
                try:
                    camera.grab(pixels, _PATIENCE_S)
                except (CameraTimeout, FrameCorrupt):
                    yield None
                except CameraEnded:
                    return
                else:
                    yield Seen(pixels, camera.format.pixel_format)

        yield each()
    finally:
        belt.stop()
        camera.stop()
        camera.close()


def _delivered(
    device: Device, acquisition: Acquisition, entry: DeviceCameraConfig, finder: Viewfinder
) -> Iterator[Seen | None]:
    """Every frame is given back at once; a few are looked at."""
    made: FrameFormat | None = None
    next_s, heard_s = 0.0, time.monotonic()
    has, refused = frozenset(device.features.names()), ""
    while True:
        if wished := finder.take_wishes():
            refused = _turned(device, wished, entry.name)
            exposure_us = _read(device, has, "ExposureTime", "ExposureTimeAbs") or 0.0
            next_s = time.monotonic() + _SETTLE_S + 2e-6 * exposure_us
        try:
            frame = acquisition.next(_PATIENCE_S)
        except CameraTimeout:
            if time.monotonic() - heard_s > _SILENCE_S:
                raise CameraTimeout(f"{entry.name}: no picture comes") from None
            yield None
            continue
        try:
            heard_s = time.monotonic()
            if frame.problem or heard_s < next_s:
                continue
            next_s = heard_s + _TURN_S
            found = FrameFormat(frame.width, frame.height, internal_format(frame.pixel_format))
            if found != made:
                made, unpacker = found, Unpacker(found)
                pixels = np.empty(found.shape, np.uint8)
            unpacker.unpack(frame, pixels)
        finally:
            acquisition.done(frame)
        yield Seen(
            pixels,
            made.pixel_format,
            _read(device, has, "ExposureTime", "ExposureTimeAbs"),
            _read(device, has, "Gain"),
            dials_of(device.features),
            refused,
        )


def _turned(device: Device, wished: Mapping[str, float], camera: str) -> str:
    """Turn them; why the camera did not take one."""
    refused = ""
    for name, value in wished.items():
        try:
            turn(device.features, name, value, camera)
        except ConfigError as error:
            refused = str(error)
    return refused


def _read(device: Device, has: frozenset[str], *names: str) -> float | None:
    """The first of these that it has; older cameras have other names."""
    name = next((name for name in names if name in has), None)
    with suppress(ValueError):
        return None if name is None else float(device.features.get(name))
    return None
