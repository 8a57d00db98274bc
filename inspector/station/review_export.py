"""Reviewed parts as files that teaching takes: good ones, missed ones with their masks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.errors import InputError, LedgerError
from inspector.core.levels import levels_of
from inspector.core.pose import Pose
from inspector.core.recipe import Box
from inspector.durable.files import new_folder
from inspector.durable.images import encode_png
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.kept import KeptView, views_of
from inspector.ledger.reviews import Corners, Review, ReviewedPart
from inspector.station.deciders import find_bundle

GOOD, MISSED = "good", "missed"
"""Kinds of parts that teach: folders of an export."""
_UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class ReviewExport:
    """How many pictures were written, and parts whose pictures are gone."""

    good: int
    missed: int
    defective: int
    unmarked: int
    """Missed ones in which nobody marked the defect: it cannot be taught."""
    gone: int


def export_reviews(
    parts: Iterable[ReviewedPart],
    evidence: EvidenceStore,
    data_folder: Path,
    target: Path,
    product: str,
) -> ReviewExport:
    """Write a new folder. Raises ``InputError`` when it exists, ``StorageError``.

    ``good``: false rejects, for ``teach --add-good``. ``missed``: passed and found defective, each
    with a mask of the same name in ``masks``, for ``teach --missed``. ``defective/CLASS``: true
    defects among the rejects. ``teach.txt`` holds the commands, ``reviews.json`` who said what.
    """
    if target.exists():
        raise InputError(f"{target}: exists already", remedy="Name a new folder")
    counts = dict.fromkeys(("good", "missed", "defective", "unmarked", "gone"), 0)
    commands: list[str] = []
    told: list[dict[str, Any]] = []
    with new_folder(target) as folder:
        for part in parts:
            told.append(_told(part))
            kind = kind_of(part)
            if not kind:
                continue
            try:
                views = [(view, view.pixels()) for view in views_of(part.record.content, evidence)]
            except LedgerError:
                views = []
            counts["gone"] += not views
            for index, (view, pixels) in enumerate(views):
                name = name_of(part, index, len(views)).removesuffix(".png")
                mask = None if kind == "good" else _mask(part, index, view, data_folder)
                if kind == "missed" and mask is None:
                    counts["unmarked"] += 1
                    continue
                below = f"{kind}/{_class_of(part.reviews[-1])}" if kind == "defective" else kind
                _write(folder / below / f"{name}.png", encode_png(levels_of(pixels)))
                if mask is not None:
                    _write(folder / "masks" / f"{name}.png", encode_png(mask[:, :, None]))
                if kind == "missed":
                    commands.append(_missed(target, name, product))
                counts[kind] += 1
        if counts["good"]:
            commands.insert(0, f"inspector teach {target}/good --product {product} --add-good")
        _write(folder / "teach.txt", "".join(f"{one}\n" for one in commands).encode())
        _write(folder / "reviews.json", (json.dumps(told, indent=2) + "\n").encode())
    return ReviewExport(**counts)


def kind_of(part: ReviewedPart) -> str:
    """The folder of a part's pictures; empty for those that teach nothing."""
    passed = part.record.outcome == "pass"
    if part.finding == "good":
        return "" if passed else GOOD
    if part.finding == "defect":
        return MISSED if passed else "defective"
    return ""


def name_of(part: ReviewedPart, view: int, views: int) -> str:
    """The file of one of its pictures."""
    return f"part-{part.record.part_id:09d}" + (f"-{view}" if views > 1 else "") + ".png"


def _missed(target: Path, name: str, product: str) -> str:
    picture, mask = f"{target}/missed/{name}.png", f"{target}/masks/{name}.png"
    return f"inspector teach {picture} --product {product} --missed --mark {mask}"


def _class_of(review: Review) -> str:
    """A folder's name for a class, whatever was typed."""
    return re.sub(r"[^\w-]+", "-", review.defect).strip("-")[:64] or _UNNAMED


def _mask(
    part: ReviewedPart, index: int, view: KeptView, data_folder: Path
) -> NDArray[np.uint8] | None:
    """uint8[H, W] of the camera image, 255 where marked; None where nothing is."""
    shapes = [corners for number, corners in part.reviews[-1].marks if number == index]
    if not shapes:
        return None
    content = part.record.content
    bundle = find_bundle(data_folder, content["product"], content["hashes"]["bundle"])
    whole = Box(x=0, y=0, width=view.width, height=view.height)
    region = bundle.manifest.preparation.region or whole
    pose = content["poses"][index] if content["poses"] else None
    return drawn(shapes, region, Pose(**pose) if pose else None, (view.height, view.width))


def drawn(
    shapes: Sequence[Corners], region: Box, pose: Pose | None, size: tuple[int, int]
) -> NDArray[np.uint8]:
    """Marks in fractions of the field, as uint8[H, W] of the camera image: 255 where marked.

    The part lies as ``pose`` says. What the lens bends is left as it is.
    """
    mask = np.zeros(size, np.uint8)
    centre = region.x + (region.width - 1) / 2, region.y + (region.height - 1) / 2
    for corners in shapes:
        points = np.array(_polygon(corners), np.float64) * (region.width, region.height)
        points += (region.x - 0.5, region.y - 0.5)
        if pose is not None and not pose.lost:
            moved = pose.matrix(centre)
            points = points @ moved[:, :2].T + moved[:, 2]
        cv2.fillPoly(mask, [np.floor(points + 0.5).astype(np.int32)], 255)
    return mask


def _polygon(corners: Corners) -> Corners:
    if len(corners) > 2:
        return corners
    (left, top), (right, bottom) = corners
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _told(part: ReviewedPart) -> dict[str, Any]:
    return {
        "part": part.record.part_id,
        "sequence": part.record.sequence,
        "outcome": part.record.outcome,
        "reviews": [asdict(review) for review in part.reviews],
    }


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
