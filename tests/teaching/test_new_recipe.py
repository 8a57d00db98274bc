"""A recipe's checks follow its engine."""

from __future__ import annotations

import pytest

from inspector.core.canonical import Json
from inspector.core.recipe import Recipe
from inspector.teaching.new_recipe import checks_for

ENGINE: list[Json] = [{"check": "engine"}]
LRB: list[Json] = [{"check": "lrb"}]


@pytest.mark.parametrize(
    ("method", "checks", "names"),
    [
        ("none", ENGINE, ["local", "rx"]),
        ("none", [*ENGINE, *LRB], ["lrb"]),
        ("none", LRB, ["lrb"]),
        ("patchcore", LRB, ["engine"]),
        ("autoencoder", [*ENGINE, *LRB], ["engine", "lrb"]),
    ],
)
def test_checks_suit_the_engine(method: str, checks: list[Json], names: list[str]) -> None:
    found = checks_for(method, checks)
    recipe = Recipe.model_validate(
        {"product": "part", "engine": {"method": method}, "checks": found}
    )
    assert [check.check for check in recipe.checks] == names
