"""Questions about products: the tiles of a changeover, what one changes, and one product whole."""

from __future__ import annotations

from typing import Literal

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


class ZoneShape(msgspec.Struct, frozen=True):
    """A polygon on a product's picture, in fractions of it."""

    name: str
    use: Literal["include", "exclude", "zone"]
    sensitivity: float
    polygon: tuple[tuple[float, float], ...]


class ProductPicture(msgspec.Struct, frozen=True):
    """A good image that a product was taught from, JPEG, and where on it is inspected.

    ``region`` is (left, top, width, height) in fractions of the picture; None: all of it.
    """

    jpeg: bytes = b""
    region: tuple[float, float, float, float] | None = None
    zones: tuple[ZoneShape, ...] = ()


class CompareProducts(Question, frozen=True):
    """What a changeover from ``now`` (empty: nothing is loaded) to ``other`` changes."""

    now: str
    other: str
    longest: int = 640


Group = Literal[
    "release", "threshold", "engine", "runtime", "checks", "zones", "preparation", "camera", "rest"
]


class Difference(msgspec.Struct, frozen=True):
    """One value that is another one afterwards; empty: there is none.

    ``key`` is that of the recipe within its section, as documented there, or a word of its own.
    """

    group: Group
    key: str
    old: str
    new: str


class Compared(Reading, frozen=True):
    """Answer to ``CompareProducts``: differences, what matters most first."""

    other: str
    title: dict[str, str]
    picture: ProductPicture
    differences: tuple[Difference, ...]
    problem: str = ""
    """Why it cannot be loaded, in words."""
    unreleased: str = ""
    """Why it will not run in production, in words."""
    limits_due: str = ""
    """Why its limit samples are to be shown before production, in words."""


class AskProduct(Question, frozen=True):
    """One product: its picture with zones, its limit samples and its releases."""

    product: str
    longest: int = 900


class MasterEntry(msgspec.Struct, frozen=True):
    """A limit sample. ``picture`` (JPEG) is its own, or that of the part when last shown."""

    name: str
    good: bool
    check: str = ""
    placed: bool = False
    """It must be found at one place of the part."""
    picture: bytes = b""


class ReleaseEntry(msgspec.Struct, frozen=True):
    """An entry of a product's releases; ``withdraws`` is the number of the one that it ends."""

    number: int
    user: str
    role: str
    utc_us: int
    reason: str
    withdraws: int = 0
    bundle: str = ""
    """Start of its hash."""
    false_reject_rate: float | None = None


class ProductDetail(Reading, frozen=True):
    """Answer to ``AskProduct``; ``releases`` newest first, ``active`` the number of one of them."""

    product: str
    title: dict[str, str]
    picture: ProductPicture
    checks: tuple[str, ...] = ()
    masters: tuple[MasterEntry, ...] = ()
    releases: tuple[ReleaseEntry, ...] = ()
    active: int = 0
    problem: str = ""
    """Why its releases are not believed."""


AnyProductsQuestion = ListTiles | CompareProducts | AskProduct
AnyProductsAnswer = Tiles | Compared | ProductDetail
