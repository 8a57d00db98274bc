"""Time of one image in the engine, runtimes side by side, against plain torch and the hardware.

Every engine judges the same images with the same weights and the same number of remembered
patches. Rounds alternate between engines, so that a disturbance of the PC meets all alike: read
the ratios. The roofline is this PC's own convolution peak, measured in the same minutes.

    .venv/bin/python -m scripts.bench.engine --json engine.json --plot engine.png
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Protocol

import numpy as np
import onnx

from engines.bundle import (
    MEMORY,
    Bundle,
    Manifest,
    Provenance,
    open_bundle,
    pack,
    writing_bundle,
)
from engines.memory.memory import unpack_memories
from engines.memory.reference import TorchPatchCore
from engines.methods import teach_engine
from engines.precision.making import make_variant
from engines.precision.variants import has_variant
from engines.runtimes import load_engine
from engines.runtimes.onnxruntime import golden_of
from engines.runtimes.openvino import capabilities
from engines.taught import Folders
from inspector.core.detection import Detection
from inspector.core.engine_spec import PatchCoreSpec
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from inspector.core.line_config import RuntimeConfig
from inspector.core.recipe import PreparationSpec
from inspector.sim.scene import WasherScene
from inspector.teaching.prepared import PreparedImages, Preparer
from inspector.teaching.sources import good_pictures
from scripts.bench.engine_plot import Bar, draw
from scripts.bench.roofline import convolution_peak, convolution_work

RUNTIMES = (
    RuntimeConfig(name="onnxruntime"),
    RuntimeConfig(name="openvino"),
    RuntimeConfig(name="openvino", precision="int8"),
    RuntimeConfig(name="openvino", precision="bf16"),
)

TURN = 20
"""Runs of one engine before the next one's turn."""


class Judge(Protocol):
    """What is timed."""

    def infer(self, batch: Pixels) -> Detection:
        """Judge a batch."""


@dataclass(frozen=True)
class Case:
    """What all engines are measured at."""

    size: int
    coreset: int
    projection: int
    batch: int


@dataclass(frozen=True)
class Row:
    """One engine in one case; milliseconds of one image."""

    engine: str
    case: Case
    p50: float
    p99: float
    p999: float
    faster: float
    """Median of torch by this median, of the same turns."""
    roof: float | None
    """Share of the peak of this PC's float32 convolutions that it reaches."""


def pictures(source: Path | None, form: FrameFormat, count: int) -> list[Pixels]:
    """Prepared good images: photographs of a folder, or rendered washers."""
    if source is None:
        scene = WasherScene(form.width, form.height, defect_rate=0.0, seed=0)
        grey = [scene.render(number).pixels for number in range(count)]
        return [np.ascontiguousarray(np.broadcast_to(image, form.shape)) for image in grey]
    spec = PreparationSpec(
        width=form.width, height=form.height, pixel_format=form.pixel_format, fit="stretch"
    )
    paths = [picture.path for picture in good_pictures(source)][:count]
    return list(PreparedImages(Preparer(spec), paths))


def bundle_of(
    images: Sequence[Pixels], form: FrameFormat, spec: PatchCoreSpec, folder: Path
) -> Bundle:
    """Teach on the images, and write the bundle."""
    taught = teach_engine(
        images, form, spec, lambda stage, share: None, Folders(cache=folder / "cache")
    )
    graph = taught.graph.SerializeToString(deterministic=True)
    manifest = Manifest(
        product="bench",
        method="patchcore",
        input_shape=form.shape,
        map_shape=taught.map_shape,
        boundary=taught.boundary,
        preparation=PreparationSpec(width=form.width, height=form.height),
        preparation_hash="0" * 64,
        provenance=Provenance(dataset="0" * 64, seed=spec.seed, parameters={}, versions={}),
    )
    files = pack(manifest, graph, golden_of(graph, np.stack(images[:1])), taught.files)
    name = f"{form.height}-{spec.coreset}-{spec.projection}"
    with writing_bundle(folder / name, files):
        pass
    return open_bundle(folder / name)


def engines_of(
    bundle: Bundle, spec: PatchCoreSpec, images: Sequence[Pixels], folder: Path
) -> Iterator[tuple[str, Judge]]:
    """Torch first, then every runtime at the precisions that this PC has."""
    height, width, _ = bundle.manifest.input_shape
    form = FrameFormat(width, height, PixelFormat.RGB8)
    memories = unpack_memories((bundle.path / MEMORY).read_bytes())
    yield "torch eager + cdist", TorchPatchCore(spec, form, memories)
    for runtime in RUNTIMES:
        if runtime.precision == "bf16" and "BF16" not in capabilities():
            continue
        if has_variant(runtime):
            make_variant(bundle, runtime, images, folder / "compiled")
        yield runtime.label, load_engine(bundle, runtime, folder / "compiled")


