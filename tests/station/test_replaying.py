"""What a replay camera shows: recordings by their own timing, kept pictures of this product."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from inspector.camera.device import (
    Delivered,
    DeviceIdentity,
    Feature,
    FeatureKind,
    FrameIds,
)
from inspector.camera.recorder import Recorder
from inspector.camera.recording import About
from inspector.core.errors import CameraEnded, ConfigError, DatasetError, FrameCorrupt
from inspector.core.frame import PixelFormat
from inspector.core.levels import levels_of
from inspector.core.ports import Camera, SystemClock
from inspector.link.messages import Start
from inspector.station.devices import make_belt, open_cameras
from inspector.station.opening import catalogue_of, load_line, open_station
from inspector.station.replaying import Days, evidence_days
from tests.tiny_plant import DEFECT, SIDE, make_plant, picture, tiny_recipe


def opened(tmp_path: Path, source: str, **more: object) -> Camera:
    plant = make_plant(tmp_path, cameras=[{"driver": "replay", "source": source, **more}])
    config = load_line(plant.line_file)
    clock = SystemClock()
    belt = make_belt(config, clock)
    return open_cameras(config, tiny_recipe(), plant.data_folder, belt, clock).cameras[0]


def test_a_recording_rules_timing_and_trigger_counts(tmp_path: Path) -> None:
    features = (
        Feature("Width", FeatureKind.INTEGER, SIDE),
        Feature("Height", FeatureKind.INTEGER, SIDE),
        Feature("PixelFormat", FeatureKind.ENUMERATION, "Mono8"),
    )
    folder = tmp_path / "recording"
    identity = DeviceIdentity("4711")
    about = About(utc_us=0, identity=identity, frame_ids=FrameIds(0), features=features)
    recorder = Recorder(folder, about)
    for frame_id in (0, 1, 3):
        data = picture(frame_id, defective=False).reshape(-1)
        at_ns = 20_000_000 * frame_id
        recorder.offer(Delivered(data, "Mono8", SIDE, SIDE, SIDE, frame_id, at_ns))
    recorder.close()
    camera = opened(tmp_path, str(folder), loop=False)
    pixels = np.empty(camera.format.shape, np.uint8)
    camera.start()
    arrived = []
    for frame_id in (0, 1):
        info = camera.grab(pixels, 1.0)
        assert info.trigger_count == frame_id + 1
        assert np.array_equal(pixels, picture(frame_id, defective=False))
        arrived.append(info.arrived_ns)
    with pytest.raises(FrameCorrupt):
        camera.grab(pixels, 1.0)
    arrived.append(camera.grab(pixels, 1.0).arrived_ns)
    with pytest.raises(CameraEnded):
        camera.grab(pixels, 1.0)
    camera.close()
    assert np.diff(arrived).tolist() == [20_000_000, 40_000_000]


def test_days_are_those_of_the_calendar() -> None:
    assert evidence_days("evidence") == Days()
    assert evidence_days("evidence:2026-11-01") == Days(date(2026, 11, 1), date(2026, 11, 1))
    assert evidence_days("evidence:..2026-11-15") == Days(None, date(2026, 11, 15))
    assert evidence_days("evidence-folder") is None
    day = Days(date(2026, 11, 2), date(2026, 11, 2))
    begin = datetime(2026, 11, 2).astimezone()  # midnight on this PC
    assert day.since_us == int(begin.timestamp() * 1e6)
    assert day.until_us == int((begin + timedelta(days=1)).timestamp() * 1e6) - 1


@pytest.mark.parametrize("days", ["", "..", "yesterday", "2026-11-15..2026-11-01", "2026-13-01"])
def test_days_that_are_none_are_named(days: str) -> None:
    with pytest.raises(ConfigError, match="no days"):
        evidence_days(f"evidence:{days}")


def test_without_a_ledger_there_is_no_evidence(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"cameras\.source"):
        opened(tmp_path, "evidence")


def test_rejects_that_were_kept_are_shown_again_at_their_own_depth(tmp_path: Path) -> None:
    deep = PixelFormat.MONO12
    plant = make_plant(tmp_path, parts=8, pixel_format=deep)
    config, catalogue = load_line(plant.line_file), catalogue_of(plant.line_file, plant.data_folder)
    over = threading.Event()
    with open_station(config, catalogue, limit=8, on_limit=over.set) as station:
        station.console.call(Start())
        assert over.wait(30.0)
        assert station.station.request_stop_and_wait(30.0)
    entry = config.cameras[0].model_copy(update={"source": "evidence"})
    again = config.model_copy(update={"cameras": (entry,)})
    clock = SystemClock()
    belt = make_belt(again, clock)
    for depth in (deep, PixelFormat.MONO8):  # the recipe may have changed since
        camera = open_cameras(again, tiny_recipe(depth), plant.data_folder, belt, clock).cameras[0]
        assert camera.format.pixel_format is deep
        pixels = np.empty(camera.format.shape, np.uint8)
        camera.start()
        info = camera.grab(pixels, 5.0)
        camera.close()
        assert info.source.endswith("(reject)")
        assert levels_of(pixels).max() == int(DEFECT * deep.white / 255)
    other = tiny_recipe().model_copy(update={"product": "another"})
    with pytest.raises(DatasetError, match="of another were kept"):
        open_cameras(again, other, plant.data_folder, belt, clock)
