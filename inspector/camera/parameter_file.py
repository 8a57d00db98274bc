"""The parameters of a camera in files, so that what somebody changes at it is noticed.

::

    cameras/<serial>/parameters.yaml              as this station left the camera last
    cameras/<serial>/parameters/<product>.yaml    for each product; in a folder, since a product
                                                  may be called lens

A product's file is made when it is loaded with the camera for the first time, or by
``inspector camera save``. At each load the camera is compared with what it was left as, so that a
changeover is no change; then the product's file is put back, and the recipe's settings come after.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from calibration.artefacts import camera_folder
from inspector.camera.device import DeviceIdentity, Features, FeatureValue
from inspector.camera.parameters import differences, put_back, snapshot
from inspector.core.ports import Clock
from inspector.durable.files import write_atomically
from inspector.durable.yaml_files import dump_yaml, load_yaml


class ParameterFile(BaseModel):
    """Settings of one camera for one product, by their SFNC names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: Literal[1] = 1
    serial: str
    model: str = ""
    product: str
    saved: str = ""
    """UTC."""
    values: dict[str, bool | int | float | str]


class Parameters:
    """Those of one camera for one product, in its files. One thread at a time."""

    def __init__(self, data_folder: Path, serial: str, product: str, clock: Clock) -> None:
        folder = camera_folder(data_folder, serial)
        self.camera = serial
        self._product = product
        self._clock = clock
        self.path = folder / "parameters" / f"{product}.yaml"
        self._left_path = folder / "parameters.yaml"
        self.changed: tuple[str, ...] = ()
        """What was not as this station left it, in words."""
        self.refused: tuple[str, ...] = ()
        """What the camera did not take back."""

    def put_back(self, features: Features) -> None:
        """Compare, then write what differs. Raises ``ConfigError`` for a file that is damaged."""
        own, left = _read(self.path), _read(self._left_path)
        last, wanted = left or own, own or left
        if last is None or wanted is None:
            return
        now = snapshot(features)
        self.changed = differences(last.values, now)
        self.refused = put_back(features, wanted.values, now, self.camera)

    def keep(self, features: Features, identity: DeviceIdentity) -> None:
        """The camera is as it shall be: so it is left. Raises ``StorageError``."""
        own = _read(self.path)
        values = snapshot(features)
        if own is not None:
            values |= {key: own.values[key] for key in self.refused}
        self._write(values, identity)

    def save(self, features: Features, identity: DeviceIdentity) -> dict[str, FeatureValue]:
        """What the camera has now is right, whatever the file says."""
        values = snapshot(features)
        self._write(values, identity)
        return values

    def _write(self, values: dict[str, FeatureValue], identity: DeviceIdentity) -> None:
        if not values:
            return
        made = ParameterFile(
            serial=self.camera,
            model=f"{identity.vendor} {identity.model}".strip(),
            product=self._product,
            saved=datetime.fromtimestamp(self._clock.utc_us() / 1e6, UTC).isoformat(" ", "seconds"),
            values=values,
        )
        for path in (self.path, self._left_path):
            old = _read(path)
            if old is None or (old.product, old.values) != (made.product, made.values):
                write_atomically(path, dump_yaml(made))


def _read(path: Path) -> ParameterFile | None:
    return load_yaml(path, ParameterFile) if path.exists() else None
