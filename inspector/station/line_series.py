"""What a line's series are made of: the same channels of live parts and of their records."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from engines.temporal import Series
from inspector.core.errors import ConfigError
from inspector.core.record import RecordKind
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.line.part import JudgedPart
from inspector.teaching.looks import ROTATION, SHIFT_X, SHIFT_Y, measured

TEMPERATURE = "temperature"
BELT_SPEED = "belt speed"
"""Encoder counts a second, from the part before to this one."""

_PAUSE_S = 10.0
"""A part that comes later after the one before says nothing of the belt's speed."""

Signals = Mapping[str, float]
"""Values of one part by channel: checks by name, ``camera quantity``, ``belt speed``."""


class BeltSpeed:
    """Speed from triggers, part after part."""

    def __init__(self) -> None:
        self._count, self._at_s = 0, -math.inf

    def at(self, count: int, at_s: float) -> Signals:
        """Of the part triggered at this encoder count and time; nothing where it cannot be told."""
        counts, took_s = count - self._count, at_s - self._at_s
        self._count, self._at_s = count, at_s
        known = counts > 0 and 0.0 < took_s <= _PAUSE_S
        return {BELT_SPEED: counts / took_s} if known else {}


class LiveSignals:
    """Signals of judged parts as the line has them; inspection thread.

    A view costs some 20 microseconds: brightness and sharpness are taken from a sample of it.
    """

    def __init__(self, cameras: Sequence[str], white: int) -> None:
        self._cameras = cameras
        self._white = white
        self._speed = BeltSpeed()

    def of(self, part: JudgedPart) -> dict[str, float] | None:
        """None for a part that was not judged, or is a limit sample."""
        verdict, judgement = part.verdict, part.verdict.judgement
        if judgement is None or verdict.master:
            return None
        found = {check.check: check.score for check in judgement.checks}
        if part.prepared is not None:
            poses = judgement.poses or (None,) * len(part.prepared)
            for camera, pixels, pose in zip(self._cameras, part.prepared, poses, strict=True):
                looks = measured(pixels, self._white, pose)
                found |= {f"{camera} {quantity}": value for quantity, value in looks.items()}
        for frame in part.frames:
            if frame.temperature_c is not None:
                found[f"{frame.camera} {TEMPERATURE}"] = frame.temperature_c
        return {**found, **self._speed.at(verdict.encoder_count, verdict.triggered_ns / 1e9)}


def recorded_series(
    reader: LedgerReader,
    product: str,
    bundle: str,
    *,
    since_us: int | None = None,
    until_us: int | None = None,
) -> Series:
    """The series of a product's parts that one bundle (hash) judged, in the order of the ledger.

    Records hold scores, poses and temperatures, but no looks; the belt's speed cannot be told as
    exactly by their times as on the line. Parts that were not judged, limit
    samples and those with a channel missing are left out. Raises ``ConfigError`` where nothing is
    left, ``LedgerError``.
    """
    wanted = RecordFilter(kind=RecordKind.INSPECTION, since_us=since_us, until_us=until_us)
    rows = []
    for record in reader.each(wanted):
        content = record.content
        mine = content["product"] == product and content["hashes"]["bundle"] == bundle
        if mine and content["checks"] and not content["master"]:
            rows.append(_of_record(content))
    return series_of(rows, f"records of {product}")


def series_of(rows: Sequence[Signals], source: str) -> Series:
    """Parts as a series of the channels that most of them have. Raises ``ConfigError``."""
    counts: dict[str, int] = {}
    for row in rows:
        for name in row:
            counts[name] = counts.get(name, 0) + 1
    channels = tuple(name for name, count in counts.items() if count >= 0.9 * len(rows))
    whole = [[row[name] for name in channels] for row in rows if all(n in row for n in channels)]
    if not channels or not whole:
        raise ConfigError(
            f"{source}: no judged parts", remedy="Let the line run, or give another time or file"
        )
    values = np.array(whole, np.float64)
    return Series(channels, values[np.isfinite(values).all(axis=1)])


def without_still(series: Series) -> tuple[Series, tuple[str, ...]]:
    """The channels that move, and the names of those that hardly ever do: nothing to forecast."""
    spreads = zip(series.channels, series.spread, strict=True)
    moving = [name for name, spread in spreads if spread > 0.0]
    if not moving:
        raise ConfigError("series: no channel ever moves", remedy="Give another time or file")
    still = tuple(name for name in series.channels if name not in moving)
    return series.of(moving), still


def _of_record(content: Mapping[str, Any]) -> dict[str, float]:
    found = {check["check"]: float(check["score"]) for check in content["checks"]}
    cameras = [frame["camera"] for frame in content["frames"]]
    found |= _poses(cameras, content.get("poses", ()))
    for frame in content["frames"]:
        if frame["temperature_c"] is not None:
            found[f"{frame['camera']} {TEMPERATURE}"] = float(frame["temperature_c"])
    return found


def _poses(cameras: Sequence[str], poses: Iterable[Mapping[str, Any] | None]) -> dict[str, float]:
    found = {}
    for camera, pose in zip(cameras, poses, strict=False):
        if pose is not None and pose["found"]:
            found[f"{camera} {SHIFT_X}"] = float(pose["dx_px"])
            found[f"{camera} {SHIFT_Y}"] = float(pose["dy_px"])
            found[f"{camera} {ROTATION}"] = float(pose["angle_deg"])
    return found
