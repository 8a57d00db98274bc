"""Lens, scale and flat field: stills of a rendered camera, and what is kept for its serial."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.artefacts import read_flat_field, read_lens
from inspector.core.errors import ImageError, InspectorError, RefusedError
from inspector.core.frame import PixelFormat, Pixels
from inspector.link.messages import KeepCorrection
from inspector.link.questions.cameras import CameraLook
from inspector.link.questions.jobs import JobState
from inspector.link.questions.optics import (
    CorrectCamera,
    FlatFound,
    LayStillsAside,
    LensFound,
    ListStills,
    Stills,
    StillUse,
    TakeStill,
)
from inspector.office.answers.optics import correct_camera
from inspector.office.jobs import Job
from inspector.office.room import Asker, Room
from inspector.office.stills import lay_aside, list_stills, take_still, target_of
from inspector.station.camera_changes import keep_correction
from tests.calibration.camera.rendering import Pose, TrueCamera, poses
from tests.tiny_plant import make_plant

CAMERA, MM = "replay-0", 12.0
EYE = TrueCamera()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return Room.of_line(make_plant(tmp_path_factory.mktemp("optics"), parts=1).line_file)


def job() -> Job:
    return Job(JobState(1, "CorrectCamera", "eno"), Asker("eno", "engineer", ""))


def take(room: Room, use: StillUse, pixels: Pixels) -> Stills:
    room.viewfinder.show(CameraLook(1, CAMERA), pixels, PixelFormat.MONO8)
    return take_still(TakeStill(CAMERA, use), room)


def test_a_lens_is_kept_for_the_serial_number_only_when_asked(room: Room) -> None:
    held = [Pose(5.0, -3.0, 200.0, (0.0, 0.0, 10.0)), *poses(7, 190.0, 32.0)]
    for number, pose in enumerate(held):
        image = EYE.photograph(target_of(MM), pose, number)
        taken = take(room, "plane" if number == 0 else "tilted", image[:, :, None])
    assert [one.use for one in taken.stills] == ["tilted"] * 7 + ["plane"]
    assert all(0 < x < 1 and 0 < y < 1 for one in taken.stills for x, y in one.points)
    assert taken.least_target == 6

    found = correct_camera(CorrectCamera(CAMERA, "lens", "tiny", MM), room, job())
    assert isinstance(found, LensFound)
    assert found.rms_px < 0.2
    assert found.mm_per_px is not None
    assert found.products == ()
    assert read_lens(room.data_folder, CAMERA) is None
    told = keep_correction(KeepCorrection(CAMERA, "lens", found.hash), room)
    assert (told["old"], told["new"]) == ("none", found.hash[:12])
    lens = read_lens(room.data_folder, CAMERA)
    assert lens is not None
    assert (lens.serial, lens.hash) == (CAMERA, found.hash)
    with pytest.raises(RefusedError, match="another correction"):
        keep_correction(KeepCorrection(CAMERA, "lens", "0" * 64), room)
    as_it_comes = found.mm_per_px * lens.zoom
    assert as_it_comes == pytest.approx(held[0].z / EYE.focal, rel=0.05)

    assert lay_aside(LayStillsAside(CAMERA, "lens"), room).stills == ()
    with pytest.raises(ImageError, match="0 pictures"):
        correct_camera(CorrectCamera(CAMERA, "lens", "tiny"), room, job())


def test_a_picture_without_the_target_is_not_taken(room: Room) -> None:
    before = list_stills(ListStills(CAMERA), room)
    with pytest.raises(ImageError, match="no charuco target"):
        take(room, "tilted", np.full((200, 200, 1), 90, np.uint8))
    assert list_stills(ListStills(CAMERA), room) == before
    room.viewfinder.close()
    with pytest.raises(InspectorError, match="no picture comes"):
        take_still(TakeStill(CAMERA, "card"), room)
    with pytest.raises(InspectorError, match="no camera of this line"):
        list_stills(ListStills("../x"), room)


def test_an_even_card_makes_a_flat_field(room: Room) -> None:
    random = np.random.default_rng(1)
    light = np.linspace(150.0, 180.0, 64)[None, :, None]
    for _ in range(4):
        take(room, "card", (light + random.normal(0, 1.5, (64, 64, 1))).astype(np.uint8))
    found = correct_camera(CorrectCamera(CAMERA, "flat", "tiny"), room, job())
    assert isinstance(found, FlatFound)
    assert (found.pictures, found.darks) == (4, 0)
    assert 0.1 < found.unevenness < 0.25
    assert read_flat_field(room.data_folder, CAMERA) is None
    keep_correction(KeepCorrection(CAMERA, "flat", found.hash), room)
    flat = read_flat_field(room.data_folder, CAMERA)
    assert flat is not None
    assert flat.record.hash == found.hash
