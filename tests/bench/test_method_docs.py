"""What docs/methods.md and docs/engines.md say of the engines is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from inspector.core.engine_spec import METHODS
from inspector.core.recipe import Recipe
from inspector.durable.yaml_files import load_yaml
from scripts import engine_options

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [(DOCS / name).read_text(encoding="utf-8") for name in ("methods.md", "engines.md")]


def anchors(text: str) -> set[str]:
    """Of the headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_the_options_are_those_of_the_engines() -> None:
    text = engine_options.PAGE.read_text(encoding="utf-8")
    assert engine_options.page(text) == text, "run python -m scripts.engine_options"


@pytest.mark.parametrize("page", PAGES, ids=["methods", "engines"])
def test_every_engine_is_told_of_and_no_other(page: str) -> None:
    assert [method for method in METHODS if f"`{method}`" not in page] == []
    asked = set(re.findall(r"--engine ([a-z_]+)", page))
    assert asked <= {*METHODS, "auto"}


def test_recipes_of_the_pages_are_valid(tmp_path: Path) -> None:
    found = [text for page in PAGES for text in re.findall(r"`(engine: \{.*?\})`", page, re.DOTALL)]
    assert len(found) > 5
    for text in found:
        recipe = tmp_path / "recipe.yaml"
        recipe.write_text(f"product: gear\n{text}\n", encoding="utf-8")
        load_yaml(recipe, Recipe)


@pytest.mark.parametrize("name", ["methods.md", "engines.md"])
def test_links_lead_somewhere(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)]+)\)", text):
        file, _, anchor = link.partition("#")
        path = DOCS / (file or name)
        assert path.exists(), link
        assert not anchor or anchor in anchors(path.read_text(encoding="utf-8")), link
