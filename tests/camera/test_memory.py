"""Thousands of frames of 5 MP through camera and ring allocate nothing that grows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from inspector.camera.device import Delivered, FeatureValue
from inspector.camera.making import make_camera
from inspector.core.camera_config import PylonCamera
from inspector.core.ports import Camera, SystemClock
from scripts.bench.camera_memory import Growth, memory_growth, traced
from tests.camera.rig import HandSensor, opened
from tests.camera.still_device import StillDevice

WIDTH, HEIGHT = 2448, 2048
FEW_BYTES = 64 * 1024
"""Deques that fill and counts that become longer numbers; no frame, and none for each frame."""


def allocates_nothing(growth: Growth) -> None:
    assert growth.traced < FEW_BYTES, growth
    assert growth.traced_peak < growth.frame_bytes / 10, growth
    assert growth.resident < growth.frame_bytes, growth


@contextmanager
def emulated_by_pylon(monkeypatch: pytest.MonkeyPatch) -> Iterator[Camera]:
    pytest.importorskip("pypylon")
    monkeypatch.setenv("PYLON_CAMEMU", "1")
    entry = {"driver": "pylon", "name": "0815-0000", "transport": "BaslerCamEmu"}
    config = PylonCamera.model_validate({**entry, "trigger": {"mode": "timer"}})
    settings: dict[str, FeatureValue] = {"PixelFormat": "Mono8", "Width": WIDTH, "Height": HEIGHT}
    rate: dict[str, FeatureValue] = {"ExposureTimeAbs": 100.0, "AcquisitionFrameRate": 300.0}
    camera = make_camera(config, settings | rate, HandSensor(), SystemClock(), timeout_s=5.0)
    camera.open()
    try:
        camera.start()
        yield camera
    finally:
        camera.close()


@pytest.mark.parametrize("pixel_format", ["Mono8", "Mono12p", "BayerRG8"])
def test_memory_stays_as_it_is(pixel_format: str) -> None:
    with traced(), opened(StillDevice(WIDTH, HEIGHT, pixel_format)) as camera:
        growth = memory_growth(camera, 300)
    assert growth.lost == 0
    allocates_nothing(growth)


@pytest.mark.slow
def test_memory_stays_as_it_is_over_ten_thousand_frames() -> None:
    with traced(), opened(StillDevice(WIDTH, HEIGHT, "Mono8")) as camera:
        allocates_nothing(memory_growth(camera, 10_000))


def test_memory_stays_as_it_is_with_an_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    with traced(), emulated_by_pylon(monkeypatch) as camera:
        allocates_nothing(memory_growth(camera, 300))


@pytest.mark.slow
def test_memory_stays_as_it_is_with_an_sdk_over_ten_thousand_frames(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with traced(), emulated_by_pylon(monkeypatch) as camera:
        allocates_nothing(memory_growth(camera, 10_000))


class KeepingDevice(StillDevice):
    """Keeps a copy of every frame."""

    def __init__(self) -> None:
        super().__init__(256, 256, "Mono8")
        self.kept: list[np.ndarray] = []

    def give_back(self, delivered: Delivered) -> None:
        self.kept.append(delivered.data.copy())
        super().give_back(delivered)


def test_what_is_kept_of_frames_would_be_seen() -> None:
    with traced(), opened(KeepingDevice()) as camera:
        growth = memory_growth(camera, 50)
    assert growth.traced >= 50 * growth.frame_bytes


def test_a_copy_of_a_frame_that_is_dropped_again_would_be_seen() -> None:
    device = StillDevice(256, 256, "Mono8")
    fetch = device.fetch

    def copied(timeout_s: float) -> Delivered | None:
        delivered = fetch(timeout_s)
        assert delivered is not None
        delivered.data.copy()
        return delivered

    device.fetch = copied  # type: ignore[method-assign]  # what the test is about
    with traced(), opened(device) as camera:
        growth = memory_growth(camera, 50)
    assert growth.traced < FEW_BYTES
    assert growth.traced_peak >= growth.frame_bytes
