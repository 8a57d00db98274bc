"""What methods that learn nothing find in the very first image of a new product.

Every defective image is judged by itself, as if it were the first that the line has seen: no good
image was taught and there is no threshold. So the questions are whether the map's strongest place
lies on the defect (``strongest``; ``chance`` is how often a place drawn at random does), and how
well the map parts the defect from the rest of its own image (pixel AUROC, mean over images; AU-PRO
over all of them). The image AUROC asks what the maximum, or the mean of the strangest 1 %, would
be worth once there is a threshold. Sets without masks get one painted defect on each good image
(spot, stain, scratch or dent, 8 to 32 px of 256, contrast 25 and 50 %). For comparison engines are
taught with good images and judge the same.

    .venv/bin/python -m scripts.bench.untaught --out untaught \\
        mvtec/bottle demo:solar-mono texture:weave --taught patchcore
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np

from calibration.metrics import Mask, aupro, auroc
from calibration.statistic import top_mean
from engines.background.local import LocalCollaborative, LocalRx, LocalZScore
from engines.background.patches import patches_for
from engines.background.pictures import Image, Kernel, resized
from engines.background.pyramid import Pyramid
from engines.background.representation import Collaborative, LocalRepresentation
from engines.background.rx import fit_background
from engines.background.windows import windows_for
from inspector.core.canonical import Json
from inspector.core.frame import PixelFormat, ScoreMap
from inspector.durable.images import read_image
from inspector.sim.defects import Canvas, Flaw, Kind
from inspector.sim.textures import Texture, TexturedScene
from inspector.teaching.dataset import Label, Split
from inspector.teaching.evaluate import labelled
from inspector.teaching.solar import is_demo, kind_of, solar_pictures
from inspector.teaching.sources import good_pictures
from scripts.bench.cells import Cell, found_in, keep, named_engine, path_of
from scripts.bench.texture_methods import engine_method

SIDE = 256
TOP = 0.01
_PAINTED = [
    Flaw(kind, size, contrast, dark)
    for kind, size, contrast, dark in (
        (Kind.SPOT, 8.0, 0.5, True),
        (Kind.STAIN, 32.0, 0.25, True),
        (Kind.SCRATCH, 24.0, 0.5, False),
        (Kind.DENT, 12.0, 0.25, True),
        (Kind.SPOT, 8.0, 0.25, False),
        (Kind.STAIN, 16.0, 0.5, True),
        (Kind.SCRATCH, 32.0, 0.25, True),
        (Kind.DENT, 24.0, 0.5, True),
    )
]
T = TypeVar("T")
HEADS = (
    *("product", "method", "images", "strongest on the defect", "chance", "pixel AUROC", "AU-PRO"),
    *("image AUROC of the maximum", "of the top 1 %"),
)


@dataclass(frozen=True)
class Seen:
    """Images of a product, grey uint8[256, 256]: defective ones with masks, good ones beside."""

    defective: list[tuple[Image, Mask]] = field(repr=False)
    good: list[Image] = field(repr=False)
    teaching: list[Image] = field(repr=False)


def untaught(height: int, width: int) -> dict[str, Kernel]:
    """Kernels that need no other image."""
    windows, patches = windows_for(height, width), patches_for(height, width)
    z, rx, crd = LocalZScore(windows), LocalRx(windows), LocalCollaborative(windows)
    lrb = LocalRepresentation(patches)

    def whole(image: Image) -> ScoreMap:
        vectors = patches.vectors(image)
        return fit_background([vectors]).distances(vectors)

    return {
        "local z": z,
        "local z, 3 scales": Pyramid((z,) * 3),
        "local RX": rx,
        "local RX, 3 scales": Pyramid((rx,) * 3),
        "uniform CRD, 3 scales": Pyramid((crd,) * 3),
        "LRB": lrb,
        "LRB, 2 scales": Pyramid((lrb,) * 2),
        "exact CRD": Collaborative(patches),
        "global RX of the image's own patches": whole,
    }


def images_of(source: str, most: int) -> Seen:
    """At most so many of each kind, evenly drawn. Raises ``DatasetError`` as reading does."""
    if source.startswith("texture:"):
        return _rendered(Texture(source.removeprefix("texture:")), most)
    pictures = labelled(source)
    good = [_grey(one.path) for one in _some([p for p in pictures if p.truth is Label.GOOD], most)]
    bad = [p for p in pictures if p.truth is Label.DEFECTIVE]
    if is_demo(source):
        teaching = [p for p in solar_pictures(kind_of(source)) if p.split is Split.TEACH]
    else:
        teaching = good_pictures(Path(source))
    masked = [(_grey(p.path), _mask(p.mask)) for p in _some(bad, most) if p.mask is not None]
    taught = [_grey(one.path) for one in _some(teaching, 100)]
    return Seen(masked or _painted(good), good, taught)


def _rendered(texture: Texture, most: int) -> Seen:
    scene = TexturedScene(texture, SIDE, seed=1)
    flaws = zip(range(most), cycle(_PAINTED), strict=False)
    bad = [scene.render(30_000 + number, flaw) for number, flaw in flaws]
    good = [scene.render(20_000 + number).levels for number in range(most)]
    teaching = [scene.render(number).levels for number in range(40)]
    return Seen([(one.levels, one.mask) for one in bad], good, teaching)


def _painted(good: Sequence[Image]) -> list[tuple[Image, Mask]]:
    made = []
    for number, (image, flaw) in enumerate(zip(good, cycle(_PAINTED), strict=False)):
        painted = Canvas(image).paint(flaw, (0, number))
        made.append((painted.levels, painted.mask))
    return made


def _some(every: Sequence[T], most: int) -> list[T]:
    return [every[at] for at in np.linspace(0, len(every) - 1, min(most, len(every))).astype(int)]


def _grey(path: Path) -> Image:
    levels = read_image(path, PixelFormat.MONO8)[..., 0]
    return np.asarray(cv2.resize(levels, (SIDE, SIDE), interpolation=cv2.INTER_AREA))


def _mask(path: Path) -> Mask:
    levels = read_image(path, PixelFormat.MONO8)[..., 0]
    mask: Mask = cv2.resize(levels, (SIDE, SIDE), interpolation=cv2.INTER_NEAREST) > 127
    return mask


def on_defect(found: ScoreMap, mask: Mask) -> tuple[bool, float]:
    """Whether the map's strongest cell holds some of the defect, and the share of cells that do."""
    side = cv2.INTER_AREA
    height, width = found.shape
    cells = cv2.resize(mask.astype(np.float32), (width, height), interpolation=side) > 0
    return bool(cells.flat[int(found.argmax())]), float(cells.mean())


