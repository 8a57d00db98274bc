"""Kernels of several scales learn from good parts how these compare."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calibration.learned import Learned
from inspector.core.check_spec import CheckSpec, DecisionBasis, LocalCheckSpec, Zone
from inspector.core.detection import Detection
from inspector.core.errors import BundleError
from inspector.core.recipe import PreparationSpec
from inspector.scoring.raw_check import RawCheck, raw_checks
from inspector.teaching.learning import Learning, learn_gains
from inspector.teaching.prepared import Preparer
from tests.teaching.conftest import write_parts

NONE = Detection(np.zeros((1, 1, 1), np.float32), np.zeros(1, np.float32))


def check_of(scales: int, *zones: Zone) -> RawCheck:
    spec: CheckSpec = LocalCheckSpec(check="local", scales=scales)
    return raw_checks(DecisionBasis(checks=(spec,), zones=zones))[0]


@pytest.fixture
def parts(tmp_path: Path) -> tuple[Preparer, list[Path]]:
    write_parts(tmp_path / "parts", range(30))
    spec = PreparationSpec.model_validate({"width": 64, "height": 64, "fit": "exact"})
    return Preparer(spec), sorted((tmp_path / "parts").iterdir())


def test_every_scale_finds_as_much_in_good_parts(parts: tuple[Preparer, list[Path]]) -> None:
    preparer, paths = parts
    (found,) = learn_gains([Learning(check_of(3))], preparer, paths)
    assert found.learned is not None
    assert (found.learned.images, found.learned.folds) == (30, 20)
    gains = found.learned.unpacked()["gains"]
    tops = np.array([check_of(3).tops(preparer.view(path)) for path in paths]) * gains
    np.testing.assert_allclose(np.quantile(tops, 0.95, axis=0), np.quantile(tops[:, 0], 0.95))
    for path, own in zip(paths, tops, strict=True):
        score_map = found.check.map_of(preparer.view(path), NONE)
        assert score_map.max() == pytest.approx(own.max(), rel=1e-6)


def test_a_calibration_keeps_them_and_without_them_it_judges_untaught(
    parts: tuple[Preparer, list[Path]],
) -> None:
    preparer, paths = parts
    (found,) = learn_gains([Learning(check_of(3))], preparer, paths)
    view, plain = preparer.view(paths[0]), check_of(3)
    known = plain.knowing(found.learned).map_of(view, NONE)
    np.testing.assert_array_equal(known, found.check.map_of(view, NONE))
    with pytest.raises(BundleError, match="local: has learned nothing of good images"):
        plain.knowing(None)  # a calibration of before scales were counted
    with pytest.raises(BundleError, match="local: did not learn 2 scales"):
        check_of(2).knowing(found.learned)
    with pytest.raises(BundleError, match="local: did not learn 3 scales"):
        plain.knowing(Learned.of({"other": np.ones(3)}, images=3))


def test_what_is_not_inspected_teaches_nothing(parts: tuple[Preparer, list[Path]]) -> None:
    preparer, paths = parts
    view = preparer.view(paths[0])
    everywhere = ((0.0, 0.0), (64.0, 0.0), (64.0, 64.0), (0.0, 64.0))
    excluded = check_of(3, Zone(name="all", use="exclude", polygon=everywhere))
    assert max(excluded.tops(view)) == 0.0
    assert min(check_of(3).tops(view)) > 0.0


def test_one_scale_learns_nothing(parts: tuple[Preparer, list[Path]]) -> None:
    learning = Learning(check_of(1))
    assert not learning.check.learns
    assert learn_gains([learning], parts[0], parts[1][:2]) == (learning,)
