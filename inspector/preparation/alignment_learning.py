"""The taught pose, learned from pictures of good parts that lie here and there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.background.outline import Grey, is_bright, material
from inspector.core.errors import DatasetError
from inspector.core.pose import Pose
from inspector.core.recipe import PreparationSpec
from inspector.preparation.alignment import Aligner, PoseReference, Sight
from inspector.preparation.alignment_finders import shrunk_point

AVERAGED = 15
"""Pictures whose median is the taught one."""
_LEAST_CONTRAST = 10.0
_LEAST_SHARE, _LARGEST_SHARE = 0.005, 0.98
_LEAST_OVERLAP = 0.9
"""Common area of outlines of parts in one pose, over the area of both."""
_LEAST_SIMILARITY = 0.4
_ALIKE = 2.0
"""Outlines of a part differ in area by less than this factor, nearly always."""


def learn_reference(spec: PreparationSpec, sight: Sight, pictures: Sequence[Grey]) -> PoseReference:
    """Learn from pictures of ``sight``. Deterministic by their order.

    The part that lies most in the middle of the others gives the pose; the others are brought into
    it, and the median of them all is the picture. Raises ``DatasetError`` where the part does not
    stand out and has to, ``ConfigError`` where it shows no structure.
    """
    bright = _bright(spec, pictures)
    area, contrast = _outline(pictures, bright=bright)
    if spec.align == "contour" and not area:
        raise DatasetError(
            "preparation.align: contour: no part stands out of its background in most of the "
            "good images",
            remedy="Use align: template, set align_polarity, or use light that sets the part off",
        )
    known = PoseReference(pictures[0], bright, area, contrast)
    chosen = pictures[:: max(len(pictures) // AVERAGED, 1)][:AVERAGED]
    if spec.align == "none":
        return _with_outline(replace(known, picture=_median(chosen)), chosen)
    # Until the middle is known a part may be twice as far from another one as is allowed.
    wide = spec.model_copy(
        update={
            "align_range_px": 2.0 * spec.align_range_px,
            "align_range_deg": min(2.0 * spec.align_range_deg, 180.0),
        }
    )
    poses = _poses(Aligner(wide, sight, replace(known, picture=chosen[0])), chosen)
    middle = _most_in_the_middle(poses, sight)
    poses = _poses(Aligner(wide, sight, replace(known, picture=chosen[middle])), chosen)
    moved = [
        _moved_back(picture, pose, sight)
        for picture, pose in zip(chosen, poses, strict=True)
        if not pose.lost
    ]
    taught = _with_outline(replace(known, picture=_median(moved or chosen)), moved)
    if spec.align == "contour" and not taught.area:
        raise DatasetError(
            "preparation.align: contour: the outlines of good images do not agree",
            remedy="Use align: template, or light that sets the part off its background",
        )
    aligner = Aligner(wide, sight, taught)
    similarity = float(np.median([aligner.find(picture).similarity for picture in pictures]))
    if similarity < _LEAST_SIMILARITY:
        raise DatasetError(
            f"preparation.align: {spec.align}: good images are too different for the part to be "
            f"found (similarity {similarity:.2f}, at least {_LEAST_SIMILARITY})",
            remedy="Choose the other method, or an align_region that all parts have alike",
        )
    return replace(taught, similarity=similarity)


def _with_outline(taught: PoseReference, pictures: Sequence[Grey]) -> PoseReference:
    """Without the outline where those of parts in the taught pose do not agree."""
    outline = material(taught.picture, bright=taught.bright).largest > 0
    shares = []
    for picture in pictures:
        one = material(picture, bright=taught.bright).largest > 0
        shares.append((one & outline).sum() / max((one | outline).sum(), 1))
    agree = bool(shares) and float(np.median(shares)) >= _LEAST_OVERLAP
    return taught if agree else replace(taught, area=0.0, contrast=0.0)


def _bright(spec: PreparationSpec, pictures: Sequence[Grey]) -> bool:
    if spec.align_polarity != "auto":
        return spec.align_polarity == "bright"
    return bool(np.mean([is_bright(picture) for picture in pictures]) >= 0.5)


def _outline(pictures: Sequence[Grey], *, bright: bool) -> tuple[float, float]:
    """Usual area and contrast of the part's outline; 0 where it is not a part's."""
    seen = [material(picture, bright=bright) for picture in pictures]
    areas = np.array([cv2.countNonZero(one.largest) for one in seen])
    area, contrast = float(np.median(areas)), float(np.median([one.contrast for one in seen]))
    share = area / pictures[0].size
    alike = (areas > area / _ALIKE) & (areas < area * _ALIKE)
    stands_out = contrast >= _LEAST_CONTRAST and _LEAST_SHARE <= share <= _LARGEST_SHARE
    return (area, contrast) if stands_out and alike.mean() >= 0.8 else (0.0, 0.0)


def _poses(aligner: Aligner, pictures: Sequence[Grey]) -> list[Pose]:
    return [aligner.find(picture) for picture in pictures]


def _most_in_the_middle(poses: Sequence[Pose], sight: Sight) -> int:
    radius = 0.5 * np.hypot(sight.field.width, sight.field.height)
    places: NDArray[np.float64] = np.array(
        [(pose.dx_px, pose.dy_px, np.radians(pose.angle_deg) * radius) for pose in poses]
    )
    found = np.array([not pose.lost for pose in poses])
    if not found.any():
        return 0
    distances = np.linalg.norm(places - np.median(places[found], axis=0), axis=1)
    return int(np.where(found, distances, np.inf).argmin())


def _moved_back(picture: Grey, pose: Pose, sight: Sight) -> Grey:
    factor = sight.factor
    small = replace(pose, dx_px=pose.dx_px / factor, dy_px=pose.dy_px / factor)
    height, width = picture.shape
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    matrix = small.matrix(shrunk_point(sight.centre, factor))
    mode = cv2.BORDER_REPLICATE
    moved = cv2.warpAffine(picture, matrix, (width, height), flags=flags, borderMode=mode)
    return np.asarray(moved, np.uint8)


def _median(pictures: Sequence[Grey]) -> Grey:
    return np.asarray(np.median(np.stack(pictures), axis=0) + 0.5, np.uint8)
