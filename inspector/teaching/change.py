"""What teaching more changed, in figures."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from calibration.threshold import Calibration
from inspector.durable.files import write_atomically

Kind = Literal["add-good", "missed"]


@dataclass(frozen=True, slots=True)
class Before:
    """What the bundle that a lesson starts from says: of given images, and of calibration ones."""

    threshold: float
    engine_threshold: float
    """Of the engine's own map, which is the same where it is the only check."""
    scores: tuple[float, ...]
    rejected: int


@dataclass(frozen=True, slots=True)
class Judged:
    """The final statistic of one given image."""

    name: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Change:
    """Figures before and after. ``rejected`` counts calibration images over the threshold.

    ``good`` and ``missed`` are the vectors that each scale's memory won (or lost), ``left`` the new
    patches that found no room.
    """

    change: str
    parent: str
    threshold_before: float
    threshold_after: float
    images: tuple[Judged, ...]
    calibration_images: int
    rejected_before: int
    rejected_after: int
    good: tuple[int, ...]
    missed: tuple[int, ...]
    left: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TaughtAgain:
    """What teaching more left behind, and how long each stage of it took, seconds.

    The change also lies beside the bundle, as ``<bundle>.change.json``.
    """

    bundle: Path
    bundle_hash: str
    calibration: Calibration
    change: Change
    seconds: dict[str, float]


def write_change(bundle: Path, change: Change) -> None:
    """Keep the figures beside a bundle."""
    text = json.dumps(asdict(change), indent=2)
    write_atomically(bundle.with_name(f"{bundle.name}.change.json"), f"{text}\n".encode())
