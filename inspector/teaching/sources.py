"""Where teaching and test images come from: a folder, MVTec AD's layout, or the demo set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inspector.core.errors import DatasetError
from inspector.durable.images import IMAGE_SUFFIXES
from inspector.teaching.dataset import Label, Split


@dataclass(frozen=True, slots=True)
class Picture:
    """One image file and what its place says of it. ``split`` is None until it is decided."""

    path: Path
    truth: Label
    category: str = ""
    split: Split | None = None
    mask: Path | None = None

    @property
    def name(self) -> str:
        """File name; unique in one folder."""
        return self.path.name


def good_pictures(source: Path) -> list[Picture]:
    """The good images to teach from: ``train/good`` of MVTec AD's layout, or a plain folder.

    Sorted by name. Raises ``DatasetError`` when the folder is missing, unreadable or empty.
    """
    folder = source / "train" / "good"
    return [
        Picture(path, Label.GOOD, "good") for path in _images(folder if folder.is_dir() else source)
    ]


def defect_pictures(source: Path) -> list[Picture]:
    """Named defects to teach from: the folders of ``train`` beside ``good``; none elsewhere."""
    root = source / "train"
    if not (root / "good").is_dir():
        return []
    return [
        Picture(path, Label.DEFECTIVE, kind, Split.TEACH)
        for kind in folders_in(root)
        if kind != "good"
        for path in _images(root / kind)
    ]


def test_pictures(source: Path) -> list[Picture]:
    """The labelled test images of MVTec AD's layout, with their masks where there are any."""
    root = source / "test"
    if not root.is_dir():
        raise DatasetError(
            f"{source}: no folder 'test' in it",
            remedy="Give the folder that holds test/good and test/<defect>",
        )
    pictures = [
        Picture(path, Label.GOOD if kind == "good" else Label.DEFECTIVE, kind, Split.TEST, mask)
        for kind in folders_in(root)
        for path in _images(root / kind)
        for mask in [_mask_of(source, kind, path)]
    ]
    if not pictures:
        raise DatasetError(
            f"{root}: no test images", remedy="Give test/good and test/<defect> folders of images"
        )
    return pictures


def _mask_of(source: Path, kind: str, path: Path) -> Path | None:
    mask = source / "ground_truth" / kind / f"{path.stem}_mask.png"
    return mask if mask.is_file() else None


def _images(folder: Path) -> list[Path]:
    found = sorted(path for path in _listing(folder) if path.suffix.lower() in IMAGE_SUFFIXES)
    if not found:
        kinds = ", ".join(sorted(IMAGE_SUFFIXES))
        raise DatasetError(f"{folder}: no images", remedy=f"Put images there ({kinds})")
    return found


def folders_in(folder: Path) -> list[str]:
    """Names of the folders in a folder, sorted. Raises ``DatasetError``."""
    return sorted(path.name for path in _listing(folder) if path.is_dir())


def _listing(folder: Path) -> Iterator[Path]:
    try:
        return iter(list(folder.iterdir()))
    except OSError as error:
        raise DatasetError(
            f"{folder}: cannot be read ({error.strerror})", remedy="Give a folder of images"
        ) from error
