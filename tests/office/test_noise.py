"""Noise of a camera at the panel: a sensor whose gain is known, turned through its exposures."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from calibration.illumination.noise import measure_noise, read_levels
from inspector.core.errors import RefusedError
from inspector.core.frame import PixelFormat
from inspector.link.questions.cameras import CameraLook, Dial
from inspector.link.questions.jobs import JobState
from inspector.link.questions.noise import AskNoise, MeasureNoise
from inspector.office import noise
from inspector.office.jobs import Job
from inspector.office.noise import known, measure
from inspector.office.room import Asker, Room
from tests.calibration.illumination.cameras import Sensor, lamp
from tests.station.production_line import wait_until
from tests.tiny_plant import make_plant

CAMERA = "replay-0"
SENSOR = Sensor(PixelFormat.MONO8, gain=0.1, read_noise=8.0)
LONGEST = 1000.0
"""Exposure at which the card is white, µs."""


class Eye:
    """Shows what the sensor sees, as fast as it can, until it is told to end."""

    def __init__(self, room: Room, *, turns: bool = True) -> None:
        self.covered, self.exposure = False, 4000.0
        self._room, self._turns = room, turns
        self._over = threading.Event()

    @contextmanager
    def open(self) -> Iterator[Eye]:
        thread = threading.Thread(target=self._watch, daemon=True)
        thread.start()
        wait_until(lambda: self._room.viewfinder.seen(CAMERA, 0) is not None, "it sees nothing")
        yield self
        self._over.set()
        thread.join()

    def _watch(self) -> None:
        light, finder = lamp(darkest=0.9) * SENSOR.full_e / LONGEST, self._room.viewfinder
        number = 0
        while not self._over.wait(0.001):
            self.exposure = finder.take_wishes().get("ExposureTime", self.exposure)
            number += 1
            exposed = 0.0 if self.covered else self.exposure
            levels = SENSOR.expose(light * exposed, number).astype(np.uint8)
            dials = (Dial("ExposureTime", self.exposure, 10.0, 1e5),) if self._turns else ()
            brightest = float(levels.max()) / 255
            look = CameraLook(number, CAMERA, brightest=brightest, dials=dials)
            finder.show(look, levels.reshape(*levels.shape[:2], 1), PixelFormat.MONO8)


@pytest.fixture
def room(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setattr(noise, "_POLL_S", 0.001)
    return Room.of_line(make_plant(tmp_path_factory.mktemp("noise"), parts=1).line_file)


def job() -> Job:
    return Job(JobState(1, "MeasureNoise", "eno"), Asker("eno", "engineer", ""))


def test_a_known_sensor_is_found_again_and_kept(room: Room) -> None:
    with Eye(room).open() as eye:
        with pytest.raises(RefusedError, match="no dark picture"):
            measure(MeasureNoise(CAMERA, "light"), room, job())
        with pytest.raises(RefusedError, match="not dark"):
            measure(MeasureNoise(CAMERA, "dark"), room, job())
        eye.covered = True
        first = room.viewfinder.seen(CAMERA, 0)
        assert first is not None
        while room.viewfinder.seen(CAMERA, first[0].number + 2) is None:
            pass  # nothing that was seen before it was covered
        assert measure(MeasureNoise(CAMERA, "dark"), room, job()).darks == 4
        eye.covered = False
        found = measure(MeasureNoise(CAMERA, "light"), room, job()).figures
        assert found is not None
        assert (found.user, len(found.points)) == ("eno", 10)
        assert found.gain == pytest.approx(SENSOR.gain, rel=0.1)
        assert found.points[-1][0] > 0.7  # it found out for itself what is nearly white
        assert found.linearity < 0.02
        assert 0.01 < found.step < 0.1
    assert known(AskNoise(CAMERA), room).figures == found
    folder = room.data_folder / "cameras" / CAMERA / "noise"
    again = measure_noise(read_levels(folder, PixelFormat.MONO8), PixelFormat.MONO8)
    assert again.gain == found.gain  # as the command line has it


def test_a_camera_that_cannot_be_turned_is_refused(room: Room) -> None:
    with Eye(room, turns=False).open() as eye:
        eye.covered = True
        while (seen := room.viewfinder.seen(CAMERA, 5)) is None or seen[0].brightest > 0.5:
            pass
        measure(MeasureNoise(CAMERA, "dark"), room, job())
        with pytest.raises(RefusedError, match="cannot be turned from here"):
            measure(MeasureNoise(CAMERA, "light"), room, job())


def test_without_a_camera_there_is_no_picture(room: Room) -> None:
    with pytest.raises(RefusedError, match="no picture comes"):
        measure(MeasureNoise(CAMERA, "dark"), room, job())
    with pytest.raises(RefusedError, match="no camera of this line"):
        known(AskNoise("../x"), room)
