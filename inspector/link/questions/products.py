"""Questions about products: the tiles of a changeover."""

from __future__ import annotations

import msgspec

from inspector.link.question import Question, Reading


class ListTiles(Question, frozen=True):
    """All products, each with a small picture. ``longest`` is its longest side in pixels."""

    longest: int = 320


class Tile(msgspec.Struct, frozen=True):
    """One product as a tile; ``picture`` is a JPEG file, empty where there is none."""

    product: str
    title: dict[str, str]
    taught: bool
    released: bool
    problem: str = ""
    """Why its recipe cannot be used."""
    picture: bytes = b""


class Tiles(Reading, frozen=True):
    """Answer to ``ListTiles``."""

    entries: tuple[Tile, ...]


AnyProductsQuestion = ListTiles
AnyProductsAnswer = Tiles
