"""What a station knows of its cameras, by serial number: ``cameras/<serial>/`` in the data folder.

::

    lens.yaml                           the lens and the part plane that hold now
    lens-<hash>.yaml                    the same, and each one before it: for replay
    flat_field.yaml
    flat_field-<hash>.yaml
    flat_field-<hash>.safetensors       gain, offset, faulty

``<hash>`` is the start of the hash of all that changes pixels. The file without one in its name is
replaced in one go, after all that it needs is on the disk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load, save

from calibration.camera.geometry import Intrinsics, to_plane
from calibration.camera.lens import LensFit, PlaneFit
from calibration.illumination.flat_field import FlatField
from inspector.core.canonical import hash_of, sha256_hex
from inspector.core.errors import BundleError, ConfigError
from inspector.durable.files import write_atomically

SCHEMA_VERSION = 1
LENS, FLAT_FIELD = "lens", "flat_field"
_SERIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")

Correction = Literal["lens", "flat"]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Positive = Annotated[int, Field(gt=0)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Size = Annotated[float, Field(gt=0.0, allow_inf_nan=False)]
Pair = tuple[FiniteFloat, FiniteFloat]


class _Artefact(BaseModel):
    """Frozen; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: Literal[1] = 1
    serial: str
    width: Positive
    height: Positive


class PartPlane(BaseModel):
    """The plane that parts lie on, mm, and the scale of the undistorted picture there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    normal: tuple[FiniteFloat, FiniteFloat, FiniteFloat]
    distance_mm: Size
    tilt_degrees: float
    mm_per_px: Size
    """In the middle of the undistorted picture."""
    uncertainty: float = Field(ge=0.0)
    """Half width of the 95 % interval, mm/px."""
    smallest: Size
    largest: Size
    views: Positive
    homography: tuple[tuple[FiniteFloat, FiniteFloat, FiniteFloat], ...]
    """Undistorted pixels to mm on the plane, rows of a 3 x 3 matrix."""


class Lens(_Artefact):
    """``lens.yaml``: intrinsics in px, and how well they are known."""

    focal: tuple[Size, Size]
    centre: Pair
    distortion: tuple[FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat]
    """k1, k2, p1, p2, k3."""
    zoom: Size
    rms_px: float
    worst_px: float
    worst_view: str
    coverage: Share
    focal_error: float
    views: Positive
    plane: PartPlane | None = None

    @property
    def intrinsics(self) -> Intrinsics:
        """As geometry takes them."""
        return Intrinsics(
            self.width, self.height, self.focal, self.centre, self.distortion, self.zoom
        )

    @property
    def hash(self) -> str:
        """Identity of what it does to pixels: a new part plane does not change it."""
        changes = {"width", "height", "focal", "centre", "distortion", "zoom"}
        return hash_of(self.model_dump(mode="json", include=changes))


class FlatFieldRecord(_Artefact):
    """``flat_field.yaml``: figures of a flat field, and the identity of its arrays."""

    colours: Literal[1, 3]
    pictures: Positive
    darks: int = Field(ge=0)
    unevenness: Share
    added_noise: float
    white_balance: tuple[FiniteFloat, ...]
    faulty: int = Field(ge=0)
    sha256: Digest

    @property
    def hash(self) -> str:
        """Identity of what it does to pixels: that of its arrays."""
        return self.sha256


@dataclass(frozen=True, slots=True)
class StoredFlatField:
    """A flat field and its arrays: gain and offset float32[H, W, colours], faulty int32[n, 4]."""

    record: FlatFieldRecord
    gain: NDArray[np.float32]
    offset: NDArray[np.float32]
    faulty: NDArray[np.int32]


def camera_folder(data_folder: Path, serial: str) -> Path:
    """Where the artefacts of a camera lie. Raises ``ConfigError`` for what is no serial number."""
    if not _SERIAL.fullmatch(serial):
        raise ConfigError(
            f"camera {serial!r}: not a serial number that can name a folder",
            remedy="Use letters, digits, '.', '-' and '_', 63 at most",
        )
    return data_folder / "cameras" / serial


def proposed_root(data_folder: Path) -> Path:
    """Where a lens or flat field waits for somebody to keep it: give it as a data folder."""
    return data_folder / "proposed"


def lens_of(serial: str, fit: LensFit, views: int, plane: PlaneFit | None) -> Lens:
    """The artefact of a fit."""
    found = fit.intrinsics
    return Lens(
        serial=serial,
        width=found.width,
        height=found.height,
        focal=found.focal,
        centre=found.centre,
        distortion=found.distortion,
        zoom=found.zoom,
        rms_px=fit.rms_px,
        worst_px=fit.worst_px,
        worst_view=Path(fit.worst_view).name,
        coverage=fit.coverage,
        focal_error=fit.focal_error,
        views=views,
        plane=None if plane is None else _part_plane(found, plane),
    )


def write_lens(data_folder: Path, lens: Lens) -> Path:
    """Keep a lens, and let it hold from now on; the file's path. Raises ``StorageError``."""
    return _write(camera_folder(data_folder, lens.serial), LENS, lens, lens.hash)


def read_lens(data_folder: Path, serial: str, name: str = LENS) -> Lens | None:
    """The lens that holds, or an earlier one by ``versions``' name; None: there is none.

    Raises ``BundleError`` for a damaged one.
    """
    path = camera_folder(data_folder, serial) / f"{name}.yaml"
    return _read(path, Lens, serial) if path.exists() else None


