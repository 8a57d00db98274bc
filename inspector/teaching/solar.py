"""The demo product: real solar cells, photographed by electroluminescence (package elpv-dataset).

Deitsch et al., Solar Energy 2019; CC BY-NC-SA 4.0: evaluation only.
"""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

from inspector.core.errors import DatasetError
from inspector.teaching.dataset import Label, Split
from inspector.teaching.sources import Picture

PREFIX = "demo:solar-"
KINDS = ("mono", "poly")
TEACH, CALIBRATE = 100, 50


def solar_pictures(kind: str) -> list[Picture]:
    """All cells of one kind (``mono``, ``poly``) with the fixed split, sorted by file name.

    Of the functional cells (probability 0), ordered by the hash of their file name, the first 100
    teach and the next 50 calibrate; everything else is test. Cells of probability 1 are defective,
    the grades between are kept apart. Raises ``DatasetError`` without the package.
    """
    folder = data_folder()
    rows = [line.split() for line in (folder / "labels.csv").read_text("utf-8").splitlines()]
    cells = {
        folder / name: float(grade) for name, grade, cell in filter(None, rows) if cell == kind
    }
    functional = sorted((path for path, grade in cells.items() if grade == 0.0), key=_drawn)
    split = dict.fromkeys(functional[:TEACH], Split.TEACH)
    split |= dict.fromkeys(functional[TEACH : TEACH + CALIBRATE], Split.CALIBRATE)
    return [
        Picture(path, _label(grade), f"{grade:.2f}", split.get(path, Split.TEST))
        for path, grade in sorted(cells.items())
    ]


def solar_test_set(product: str) -> list[Picture]:
    """The test cells of a demo product (``solar-mono``, ``solar-poly``), by file name."""
    kind = kind_of(f"demo:{product}")
    return [picture for picture in solar_pictures(kind) if picture.split is Split.TEST]


def is_demo_product(product: str) -> bool:
    """True for the products that the demo set has pictures of."""
    return f"demo:{product}" in (PREFIX + kind for kind in KINDS)


def is_demo(source: str) -> bool:
    """True for a source that names a demo set instead of a folder."""
    return source.startswith("demo:")


def kind_of(source: str) -> str:
    """``mono`` or ``poly`` of a source named ``demo:solar-...``. Raises ``DatasetError``."""
    kind = source.removeprefix(PREFIX)
    if kind not in KINDS:
        known = ", ".join(PREFIX + name for name in KINDS)
        raise DatasetError(f"{source}: no such demo set", remedy=f"Known: {known}")
    return kind


def data_folder() -> Path:
    """Where the package keeps its images; found without importing it."""
    package = find_spec("elpv_dataset")
    if package is None or package.origin is None:
        raise DatasetError(
            "demo:solar: package elpv-dataset is missing", remedy="Install Inspector's extra 'demo'"
        )
    return Path(package.origin).parent / "data"


def _drawn(path: Path) -> str:
    return hashlib.sha256(path.name.encode()).hexdigest()


def _label(grade: float) -> Label:
    return {0.0: Label.GOOD, 1.0: Label.DEFECTIVE}.get(grade, Label.GRADED)
