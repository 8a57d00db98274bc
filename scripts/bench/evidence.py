"""Evidence: milliseconds of a core and size of its codecs, and pictures a second that are durable.

The writing is that of the ledger's thread (encode, batch, flush, rename, flush the folders), beside
the disk's own rate of flushes for files of that size, in the same folder and minute.

    .venv/bin/python -m scripts.bench.evidence --folder /data
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from inspector.core.frame import PixelFormat, Pixels, ScoreMap
from inspector.core.levels import level_type, levels_of, pixels_of
from inspector.durable.codecs import encode_png
from inspector.ledger.evidence import (
    Evidence,
    EvidenceStore,
    decode_image,
    encode_coarse_map,
    encode_image,
    encode_map,
)

_BATCH = 16


def part(pixel_format: PixelFormat, side: int, seed: int = 0) -> Pixels:
    """A shaded, textured part with the noise of a sensor: 3 of 255 levels at any depth."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:side, :side]
    grey = 120 + 40 * np.sin(x / 37) + 30 * np.cos(y / 53)
    colours = np.linspace(1.0, 0.6, pixel_format.colours)
    noise = random.normal(0, 3, (side, side, pixel_format.colours))
    levels = (grey[:, :, None] * colours + noise) * pixel_format.white / 255
    return pixels_of(levels.clip(0, pixel_format.white).astype(level_type(pixel_format)))


def median_ms(work: Callable[[], object], times: int = 9) -> float:
    """The processor's, of some turns, after one to warm up: others' load hardly moves it."""
    work()
    spans = []
    for _ in range(times):
        started = time.process_time()
        work()
        spans.append(time.process_time() - started)
    return 1e3 * float(np.median(spans))


def codecs(side: int) -> Iterator[str]:
    """A row for each pixel format, and for a map."""
    yield "| picture | codec | encode ms | decode ms | size of raw |"
    yield "|---|---|---|---|---|"
    for pixel_format in (PixelFormat.MONO8, PixelFormat.RGB8, PixelFormat.MONO12):
        pixels = part(pixel_format, side)
        name = f"{pixel_format} {side} px"
        kept = encode_image("image", pixels).file
        png = encode_png(levels_of(pixels))
        for codec, data, encode in (
            (kept.suffix, kept.data, lambda: encode_image("image", pixels)),  # noqa: B023  # run here
            (".png", png, lambda: encode_png(levels_of(pixels))),  # noqa: B023  # run here
        ):
            encoded, decoded = median_ms(encode), median_ms(lambda: decode_image(data))  # noqa: B023  # run here
            yield (
                f"| {name} | {codec} | {encoded:.1f} | {decoded:.1f} | "
                f"{len(data) / pixels.nbytes:.3f} |"
            )
    scores = np.random.default_rng(1).normal(3.0, 1.0, (64, 64)).repeat(4, 0).repeat(4, 1)
    smooth: ScoreMap = (np.cumsum(scores, axis=1) / 256).astype(np.float32)
    for encode_one in (encode_map, encode_coarse_map):
        file = encode_one("map", smooth).file
        span = median_ms(lambda: encode_one("map", smooth))  # noqa: B023  # run here
        share = len(file.data) / smooth.nbytes
        yield f"| map 256 px | {file.suffix} | {span:.1f} | | {share:.3f} |"


def writing(folder: Path, side: int, count: int) -> Iterator[str]:
    """Pictures a second, encoded and durable, and the disk's flushes."""
    pixels = [part(PixelFormat.MONO8, side, seed) for seed in range(count)]
    store = EvidenceStore(folder / "evidence")
    store.prepare()
    started, written = time.perf_counter(), 0
    for first in range(0, count, _BATCH):
        batch: list[Evidence] = [encode_image("image", one) for one in pixels[first:][:_BATCH]]
        store.keep(batch)
        written += sum(len(one.file.data) for one in batch)
    spent = time.perf_counter() - started
    yield (
        f"{count} pictures Mono8 {side} px: {count / spent:.0f}/s encoded and durable, "
        f"{written / spent / 1e6:.0f} MB/s, batches of {_BATCH}"
    )
    data = bytes(written // count)
    started = time.perf_counter()
    for number in range(count):
        with (folder / f"raw-{number}").open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    spent = time.perf_counter() - started
    yield f"{count} files of that size, written and flushed alone: {count / spent:.0f}/s"


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=None, help="on the disk to measure")
    parser.add_argument("--side", type=int, default=1024)
    parser.add_argument("--count", type=int, default=160)
    given = parser.parse_args()
    for row in codecs(given.side):
        print(row)
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        for row in writing(Path(folder), given.side, given.count):
            print(row)


if __name__ == "__main__":
    main()
