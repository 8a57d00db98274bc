"""Noise of a camera, measured at the panel: pictures, and what comes of them.

They lie as ``inspector camera noise`` takes them, ``cameras/<serial>/noise/dark`` and
``noise/<exposure>us``; the figures in ``noise.json`` beside that folder.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import msgspec

from calibration.artefacts import camera_folder
from calibration.illumination.noise import CLIPPED, QUANTISED, Noise, measure_noise, read_levels
from inspector.core.errors import BundleError, RefusedError
from inspector.core.frame import PixelFormat, Pixels
from inspector.core.levels import levels_of
from inspector.durable.files import storage_errors, write_atomically
from inspector.durable.images import encode_png
from inspector.link.questions.cameras import CameraLook, Dial
from inspector.link.questions.noise import AskNoise, MeasureNoise, NoiseFigures, NoiseKnown
from inspector.office.jobs import Job
from inspector.office.room import Room

PICTURES = 4
"""Of each exposure: each against the next."""
EXPOSURES = 10
BRIGHTEST = 0.92
"""Where the longest exposure should reach, share of white."""
DARK = 0.1
"""The covered lens lets less through, share of white; the card gives more."""
DARK_STEP, LIGHT_STEP = "covered lens", "exposures"
_DARK_FOLDER = "dark"
_PATIENCE_S, _POLL_S = 15.0, 0.05
_TRIES = 12


class _Eye:
    """Pictures of the camera that is watched, after what was turned has settled. One thread."""

    def __init__(self, camera: str, room: Room, job: Job) -> None:
        self._camera, self._finder, self._job = camera, room.viewfinder, job
        self._number = 0
        self._pass_over()

    def next(self) -> tuple[CameraLook, Pixels, PixelFormat]:
        """The next picture. Raises ``RefusedError`` when none comes, ``Cancelled``."""
        end_s = time.monotonic() + _PATIENCE_S
        while (found := self._finder.seen(self._camera, self._number)) is None:
            self._job.check()
            if time.monotonic() > end_s:
                raise RefusedError("no picture comes from this camera", remedy="Wait for one")
            time.sleep(_POLL_S)
        self._number = found[0].number
        return found

    def expose(self, dial: Dial, value: float) -> None:
        """Another exposure; the look that was being taken meanwhile is passed over."""
        self._finder.wish(dial.name, min(max(value, dial.lower), dial.upper))
        self._pass_over()
        self.next()

    def _pass_over(self) -> None:
        """What was seen by now is of the past."""
        newest = self._finder.seen(self._camera, 0)
        if newest is None:
            raise RefusedError("no picture comes from this camera", remedy="Wait for one")
        self._number = newest[0].number

    def turn_back(self, dial: Dial) -> None:
        """As it was; nobody waits for it."""
        self._finder.wish(dial.name, dial.value)


def measure(question: MeasureNoise, room: Room, job: Job) -> NoiseKnown:
    """Raises ``RefusedError`` or ``ImageError`` with what is wrong with the pictures."""
    eye, folder = _Eye(question.camera, room, job), _folder(room, question.camera)
    if question.scene == "dark":
        job.progress(DARK_STEP, 0, PICTURES)
        _aside(folder, [_DARK_FOLDER, *_exposures(folder)])
        for number in range(PICTURES):
            _, pixels, pixel_format = eye.next()
            if levels_of(pixels).mean() > DARK * pixel_format.white:
                raise RefusedError("this is not dark", remedy="Cover the lens")
            _keep(folder / _DARK_FOLDER, number, pixels)
            job.progress(DARK_STEP, number + 1, PICTURES)
        return known(AskNoise(question.camera), room)
    if _darks(folder) < PICTURES:
        raise RefusedError("there is no dark picture yet", remedy="Cover the lens first")
    _aside(folder, _exposures(folder))
    pixel_format, gain_db = _expose_all(eye, folder, job)
    noise = measure_noise(read_levels(folder, pixel_format), pixel_format)
    _write(folder, figures_of(noise, pixel_format, gain_db, job.asker.user), noise)
    return known(AskNoise(question.camera), room)


def known(question: AskNoise, room: Room) -> NoiseKnown:
    """Raises ``BundleError`` for damaged figures, ``RefusedError``."""
    folder = _folder(room, question.camera)
    path = folder.parent / "noise.json"
    figures = None
    if path.is_file():
        try:
            figures = msgspec.json.decode(path.read_bytes(), type=_Kept).panel
        except (msgspec.DecodeError, OSError) as error:
            raise BundleError(
                f"{path}: cannot be read ({error})", remedy="Measure the noise again"
            ) from error
    return NoiseKnown(question.camera, _darks(folder), figures)


class _Kept(msgspec.Struct):
    """Of ``noise.json`` what the panel shows; the rest is as ``--json`` of the command line."""

    panel: NoiseFigures


def figures_of(
    noise: Noise, pixel_format: PixelFormat, gain_db: float | None, user: str
) -> NoiseFigures:
    """In the panel's form."""
    half = noise.full_e / 2.0
    spread = (half + noise.dark_noise_e**2 + 1.0 / 12.0 / noise.gain**2) ** 0.5
    dark, *bright = noise.levels
    white = pixel_format.white
    return NoiseFigures(
        utc_us=time.time_ns() // 1000,
        user=user,
        gain_db=gain_db,
        gain=noise.gain,
        gain_error=noise.gain_error,
        dark_noise=noise.dark_noise,
        dark_noise_e=noise.dark_noise_e,
        hidden=noise.dark_noise**2 < QUANTISED,
        full_e=noise.full_e,
        snr_max=noise.snr_max,
        range_db=noise.range_db,
        linearity=noise.linearity,
        step=3.0 * spread / noise.full_e,
        points=tuple((one.mean / white, one.variance) for one in bright),
        dark=(dark.mean / white, dark.variance),
    )


