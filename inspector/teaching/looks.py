"""How good parts looked when they calibrated: what the line's trends are compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import Field, FiniteFloat

from calibration.drift.looks import look
from calibration.threshold import Calibration
from inspector.core.frame import Pixels
from inspector.core.levels import levels_of
from inspector.core.pose import Pose
from inspector.core.section import Section
from inspector.durable.files import write_atomically
from inspector.durable.yaml_files import dump_yaml, load_yaml
from inspector.teaching.prepared import Preparer

BRIGHTNESS, SHARPNESS = "brightness", "sharpness"
SHIFT_X, SHIFT_Y, ROTATION = "shift-x", "shift-y", "rotation"

Looks = Mapping[str, Sequence[float]]
"""Values of good parts by quantity; those learnt on the line by ``camera quantity``."""


class LooksOfParts(Section):
    """The file beside a calibration. Nothing in it decides on a part."""

    channels: dict[str, tuple[FiniteFloat, ...]] = Field(default_factory=dict)


def measured(pixels: Pixels, white: int, pose: Pose | None) -> dict[str, float]:
    """Looks of one prepared view uint8[h, w, c]: brightness, sharpness (`calibration.drift.looks`).

    Where a part was looked for and recognised, its pose too: camera pixels, degrees clockwise.
    """
    brightness, sharpness = look(levels_of(pixels), white)
    looks = {BRIGHTNESS: brightness, SHARPNESS: sharpness}
    if pose is not None and pose.found:
        looks |= {SHIFT_X: pose.dx_px, SHIFT_Y: pose.dy_px, ROTATION: pose.angle_deg}
    return looks


def looks_of(preparer: Preparer, paths: Sequence[Path]) -> dict[str, list[float]]:
    """Looks of image files of good parts, prepared as on the line. Raises as ``Preparer`` does."""
    found: dict[str, list[float]] = {}
    for path in paths:
        view = preparer.view(path)
        looks = measured(view.pixels, preparer.form.pixel_format.white, view.pose)
        for quantity, value in looks.items():
            found.setdefault(quantity, []).append(value)
    return found


def looks_path(bundle: Path, calibration: Calibration) -> Path:
    """Where the looks lie that belong to a calibration: beside it."""
    return bundle.with_name(f"{bundle.name}.looks-{calibration.hash[:12]}.yaml")


def read_looks(file: Path) -> Looks:
    """What is kept; nothing without a file. Raises ``ConfigError`` where it is damaged."""
    return load_yaml(file, LooksOfParts).channels if file.is_file() else {}


def keep_looks(file: Path, looks: Looks) -> None:
    """Add looks to those that are kept. Raises ``ConfigError`` or ``StorageError``."""
    channels = {name: tuple(values) for name, values in {**read_looks(file), **looks}.items()}
    write_atomically(file, dump_yaml(LooksOfParts(channels=channels)))
