"""``inspector render``: rendered parts with ground truth, as a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import cv2
import typer

from inspector.core.errors import ImageError
from inspector.durable.files import new_folder
from inspector.sim.scene import DEFECTS, Defect, RenderedPart, WasherScene


def render_command(
    out: Annotated[Path, typer.Argument(help="folder to make; must not exist")],
    good: Annotated[int, typer.Option(min=1, help="good parts to teach from")] = 150,
    test: Annotated[int, typer.Option(min=0, help="test parts, good and of each defect")] = 20,
    size: Annotated[int, typer.Option(min=64, max=4096, help="width and height, px")] = 320,
    seed: Annotated[int, typer.Option(help="seed of the parts")] = 7,
) -> None:
    """Render washers into a folder in MVTec layout (train, test, ground_truth).

    [bold]Examples[/bold]

        inspector render washers
        inspector teach washers --product sim-washer
    """
    if out.exists():
        raise ImageError(f"{out}: exists already", remedy="Name a new folder")
    scene = WasherScene(size, size, seed=seed)
    with new_folder(out) as folder:
        for number in range(good):
            _write(folder / "train/good", scene.render_with(number, Defect.NONE))
        for place, kind in enumerate((Defect.NONE, *DEFECTS)):
            name = "good" if kind is Defect.NONE else kind.value
            for index in range(test):
                number = 100_000 + 1000 * place + index
                part = scene.render_with(number, kind)
                _write(folder / "test" / name, part)
                if kind is not Defect.NONE:
                    _write_mask(folder / "ground_truth" / name, part)
    print(f"{out}: {good} good parts to teach, {test * (1 + len(DEFECTS))} to test")


def _write(folder: Path, part: RenderedPart) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(folder / f"{part.number:06d}.png"), part.pixels)


def _write_mask(folder: Path, part: RenderedPart) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(folder / f"{part.number:06d}_mask.png"), part.mask.astype("uint8") * 255)
