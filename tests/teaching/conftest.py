"""Folders of small rendered parts."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from inspector.core.engine_spec import PatchCoreSpec
from inspector.core.recipe import PreparationSpec, Recipe
from inspector.durable.images import encode_png
from inspector.teaching.teach import TeachResult, teach
from tests.engines.pictures import part


@pytest.fixture(autouse=True)
def _data_folder_with_cache(tmp_path: Path, cache: Path) -> None:
    with_cache(tmp_path / "data", cache)


def with_cache(data: Path, cache: Path) -> Path:
    """A data folder that shares the cache; ``files_below`` does not follow the link."""
    data.mkdir()
    (data / "cache").symlink_to(cache, target_is_directory=True)
    return data


def recipe(fit: str = "exact", product: str = "disc") -> Recipe:
    return Recipe(
        product=product,
        preparation=PreparationSpec.model_validate({"width": 64, "height": 64, "fit": fit}),
        engine=PatchCoreSpec(coreset=200),
    )


def write_parts(folder: Path, numbers: range, *, spot: bool = False, size: int = 64) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        image = part(number, spot=spot, height=size, width=size)
        (folder / f"{number:03}.png").write_bytes(encode_png(image))


def write_masks(folder: Path, numbers: range) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    mask = np.zeros((64, 64, 1), np.uint8)
    cv2.circle(mask, (38, 32), 6, 255, -1)
    for number in numbers:
        (folder / f"{number:03}_mask.png").write_bytes(encode_png(mask))


def write_mvtec(root: Path) -> Path:
    write_parts(root / "train/good", range(40))
    write_parts(root / "test/good", range(100, 112))
    write_parts(root / "test/spot", range(200, 212), spot=True)
    write_masks(root / "ground_truth/spot", range(200, 212))
    return root


@pytest.fixture(scope="session")
def mvtec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mvtec(tmp_path_factory.mktemp("disc"))


@pytest.fixture(scope="session")
def taught(
    mvtec: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[TeachResult, Path]:
    data = with_cache(tmp_path_factory.mktemp("taught") / "data", cache)
    return teach(str(mvtec), recipe(), data), data


@pytest.fixture
def good_folder(tmp_path: Path) -> Path:
    write_parts(tmp_path / "good", range(24))
    return tmp_path / "good"


def files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
