"""Families of methods in the order of docs/methods.md, and their variants that are worth a picture.

A variant is an engine as benches name it: ``patchcore coreset=500``. What this version of the
program does not know is left out; a method that is in no family stands in one of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inspector.core.engine_spec import METHODS
from scripts.bench.cells import engine_of


@dataclass(frozen=True)
class Family:
    """One sheet: its file's name, its title, and its engines."""

    name: str
    title: str
    engines: tuple[str, ...]


TABLE = (
    Family(
        "memory",
        "Memory and statistics of deep features",
        ("patchcore", "padim", "deep_rx", "deep_rx per_position=true"),
    ),
    Family("student", "A student of the backbone", ("student",)),
    Family("one-class", "One-class and density", ("svdd", "flow")),
    Family(
        "redrawing",
        "Engines that draw the part again",
        ("autoencoder", "vae", "masked", "masked task=jigsaw", "gan"),
    ),
    Family(
        "self-supervised",
        "Self-supervised",
        ("rotation", "cutpaste", "deep_rx features=cutpaste"),
    ),
    Family(
        "sparse",
        "Sparse codes and dictionaries",
        (
            "lista",
            "dictionary form=global",
            "dictionary form=ksvd",
            "dictionary form=clusters",
            "dictionary patches=[8,16,32]",
            "dictionary per_position=false",
        ),
    ),
    Family(
        "local",
        "Each place against its surroundings",
        (
            "rx form=local on=pixels",
            "rx form=local",
            "lrb",
            "crd",
            "crd on=pixels levels=3",
        ),
    ),
    Family(
        "one-background",
        "One background for all good parts",
        ("rx", "rx per_position=true", "rx form=kernel", "rx form=streaming"),
    ),
    Family(
        "low-rank",
        "Low rank and what is sparse beside it",
        (
            "rpca",
            "rpca on=features",
            "rpca on=features matrix=patches",
            "rpca form=single matrix=patches",
        ),
    ),
    Family("figures", "Mahalanobis-Taguchi", ("mt", "mt form=cells", "mt on=features")),
    Family("supervised", "Shown defects by name", ("classifier",)),
    Family("none", "No engine: background checks alone", ("none",)),
)


def families() -> tuple[Family, ...]:
    """What of the table there is, and what there is beside it."""
    known = tuple(_known(family) for family in TABLE)
    shown = {engine.split()[0] for family in known for engine in family.engines}
    rest = tuple(Family(name, name, (name,)) for name in METHODS if name not in shown)
    return tuple(family for family in (*known, *rest) if family.engines)


def _known(family: Family) -> Family:
    return Family(family.name, family.title, tuple(filter(_exists, family.engines)))


def _exists(engine: str) -> bool:
    if engine.split(maxsplit=1)[0] not in METHODS:
        return False
    try:
        engine_of(engine)
    except ValueError:
        return False
    return True


def every_engine(some: Sequence[Family]) -> list[str]:
    """All once, in their order."""
    return list(dict.fromkeys(engine for family in some for engine in family.engines))