def _expose_all(eye: _Eye, folder: Path, job: Job) -> tuple[PixelFormat, float | None]:
    """Turn the exposure through its range, and keep pictures of each; as it was at the end."""
    look, _, pixel_format = eye.next()
    dial = next((dial for dial in look.dials if dial.exposes), None)
    if dial is None:
        raise RefusedError(
            "the exposure of this camera cannot be turned from here",
            remedy="Photograph the steps, and use: inspector camera noise",
        )
    try:
        job.progress(LIGHT_STEP, 0, EXPOSURES)
        longest = _brightest(eye, dial)
        for step in range(EXPOSURES):
            eye.expose(dial, longest * (step + 1) / EXPOSURES)
            for number in range(PICTURES):
                seen, pixels, pixel_format = eye.next()
                took = next(one.value for one in seen.dials if one.name == dial.name)
                if number == 0:
                    place = folder / f"{took:.10g}us"
                _keep(place, number, pixels)
            job.progress(LIGHT_STEP, step + 1, EXPOSURES)
    finally:
        eye.turn_back(dial)
    return pixel_format, look.gain_db


def _brightest(eye: _Eye, dial: Dial) -> float:
    """The exposure that brings the card nearly to white, or the longest there is."""
    exposure = dial.value
    for _ in range(_TRIES):
        look, pixels, pixel_format = eye.next()
        levels, white = levels_of(pixels), pixel_format.white
        if float((levels >= white).mean()) <= CLIPPED:
            top = look.brightest
            if top < DARK:
                if exposure >= dial.upper:
                    raise RefusedError("there is hardly any light", remedy="Uncover the lens")
                exposure = min(exposure * 4.0, dial.upper)
            else:
                return float(min(exposure * BRIGHTEST / top, dial.upper))
        elif exposure <= dial.lower:
            break
        else:
            exposure = max(exposure / 2.0, dial.lower)
        eye.expose(dial, exposure)
    raise RefusedError("the card stays white", remedy="Close the aperture, or take light away")


def _keep(folder: Path, number: int, pixels: Pixels) -> None:
    write_atomically(folder / f"{number + 1:02d}.png", encode_png(levels_of(pixels)))


def _write(folder: Path, figures: NoiseFigures, noise: Noise) -> None:
    content = asdict(noise) | {"snr": noise.snr, "panel": msgspec.to_builtins(figures)}
    text = json.dumps(content, indent=2)
    write_atomically(folder.parent / "noise.json", f"{text}\n".encode())


def _folder(room: Room, camera: str) -> Path:
    if camera not in {entry.name for entry in room.config.cameras}:
        raise RefusedError(f"{camera}: no camera of this line", remedy="Choose another")
    return camera_folder(room.data_folder, camera) / "noise"


def _darks(folder: Path) -> int:
    return len(list((folder / _DARK_FOLDER).glob("*.png")))


def _exposures(folder: Path) -> Iterator[str]:
    """Names of the folders of light."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return (one.name for one in found if one.is_dir() and one.name != _DARK_FOLDER)


def _aside(folder: Path, names: list[str] | Iterator[str]) -> None:
    """Lay earlier pictures aside; nothing is deleted."""
    found = [folder / name for name in names if (folder / name).is_dir()]
    if not found:
        return
    count = len(list(folder.parent.glob(f"{folder.name}-before-*")))
    aside = folder.parent / f"{folder.name}-before-{count + 1}"
    with storage_errors(aside):
        aside.mkdir()
        for one in found:
            one.rename(aside / one.name)