def judge(kernel: Kernel, seen: Seen) -> dict[str, float | None]:
    """The figures of one method on one product; shares and areas 0..1."""
    maps = [kernel(image) for image, _ in seen.defective]
    masks = [mask for _, mask in seen.defective]
    hits, chance = zip(*map(on_defect, maps, masks), strict=True)
    wide = [resized(found, (SIDE, SIDE)) for found in maps]
    areas = [auroc(found, mask) for found, mask in zip(wide, masks, strict=True)]
    every = maps + [kernel(image) for image in seen.good]
    labels = np.arange(len(every)) < len(maps)
    return {
        "images": len(maps),
        "strongest": float(np.mean(hits)),
        "chance": float(np.mean(chance)),
        "pixel_auroc": float(np.mean([area for area in areas if area is not None])),
        "aupro": aupro(wide, masks),
        "image_auroc": auroc([found.max() for found in every], labels),
        "top_auroc": auroc([top_mean(found, TOP) for found in every], labels),
    }


def row_of(cell: Cell) -> Iterator[list[str]]:
    """Rows of the table, below `HEADS`, in percent."""
    names = ("strongest", "chance", "pixel_auroc", "aupro", "image_auroc", "top_auroc")
    for method, own in cell["methods"].items():
        shares = (own[name] for name in names)
        figures = ["-" if share is None else f"{100 * share:.1f}" for share in shares]
        yield [Path(cell["product"]).name, method, str(own["images"]), *figures]


def table(cells: Sequence[Cell]) -> str:
    """Markdown."""
    rows = [HEADS, ["---"] * len(HEADS), *(row for cell in cells for row in row_of(cell))]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "sources", nargs="+", help="folders in MVTec layout, demo:solar-mono, or texture:weave"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of a file for each product")
    parser.add_argument("--images", type=int, default=60, help="of each kind, at most")
    parser.add_argument("--untaught", nargs="*", type=named_engine, default=[], help="engines, too")
    parser.add_argument("--taught", nargs="*", type=named_engine, default=[], help="to compare")
    parser.add_argument("--table", action="store_true", help="print what there is, measure nothing")
    return parser.parse_args()


def main() -> None:
    """Measure what is missing; print the table."""
    options = parse()
    cv2.setNumThreads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    settings: dict[str, Json] = {"images": options.images}
    cells = []
    for source in options.sources:
        for group in ("kernels", *options.untaught, *(f"taught {one}" for one in options.taught)):
            path = path_of(options.out, source.replace("texture:", "texture-"), group)
            cell = found_in(path, settings)
            if cell is None and not options.table:
                seen = images_of(source, options.images)
                methods = _methods(group, seen)
                figures = {name: judge(kernel, seen) for name, kernel in methods.items()}
                cell = {"settings": settings, "product": source, "methods": figures}
                keep(path, cell)
                print(table([cell]), flush=True)
            if cell is not None:
                cells.append(cell)
    print(f"\n{table(cells)}")


def _methods(group: str, seen: Seen) -> dict[str, Kernel]:
    if group == "kernels":
        return untaught(SIDE, SIDE)
    engine = group.removeprefix("taught ")
    taught = seen.teaching if engine != group else [seen.defective[0][0]] * 2
    return {group: engine_method(engine, taught).scales[0]}


if __name__ == "__main__":
    main()
