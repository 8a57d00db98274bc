"""The pictures that a product is going to be taught from: gathered one by one, looked through."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from inspector.core.canonical import sha256_hex
from inspector.core.errors import DatasetError, RefusedError
from inspector.core.recipe import ProductName
from inspector.durable.files import storage_errors, write_atomically
from inspector.durable.images import IMAGE_SUFFIXES
from inspector.teaching.dataset import digest_of
from inspector.teaching.split import CALIBRATION_SHARE

ASIDE = "aside"
_name: TypeAdapter[str] = TypeAdapter(ProductName)


class DraftPictures:
    """Files in ``teaching/PRODUCT`` of the data folder; those laid aside lie in ``aside``.

    One writer at a time. Raises ``RefusedError`` for what is no product's name.
    """

    def __init__(self, data_folder: Path, product: str) -> None:
        try:
            _name.validate_python(product)
        except ValidationError as error:
            raise RefusedError(
                f"{product}: not a name", remedy="Use lower-case letters, digits, - and _"
            ) from error
        self.folder = data_folder / "teaching" / product
        self._digests: set[str] | None = None

    def paths(self) -> list[Path]:
        """All of them, in the order in which they came."""
        return _pictures(self.folder)

    def add(self, data: bytes, suffix: str) -> bool:
        """Keep one; False where the very same is there, or was laid aside."""
        if self._digests is None:
            self._digests = {digest_of(path) for path in (*self.paths(), *self._aside())}
        digest = sha256_hex(data)
        if digest in self._digests:
            return False
        write_atomically(self.folder / f"{self._next():05d}{suffix.lower()}", data)
        self._digests.add(digest)
        return True

    def move(self, names: Iterable[str], *, back: bool) -> None:
        """Lay pictures aside, or take them back. One that is gone is passed over."""
        here, there = self.folder, self.folder / ASIDE
        source, target = (there, here) if back else (here, there)
        for name in names:
            path = source / Path(name).name
            with storage_errors(path):
                target.mkdir(parents=True, exist_ok=True)
                if path.is_file():
                    path.replace(target / path.name)

    def _aside(self) -> list[Path]:
        return _pictures(self.folder / ASIDE)

    def _next(self) -> int:
        names = (path.stem for path in (*self.paths(), *self._aside()))
        return max((int(name) for name in names if name.isdecimal()), default=0) + 1


def pictures_in(folder: Path) -> list[Path]:
    """Picture files of a folder, or of MVTec AD's ``train/good`` in it. Raises ``DatasetError``."""
    good = folder / "train" / "good"
    try:
        return _pictures(good if good.is_dir() else folder)
    except OSError as error:
        raise DatasetError(
            f"{folder}: cannot be read ({error.strerror})", remedy="Plug the stick in again"
        ) from error


def wanted_pictures(rate: float) -> int:
    """How many good pictures leave enough to calibrate with, so that no tail is extrapolated.

    The threshold is then the order statistic ``k = ceil((n + 1)(1 - a))`` of n held-out pictures
    (`calibration.threshold`): n must be at least ``1 / a - 1``.
    """
    held_out = math.ceil(1.0 / rate - 1.0 - 1e-9)
    return math.ceil(held_out / CALIBRATION_SHARE)


def _pictures(folder: Path) -> list[Path]:
    return sorted(_files(folder)) if folder.is_dir() else []


def _files(folder: Path) -> Iterator[Path]:
    return (
        path
        for path in folder.iterdir()
        if path.suffix.lower() in IMAGE_SUFFIXES and not path.name.startswith(".")
    )
