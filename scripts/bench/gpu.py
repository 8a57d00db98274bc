"""An engine on this PC's NVIDIA GPU: latency, throughput and agreement with the reference.

Every runtime that is installed (tensorrt, rtx) and every precision that was compiled, side by side;
the table is made for the README. Rounds alternate, so that a disturbance of the PC meets all alike.
Latency is one ``infer`` from an array in memory to its result there, throughput the same with two
batches under way. Ends with 1 where there is no GPU, or no runtime for it.

    .venv/bin/python -m scripts.bench.gpu --runs 500 --rounds 3 --json gpu.json
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from engines.bundle import Bundle, open_bundle
from engines.runtimes import load_engine
from engines.runtimes.nvidia.engine import NvidiaEngine
from engines.runtimes.nvidia.gpu import gpu_absence, open_gpu
from engines.runtimes.onnxruntime import golden_of
from engines.runtimes.rtx import rtx_sdk
from engines.runtimes.tensorrt import tensorrt_sdk
from inspector.cli.first_start import ensure_taught
from inspector.core.detection import Detection, EngineInfo
from inspector.core.errors import EngineError, InspectorError
from inspector.core.frame import Pixels
from inspector.core.line_config import RuntimeConfig
from inspector.station.opening import data_folder_of, load_line
from inspector.station.places import find_config
from inspector.teaching.bundles import compiled_folder, current_bundle

BATCHES = (1, 2, 4, 8)
PRECISIONS = ("f32", "f16", "int8")
RUNTIMES = {"tensorrt": tensorrt_sdk, "rtx": rtx_sdk}
WARM_UP = 20


class Streaming(Protocol):
    """What is measured."""

    info: EngineInfo

    def infer(self, batch: Pixels) -> Detection:
        """One batch."""

    def stream(self, batches: Iterable[Pixels]) -> Iterator[Detection]:
        """Batch after batch, overlapped."""


@dataclass
class Figures:
    """One engine at one batch size."""

    name: str
    batch: int
    latency_ms: list[float] = field(default_factory=list)
    images_per_s: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Parity:
    """Largest differences from the single-precision reference, as shares of its largest value."""

    map: float
    score: float


def parity(engine: Streaming, bundle: Bundle, batches: Iterable[int]) -> Parity:
    """How far the engine is from the reference on the golden images, at any batch size."""
    images = bundle.golden().images
    wanted = golden_of(bundle.graph, images)
    largest = float(np.abs(wanted.maps).max())
    differences = [(0.0, 0.0)]
    for count in batches:
        for begin in range(len(images)):
            picked = [(begin + n) % len(images) for n in range(count)]
            found = engine.infer(images[picked])
            differences.append(
                (
                    float(np.abs(found.maps - wanted.maps[picked]).max()) / largest,
                    float(np.abs(found.scores - wanted.scores[picked]).max()) / largest,
                )
            )
    return Parity(*(max(values) for values in zip(*differences, strict=True)))


def measure(engine: Streaming, images: Pixels, figures: Figures, runs: int) -> None:
    """One round at one batch size; the recording of a CUDA graph falls into the warm-up."""
    batch = np.ascontiguousarray(images[np.arange(figures.batch) % len(images)])
    for _ in range(WARM_UP):
        engine.infer(batch)
    deque(engine.stream([batch] * 2), maxlen=0)
    for _ in range(runs):
        began = time.perf_counter_ns()
        engine.infer(batch)
        figures.latency_ms.append((time.perf_counter_ns() - began) / 1e6)
    began = time.perf_counter_ns()
    deque(engine.stream(itertools.repeat(batch, runs)), maxlen=0)
    seconds = (time.perf_counter_ns() - began) / 1e9
    figures.images_per_s.append(runs * figures.batch / seconds)


def table(results: Iterable[Figures], parities: dict[str, Parity]) -> str:
    """Markdown: a row for each engine and batch size."""
    rows = [
        "| runtime, precision | batch | p50 ms | p99 ms | images/s | map differs | score differs |",
        "|---" * 7 + "|",
    ]
    for figures in results:
        p50, p99 = np.percentile(figures.latency_ms, [50, 99])
        differs = parities[figures.name]
        rows.append(
            f"| {figures.name} | {figures.batch} | {p50:.2f} | {p99:.2f} "
            f"| {np.median(figures.images_per_s):.0f} | {differs.map:.1e} | {differs.score:.1e} |"
        )
    return "\n".join(rows)


def available() -> list[str]:
    """Runtimes that can run here. Ends the program, in words, where there is none."""
    absence = gpu_absence()
    if absence is not None:
        sys.exit(f"No GPU, no figures: {absence}")
    found = []
    for name, sdk in RUNTIMES.items():
        try:
            sdk()
            found.append(name)
        except EngineError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
    if not found:
        sys.exit("No figures: neither TensorRT nor TensorRT-RTX can be imported.")
    return found


def load(
    bundle: Bundle, compiled: Path, runtimes: Iterable[str], precisions: Iterable[str]
) -> Iterator[tuple[str, NvidiaEngine]]:
    """Every engine that can be loaded; the others are named with the reason."""
    for runtime, precision in itertools.product(runtimes, precisions):
        config = RuntimeConfig.model_validate({"name": runtime, "precision": precision})
        try:
            engine = load_engine(bundle, config, compiled)
        except InspectorError as error:
            print(f"{runtime} {precision} is left out: {error}", file=sys.stderr)
            continue
        assert isinstance(engine, NvidiaEngine)
        yield f"{runtime} {precision}", engine


def arguments_of() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--line", type=Path, default=None)
    parser.add_argument("--runs", type=int, default=500, help="per engine, batch size and round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batches", type=int, nargs="+", default=list(BATCHES))
    parser.add_argument("--precisions", nargs="+", choices=PRECISIONS, default=list(PRECISIONS))
    parser.add_argument("--json", type=Path, default=None)
    return parser.parse_args()


def main() -> None:
    """Measure what is here and print the table."""
    arguments = arguments_of()
    runtimes = available()
    line_file = arguments.line or find_config("line.yaml")
    config = load_line(line_file)
    data_folder = data_folder_of(config)
    ensure_taught(config, line_file, data_folder)
    path = current_bundle(data_folder, config.product)
    if path is None:
        sys.exit(f"{config.product} was never taught here: inspector teach FOLDER")
    bundle = open_bundle(path)
    images = bundle.golden().images
    with ExitStack() as stack:
        loaded = load(bundle, compiled_folder(data_folder), runtimes, arguments.precisions)
        engines = {name: stack.enter_context(closing(engine)) for name, engine in loaded}
        if not engines:
            sys.exit("No figures: no engine could be loaded.")
        parities = {name: parity(e, bundle, arguments.batches) for name, e in engines.items()}
        results = [Figures(*case) for case in itertools.product(engines, arguments.batches)]
        for _, figures in itertools.product(range(arguments.rounds), results):
            measure(engines[figures.name], images, figures, arguments.runs)
        fingerprints = [engine.info.fingerprint for engine in engines.values()]
    height, width, channels = bundle.manifest.input_shape
    print(f"{open_gpu().name}; {bundle.manifest.method}, {width} x {height} x {channels} px")
    print(f"{arguments.rounds} rounds of {arguments.runs}; differences as shares of the largest\n")
    print(table(results, parities))
    print("\n" + "\n".join(f"- {fingerprint}" for fingerprint in fingerprints))
    if arguments.json is not None:
        figures_by_name = {
            "fingerprints": fingerprints,
            "parity": {name: asdict(value) for name, value in parities.items()},
            "figures": [asdict(figures) for figures in results],
        }
        arguments.json.write_text(json.dumps(figures_by_name, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
