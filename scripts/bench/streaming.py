"""Streaming RX over pictures of a web, in the order of their names: what it finds, and how fast.

Beside it a global RX that was taught on the first pictures: where light or material drift its
scores climb, while those of the streaming form stay. Each picture's largest score is printed with
its place, and CPU time of the streaming form in lines a second.

    .venv/bin/python -m scripts.bench.streaming web/ --memory 4096 --block 32 --taught 8
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from engines.background.pictures import picture_of
from engines.background.rx import Background, fit_background
from engines.background.streaming import StreamingRx
from inspector.core.frame import PixelFormat
from inspector.durable.images import read_image

HEADS = ("picture", "streaming", "row, column", "global")


def rows_of(paths: Sequence[Path], kernel: StreamingRx, taught: int) -> list[tuple[str, ...]]:
    """A row for each picture, and one for the time. Raises ``DatasetError``."""
    frames = (read_image(path, PixelFormat.MONO8)[..., 0] for path in paths)
    rows: list[tuple[str, ...]] = []
    web, spent, lines = None, 0.0, 0
    known: list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]] = []
    fixed: Background | None = None
    for path, frame in zip(paths, frames, strict=True):
        begun = time.process_time()
        found, web = kernel(web, frame)
        spent, lines = spent + time.process_time() - begun, lines + len(frame)
        place = np.unravel_index(found.argmax(), found.shape)
        vectors = np.stack(picture_of(frame, graded=True).planes(0, len(frame)), -1)
        if len(known) < taught:
            known.append(vectors.astype(np.float32))
            fixed = fit_background(known) if len(known) == taught else None
        usual = "-" if fixed is None else f"{fixed.distances(vectors).max():.1f}"
        rows.append((path.name, f"{found.max():.1f}", "{}, {}".format(*place), usual))
    rows.append(("lines a second", f"{lines / max(spent, 1e-9):.0f}", "", ""))
    return rows


def main() -> None:
    """Print a table of a folder of pictures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="pictures of the web, named in their order")
    parser.add_argument("--memory", type=float, default=2048.0, help="lines until one counts 1/e")
    parser.add_argument("--block", type=int, default=16, help="lines that are judged at a time")
    parser.add_argument("--taught", type=int, default=8, help="pictures of the global RX")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    kernel = StreamingRx(memory=options.memory, block=options.block)
    paths = sorted(path for path in options.folder.iterdir() if path.is_file())
    for row in (HEADS, ["---"] * len(HEADS), *rows_of(paths, kernel, options.taught)):
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
