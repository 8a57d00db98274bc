"""The bench of the variants: its table, and that it measures what the gate refuses."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from engines.runtimes.parity import TOLERANCES, Parity, Tolerance
from inspector.teaching.evaluate import Evaluation, LatencyFigures
from scripts.bench.cells import engine_of
from scripts.bench.variants import HEADS, PRECISIONS, Row, cells, main, refusals
from tests.teaching.conftest import write_mvtec

PARITY = Parity(
    images=84,
    map_difference=0.2,
    score_difference=0.05,
    allowed_cell=1.0,
    allowed=0.2,
    threshold=2.0,
    in_band=5,
    flips=3,
    flips_outside=1,
)
WORTH = Evaluation(
    image_auroc=0.98765,
    pixel_auroc=None,
    aupro=None,
    false_rejects=1,
    escapes=21,
    threshold=2.0,
    latency_ms=LatencyFigures(1.26, 2.0),
    images=83,
    engine="patchcore",
    runtime="openvino-int8",
    good=20,
    defective=63,
)


def row(parity: Parity | None, evaluation: Evaluation | None, refused: str) -> Row:
    return Row("disc", "patchcore", (64, 32), "openvino", "int8", parity, evaluation, refused)


def test_a_row_is_in_shares_of_the_largest_map_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.bench.variants.TOLERANCES", {"int8": Tolerance(0.25, 0.05)})
    shown = dict(zip(HEADS, cells(row(PARITY, WORTH, "flips")), strict=True))
    assert shown == {
        "product": "disc, 64x32 px",
        "engine": "patchcore",
        "runtime": "openvino int8",
        "map differs, %": "5 (25)",
        "score differs, %": "1.2 (5)",
        "flips": "3 (1)",
        "in the band": "5 of 84",
        "gate": "refused",
        "image AUROC": "0.988",
        "pixel AUROC": "-",
        "AU-PRO": "-",
        "false rejects": "1 of 20",
        "escapes": "21 of 63",
        "p50 ms": "1.3",
    }


def test_what_does_not_even_start_is_in_the_table() -> None:
    lost = row(None, None, "self-test failed")
    assert cells(lost)[3:] == ["-"] * 4 + ["refused"] + ["-"] * 6
    assert refusals([row(PARITY, WORTH, ""), lost]) == [
        "disc, patchcore, openvino int8, refused: self-test failed"
    ]


def test_engines_are_sections_of_a_recipe() -> None:
    section = engine_of("patchcore backbone=efficientnet-lite1 scales=[[8,16]] reweight=true")
    assert section == {
        "method": "patchcore",
        "backbone": "efficientnet-lite1",
        "scales": [[8, 16]],
        "reweight": True,
    }
    for wrong in ("padime", "patchcore coreset=few", "autoencoder coreset=500"):
        with pytest.raises(ValueError, match="validation error"):
            engine_of(wrong)


def test_every_precision_has_a_tolerance_to_be_held_against() -> None:
    assert set(PRECISIONS) == set(TOLERANCES)


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gate that lets no INT8 pass, behind a self-test that does."""
    monkeypatch.setattr("engines.runtimes.engine.TOLERANCES", dict(TOLERANCES))
    monkeypatch.setitem(TOLERANCES, "int8", Tolerance(1e-6, 1e-6))


@pytest.mark.slow
@pytest.mark.usefixtures("tight")
def test_rendered_product(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "variants.json"
    options = f"--products {write_mvtec(tmp_path / 'disc')} --sizes 64 --threads 1 --json {out}"
    chosen = "--runtimes openvino onnxruntime --precisions f32 f16 int8 --good 24"
    command = ["variants", *options.split(), *chosen.split(), "--engines", "patchcore coreset=60"]
    monkeypatch.setattr(sys, "argv", command)
    main()
    figures = json.loads(out.read_text(encoding="utf-8"))
    found = {(row["runtime"], row["precision"]): row for row in figures["rows"]}
    cpu = ("openvino", "onnxruntime")
    assert sorted(found) == sorted((name, kind) for name in cpu for kind in ("f32", "int8"))
    assert found["onnxruntime", "f32"]["parity"]["map_difference"] == 0.0
    for (_, precision), measured in found.items():
        assert bool(measured["refused"]) == (precision == "int8")
        assert measured["evaluation"]["image_auroc"] == 1.0
        assert measured["evaluation"]["latency_ms"]["p50"] > 0
    printed = capsys.readouterr().out
    assert printed.count("| refused |") == 2
    assert [text.partition(":")[0] for text in figures["left_out"]] == [f"{n} f16" for n in cpu]
    assert all(f"- {text}" in printed for text in figures["left_out"])
