"""Alignment: what it costs, and how well it finds rendered parts in poses that are known.

Methods take turns, so that a disturbance of the PC meets all alike. ``cpu`` is the processor time
of one image over all threads: on a busy PC it says more than the wall clock. ``find`` is the search
alone, ``apply`` a whole preparation, ``plain`` the same without alignment; ``presence`` the check.

    .venv/bin/python -m scripts.bench.alignment --sizes 512 1024 --json alignment.json
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from inspector.core.check_spec import PresenceCheckSpec
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from inspector.core.ports import PreparedView
from inspector.core.pose import Pose
from inspector.core.recipe import PreparationSpec
from inspector.durable.files import write_atomically
from inspector.preparation import Preparation
from inspector.preparation.alignment_learning import learn_reference
from inspector.scoring.presence import presence_map
from tests.preparation.rendered_part import drawn, render

METHODS = ("contour", "template")
RANGE_PX, RANGE_DEG = 32.0, 10.0
CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "dimmed to 60 %": {"gain": 0.6},
    "noise of 20 levels": {"noise": 20.0},
    "light falls off by half": {"slope": True},
    "with a defect": {"defect": True},
    "two parts": {"second": True},
    "half a part": {"half": True},
    "no part": {"there": False},
}


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one image."""

    size: int
    what: str
    p50: float
    p99: float
    best: float
    cpu: float


@dataclass(frozen=True)
class Accuracy:
    """Of one method in one case; errors of the parts that were found, px and degrees."""

    size: int
    method: str
    case: str
    found: float
    px_median: float | None
    px_largest: float | None
    deg_median: float | None
    deg_largest: float | None


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[512, 1024])
    parser.add_argument("--images", type=int, default=60, help="poses of a case")
    parser.add_argument("--repeats", type=int, default=100, help="images that are timed")
    parser.add_argument("--json", type=Path, help="write the figures here")
    wish = parser.parse_args(arguments)
    timings: list[Timing] = []
    accuracies: list[Accuracy] = []
    for size in wish.sizes:
        preparations = {method: _taught(size, method) for method in METHODS}
        timings += _times(size, preparations, wish.repeats)
        for method, preparation in preparations.items():
            accuracies += [
                _accuracy(size, method, preparation, case, wish.images) for case in CASES
            ]
    _print(timings, accuracies)
    if wish.json:
        figures = {
            "timings": [asdict(one) for one in timings],
            "accuracies": [asdict(one) for one in accuracies],
        }
        write_atomically(wish.json, (json.dumps(figures, indent=2) + "\n").encode())


def _spec(size: int, align: str) -> PreparationSpec:
    return PreparationSpec.model_validate(
        {
            "width": size,
            "height": size,
            "pixel_format": "Mono8",
            "align": align,
            "align_range_px": RANGE_PX,
            "align_range_deg": RANGE_DEG,
        }
    )


def _taught(size: int, align: str) -> Preparation:
    """Taught with parts in the pose that truths are told in."""
    spec, frame = _spec(size, align), FrameFormat(size, size, PixelFormat.MONO8)
    untaught = Preparation(spec, frame)
    pictures = [untaught.sight_of(render(size, seed=number)) for number in range(9)]
    return Preparation(spec, frame, reference=learn_reference(spec, untaught.sight, pictures))


def _picture(
    size: int, pose: Pose, seed: int, *, noise: float = 0.0, slope: bool = False, **look: Any
) -> Pixels:
    picture = render(size, pose, seed=seed, **look)
    if slope:
        light = np.linspace(1.0, 0.5, size)[None, :, None]
        picture = np.asarray(picture * light, np.uint8)
    if noise:
        random = np.random.default_rng(seed)
        levels = picture + random.normal(0.0, noise, picture.shape)
        picture = np.asarray(levels.clip(0, 255), np.uint8)
    return picture


