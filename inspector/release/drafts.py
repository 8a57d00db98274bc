"""Drafts: recipes that somebody proposes. Nothing runs with one before an engineer takes it up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inspector.core.errors import InputError, RefusedError
from inspector.core.recipe import Recipe
from inspector.durable.files import storage_errors, write_atomically
from inspector.durable.yaml_files import dump_yaml, load_yaml, validated
from inspector.release.making import Signature

TAKEN, DISCARDED = "taken", "discarded"
"""Folders below that of the drafts, for those that somebody decided on."""

_LEAST, _MOST = 1e-6, 0.5
_NAME = re.compile(r"[\w.+-]+\.yaml")
_LINE = re.compile(r"# (who|when|why|what|from|rests on) +(.*)")
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class RecipeDraft:
    """A recipe, and the file that holds it."""

    path: Path
    recipe: Recipe


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft that waits, as it was proposed. ``recipe_hash`` is that of the recipe then."""

    path: Path
    recipe: Recipe
    who: str
    when: str
    why: str
    basis: str
    recipe_hash: str

    @property
    def rate(self) -> float:
        """The false-reject rate that it would have."""
        return self.recipe.decision.false_reject_rate

    def adopted_by(self, now: Recipe) -> Recipe:
        """What the recipe becomes. Raises ``RefusedError`` where it is not what it was."""
        if now.hash != self.recipe_hash:
            raise RefusedError(
                f"{now.product}: its recipe was changed since this was proposed",
                remedy="Discard the draft, and propose the rate again",
            )
        return self.recipe

    def lay_aside(self, folder: str) -> None:
        """Move it to ``TAKEN`` or ``DISCARDED``. Raises ``StorageError``."""
        target = self.path.parent / folder
        with storage_errors(self.path):
            target.mkdir(parents=True, exist_ok=True)
            self.path.replace(target / self.path.name)


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


def proposals(data_folder: Path) -> Iterator[Proposal]:
    """All drafts that wait, newest first; files that are no draft are passed over."""
    files = drafts_folder(data_folder).glob("*.yaml")
    newest = sorted(files, key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in newest:
        try:
            yield find_proposal(data_folder, path.name)
        except InputError:
            continue


def find_proposal(data_folder: Path, name: str) -> Proposal:
    """One of them, by the name of its file. Raises ``RefusedError``, ``ConfigError``."""
    path = drafts_folder(data_folder) / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise RefusedError(f"{name}: there is no such draft", remedy="Somebody decided on it")
    lines = path.read_text(encoding="utf-8").splitlines()
    found = (_LINE.match(line) for line in lines)
    said = {one[1]: one[2] for one in found if one is not None}
    return Proposal(
        path=path,
        recipe=load_yaml(path, Recipe),
        who=said.get("who", ""),
        when=said.get("when", ""),
        why=said.get("why", ""),
        basis=said.get("rests on", ""),
        recipe_hash=said.get("from", "").removeprefix("recipe "),
    )


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
