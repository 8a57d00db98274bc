"""Series with a known onset: rendered tool wear, lamp ageing and belt, and real solar cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.drift.looks import look
from engines.methods import teach_engine
from engines.runtimes.onnxruntime import open_session
from engines.taught import NOWHERE
from engines.temporal import Series
from inspector.core.engine_spec import DeepRxSpec
from inspector.core.frame import FrameFormat, PixelFormat, Pixels

Values = NDArray[np.float64]
Render = Callable[[np.random.Generator, int, int], Values]
"""Values float64[parts, 1] of so many parts, of which those from an onset on are not well."""

NEVER = 10**9


def related(random: np.random.Generator, parts: int, share: float) -> Values:
    """Noise of standard deviation 1; each part is related to the one before by ``share``."""
    steps = random.normal(0.0, (1.0 - share**2) ** 0.5, parts)
    noise = np.empty(parts)
    last = random.normal()
    for index, step in enumerate(steps.tolist()):
        last = share * last + step
        noise[index] = last
    return noise


def tool_wear(random: np.random.Generator, parts: int, onset: int) -> Values:
    """A score that rises while the tool wears, and falls when it is changed after some 500 parts.

    From the onset on it wears too fast: one more spread of the noise every 400 parts, and the noise
    grows by as much.
    """
    lives = np.cumsum(random.normal(500.0, 15.0, parts // 400 + 2)) - random.uniform(0.0, 500.0)
    times = np.arange(parts)
    changes = np.concatenate([[-500.0], lives])
    worn = (times - changes[np.searchsorted(changes, times, "right") - 1]) / 500.0
    too_fast = np.maximum(times - onset, 0) / 400.0
    noise = related(random, parts, 0.3) * (0.4 + 0.2 * worn) * (1.0 + too_fast)
    return np.asarray(10.0 + 1.5 * worn + 0.4 * too_fast + noise)[:, None]


def lamp_ageing(random: np.random.Generator, parts: int, onset: int) -> Values:
    """Brightness of a lamp that warms up every day of 2,000 parts and ages by 0.1 % a day.

    From the onset on it ages by 1 % in 250 parts.
    """
    times = np.arange(parts) + int(random.integers(2000))
    age = np.exp(-times / 2e6 - np.maximum(np.arange(parts) - onset, 0) / 25_000.0)
    warm = 1.0 - 0.05 * np.exp(-(times % 2000) / 120.0)
    return np.asarray(200.0 * age * warm + 0.6 * related(random, parts, 0.2))[:, None]


def belt(random: np.random.Generator, parts: int, onset: int) -> Values:
    """Speed of a belt that swings once in 37 parts. From the onset on it slips in its drive.

    The slip moves the phase at random, by 0.3 rad a part: level and spread stay as they were.
    """
    slip = random.normal(0.0, 0.3, parts) * (np.arange(parts) >= onset)
    phase = 2.0 * np.pi * np.arange(parts) / 37.0 + random.uniform(0.0, 2.0 * np.pi)
    swing = 4.0 * np.sin(phase + np.cumsum(slip))
    return np.asarray(300.0 + swing + 0.5 * random.normal(size=parts))[:, None]


RENDERED: dict[str, tuple[str, Render]] = {
    "tool wear": ("score", tool_wear),
    "lamp ageing": ("brightness", lamp_ageing),
    "belt slip": ("speed", belt),
}


@dataclass(frozen=True)
class RealParts:
    """Good solar cells in the order of their data set, neighbours mostly of one module.

    ``good`` as they are; ``dimmed`` the same parts under a lamp that has aged from ``onset`` on.
    """

    good: Series
    dimmed: Series
    onset: int


def solar_cells(taught: int = 60, side: int = 96, dimmed: int = 500) -> RealParts:
    """Score of Deep RX, brightness and sharpness of all good cells of the data set.

    The engine is taught on the first cells, which are no part of the series. The lamp's ageing is
    applied to the real pictures of the last ``dimmed`` parts: 20 % in 500 parts.
    """
    from elpv_dataset.utils import load_dataset  # noqa: PLC0415  # an extra: for this alone

    pictures, grades, _ = load_dataset()
    cells = [
        cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)[:, :, None]
        for picture, grade in zip(pictures, grades, strict=True)
        if grade == 0.0
    ]
    form = FrameFormat(side, side, PixelFormat.MONO8)
    engine = teach_engine(cells[:taught], form, DeepRxSpec(), lambda *_: None, NOWHERE)
    session = open_session(engine.graph.SerializeToString(), threads=1)

    def values_of(cell: Pixels) -> list[float]:
        score = session.run(["score"], {"image": cell[None]})[0]
        return [float(score[0]), *look(cell, 255)]

    names, parts = ("score", "brightness", "sharpness"), cells[taught:]
    good = np.array([values_of(cell) for cell in parts])
    light = 1.0 - 0.2 * np.arange(1, dimmed + 1) / dimmed
    darker = [
        np.asarray((cell * share).round(), np.uint8)
        for cell, share in zip(parts[-dimmed:], light, strict=True)
    ]
    after = np.array([values_of(cell) for cell in darker])
    onset = len(parts) - dimmed
    return RealParts(
        Series(names, good), Series(names, np.concatenate([good[:onset], after])), onset
    )
