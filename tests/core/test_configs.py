"""The configuration files that ship are valid, and every key of the line is documented in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel

from inspector.core.line_config import LineConfig
from inspector.core.recipe import Recipe
from inspector.durable.yaml_files import load_yaml

CONFIGS = Path(__file__).parents[2] / "configs"
LINES = sorted(CONFIGS.glob("*.yaml"))
PRODUCTS = sorted((CONFIGS / "products").glob("*.yaml"))


@pytest.mark.parametrize("path", LINES, ids=lambda path: path.name)
def test_lines_are_valid_and_their_product_exists(path: Path) -> None:
    line = load_yaml(path, LineConfig)
    assert (CONFIGS / "products" / f"{line.product}.yaml").is_file()


@pytest.mark.parametrize("path", PRODUCTS, ids=lambda path: path.name)
def test_products_are_valid_and_bear_their_files_name(path: Path) -> None:
    recipe = load_yaml(path, Recipe)
    assert recipe.product == path.stem
    assert recipe.title.keys() == {"en", "ja"}


def test_plc_numbers_are_unique() -> None:
    numbers = [load_yaml(path, Recipe).plc_id for path in PRODUCTS]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize(
    ("file", "model"), [("line.yaml", LineConfig), ("products/solar-mono.yaml", Recipe)]
)
def test_the_documented_files_spell_out_every_key_and_its_default(
    file: str, model: type[BaseModel]
) -> None:
    written = yaml.safe_load((CONFIGS / file).read_text(encoding="utf-8"))
    missing = list(_missing(model, written, ""))
    assert missing == []


def _missing(model: type[BaseModel], written: dict[str, object], place: str) -> list[str]:
    missing = []
    for name, field in model.model_fields.items():
        if name not in written:
            missing.append(place + name)
            continue
        value = written[name]
        if isinstance(value, dict):
            # A section of several forms is told apart by a field of one literal value.
            for section in _sections(field.annotation):
                if _is(section, value):
                    missing += _missing(section, value, f"{place}{name}.")
    return missing


def _is(section: type[BaseModel], value: dict[str, object]) -> bool:
    told_by = section.model_fields.keys() & {"method", "driver"}
    return all(value.get(key) in get_args(section.model_fields[key].annotation) for key in told_by)


def _sections(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [section for part in get_args(annotation) for section in _sections(part)]


def test_every_key_has_a_description() -> None:
    def undocumented(model: type[BaseModel]) -> list[str]:
        found = []
        for name, field in model.model_fields.items():
            sections = _sections(field.annotation)
            for section in sections:
                found += undocumented(section)
            named = {"product", "station", "driver", "cameras"}
            if not sections and not field.description and name not in named:
                found.append(f"{model.__name__}.{name}")
        return found

    assert undocumented(LineConfig) + undocumented(Recipe) == []
