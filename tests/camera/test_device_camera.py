from __future__ import annotations

import time

import numpy as np
import pytest

from inspector.camera.device import DeviceIdentity, FrameIds
from inspector.core.errors import CameraLost, CameraTimeout, ConfigError, FrameCorrupt
from inspector.core.frame import PixelFormat
from tests.camera.rig import HandSensor, config, grab, opened, slot_of
from tests.camera.scripted_device import HEIGHT, WIDTH, ScriptedDevice


def test_a_frame_is_written_into_the_slot_and_the_buffer_given_back() -> None:
    device = ScriptedDevice()
    with opened(device) as camera:
        slot = slot_of(camera)
        device.expose(level=17)
        info = camera.grab(slot, 1.0)
        assert (slot == 17).all()
        assert slot.shape == (HEIGHT, WIDTH, 1)
        assert (info.camera, info.frame_id, info.trigger_count) == ("4711", 1, 1)
        assert info.exposure_us == 1000.0
        assert info.gain_db == 0.0
        assert info.pixel_format is PixelFormat.MONO8
        assert info.triggered_ns <= info.arrived_ns - 1_000_000
        assert device.leased == 0


def test_frame_ids_that_wrap_go_on_in_the_trigger_count() -> None:
    device = ScriptedDevice(frame_ids=FrameIds(1, 7, 1))
    with opened(device) as camera:
        ids: list[int] = []
        counts: list[int] = []
        for lost in (False, False, False, True, False, False, False, True, False, False):
            device.expose(lost=lost)
        while len(counts) < 8:
            try:
                info = grab(camera)
            except FrameCorrupt:
                continue
            ids.append(info.frame_id)
            counts.append(info.trigger_count)
        assert ids == [1, 2, 3, 5, 6, 7, 2, 3]
        assert counts == [1, 2, 3, 5, 6, 7, 9, 10]
        health = camera.health()
        assert (health.triggers, health.frames, health.lost) == (10, 8, 2)


def test_a_gap_is_told_trigger_by_trigger_before_the_frame_behind_it() -> None:
    device = ScriptedDevice()
    with opened(device) as camera:
        device.expose()
        device.expose(lost=True)
        device.expose(lost=True)
        device.expose(level=4)
        assert grab(camera).trigger_count == 1
        for count in (2, 3):
            with pytest.raises(FrameCorrupt, match="frame id is missing") as lost:
                grab(camera)
            assert lost.value.trigger_count == count
        slot = slot_of(camera)
        assert camera.grab(slot, 1.0).trigger_count == 4
        assert (slot == 4).all()
        health = camera.health()
        assert health.triggers == health.frames + health.lost == 4


def test_an_incomplete_frame_is_lost_with_its_trigger() -> None:
    device = ScriptedDevice()
    with opened(device) as camera:
        device.expose(problem="12 of 900 packets are missing")
        device.expose()
        with pytest.raises(FrameCorrupt, match="12 of 900 packets") as lost:
            grab(camera)
        assert lost.value.trigger_count == 1
        assert grab(camera).trigger_count == 2
        assert camera.health().link is not None
        assert camera.health().link.failed == 1  # type: ignore[union-attr]  # asserted above
        assert device.leased == 0


def test_a_counter_tells_of_triggers_that_gave_no_frame() -> None:
    device = ScriptedDevice()
    made = config(trigger={"counter": "ChunkCounterValue", "encoder_chunk": "ChunkEncoderValue"})
    for name, choices in (("ChunkSelector", ("CounterValue", "EncoderValue")),):
        device.features.tree[name] = _enumeration(name, choices)
    for name in ("ChunkModeActive", "ChunkEnable"):
        device.features.tree[name] = _boolean(name)
    with opened(device, made) as camera:
        for counter in (2**32 - 2, 2**32 - 1, 2, 3):
            chunks = {"ChunkCounterValue": counter, "ChunkEncoderValue": 10 * counter}
            device.expose(chunks=dict(chunks))
        assert grab(camera).trigger_count == 1
        assert grab(camera).encoder_count == 10 * (2**32 - 1)
        for count in (3, 4):
            with pytest.raises(FrameCorrupt, match="missed its trigger") as lost:
                grab(camera)
            assert lost.value.trigger_count == count
        assert [grab(camera).trigger_count for _ in range(2)] == [5, 6]


def _enumeration(name: str, choices: tuple[str, ...]):  # type: ignore[no-untyped-def]  # of a test
    from tests.camera.scripted_device import _choice

    return _choice(name, choices[0], *choices)


def _boolean(name: str):  # type: ignore[no-untyped-def]  # of a test
    from inspector.camera.device import Feature, FeatureKind

    return Feature(name, FeatureKind.BOOLEAN, False, writable=True)


def test_software_triggers_fire_at_the_sensor_and_carry_its_encoder() -> None:
    device, sensor = ScriptedDevice(), HandSensor()
    with opened(device, config("software"), sensor=sensor) as camera:
        sensor.pass_part(3)
        infos = [grab(camera) for _ in range(3)]
        assert [info.trigger_count for info in infos] == [1, 2, 3]
        assert [info.encoder_count for info in infos] == [100, 200, 300]
        assert all(info.triggered_ns <= info.arrived_ns for info in infos)


def test_a_trigger_that_the_device_was_not_ready_for_is_a_lost_frame() -> None:
    device, sensor = ScriptedDevice(), HandSensor()
    with opened(device, config("software"), sensor=sensor) as camera:
        device.ready = False
        sensor.pass_part()
        _until(lambda: camera.health().triggers == 1)
        device.ready = True
        sensor.pass_part()
        with pytest.raises(FrameCorrupt, match="not ready") as lost:
            grab(camera)
        assert lost.value.trigger_count == 1
        assert grab(camera).trigger_count == 2


