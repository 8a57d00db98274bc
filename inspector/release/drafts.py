"""Drafts: recipes that somebody proposes. Nothing runs with one before an engineer takes it up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from inspector.core.errors import InputError
from inspector.core.recipe import Recipe
from inspector.durable.files import write_atomically
from inspector.durable.yaml_files import dump_yaml, validated
from inspector.release.making import Signature

_LEAST, _MOST = 1e-6, 0.5
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class RecipeDraft:
    """A recipe, and the file that holds it."""

    path: Path
    recipe: Recipe


def drafts_folder(data_folder: Path) -> Path:
    """Where drafts are."""
    return data_folder / "drafts"


def write_draft(
    data_folder: Path, recipe: Recipe, rate: float, signature: Signature, *, basis: str = ""
) -> RecipeDraft:
    """Keep a recipe with another false-reject rate, and above it who wants it, when and why.

    The file is a recipe like any other: ``inspector backtest`` takes it as it is. Raises
    ``InputError``, ``StorageError``.
    """
    if not _LEAST <= rate <= _MOST:
        raise InputError(
            f"{rate:g}: no false-reject rate", remedy=f"Give a share from {_LEAST:g} to {_MOST:g}"
        )
    if rate == recipe.decision.false_reject_rate:
        raise InputError(f"{recipe.product}: its recipe has this false-reject rate already")
    folder = drafts_folder(data_folder)
    path = folder / f"{recipe.product}-{signature.utc:%Y%m%dT%H%M%S}-{rate:g}.yaml"
    content = recipe.model_dump(mode="json")
    content["decision"]["false_reject_rate"] = rate
    draft = validated(content, Recipe, path)
    head = "".join(
        f"# {line}\n" for line in _head(recipe, draft, path, signature, basis[:_LONGEST])
    )
    write_atomically(path, head.encode() + dump_yaml(draft))
    return RecipeDraft(path, draft)


def _head(before: Recipe, draft: Recipe, path: Path, signature: Signature, basis: str) -> list[str]:
    product, old = before.product, before.decision.false_reject_rate
    lines = [
        f"Draft of {product}: proposed, not in force.",
        f"who   {signature.user} ({signature.role}), station {signature.station}",
        f"when  {signature.utc.isoformat(timespec='seconds')}",
        f"why   {_one_line(signature.reason)}",
        f"what  decision.false_reject_rate {old:g} -> {draft.decision.false_reject_rate:g}",
        f"from  recipe {before.hash}",
    ]
    if basis:
        lines.append(f"rests on  {_one_line(basis)}")
    return [
        *lines,
        "To take it up:",
        f"  inspector backtest drafts/{path.name}",
        f"  cp drafts/{path.name} products/{product}.yaml",
        f"  inspector calibrate {product} --user NAME --reason WORDS",
        f"  inspector release {product} --user NAME --reason WORDS",
    ]


def _one_line(words: str) -> str:
    return " ".join(words.split())
