"""Figures on labelled images; what the images cannot tell is None."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.cli.teach import evaluation_rows
from inspector.core.errors import BundleError, DatasetError
from inspector.core.line_config import RuntimeConfig
from inspector.teaching.evaluate import Evaluation, evaluate
from inspector.teaching.teach import TeachResult
from tests.teaching.conftest import write_parts

KEYS = {
    "image_auroc",
    "image_auroc_interval",
    "pixel_auroc",
    "aupro",
    "false_rejects",
    "false_reject_rate",
    "escapes",
    "escape_rate",
    "threshold",
    "latency_ms",
    "images",
    "engine",
    "runtime",
}


@pytest.fixture(scope="module")
def evaluation(taught: tuple[TeachResult, Path], mvtec: Path) -> Evaluation:
    return evaluate(taught[0].bundle, str(mvtec))


def test_rendered_defects_are_found_where_they_are(evaluation: Evaluation) -> None:
    assert evaluation.image_auroc == 1.0
    assert evaluation.escape_rate == 0.0
    assert evaluation.pixel_auroc is not None
    assert evaluation.pixel_auroc > 0.9
    assert evaluation.aupro is not None
    assert evaluation.aupro > 0.6


def test_json_has_the_agreed_keys(evaluation: Evaluation) -> None:
    plain = json.loads(json.dumps(evaluation.to_json(), allow_nan=False))
    assert set(plain) >= KEYS
    assert set(plain["latency_ms"]) == {"p50", "p99"}
    assert plain["images"] == 24
    assert plain["engine"] == "patchcore"
    assert plain["runtime"] == "openvino"
    assert plain["categories"]["spot"]["rejected"] == 12


def test_people_read_counts(evaluation: Evaluation) -> None:
    rows = evaluation_rows(evaluation)
    assert "escapes      0 of 12 (0.0 %) defective images" in rows
    assert "  spot       12 of 12 (100.0 %) rejected" in rows
    assert f"rejected     {evaluation.false_rejects} of 12 (" in "\n".join(rows)


def test_only_good_images(taught: tuple[TeachResult, Path], tmp_path: Path) -> None:
    write_parts(tmp_path / "test/good", range(300, 304))
    found = evaluate(taught[0].bundle, str(tmp_path))
    assert found.image_auroc is found.escape_rate is found.pixel_auroc is found.aupro is None
    assert found.false_reject_rate is not None


def test_only_defective_images_without_masks(
    taught: tuple[TeachResult, Path], tmp_path: Path
) -> None:
    write_parts(tmp_path / "test/spot", range(300, 304), spot=True)
    found = evaluate(taught[0].bundle, str(tmp_path))
    assert found.image_auroc is found.false_reject_rate is found.pixel_auroc is None
    assert found.escape_rate == 0.0


def test_folder_without_tests(taught: tuple[TeachResult, Path], tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="test"):
        evaluate(taught[0].bundle, str(tmp_path))


def test_other_runtime_needs_its_own_calibration(
    taught: tuple[TeachResult, Path], mvtec: Path
) -> None:
    with pytest.raises(BundleError, match=r"calibration-onnxruntime\.yaml: no calibration"):
        evaluate(taught[0].bundle, str(mvtec), runtime=RuntimeConfig(name="onnxruntime"))