def test_an_overdue_frame_costs_its_part_and_those_under_way_and_no_other() -> None:
    device, sensor = ScriptedDevice(), HandSensor()
    with opened(device, config("software"), sensor=sensor, timeout_s=0.1) as camera:
        device.on_fire = lambda: None  # the device swallows the trigger
        sensor.pass_part()
        _until(lambda: camera.health().triggers == 1)
        device.on_fire = device.expose
        with pytest.raises(CameraTimeout):
            grab(camera, 0.02)
        with pytest.raises(FrameCorrupt, match="armed anew") as lost:
            _grab_until_told(camera)
        assert lost.value.trigger_count == 1
        assert device.started == 2
        sensor.pass_part()
        assert grab(camera).trigger_count == 2


def test_a_swallowed_trigger_on_a_busy_line_never_gives_a_part_anothers_frame() -> None:
    device, sensor = ScriptedDevice(), HandSensor()
    with opened(device, config("software"), sensor=sensor, timeout_s=5.0) as camera:
        for _ in range(10):
            sensor.pass_part()
            grab(camera)
        device.on_fire = lambda: None
        sensor.pass_part()
        _until(lambda: camera.health().triggers == 11)
        time.sleep(0.05)
        device.on_fire = device.expose
        sensor.pass_part()
        lost = []
        for _ in range(2):
            with pytest.raises(FrameCorrupt) as caught:
                grab(camera)
            lost.append(caught.value.trigger_count)
        assert lost == [11, 12]
        sensor.pass_part()
        assert grab(camera).trigger_count == 13


def test_a_lost_camera_is_found_again_and_the_parts_meanwhile_are_lost_with_the_cause() -> None:
    device, sensor = ScriptedDevice(), HandSensor()
    with opened(device, config("software"), sensor=sensor) as camera:
        sensor.pass_part()
        assert grab(camera).trigger_count == 1
        device.vanish()
        with pytest.raises(CameraLost, match=r"does not answer|gone"):
            grab(camera, 0.05)
        assert not camera.health().connected
        assert camera.health().detail
        sensor.pass_part(2)
        for count in (2, 3):
            with pytest.raises(FrameCorrupt) as lost:
                _grab_until_told(camera)
            assert lost.value.trigger_count == count
        device.present = True
        _until(lambda: camera.health().connected)
        sensor.pass_part()
        assert grab(camera).trigger_count == 4
        health = camera.health()
        assert health.triggers == health.frames + health.lost == 4
        assert health.link is not None
        assert health.link.reconnects == 1
        assert device.opened == 2


def test_another_camera_in_its_place_is_refused_until_the_right_one_is_back() -> None:
    device = ScriptedDevice()
    with opened(device) as camera:
        device.vanish()
        with pytest.raises(CameraLost):
            grab(camera, 0.0)
        device.identity = DeviceIdentity("0815")
        device.present = True
        _until(lambda: "0815" in camera.health().detail)
        assert not camera.health().connected
        device.identity = DeviceIdentity("4711")
        _until(lambda: camera.health().connected)


def test_settings_are_written_again_when_the_camera_is_back() -> None:
    device = ScriptedDevice()
    with opened(device, settings={"ExposureTime": 800.0}) as camera:
        device.vanish()
        with pytest.raises(CameraLost):
            grab(camera, 0.0)
        device.features.put("ExposureTime", 10_000.0)  # what it has after power-up
        device.present = True
        _until(lambda: camera.health().connected)
        assert device.features.get("ExposureTime") == 800.0
        device.expose()
        assert grab(camera).exposure_us == 800.0


def test_triggers_after_the_stop_are_nobodys_and_numbers_go_on_at_the_next_start() -> None:
    device = ScriptedDevice(frame_ids=FrameIds(0))
    with opened(device) as camera:
        device.expose()
        device.expose()
        assert grab(camera).trigger_count == 1
        camera.stop()
        assert grab(camera).trigger_count == 2
        time.sleep(0.002)
        device.expose()
        with pytest.raises(CameraTimeout):
            grab(camera)
        assert camera.health().triggers == 2
        camera.start()
        device.expose(level=9)
        slot = slot_of(camera)
        assert camera.grab(slot, 1.0).trigger_count == 3
        assert (slot == 9).all()


def test_nothing_stays_open_when_a_setting_is_refused() -> None:
    device = ScriptedDevice()
    words = r"ExposureTime: 5\.0.*20 to 1e\+06 us"
    with (
        pytest.raises(ConfigError, match=words),
        opened(device, settings={"ExposureTime": 5.0}),
    ):
        pass
    assert not device._is_open


def test_colour_filters_are_delivered_in_colour() -> None:
    device = ScriptedDevice()
    with opened(device, settings={"PixelFormat": "BayerRG8"}) as camera:
        assert camera.format.pixel_format is PixelFormat.RGB8
        device.expose(level=80)
        slot = slot_of(camera)
        camera.grab(slot, 1.0)
        assert np.unique(slot).tolist() == [80]


def _until(what, timeout_s: float = 5.0) -> None:  # type: ignore[no-untyped-def]  # of a test
    end = time.monotonic() + timeout_s
    while not what():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.002)


def _grab_until_told(camera, timeout_s: float = 5.0) -> None:  # type: ignore[no-untyped-def]  # of a test
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        try:
            grab(camera, 0.05)
        except (CameraTimeout, CameraLost):
            continue