def _accuracy(size: int, method: str, preparation: Preparation, case: str, images: int) -> Accuracy:
    errors = []
    out = np.empty(preparation.shape, np.uint8)
    for number in range(images):
        true = drawn(number, px=RANGE_PX, deg=RANGE_DEG)
        pose = preparation.apply(_picture(size, true, number, **CASES[case]), out)
        if pose is not None and not pose.lost:
            away = np.hypot(pose.dx_px - true.dx_px, pose.dy_px - true.dy_px)
            errors.append((float(away), abs(pose.angle_deg - true.angle_deg)))
    found = len(errors) / images
    if not errors:
        return Accuracy(size, method, case, found, None, None, None, None)
    px, deg = np.array(errors).T
    figures = (np.median(px), px.max(), np.median(deg), deg.max())
    return Accuracy(size, method, case, found, *(float(one) for one in figures))


def _times(size: int, preparations: dict[str, Preparation], repeats: int) -> list[Timing]:
    frame = FrameFormat(size, size, PixelFormat.MONO8)
    plain = Preparation(_spec(size, "none"), frame)
    out = np.empty(plain.shape, np.uint8)
    steps: dict[str, Callable[[Pixels], object]] = {"plain": lambda image: plain.apply(image, out)}
    for name, preparation in preparations.items():
        steps[f"find {name}"] = _finding(preparation)
        steps[f"apply {name}"] = _applying(preparation, out)
    for expects in ("outline", "template"):
        steps[f"presence {expects}"] = _checking(preparations["contour"], expects)
    walls: dict[str, list[float]] = {name: [] for name in steps}
    cpus: dict[str, list[float]] = {name: [] for name in steps}
    images = [_picture(size, drawn(n, px=RANGE_PX, deg=RANGE_DEG), n) for n in range(10)]
    for number in range(repeats + 3):
        for name, step in steps.items():
            wall, cpu = time.perf_counter_ns(), time.process_time_ns()
            step(images[number % len(images)])
            if number >= 3:
                walls[name].append((time.perf_counter_ns() - wall) / 1e6)
                cpus[name].append((time.process_time_ns() - cpu) / 1e6)
    return [
        Timing(
            size,
            name,
            float(np.percentile(walls[name], 50)),
            float(np.percentile(walls[name], 99)),
            min(walls[name]),
            float(np.median(cpus[name])),
        )
        for name in steps
    ]


def _finding(preparation: Preparation) -> Callable[[Pixels], object]:
    def find(image: Pixels) -> object:
        return preparation.find(image)

    return find


def _applying(preparation: Preparation, out: Pixels) -> Callable[[Pixels], object]:
    return lambda image: preparation.apply(image, out)


def _checking(preparation: Preparation, expects: str) -> Callable[[Pixels], object]:
    spec = PresenceCheckSpec.model_validate({"check": "presence", "expects": expects})

    def check(image: Pixels) -> object:
        view = PreparedView(image, preparation.field, expected=preparation.expected)
        return presence_map(spec, view)

    return check


def _print(timings: Sequence[Timing], accuracies: Sequence[Accuracy]) -> None:
    print(f"{'px':>5} {'step':<20} {'p50':>7} {'p99':>7} {'best':>7} {'cpu':>7}  ms")
    for one in timings:
        row = f"{one.p50:7.2f} {one.p99:7.2f} {one.best:7.2f} {one.cpu:7.2f}"
        print(f"{one.size:5} {one.what:<20} {row}")
    heads = ("found", "px", "largest", "degrees", "largest")
    print(f"\n{'px':>5} {'method':<9} {'case':<24}" + "".join(f"{head:>9}" for head in heads))
    for acc in accuracies:
        figures = (acc.px_median, acc.px_largest, acc.deg_median, acc.deg_largest)
        row = "".join(f"{'-' if one is None else f'{one:.3f}':>9}" for one in figures)
        print(f"{acc.size:5} {acc.method:<9} {acc.case:<24}{acc.found:9.0%}{row}")


if __name__ == "__main__":
    main()