def measure(
    engines: Sequence[tuple[str, Judge]], images: Sequence[Pixels], batch: int, runs: int
) -> list[list[float]]:
    """Milliseconds of each image of each run, engines in turns of a few runs.

    Idle threads of one runtime spin for a while and would slow the next one down: each turn begins
    with a pause and two runs that don't count.
    """
    times: list[list[float]] = [[] for _ in engines]
    stacked = [
        np.stack([images[(start + n) % len(images)] for n in range(batch)]) for start in range(8)
    ]
    for first in range(0, runs, TURN):
        for (_, engine), found in zip(engines, times, strict=True):
            time.sleep(0.3)
            for run in range(first - 2, min(first + TURN, runs)):
                start = time.perf_counter_ns()
                engine.infer(stacked[run % len(stacked)])
                if run >= first:
                    found.append((time.perf_counter_ns() - start) / 1e6 / batch)
    return times


def rows_of(
    names: Sequence[str],
    times: Sequence[Sequence[float]],
    case: Case,
    ideal_ms: float,
) -> list[Row]:
    """Percentiles, and the ratio to the first engine."""
    first = float(np.median(times[0]))
    rows = []
    for name, found in zip(names, times, strict=True):
        p50, p99, p999 = (float(value) for value in np.percentile(found, [50, 99, 99.9]))
        roof = None if name.endswith(("int8", "bf16")) else ideal_ms / p50
        rows.append(Row(name, case, p50, p99, p999, first / p50, roof))
    return rows


def table(rows: Sequence[Row]) -> str:
    """Markdown."""
    heads = (
        "input px, patches, projection, batch, engine, p50 ms, p99 ms, p99.9 ms, x torch, of roof"
    )
    columns = heads.split(", ")
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for row in rows:
        roof = "-" if row.roof is None else f"{row.roof:.0%}"
        lines.append(
            f"| {row.case.size} | {row.case.coreset} | {row.case.projection or 'none'} | "
            f"{row.case.batch} | {row.engine} | {row.p50:.1f} | {row.p99:.1f} | {row.p999:.1f} | "
            f"{row.faster:.1f} | {roof} |"
        )
    return "\n".join(lines)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--images", type=Path, help="folder of good photographs; default rendered")
    parser.add_argument("--sizes", type=int, nargs="+", default=[256, 512])
    parser.add_argument("--coresets", type=int, nargs="+", default=[500, 2000, 10_000])
    parser.add_argument("--projections", type=int, nargs="+", default=[0, 64])
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--runs", type=int, default=60, help="images or batches per engine")
    parser.add_argument("--teach", type=int, default=40, help="images that are remembered")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path)
    return parser.parse_args()


def bar_of(row: Row) -> Bar:
    """A row of the plot."""
    case = row.case
    space = f", in {case.projection} dimensions" if case.projection else ""
    return Bar(f"{case.size} px, {case.coreset} patches{space}", row.engine, row.p50, row.p99)


def measure_memory(
    images: Sequence[Pixels],
    form: FrameFormat,
    spec: PatchCoreSpec,
    folder: Path,
    options: argparse.Namespace,
) -> list[Row]:
    """All engines with one memory, at every batch."""
    bundle = bundle_of(images, form, spec, folder)
    work = convolution_work(onnx.load_from_string(bundle.graph))
    engines = list(engines_of(bundle, spec, images, folder))
    names = [name for name, _ in engines]
    rows = []
    for batch in options.batches:
        case = Case(form.height, spec.coreset, spec.projection, batch)
        times = measure(engines, images, batch, max(options.runs // batch, 8))
        rows += rows_of(names, times, case, work / convolution_peak() * 1e3)
    return rows


def main() -> None:
    """Teach, measure, print."""
    options = parse()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as temporary:
        for size in options.sizes:
            form = FrameFormat(size, size, PixelFormat.RGB8)
            images = pictures(options.images, form, options.teach)
            for coreset, projection in product(options.coresets, options.projections):
                spec = PatchCoreSpec(coreset=coreset, projection=projection)
                found = measure_memory(images, form, spec, Path(temporary), options)
                print(table(found), flush=True)
                rows += found
    print(f"\n{table(rows)}")
    if options.json:
        text = json.dumps([asdict(row) for row in rows], indent=2)
        options.json.write_text(f"{text}\n", encoding="utf-8")
    if options.plot:
        draw([bar_of(row) for row in rows if row.case.batch == 1], options.plot)


if __name__ == "__main__":
    main()
