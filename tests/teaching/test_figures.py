"""The figures that the project states, on real images. Slow; needs the data."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.core.recipe import PreparationSpec, Recipe
from inspector.teaching.evaluate import Evaluation, evaluate
from inspector.teaching.teach import teach

DATA = Path(__file__).parents[2].parent / "shared/data"

pytestmark = pytest.mark.slow


def figures(source: str, product: str, folder: Path, fit: str = "exact") -> Evaluation:
    spec = PreparationSpec.model_validate({"fit": fit})
    result = teach(source, Recipe(product=product, preparation=spec), folder)
    return evaluate(result.bundle, source)


@pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is absent")
def test_bottle(tmp_path: Path) -> None:
    found = figures(str(DATA / "mvtec_bottle"), "bottle", tmp_path)
    assert found.image_auroc is not None
    assert found.image_auroc >= 0.99
    assert found.pixel_auroc is not None
    assert found.pixel_auroc >= 0.975
    assert found.escape_rate == 0.0


@pytest.mark.parametrize(("kind", "least"), [("mono", 0.94), ("poly", 0.88)])
def test_solar_cells(kind: str, least: float, tmp_path: Path) -> None:
    pytest.importorskip("elpv_dataset", reason="extra 'demo' is not installed")
    found = figures(f"demo:solar-{kind}", f"solar-{kind}", tmp_path)
    assert found.image_auroc is not None
    assert found.image_auroc >= least
