"""``inspector camera``: targets to print, lens and scale, flat field, focus and noise."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from calibration.artefacts import (
    FlatFieldRecord,
    Lens,
    camera_folder,
    lens_of,
    write_flat_field,
    write_lens,
)
from calibration.camera.finding import find_target
from calibration.camera.lens import fit_lens, fit_plane
from calibration.camera.target import Kind, Target, sheet
from calibration.illumination.flat_field import LEAST_FLATS, make_flat_field
from calibration.illumination.focus import focus_of
from calibration.illumination.noise import QUANTISED, Noise, measure_noise, read_levels
from calibration.stills import picture_paths, stills
from inspector.cli.options import LineOption
from inspector.core.canonical import Json
from inspector.core.errors import InputError
from inspector.core.frame import PixelFormat
from inspector.durable.files import write_atomically
from inspector.station.opening import data_folder_of, load_line
from inspector.station.places import find_config

app = typer.Typer(
    help="Cameras: find, show, watch, trigger, record; target, lens, flat field, focus, noise.",
    no_args_is_help=True,
)

_SIZES = {Kind.CHARUCO: (11, 8), Kind.CHECKERBOARD: (10, 7), Kind.DOTS: (4, 11)}
"""Columns and rows when none are given: each fits on A4 at 20 mm or less."""
_ON_PLANE = "plane"
"""Pictures whose names begin so show the target lying where parts lie."""

KindOption = Annotated[Kind, typer.Option(help="pattern")]
MmOption = Annotated[
    float, typer.Option(help="side of a square, or distance of two rows of dots, as measured: mm")
]
ColumnsOption = Annotated[int | None, typer.Option(help="squares, or dots, in a row")]
RowsOption = Annotated[int | None, typer.Option(help="rows")]
SerialOption = Annotated[
    str, typer.Option(help="serial number: the camera's name in the line's file")
]
FormatOption = Annotated[
    PixelFormat, typer.Option("--format", help="as preparation.pixel_format in the recipe")
]
JsonOption = Annotated[Path | None, typer.Option("--json", help="write the figures here")]


@app.command("target")
def target_command(  # noqa: PLR0917  # one parameter for each option
    out: Annotated[Path, typer.Argument(help="PNG file to write")],
    mm: MmOption,
    kind: KindOption = Kind.CHARUCO,
    columns: ColumnsOption = None,
    rows: RowsOption = None,
    dpi: Annotated[int, typer.Option(min=50, max=2400, help="of the printer")] = 300,
) -> None:
    """Draw a target to print at 100 % and glue to something flat. Measure it after printing.

    [bold]Examples[/bold]

        inspector camera target target.png --kind charuco --mm 15
    """
    target = _target(kind, columns, rows, mm)
    if out.suffix.lower() != ".png":
        raise InputError(f"{out}: not a PNG file", remedy="Name it such as target.png")
    write_atomically(out, sheet(target, dpi))
    width, height = target.size_mm
    print(f"target       {out}: {kind} {target.columns} x {target.rows}, {width:g} x {height:g} mm")
    print("print        at 100 %; measure the bar, and give the true size with --mm to 'lens'")


@app.command("lens")
def lens_command(  # noqa: PLR0917  # one parameter for each option
    folder: Annotated[Path, typer.Argument(help="pictures of the target; plane*: on the belt")],
    serial: SerialOption,
    mm: MmOption,
    kind: KindOption = Kind.CHARUCO,
    columns: ColumnsOption = None,
    rows: RowsOption = None,
    json_out: JsonOption = None,
    line: LineOption = None,
) -> None:
    """Calibrate lens and scale from pictures of a target, and keep them for this camera.

    [bold]Examples[/bold]

        inspector camera lens photos/target --serial 24011234 --kind charuco --mm 15.02
    """
    data_folder = _data_folder(line, serial)
    target = _target(kind, columns, rows, mm)
    paths = picture_paths(folder, 1)
    size = (0, 0)
    views = []
    for still in stills(paths, PixelFormat.MONO8):
        size = (still.levels.shape[1], still.levels.shape[0])
        views.append(find_target(still, target))
    fit = fit_lens(views, size)
    lying = [v for v, path in zip(views, paths, strict=True) if path.name.startswith(_ON_PLANE)]
    plane = fit_plane(lying, fit.intrinsics) if lying else None
    lens = lens_of(serial, fit, len(views), plane)
    kept = write_lens(data_folder, lens)
    _show_lens(lens)
    print(f"kept         {kept}; use it with preparation.undistort: true")
    _keep_json(json_out, lens.model_dump(mode="json"))


@app.command("flat")
def flat_command(  # noqa: PLR0917  # one parameter for each option
    folder: Annotated[Path, typer.Argument(help="pictures of an even grey or white card")],
    serial: SerialOption,
    dark: Annotated[Path | None, typer.Option(help="pictures with the lens covered")] = None,
    pixel_format: FormatOption = PixelFormat.MONO8,
    json_out: JsonOption = None,
    line: LineOption = None,
) -> None:
    """Make the flat field (light, lens, sensor, white balance) and keep it for this camera.

    [bold]Examples[/bold]

        inspector camera flat photos/card --dark photos/dark --serial 24011234
    """
    data_folder = _data_folder(line, serial)
    flats = picture_paths(folder, LEAST_FLATS)
    darks = picture_paths(dark, 1) if dark else []
    record = write_flat_field(data_folder, serial, make_flat_field(flats, darks, pixel_format))
    _show_flat(record)
    place = camera_folder(data_folder, serial) / "flat_field.yaml"
    print(f"kept         {place}; use it with preparation.flat_field: true")
    _keep_json(json_out, record.model_dump(mode="json"))


@app.command("noise")
def noise_command(
    folder: Annotated[Path, typer.Argument(help="folders 'dark' and such as '500us' of pictures")],
    pixel_format: FormatOption = PixelFormat.MONO8,
    json_out: JsonOption = None,
) -> None:
    """Measure a camera's noise by photon transfer, in the style of EMVA 1288.

    [bold]Examples[/bold]

        inspector camera noise photos/steps --format Mono12
    """
    noise = measure_noise(read_levels(folder, pixel_format), pixel_format)
    _show_noise(noise)
    _keep_json(json_out, asdict(noise) | {"snr": noise.snr})


@app.command("focus")
def focus_command(
    folder: Annotated[Path, typer.Argument(help="pictures of the same thing in the same light")],
    json_out: JsonOption = None,
) -> None:
    """Measure how sharp pictures are, in figures to compare from day to day.

    [bold]Examples[/bold]

        inspector camera focus photos/master
    """
    found: dict[str, Json] = {}
    for still in stills(picture_paths(folder, 1), PixelFormat.MONO8):
        focus = focus_of(still.levels)
        name = Path(still.name).name
        print(
            f"{name}: edges {focus.edge_px:.1f} px, Laplacian {focus.laplacian:.3g}, "
            f"Tenengrad {focus.tenengrad:.3g}"
        )
        found[name] = asdict(focus)
    _keep_json(json_out, found)


def _target(kind: Kind, columns: int | None, rows: int | None, mm: float) -> Target:
    usual = _SIZES[kind]
    return Target(kind, columns or usual[0], rows or usual[1], mm)


def _data_folder(line: Path | None, serial: str) -> Path:
    folder = data_folder_of(load_line(line or find_config("line.yaml")))
    camera_folder(folder, serial)  # before any work: the serial may be none
    return folder


def _keep_json(path: Path | None, figures: Mapping[str, Json]) -> None:
    if path is not None:
        write_atomically(path, f"{json.dumps(figures, indent=2)}\n".encode())


def _show_lens(lens: Lens) -> None:
    print(f"camera       {lens.serial}: {lens.width}x{lens.height} px, {lens.views} pictures")
    print(
        f"points       {lens.rms_px:.2f} px off (RMS), worst {lens.worst_px:.2f} px in "
        f"{lens.worst_view}; seen in {lens.coverage:.0%} of the field"
    )
    (fx, fy), (cx, cy) = lens.focal, lens.centre
    print(
        f"lens         focal length {fx:.1f} x {fy:.1f} px to {lens.focal_error:.2%}, centre "
        f"({cx:.1f}, {cy:.1f}), distortion up to {lens.intrinsics.largest_shift:.1f} px"
    )
    plane = lens.plane
    if plane is None:
        print(f"scale        unknown: no picture named {_ON_PLANE}*, of the target where parts lie")
        return
    print(
        f"scale        {plane.mm_per_px:.5f} mm/px ± {plane.uncertainty:.5f} (95 %) undistorted, "
        f"from {plane.views} pictures; {plane.smallest:.5f} to {plane.largest:.5f} over the field"
    )
    print(
        f"plane        {plane.distance_mm:.1f} mm away, tilted by {plane.tilt_degrees:.1f}°; "
        f"{plane.mm_per_px * lens.zoom:.5f} mm/px in the middle of the picture as it comes"
    )


def _show_flat(record: FlatFieldRecord) -> None:
    darks = f"{record.darks} dark" if record.darks else "none dark: offset 0"
    print(
        f"camera       {record.serial}: {record.width}x{record.height} px, {record.pictures} "
        f"pictures, {darks}"
    )
    print(f"light        the darkest place has {1.0 - record.unevenness:.0%} of the brightest")
    if record.colours == 3:
        gains = ", ".join(f"{gain:.3f}" for gain in record.white_balance)
        print(f"white        gains of red, green, blue {gains}")
    print(f"noise        {record.added_noise:.2%} is added by the flat field's own")
    print(f"pixels       {record.faulty} hot or dead, replaced by their neighbours")


def _show_noise(noise: Noise) -> None:
    print("style        photon transfer in the style of EMVA 1288; no claim of compliance")
    print(
        f"gain         {noise.gain:.4g} ± {1.96 * noise.gain_error:.2g} levels per electron (95 %)"
    )
    hidden = noise.dark_noise**2 < QUANTISED
    print(
        f"dark         level {noise.dark_level:.2f}, noise {noise.dark_noise:.2f} levels, "
        f"{noise.dark_noise_e:.1f} e-{' (hidden by rounding: use more bits)' if hidden else ''}"
    )
    decibels = 20.0 * math.log10(noise.snr_max)
    print(f"white        {noise.full_e:.0f} e-: SNR {noise.snr_max:.0f} ({decibels:.1f} dB)")
    print(f"range        {noise.range_db:.1f} dB")
    print(f"linearity    {noise.linearity:.2%} off a straight line at most; R² {noise.fit:.4f}")
