"""The user outputs of the line's cameras, for a gate that is wired to one of them."""

from __future__ import annotations

from collections.abc import Iterable

from inspector.camera.device_camera import DeviceCamera
from inspector.core.errors import CameraError, PlcLost
from inspector.core.ports import Camera


class CameraLines:
    """Knows the cameras of the loaded product. Any thread.

    Without the camera nothing can be on, so that switching off succeeds: a closed camera's outputs
    are off, as its maker says.
    """

    def __init__(self) -> None:
        self._cameras: dict[str, DeviceCamera] = {}

    def attach(self, cameras: Iterable[Camera]) -> None:
        """These are there now, and no others."""
        found = (camera for camera in cameras if isinstance(camera, DeviceCamera))
        self._cameras = {camera.name: camera for camera in found}

    def set(self, name: str, output: str, *, on: bool) -> None:
        """Set one output. Raises ``PlcLost`` when the camera does not obey."""
        camera = self._cameras.get(name)
        if camera is None:
            if on:
                raise PlcLost(f"camera {name} is not open")
            return
        try:
            features = camera.device.features
            features.set("UserOutputSelector", output)
            features.set("UserOutputValue", on)
        except (CameraError, KeyError, ValueError) as error:
            raise PlcLost(f"camera {name}: output {output}: {error}") from error
