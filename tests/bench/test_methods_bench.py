"""The bench of all engines: cells are kept, found again, and never mixed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from inspector.core.errors import ConfigError, DatasetError
from scripts.bench import methods
from scripts.bench.cells import Cell, path_of
from scripts.bench.methods import HEADS, main, row_of
from scripts.bench.shown import laid_out

CELL = {
    "product": "data/bottle",
    "engine": "padim",
    "teach_s": 12.4,
    "teach_cpu_s": 6.6,
    "bundle_bytes": 34_000_000,
    "p50_ms": {"openvino": 7.31, "onnxruntime": 8.0, "rtx": None},
    "parity": {"map_difference": 0.002, "score_difference": 0.001, "largest": 4.0},
    "refused": "",
    "evaluation": {
        "image_auroc": 0.991,
        "image_auroc_interval": [0.95, 0.998],
        "pixel_auroc": None,
        "aupro": 0.5,
    },
}


def test_a_row_says_what_a_cell_holds() -> None:
    shown = dict(zip(HEADS, row_of(CELL), strict=True))
    assert shown["image AUROC"] == "99.1"
    assert shown["95 %"] == "95.0–99.8"
    assert shown["pixel AUROC"] == "-"
    assert shown["p50 ms"] == "onnxruntime 8.0, openvino 7.3"
    assert shown["map, score differ, %"] == "0.05, 0.025"
    assert shown["gate"] == "passed"


def test_a_row_says_how_many_defects_were_shown() -> None:
    shown = dict(zip(HEADS, row_of({**CELL, "shown_defects": 31}), strict=True))
    assert shown["engine"] == "padim (shown 31 defects)"


def test_half_of_each_kind_of_defects_is_shown(tmp_path: Path) -> None:
    source = tmp_path / "bottle"
    count = {"train/good": 5, "test/good": 3, "test/crack": 4, "test/dent": 5}
    for name, number in count.items():
        (source / name).mkdir(parents=True)
        for index in range(number):
            (source / name / f"{index:03}.png").write_text(f"{name} {index}")
    (source / "ground_truth/crack").mkdir(parents=True)
    for index in range(4):
        (source / f"ground_truth/crack/{index:03}_mask.png").write_text("mask")
    links = {}
    for name, seed in (("one", 0), ("again", 0), ("other", 1)):
        assert laid_out(str(source), tmp_path / name, seed) == 4
        paths = (path for path in (tmp_path / name).rglob("*") if path.is_file())
        links[name] = {str(path.relative_to(tmp_path / name)): path.read_text() for path in paths}
    assert links["one"] == links["again"] != links["other"]
    found = links["one"]
    in_folder = [str(Path(path).parent) for path in found]
    wanted = {"train/good": 5, "test/good": 3, "train/crack": 2, "test/crack": 2, "train/dent": 2}
    wanted |= {"test/dent": 3, "ground_truth/crack": 2}
    assert {name: in_folder.count(name) for name in set(in_folder)} == wanted
    assert len({text for text in found.values() if text != "mask"}) == 17
    marked = {path for path in found if path.startswith("ground_truth")}
    tested = {path for path in found if path.startswith("test/crack")}
    assert {Path(path).stem.removesuffix("_mask") for path in marked} == {
        Path(path).stem for path in tested
    }


def test_cells_have_files_of_their_own(tmp_path: Path) -> None:
    names = {
        path_of(tmp_path, source, engine).name
        for source in ("a/bottle", "demo:solar-mono")
        for engine in ("padim", "padim channels=0", 'deep_rx scales="[[8]]"')
    }
    assert len(names) == 6
    assert "demo-solar-mono-padim.json" in names


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked = ["methods", "--out", str(tmp_path / "out"), "--products", "a/bottle", "b/tile"]
    asked += ["--engines", "padim", "deep_rx", "--good", "20"]
    monkeypatch.setattr(sys, "argv", asked)
    return asked


def test_a_stopped_run_goes_on_with_what_is_missing(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[str, str]] = []

    def measured(source: str, engine: str, *rest: object) -> Cell:
        if len(asked) == 2:
            raise KeyboardInterrupt
        asked.append((source, engine))
        if engine == "deep_rx":
            raise ConfigError("engine: no", remedy="None")
        return CELL | {"product": source, "engine": engine, "settings": settings}

    settings = {"size": None, "good": 20, "threads": 0}
    monkeypatch.setattr(methods, "measured", measured)
    with pytest.raises(KeyboardInterrupt):
        main()
    first = list(asked)
    asked.clear()
    main()
    assert first == [("a/bottle", "padim"), ("a/bottle", "deep_rx")]
    assert asked == [("b/tile", "padim"), ("b/tile", "deep_rx")]
    table = capsys.readouterr().out.rpartition("\n\n")[2]
    assert table.count("99.1") == 2
    assert table.count("engine: no") == 2


def test_cells_of_other_settings_are_not_mixed(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path_of(tmp_path / "out", "a/bottle", "padim")
    path.parent.mkdir()
    path.write_text(json.dumps(CELL | {"settings": {"size": 64, "good": 20, "threads": 0}}))
    monkeypatch.setattr(sys, "argv", [*command, "--table"])
    with pytest.raises(DatasetError, match="measured otherwise"):
        main()


def test_the_summary_has_an_engine_in_each_row_and_a_product_in_each_column() -> None:
    refused = {**CELL, "engine": "rpca", "refused": "the map differs"}
    untaught = {"product": "data/tile", "engine": "padim", "problem": "looks the same turned"}
    assert methods.summary([CELL, refused, untaught]).splitlines() == [
        "| engine | bottle | tile |",
        "| --- | --- | --- |",
        "| `padim` | 99.1 (95–100) | refused |",
        "| `rpca` | 99.1 (95–100), gate refuses |  |",
    ]