def write_flat_field(data_folder: Path, serial: str, flat: FlatField) -> FlatFieldRecord:
    """Keep a flat field, and let it hold from now on. Raises ``StorageError``."""
    arrays = {"gain": flat.gain, "offset": flat.offset, "faulty": flat.faulty}
    data = save(arrays)
    height, width, colours = flat.gain.shape
    record = FlatFieldRecord.model_validate(
        {
            "serial": serial,
            "width": width,
            "height": height,
            "colours": colours,
            "pictures": flat.pictures,
            "darks": flat.darks,
            "unevenness": flat.unevenness,
            "added_noise": flat.added_noise,
            "white_balance": flat.white_balance,
            "faulty": len(flat.faulty),
            "sha256": sha256_hex(data),
        }
    )
    _write_flat_field(camera_folder(data_folder, serial), record, data)
    return record


def hash_in_force(data_folder: Path, serial: str, kind: Correction) -> str:
    """Identity of the lens or flat field that holds; empty where there is none.

    Raises ``BundleError`` for a damaged one.
    """
    if kind == "lens":
        lens = read_lens(data_folder, serial)
        return "" if lens is None else lens.hash
    flat = read_flat_field(data_folder, serial)
    return "" if flat is None else flat.record.hash


def adopt(source: Path, data_folder: Path, serial: str, kind: Correction) -> None:
    """Let what holds in one data folder hold in another. Raises ``BundleError``, ``StorageError``.

    Nothing happens where the first has none.
    """
    if kind == "lens":
        lens = read_lens(source, serial)
        if lens is not None:
            write_lens(data_folder, lens)
        return
    flat = read_flat_field(source, serial)
    if flat is not None:
        arrays = _arrays_path(camera_folder(source, serial), flat.record).read_bytes()
        _write_flat_field(camera_folder(data_folder, serial), flat.record, arrays)


def versions(data_folder: Path, serial: str, kind: str) -> list[str]:
    """Names of all lenses or flat fields (``LENS``, ``FLAT_FIELD``) that a camera ever had."""
    found = camera_folder(data_folder, serial).glob(f"{kind}-*.yaml")
    return sorted(path.stem for path in found)


def read_flat_field(
    data_folder: Path, serial: str, name: str = FLAT_FIELD
) -> StoredFlatField | None:
    """The flat field that holds, or an earlier one by name; None: there is none.

    Raises ``BundleError`` for a damaged one.
    """
    folder = camera_folder(data_folder, serial)
    path = folder / f"{name}.yaml"
    if not path.exists():
        return None
    record = _read(path, FlatFieldRecord, serial)
    arrays_path = _arrays_path(folder, record)
    try:
        data = arrays_path.read_bytes()
    except OSError as error:
        raise _damaged(arrays_path, f"cannot be read ({error.strerror})") from error
    if sha256_hex(data) != record.sha256:
        raise _damaged(arrays_path, f"contents differ from sha256 in {path.name}")
    try:
        arrays = load(data)
        found = StoredFlatField(record, arrays["gain"], arrays["offset"], arrays["faulty"])
    except (SafetensorError, KeyError) as error:
        raise _damaged(arrays_path, "not the arrays of a flat field") from error
    shape = (record.height, record.width, record.colours)
    shapes = (found.gain.shape, found.offset.shape, found.faulty.shape)
    if shapes != (shape, shape, (record.faulty, 4)):
        raise _damaged(arrays_path, f"shapes {shapes} contradict {path.name}")
    return found


def _part_plane(lens: Intrinsics, fit: PlaneFit) -> PartPlane:
    rows = to_plane(lens, fit.plane).tolist()
    return PartPlane(
        normal=fit.plane.normal,
        distance_mm=fit.plane.distance,
        tilt_degrees=fit.plane.tilt,
        mm_per_px=fit.mm_per_px,
        uncertainty=fit.uncertainty,
        smallest=fit.smallest,
        largest=fit.largest,
        views=fit.views,
        homography=(rows[0], rows[1], rows[2]),
    )


def _arrays_path(folder: Path, record: FlatFieldRecord) -> Path:
    return folder / f"{FLAT_FIELD}-{record.sha256[:12]}.safetensors"


def _write_flat_field(folder: Path, record: FlatFieldRecord, arrays: bytes) -> None:
    write_atomically(_arrays_path(folder, record), arrays)
    _write(folder, FLAT_FIELD, record, record.hash)


def _write(folder: Path, kind: str, artefact: _Artefact, identity: str) -> Path:
    text: str = yaml.safe_dump(artefact.model_dump(mode="json"), sort_keys=False)
    write_atomically(folder / f"{kind}-{identity[:12]}.yaml", text.encode())
    path = folder / f"{kind}.yaml"
    write_atomically(path, text.encode())
    return path


_AnyArtefact = TypeVar("_AnyArtefact", bound=_Artefact)


def _read(path: Path, model: type[_AnyArtefact], serial: str) -> _AnyArtefact:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _damaged(path, f"cannot be read ({error.strerror})") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _damaged(path, "not YAML") from error
    version = content.get("schema_version") if isinstance(content, dict) else None
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise BundleError(
            f"{path}: schema_version: {version} is newer than this program's {SCHEMA_VERSION}",
            remedy="Update Inspector on this PC",
        )
    try:
        found = model.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "(top level)"
        raise _damaged(path, f"{key}: {first['msg']}") from error
    if found.serial != serial:
        raise _damaged(path, f"serial: belongs to camera {found.serial}")
    return found


def _damaged(path: Path, problem: str) -> BundleError:
    kind = path.name.split(".")[0].split("-")[0]
    command = f"inspector camera {'lens' if kind == LENS else 'flat'}"
    return BundleError(f"{path}: {problem}", remedy=f"Calibrate the camera again: {command}")
