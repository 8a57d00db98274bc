"""Time and memory of a teaching against the number of its good images.

Each count is taught in a process of its own, from rendered washers, so that peaks do not mix. The
peak is that of the whole process, the runtime and its libraries included.

    .venv/bin/python -m scripts.bench.teaching --counts 100 1000 5000
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import overload

import numpy as np
import psutil

from engines.methods import teach_engine
from engines.taught import Folders
from inspector.core.engine_spec import PatchCoreSpec
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from inspector.sim.scene import WasherScene

STAGES = ("backbone", "features", "coreset")


class Washers(Sequence[Pixels]):
    """Rendered good washers, each made at every access."""

    def __init__(self, numbers: range, side: int) -> None:
        self._numbers = numbers
        self._scene = WasherScene(side, side, defect_rate=0.0)

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> Pixels: ...

    @overload
    def __getitem__(self, index: slice) -> Washers: ...

    def __getitem__(self, index: int | slice) -> Pixels | Washers:
        if isinstance(index, slice):
            return Washers(self._numbers[index], self._scene.width)
        return np.ascontiguousarray(self._scene.render(self._numbers[index]).pixels)


def teach(count: int, side: int, cache: Path) -> dict[str, float]:
    """Seconds of each stage, and the peak of the memory, MiB."""
    seconds: dict[str, float] = {}
    process = psutil.Process()
    peak, stage, since = 0, "", time.perf_counter()

    def progress(name: str, share: float) -> None:
        nonlocal peak, stage, since
        peak = max(peak, process.memory_info().rss)
        now = time.perf_counter()
        seconds[stage] = seconds.get(stage, 0.0) + now - since
        stage, since = name, now

    form = FrameFormat(side, side, PixelFormat.MONO8)
    teach_engine(Washers(range(count), side), form, PatchCoreSpec(), progress, Folders(cache=cache))
    progress("", 1.0)
    seconds.pop("", None)
    return {**seconds, "images": count, "peak_mib": peak / 2**20}


def main() -> None:
    """Each count in turn."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--counts", type=int, nargs="+", default=[100, 1000, 5000])
    parser.add_argument("--side", type=int, default=256, help="px of the square images")
    parser.add_argument("--cache", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.cache:
        print(json.dumps(teach(options.counts[0], options.side, options.cache)))
        return
    columns = ("images", "peak memory, MiB", "backbone s", "features s", "core-set s")
    print(f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|")
    with tempfile.TemporaryDirectory() as cache:
        for count in options.counts:
            command = [sys.executable, "-m", "scripts.bench.teaching", "--cache", cache]
            command += ["--counts", str(count), "--side", str(options.side)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            found = json.loads(done.stdout)
            stages = " | ".join(
                f"{found[name]:.1f}" for name in ("backbone", "features", "coreset")
            )
            print(f"| {count} | {found['peak_mib']:.0f} | {stages} |", flush=True)


if __name__ == "__main__":
    main()
