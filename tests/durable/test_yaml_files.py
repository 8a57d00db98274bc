from __future__ import annotations

from pathlib import Path

import pytest

from inspector.core.engine_spec import CrdSpec
from inspector.core.errors import ConfigError
from inspector.core.recipe import Box, Recipe
from inspector.durable.yaml_files import dump_yaml, load_yaml


def _load(tmp_path: Path, text: str) -> Recipe:
    path = tmp_path / "recipe.yaml"
    path.write_text(text, encoding="utf-8")
    return load_yaml(path, Recipe)


def test_what_is_dumped_is_loaded(tmp_path: Path) -> None:
    recipe = Recipe(product="washer", title={"ja": "座金"})
    (tmp_path / "recipe.yaml").write_bytes(dump_yaml(recipe))
    assert load_yaml(tmp_path / "recipe.yaml", Recipe) == recipe
    assert "座金" in dump_yaml(recipe).decode()


def test_on_is_the_name_of_an_option(tmp_path: Path) -> None:
    text = "product: a\nengine: {method: crd, on: pixels, cascade: false}"
    engine = _load(tmp_path, text).engine
    assert isinstance(engine, CrdSpec)
    assert (engine.on, engine.cascade) == ("pixels", False)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("product: a\nprepare: 1", r"recipe.yaml: prepare: unknown key\. Known keys there: .*prod"),
        ("product: a\nengine: {sed: 1}", r"engine\.sed: unknown key\. Known keys there: .*seed"),
        ("product: a\nengine: {seed: -1}", r"engine\.seed: .*greater than or equal to 0, got -1"),
        ("product: a\nengine: {seed: 3 s}", r"engine\.seed: a number without unit .*got '3 s'\. W"),
        ("product: a\npreparation: {align_range_px: 5 px}", r"_px: a number without unit"),
        ("product: a\npreparation: {scale_mm_per_px: 5 um}", r"_px: a number without unit"),
        ("product: a\nfoo: 1\nbar: 2", r"\(1 more after this one\)"),
        ("product: a\ndecision: {min_defect_area_mm2: 1}", "needs preparation.scale_mm_per_px"),
        ("product: [", "not YAML"),
        ("- product", "a mapping is expected"),
        ("", "a mapping is expected"),
    ],
)
def test_errors_name_file_key_and_remedy_in_one_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as wrong:
        _load(tmp_path, text)
    assert "\n" not in str(wrong.value)
    assert str(wrong.value).startswith(str(tmp_path))
    assert wrong.value.remedy


def test_files_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load_yaml(tmp_path / "none.yaml", Box)
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_yaml(tmp_path / "binary.yaml", Box)
