"""Artefacts of a camera that needs no photographs: a lens and a flat field by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from calibration.artefacts import Lens, StoredFlatField, read_flat_field, write_flat_field
from calibration.camera.geometry import Intrinsics
from calibration.illumination.flat_field import FlatField
from inspector.core.frame import FrameFormat

NO_FAULTY = np.empty((0, 4), np.int32)


def make_lens(frame: FrameFormat, k1: float = -0.25, serial: str = "S") -> Lens:
    """A wide lens with its axis a little off the middle."""
    focal = 0.9 * frame.width
    centre = (0.52 * frame.width, 0.47 * frame.height)
    matrix = np.array([[focal, 0.0, centre[0]], [0.0, focal, centre[1]], [0.0, 0.0, 1.0]])
    size = (frame.width, frame.height)
    found = Intrinsics.of(size, matrix, np.array([k1, 0.0, 0.0, 0.0, 0.0]))
    return Lens(
        serial=serial,
        width=frame.width,
        height=frame.height,
        focal=found.focal,
        centre=found.centre,
        distortion=found.distortion,
        zoom=found.zoom,
        rms_px=0.1,
        worst_px=0.2,
        worst_view="1.png",
        coverage=0.8,
        focal_error=0.001,
        views=12,
    )


def make_flat(frame: FrameFormat, seed: int = 0, faulty: np.ndarray = NO_FAULTY) -> FlatField:
    """Gains of 1 to 2, offsets of up to 4 % of white."""
    random = np.random.default_rng(seed)
    shape = (frame.height, frame.width, frame.pixel_format.colours)
    return FlatField(
        gain=1.0 + random.random(shape, np.float32),
        offset=0.04 * random.random(shape, np.float32),
        faulty=faulty,
        pictures=8,
        darks=4,
        unevenness=0.3,
        added_noise=0.002,
        white_balance=(1.0,) * frame.pixel_format.colours,
    )


def stored(
    folder: Path, frame: FrameFormat, seed: int = 0, faulty: np.ndarray = NO_FAULTY
) -> StoredFlatField:
    """The same, by way of the disk."""
    write_flat_field(folder, "S", make_flat(frame, seed, faulty))
    found = read_flat_field(folder, "S")
    assert found is not None
    return found
