"""The demo set's split is fixed: as recorded, and disjoint."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from inspector.core.errors import DatasetError
from inspector.teaching.dataset import Label, Split
from inspector.teaching.solar import kind_of, solar_pictures, solar_test_set

pytest.importorskip("elpv_dataset", reason="extra 'demo' is not installed")


@pytest.mark.parametrize(
    ("kind", "functional", "defective", "graded"),
    [("mono", 588, 313, 173), ("poly", 920, 402, 228)],
)
def test_counts(kind: str, functional: int, defective: int, graded: int) -> None:
    counts = Counter((picture.split, picture.truth) for picture in solar_pictures(kind))
    assert counts == {
        (Split.TEACH, Label.GOOD): 100,
        (Split.CALIBRATE, Label.GOOD): 50,
        (Split.TEST, Label.GOOD): functional - 150,
        (Split.TEST, Label.DEFECTIVE): defective,
        (Split.TEST, Label.GRADED): graded,
    }


def test_the_split_never_moves() -> None:
    chosen = sorted(p.name for p in solar_pictures("mono") if p.split is Split.CALIBRATE)
    digest = hashlib.sha256(" ".join(chosen).encode()).hexdigest()
    assert digest[:16] == "e178415100bdcb95"


def test_test_set_of_a_product() -> None:
    cells = solar_test_set("solar-poly")
    assert len(cells) == 920 - 150 + 402 + 228
    assert len({cell.name for cell in cells}) == len(cells)


def test_unknown_kind() -> None:
    with pytest.raises(DatasetError, match="demo:solar-mono, demo:solar-poly"):
        kind_of("demo:solar-thin")
