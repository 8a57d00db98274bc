"""Two ways to find a part, in the pixels of a reduced picture: by its outline, or by its looks.

Both name a few poses at coarse sight; the most alike of them is refined. Of poses that are alike,
as those of a square are, the one that is turned least is taken.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.background.outline import Grey, material
from inspector.core.pose import Pose, turned
from inspector.preparation.alignment_refine import Centre, Likeness, Refiner

COARSE_PX, SEARCHED_PX = 128, 64
"""Longest sides of the pictures that candidates are refined in, and a template is sought in."""
_ALIKE = 0.01
_CANDIDATES = 3
_APART_DEG = 3.0
"""Candidates that differ less are one."""
_COARSE_ROUNDS = 5
_HOPEFUL = 0.15
"""Candidates that are less alike than the best by more than this are not refined."""
_BINS = 256
NOBODY = Pose(similarity=0.0, found=False)


class Finder(Protocol):
    """Finds the part in a grey picture of a fixed size. Any thread."""

    def find(self, picture: Grey) -> Pose:
        """Its pose, in pixels of that picture; similarity 0 where there is nothing at all."""


@dataclass(frozen=True, slots=True)
class Steps:
    """From candidates to the pose: compared in a coarse picture, refined in the fine one."""

    fine: Refiner
    coarse: Refiner
    likeness: Likeness
    factor: int

    @classmethod
    def of(cls, picture: Grey, inside: NDArray[np.bool_], centre: Centre) -> Steps:
        """For a taught picture; ``inside`` are the pixels that count."""
        factor = factor_to(picture.shape, COARSE_PX)
        small, middle = shrunk(picture, factor), shrunk_point(centre, factor)
        counts = shrunk(inside.astype(np.uint8), factor) > 0
        return cls(
            Refiner(picture, inside, centre),
            Refiner(small, counts, middle),
            Likeness(small, counts, middle),
            factor,
        )

    def best(self, picture: Grey, candidates: Iterable[Pose]) -> Pose:
        """The refined pose with its similarity. ``candidates`` are the most likely ones first."""
        small = shrunk(picture, self.factor)
        starts = [_scaled(pose, 1.0 / self.factor) for pose in _apart(candidates)]
        if not starts:
            return NOBODY
        first = [self.likeness.of(small, pose) for pose in starts]
        refined = [
            self.coarse.refine(small, pose, _COARSE_ROUNDS)
            for pose, one in zip(starts, first, strict=True)
            if one >= max(first) - _HOPEFUL
        ]
        likeness = [self.likeness.of(small, pose) for pose in refined]
        alike = [
            pose
            for pose, one in zip(refined, likeness, strict=True)
            if one >= max(likeness) - _ALIKE
        ]
        chosen = min(alike, key=lambda pose: abs(pose.angle_deg))
        pose = self.fine.refine(picture, _scaled(chosen, float(self.factor)))
        similarity = self.likeness.of(small, _scaled(pose, 1.0 / self.factor))
        return replace(pose, similarity=similarity)


class ContourFinder:
    """By the outline against the background: place by its centroid, turn by its radii.

    The farthest point of the outline in each direction from the centroid makes a signature, which
    is correlated with the taught one over all turns: no axis has to be told from another. Outlines
    of an area outside of ``areas`` (pixels) are none of the part's.
    """

    def __init__(
        self,
        picture: Grey,
        centre: Centre,
        *,
        bright: bool,
        least_contrast: float,
        areas: tuple[float, float],
    ) -> None:
        self._bright, self._centre = bright, centre
        self._least_contrast, self._areas = least_contrast, areas
        mask = material(picture, bright=bright).largest
        everywhere = np.ones(mask.shape, bool)
        self._steps = Steps.of(mask * 255, everywhere, centre)
        self._middle = _centroid(mask)
        self._spectrum = np.conj(np.fft.rfft(_signature(mask, self._middle)))
        self.usable = self._steps.fine.usable

    def find(self, picture: Grey) -> Pose:
        """See `Finder`."""
        seen = material(picture, bright=self._bright, least_contrast=self._least_contrast)
        mask = seen.largest
        if not self._areas[0] <= cv2.countNonZero(mask) <= self._areas[1]:
            return NOBODY
        middle = _centroid(mask)
        signature = _signature(mask, middle)
        correlation = np.fft.irfft(np.fft.rfft(signature) * self._spectrum, _BINS)
        candidates = [self._pose(bin_, middle) for bin_ in _peaks(correlation)]
        return self._steps.best(mask * 255, candidates)

    def _pose(self, bin_: int, middle: Centre) -> Pose:
        turn = Pose(angle_deg=turned(bin_ * 360.0 / _BINS))
        place = turn.matrix(self._centre) @ (*self._middle, 1.0)
        return replace(turn, dx_px=middle[0] - place[0], dy_px=middle[1] - place[1])


class TemplateFinder:
    """By normalised correlation with the taught picture, over shifts and turns."""

    def __init__(
        self,
        picture: Grey,
        inside: NDArray[np.bool_],
        centre: Centre,
        *,
        range_px: float,
        range_deg: float,
    ) -> None:
        self._steps = Steps.of(picture, inside, centre)
        self._factor = factor = factor_to(picture.shape, SEARCHED_PX)
        small, self._middle = shrunk(picture, factor), shrunk_point(centre, factor)
        rows, columns = np.nonzero(shrunk(inside.astype(np.uint8), factor))
        self._left, self._top = int(columns.min()), int(rows.min())
        right, bottom = int(columns.max()) + 1, int(rows.max()) + 1
        # Somewhat farther than allowed, to tell a misplaced part from none.
        self._reach = math.ceil(1.5 * range_px / factor) + 1
        radius = 0.5 * math.hypot(right - self._left, bottom - self._top)
        self._templates = [
            (angle, _turned(small, angle, self._middle)[self._top : bottom, self._left : right])
            for angle in _angles(min(1.2 * range_deg, 180.0), 60.0 / radius)
        ]
        self.usable = self._steps.fine.usable

    def find(self, picture: Grey) -> Pose:
        """See `Finder`."""
        reach = self._reach
        edges = (reach, reach, reach, reach)
        small = shrunk(picture, self._factor)
        padded = np.asarray(cv2.copyMakeBorder(small, *edges, cv2.BORDER_REPLICATE), np.uint8)
        found = [self._match(padded, *template) for template in self._templates]
        return self._steps.best(picture, _distinct(found))

    def _match(self, padded: Grey, angle: float, template: Grey) -> Pose:
        height, width = template.shape
        y, x = self._top, self._left
        seen = padded[y : y + height + 2 * self._reach, x : x + width + 2 * self._reach]
        response = cv2.matchTemplate(seen, template, cv2.TM_CCOEFF_NORMED)
        _, highest, _, (column, row) = cv2.minMaxLoc(response)
        shift = [(at - self._reach) * float(self._factor) for at in (column, row)]
        return Pose(shift[0], shift[1], angle, float(highest))


def _apart(candidates: Iterable[Pose]) -> list[Pose]:
    """Without those that are turned nearly as one before them is."""
    kept: list[Pose] = []
    for pose in candidates:
        if all(abs(turned(pose.angle_deg - one.angle_deg)) >= _APART_DEG for one in kept):
            kept.append(pose)
    return kept


def factor_to(size: tuple[int, ...], longest: int) -> int:
    """How many times a picture is to be shrunk so that its longer side keeps a length."""
    return max(1, math.ceil(max(size) / longest))


def shrunk(picture: NDArray[Any], factor: int) -> NDArray[Any]:
    """Means of ``factor`` x ``factor`` pixels; what is left over at the right and below is cut."""
    if factor == 1:
        return picture
    height, width = (max(side // factor, 1) for side in picture.shape[:2])
    whole = picture[: height * factor, : width * factor]
    small = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, picture.dtype)


def shrunk_point(point: Centre, factor: int) -> Centre:
    """Where a point lies in the shrunk picture; the middle of the first pixel is 0."""
    return (point[0] + 0.5) / factor - 0.5, (point[1] + 0.5) / factor - 0.5


def _scaled(pose: Pose, factor: float) -> Pose:
    return replace(pose, dx_px=pose.dx_px * factor, dy_px=pose.dy_px * factor)


def _centroid(mask: Grey) -> Centre:
    moments = cv2.moments(mask, binaryImage=True)
    area = max(moments["m00"], 1.0)
    return moments["m10"] / area, moments["m01"] / area


def _signature(mask: Grey, middle: Centre) -> NDArray[np.float64]:
    """Distance of the outline from its middle by direction, float64[bins], mean 0."""
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return np.zeros(_BINS)
    points = np.concatenate(outlines)[:, 0] - np.array(middle)
    radii = np.hypot(points[:, 0], points[:, 1])
    angles = np.arctan2(points[:, 1], points[:, 0])
    bins = np.floor(angles * (_BINS / (2.0 * np.pi)) + 0.5).astype(np.intp) % _BINS
    farthest = np.zeros(_BINS)
    np.maximum.at(farthest, bins, radii)
    # A short outline leaves directions without a point: they take what lies between others.
    known = np.flatnonzero(farthest)
    filled = np.interp(np.arange(_BINS), known, farthest[known], period=_BINS)
    return np.asarray(filled - filled.mean(), np.float64)


def _peaks(correlation: NDArray[np.float64]) -> list[int]:
    """The highest local maxima of a curve that is closed, and no turn at all."""
    higher = (correlation >= np.roll(correlation, 1)) & (correlation > np.roll(correlation, -1))
    peaks = np.flatnonzero(higher)
    best = peaks[np.argsort(-correlation[peaks], kind="stable")][:_CANDIDATES]
    return [*best.tolist(), 0]


def _angles(range_deg: float, step: float) -> list[float]:
    count = math.ceil(range_deg / step)
    return [range_deg * index / max(count, 1) for index in range(-count, count + 1)]


def _turned(picture: Grey, angle: float, centre: Centre) -> Grey:
    height, width = picture.shape
    matrix = Pose(angle_deg=angle).matrix(centre)
    mode = cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpAffine(picture, matrix, (width, height), borderMode=mode))


def _distinct(found: Sequence[Pose]) -> list[Pose]:
    """The best of poses in the order of their angles: no two neighbours, and the least turned."""
    scores = np.array([-math.inf, *(pose.similarity for pose in found), -math.inf])
    highest = (scores[1:-1] >= scores[:-2]) & (scores[1:-1] > scores[2:])
    peaks = sorted(np.flatnonzero(highest).tolist(), key=lambda at: -found[at].similarity)
    return [*(found[at] for at in peaks[:_CANDIDATES]), found[len(found) // 2]]
