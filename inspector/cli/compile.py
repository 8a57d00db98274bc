"""``inspector compile``: a taught bundle for one runtime, compared and calibrated."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from engines.runtimes.trial import Trial
from inspector.cli.options import LineOption, bundle_path, teaching_progress
from inspector.core.errors import InputError
from inspector.core.line_config import RuntimeConfig
from inspector.station.devices import optics_of
from inspector.station.opening import catalogue_of, data_folder_of, load_line
from inspector.station.places import find_config


class Target(StrEnum):
    """Runtimes, and the trial of all of them."""

    AUTO = "auto"
    OPENVINO = "openvino"
    ONNXRUNTIME = "onnxruntime"
    TENSORRT = "tensorrt"
    RTX = "rtx"


class Precision(StrEnum):
    """What the network computes in."""

    F32 = "f32"
    F16 = "f16"
    BF16 = "bf16"
    INT8 = "int8"


def compile_command(
    bundle: Annotated[Path, typer.Argument(help="bundle folder, or the name of a taught product")],
    target: Annotated[Target, typer.Option(help="runtime; auto: try all, record the fastest")],
    precision: Annotated[
        Precision, typer.Option(help="bf16: openvino; f16: GPUs; int8: both")
    ] = Precision.F32,
    sm: Annotated[
        str | None, typer.Option(help="rtx: build a plan for these GPUs (75,86,89,120); needs none")
    ] = None,
    line: LineOption = None,
) -> None:
    """Compile a taught bundle for a runtime: compare it with the reference, then calibrate it.

    [bold]Examples[/bold]

        inspector compile washer --target openvino --precision bf16
        inspector compile washer --target auto
        inspector compile washer --target rtx --precision f16 --sm 86,89
    """
    from inspector.teaching.compiling import compile_bundle, compile_plan  # noqa: PLC0415  # slow

    line_file = line or find_config("line.yaml")
    config = load_line(line_file)
    data_folder = data_folder_of(config)
    optics = optics_of(config, data_folder)
    path = bundle_path(bundle, data_folder)
    runtime = RuntimeConfig(
        name=target.value, precision=precision.value, threads=config.runtime.threads
    )
    if sm is not None:
        if target is not Target.RTX:
            raise InputError(f"--sm {sm}: only for --target rtx", remedy="Leave it out")
        with teaching_progress() as show:
            sms = _architectures(sm)
            plan = compile_plan(path, data_folder, runtime, sms, show, optics=optics)
        print(f"plan         {plan}")
        print("not tried    a plan is compared and calibrated on the PC with the GPU")
        return
    with teaching_progress() as show:
        done = compile_bundle(
            path,
            data_folder,
            runtime,
            catalogue_of(line_file, data_folder),
            show,
            optics=optics,
        )
    if done.trial is not None:
        _show_trial(done.trial)
    calibration, parity = done.calibration, done.parity
    print(f"runtime      {done.fingerprint}")
    print(f"parity       {parity}")
    print(f"threshold    {calibration.threshold:.4f} ({done.calibration_file})")
    if runtime.label != config.runtime.label:
        print(f"to use it    in {line_file} under runtime: name: {target.value}")
        if target is not Target.AUTO:
            print(f"             and precision: {precision.value}")


def _architectures(text: str) -> tuple[int, ...]:
    parts = text.split(",")
    if not all(part.strip().isdecimal() for part in parts):
        raise InputError(f"--sm {text}: not numbers", remedy="Give such as 75,86,89,120")
    return tuple(int(part) for part in parts)


def _show_trial(trial: Trial) -> None:
    table = Table("runtime", "precision", "p50 ms", "p99 ms", "", box=None)
    for item in trial.tried:
        figures = ["-" if ms is None else f"{ms:.2f}" for ms in (item.p50_ms, item.p99_ms)]
        table.add_row(item.name, item.precision, *figures, item.refused)
    Console().print(table)
