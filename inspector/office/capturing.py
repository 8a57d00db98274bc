"""Pictures for teaching, taken by the line's own cameras while the station has let go of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from inspector.core.camera_config import ReplayCamera, SimCamera
from inspector.core.errors import CameraEnded, CameraTimeout, FrameCorrupt
from inspector.core.levels import levels_of
from inspector.core.line_config import LineConfig
from inspector.core.ports import Camera, SystemClock
from inspector.core.recipe import Recipe
from inspector.durable.images import encode_png
from inspector.link.questions.teaching import PicturesAdded, TakePictures
from inspector.office.jobs import Job
from inspector.office.room import Room
from inspector.sim.belt import Belt
from inspector.station.devices import open_cameras
from inspector.teaching.draft import DraftPictures

MOST = 500
"""Pictures of one go."""
STEP = "pictures"
_PATIENCE_S = 0.5
_SAME_IN_A_ROW = 300
"""Cameras that replay begin anew each time: pictures that are there already are passed over, so
many before there are none."""
_BY_HAND_HZ = 0.5
"""How often cameras are fired that wait for software: no sensor tells us of parts."""


def take_pictures(question: TakePictures, room: Room, job: Job) -> PicturesAdded:
    """Take pictures of parts as they come, until there are enough, or it is cancelled.

    A trigger that brought no whole frame is passed over. Raises ``CameraError`` and whatever
    opening cameras does.
    """
    catalogue, pictures = room.catalogue, DraftPictures(room.data_folder, question.product)
    own = question.product if catalogue.has(question.product) else question.like
    count = min(max(question.count, 1), MOST)
    added = known = 0
    with _opened(room, catalogue.recipe(own)) as cameras:
        job.progress(STEP, 0, count)
        for data in _frames(cameras, job):
            fresh = pictures.add(data, ".png")
            added, known = (added + 1, 0) if fresh else (added, known + 1)
            job.progress(STEP, added, count)
            if added >= count or known >= _SAME_IN_A_ROW:
                break
    return PicturesAdded(added, known)


@contextmanager
def _opened(room: Room, recipe: Recipe) -> Iterator[tuple[Camera, ...]]:
    clock, config = SystemClock(), room.config
    rate = config.belt.parts_per_s if _all_shown(config) else _BY_HAND_HZ
    belt = Belt(clock, parts_per_s=rate, counts_per_part=config.belt.counts_per_part)
    eyes = open_cameras(config, recipe, room.data_folder, belt, clock)
    try:
        for camera in eyes.cameras:
            camera.start()
        yield eyes.cameras
    finally:
        belt.stop()
        for camera in eyes.cameras:
            camera.stop()
            camera.close()


def _all_shown(config: LineConfig) -> bool:
    return all(isinstance(entry, ReplayCamera | SimCamera) for entry in config.cameras)


def _frames(cameras: Sequence[Camera], job: Job) -> Iterator[bytes]:
    """PNG files, of one camera after the other, until one of them has no more."""
    buffers = [np.empty(camera.format.shape, np.uint8) for camera in cameras]
    while True:
        for camera, pixels in zip(cameras, buffers, strict=True):
            job.check()
            try:
                camera.grab(pixels, _PATIENCE_S)
            except (CameraTimeout, FrameCorrupt):
                continue
            except CameraEnded:
                return
            yield encode_png(levels_of(pixels))
