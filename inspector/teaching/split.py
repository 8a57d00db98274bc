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
LEAST_OF_EACH = 5
"""Images that each use must have."""


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
    that depends on seed and content alone. ``limit`` takes only so many, in that order and in the
    same shares: the use of an image never depends on it. Raises ``DatasetError`` with fewer than
    10 images, or where those that are known leave too few for one of the uses.
    """
    digests = {digest_of(picture.path): picture for picture in pictures}
    drawn = sorted(digests, key=lambda digest: _draw(seed, digest))
    count = len(drawn[:limit])
    folder = pictures[0].path.parent
    if count < MINIMUM_GOOD:
        raise DatasetError(
            f"{folder}: {count} different good images are too few",
            remedy=f"Give at least {MINIMUM_GOOD}; about 100 teach well",
        )
    splits = _splits(drawn, digests, known)
    calibrate = [digest for digest in drawn if splits[digest] is Split.CALIBRATE]
    teach = [digest for digest in drawn if splits[digest] is Split.TEACH]
    # Where one use has too few, the other fills up.
    held_out = max(_held_out(count), count - len(teach))
    taken = {*calibrate[:held_out], *teach[: count - min(held_out, len(calibrate))]}
    chosen = [chosen_as(splits[each], digests[each], each) for each in drawn if each in taken]
    to_calibrate = len(taken.intersection(calibrate))
    if min(to_calibrate, len(taken) - to_calibrate) < LEAST_OF_EACH:
        raise DatasetError(
            f"{folder}: {len(taken) - to_calibrate} images to teach and {to_calibrate} to "
            "calibrate with: the product was taught with them before, and their use is kept",
            remedy="Give new good images beside them",
        )
    return chosen


def chosen_defects(pictures: Sequence[Picture], known: Mapping[str, Entry]) -> list[Chosen]:
    """Each picture of a defect once, to teach with.

    Raises ``DatasetError`` for one that is known to be good, or measures.
    """
    digests = {digest_of(picture.path): picture for picture in pictures}
    for digest, picture in digests.items():
        entry = known.get(digest)
        if entry is not None and (entry.label, entry.split) != (picture.truth, Split.TEACH):
            raise DatasetError(
                f"{picture.path}: is in the dataset already, as a {entry.label} image to "
                f"{entry.split} with",
                remedy="Leave it out; where its label was wrong, teach the product anew",
            )
    return [chosen_as(Split.TEACH, picture, digest) for digest, picture in digests.items()]


def _splits(
    drawn: Sequence[str], pictures: Mapping[str, Picture], known: Mapping[str, Entry]
) -> dict[str, Split]:
    """The use of every image, by digest."""
    splits = {
        digest: pictures[digest].split or known[digest].split
        for digest in drawn
        if pictures[digest].split or digest in known
    }
    wanted = _held_out(len(drawn)) - sum(split is Split.CALIBRATE for split in splits.values())
    for digest in drawn:
        if digest not in splits:
            splits[digest] = Split.CALIBRATE if wanted > 0 else Split.TEACH
            wanted -= 1
    return splits


def _held_out(count: int) -> int:
    """How many of so many images calibrate."""
    return min(max(CALIBRATION_LEAST, round(CALIBRATION_SHARE * count)), count // 2)


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
