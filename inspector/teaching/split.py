"""Who teaches and who calibrates: drawn once by seed, then kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from inspector.core.errors import DatasetError
from inspector.teaching.dataset import Entry, Split, digest_of
from inspector.teaching.sources import Picture

MINIMUM_GOOD = 10
CALIBRATION_SHARE = 0.25
CALIBRATION_LEAST = 10


@dataclass(frozen=True, slots=True)
class Chosen:
    """One image with its place in the dataset."""

    entry: Entry
    path: Path


def split_good(
    pictures: Sequence[Picture], known: Mapping[str, Entry], seed: int, limit: int | None = None
) -> list[Chosen]:
    """Hold out about a quarter of the good images, at least 10, half at most, for calibration.

    Copies of one image count once. A picture that says its split keeps it; an image that is
    ``known`` keeps the one it was given when it was first seen; the others are drawn in an order
    that depends on seed and content alone. ``limit`` takes only so many, in that order. Raises
    ``DatasetError`` with fewer than 10 images.
    """
    digests = {digest_of(picture.path): picture for picture in pictures}
    drawn = sorted(digests, key=lambda digest: _draw(seed, digest))[:limit]
    if len(drawn) < MINIMUM_GOOD:
        folder = pictures[0].path.parent
        raise DatasetError(
            f"{folder}: {len(drawn)} different good images are too few",
            remedy=f"Give at least {MINIMUM_GOOD}; about 100 teach well",
        )
    splits = {
        digest: digests[digest].split or known[digest].split
        for digest in drawn
        if digests[digest].split or digest in known
    }
    least = min(max(CALIBRATION_LEAST, round(CALIBRATION_SHARE * len(drawn))), len(drawn) // 2)
    wanted = least - sum(split is Split.CALIBRATE for split in splits.values())
    for digest in drawn:
        if digest not in splits:
            splits[digest] = Split.CALIBRATE if wanted > 0 else Split.TEACH
            wanted -= 1
    return [chosen_as(splits[digest], digests[digest], digest) for digest in drawn]


def chosen_as(split: Split, picture: Picture, digest: str) -> Chosen:
    """A picture, whose digest is known, with the split that it is given."""
    entry = Entry(
        sha256=digest,
        suffix=picture.path.suffix.lower(),
        source=picture.name,
        label=picture.truth,
        split=split,
        category=picture.category,
    )
    return Chosen(entry, picture.path)


def _draw(seed: int, digest: str) -> str:
    return hashlib.sha256(f"{seed}:{digest}".encode()).hexdigest()
