"""The two products of the methods' pictures: rendered, so that all of it may be shown.

A washer, which lies still, and woven cloth, which lies anywhere under a lamp that changes. Each has
good pictures to teach from, some of its defects by name for engines that want them, and one part
that no engine has seen, with a spot, a scratch and a faint stain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.durable.files import new_folder
from inspector.sim.defects import Canvas, Flaw, Kind, Mask
from inspector.sim.scene import Defect, WasherScene
from inspector.sim.textures import Texture, TexturedScene

Grey = NDArray[np.uint8]

SIDE = 256
"""px of a picture."""
_APART = 24
"""px that lie between two defects of the part at least."""
_SHOWN_EACH = 6
"""Pictures of each kind of defect for engines that are shown some."""
_PART, _SHOWN, _UNSEEN = 5_000_002, 6_000_000, 7_000_000
"""Numbers from which parts are none of those that teach. The part was chosen by its looks, before
any engine saw it."""
UNSEEN = 20
"""Good parts that each engine judges, too."""


@dataclass(frozen=True)
class Product:
    """What is rendered: a good picture uint8[H, W] by number, and the defects of the part."""

    name: str
    title: str
    good: Callable[[int], Grey]
    flaws: tuple[Flaw, ...]
    side: int
    part: int = _PART


@dataclass(frozen=True)
class Part:
    """The part that all engines judge: uint8[H, W], and where its defects are, by their kind."""

    picture: Grey
    defects: Mapping[str, Mask]


def _washer(side: int) -> Callable[[int], Grey]:
    scene = WasherScene(side, side, seed=10)
    return lambda number: scene.render_with(number, Defect.NONE).pixels[..., 0]


def _weave(side: int) -> Callable[[int], Grey]:
    scene = TexturedScene(Texture.WEAVE, side, seed=10)
    return lambda number: scene.render(number).levels


def products(side: int = SIDE) -> tuple[Product, ...]:
    """Both; sizes of defects are shares of the picture."""
    unit = side / SIDE
    spot = Flaw(Kind.SPOT, 5 * unit, 0.4)
    scratch = Flaw(Kind.SCRATCH, 36 * unit, 0.25, dark=False, width_px=1.6 * unit)
    return (
        Product(
            "washer",
            "Steel washer, always in its place",
            _washer(side),
            (spot, scratch, Flaw(Kind.STAIN, 30 * unit, 0.1)),
            side,
        ),
        Product(
            "weave",
            "Woven cloth, lies anywhere, uneven light",
            _weave(side),
            (spot, scratch, Flaw(Kind.STAIN, 48 * unit, 0.15)),
            side,
        ),
    )


def part_of(product: Product, number: int) -> Part:
    """One part with all the product's defects, clear of each other."""
    picture, defects = product.good(number), dict[str, Mask]()
    for flaw in product.flaws:
        picture, mask = _painted(picture, flaw, number, defects)
        defects[flaw.kind.value] = mask
    return Part(picture, defects)


def unseen(product: Product) -> Iterator[Grey]:
    """Good parts that taught nothing."""
    return (product.good(_UNSEEN + index) for index in range(UNSEEN))


def _painted(
    picture: Grey, flaw: Flaw, number: int, others: Mapping[str, Mask]
) -> tuple[Grey, Mask]:
    """Paint at the first of the drawn places that is clear of the others, or at the clearest."""
    canvas = Canvas(picture)
    taken = np.ones(picture.shape, np.uint8)
    for mask in others.values():
        taken[mask] = 0
    away = cv2.distanceTransform(taken, cv2.DIST_L2, 5)
    wanted = _APART * picture.shape[0] / SIDE
    found = max(
        (canvas.paint(flaw, (number, seed)) for seed in range(24)),
        key=lambda one: min(float(away[one.mask].min()), wanted) if others else 0.0,
    )
    return found.levels.astype(np.uint8), found.mask


def lay_out(product: Product, folder: Path, good: int) -> None:
    """Write what teaches, unless it is there: ``train/good``, and ``train/<kind>``."""
    if folder.exists():
        return
    with new_folder(folder) as made:
        for number in range(good):
            _write(made / "train/good", number, product.good(number))
        for index in range(_SHOWN_EACH * len(product.flaws)):
            flaw = product.flaws[index % len(product.flaws)]
            picture = product.good(_SHOWN + index)
            painted = Canvas(picture).paint(flaw, _SHOWN + index).levels
            _write(made / "train" / flaw.kind.value, index, painted.astype(np.uint8))


def _write(folder: Path, number: int, picture: Grey) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(folder / f"{number:06d}.png"), picture)
