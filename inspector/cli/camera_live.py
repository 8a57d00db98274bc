"""``inspector camera live``, ``trigger`` and ``record``: what a camera delivers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.live import Live

from inspector.camera.assistant import Assistant, Look
from inspector.camera.device import Delivered, Device, Features
from inspector.camera.formats import Unpacker, internal_format
from inspector.camera.lending import FREE, Acquisition, acquiring, set_for_a_while
from inspector.camera.recorder import Recorder
from inspector.camera.recording import about
from inspector.cli.camera_names import (
    DriverOption,
    NameArgument,
    Named,
    PlaceOption,
    ProductOption,
)
from inspector.cli.live_look import Picture, look_line, look_table
from inspector.cli.options import LineOption
from inspector.core.camera_config import TriggerConfig
from inspector.core.errors import CameraTimeout, InputError
from inspector.core.frame import FrameFormat, Pixels
from inspector.core.levels import levels_of
from inspector.core.ports import SystemClock
from inspector.durable.files import write_atomically
from inspector.durable.images import encode_png

_TURN_S = 0.2
_LINE_EVERY_S = 1.0
_WAIT_S = 5.0
_READY_S, _POLL_S = 2.0, 0.0005
_SOFTWARE = TriggerConfig(mode="software")

ArmedOption = Annotated[
    bool,
    typer.Option("--armed", help="triggered as the line's file says; else at the camera's rate"),
]
SecondsOption = Annotated[float, typer.Option(min=0.0, help="end after so long; 0 = with Ctrl-C")]


def live_command(  # noqa: PLR0917  # one parameter for each option
    name: NameArgument,
    driver: DriverOption = "",
    place: PlaceOption = "",
    product: ProductOption = "",
    armed: ArmedOption = False,
    seconds: SecondsOption = 0.0,
    save: Annotated[Path | None, typer.Option(help="PNG file for the last picture")] = None,
    line: LineOption = None,
) -> None:
    """Watch a camera in figures: rate, losses, exposure, sharpness, histogram, white and black.

    [bold]Examples[/bold]

        inspector camera live 24011234 --product bracket
        inspector camera live 0815-0000 --driver pylon --transport BaslerCamEmu --save last.png
    """
    if save is not None and save.suffix.lower() != ".png":
        raise InputError(f"{save}: not a PNG file", remedy="Name it such as last.png")
    named = Named.of(name, line, driver, place)
    with _running(named, product, _trigger(named, armed)) as (device, acquisition):
        view = _View(device.features)
        with suppress(KeyboardInterrupt), view:
            for delivered in _frames(acquisition, seconds, armed):
                view.show(delivered, acquisition)
                acquisition.done(delivered)
    if view.look is None:
        raise CameraTimeout(f"{name}: no whole frame came")
    print(look_line(view.look))
    if save is not None:
        write_atomically(save, encode_png(levels_of(view.pixels)))
        print(f"kept         {save}")


def trigger_command(  # noqa: PLR0917  # one parameter for each option
    name: NameArgument,
    count: Annotated[int, typer.Option(min=1, help="how many")] = 1,
    driver: DriverOption = "",
    place: PlaceOption = "",
    product: ProductOption = "",
    line: LineOption = None,
) -> None:
    """Trigger a camera by software, and tell how long each frame took to arrive.

    [bold]Examples[/bold]

        inspector camera trigger 24011234 --count 20
    """
    named = Named.of(name, line, driver, place)
    taken: list[float] = []
    with _running(named, product, _SOFTWARE) as (device, acquisition):
        for number in range(1, count + 1):
            fired_ns = _fired(device)
            if fired_ns is None:
                print(f"{number:5}  it was not ready within {_READY_S:g} s")
                continue
            try:
                delivered = acquisition.next(_WAIT_S)
            except CameraTimeout:
                print(f"{number:5}  no frame came within {_WAIT_S:g} s")
                continue
            latency_ms = (delivered.arrived_ns - fired_ns) / 1e6
            print(f"{number:5}  frame {delivered.frame_id}  {latency_ms:.2f} ms")
            taken.append(latency_ms)
            acquisition.done(delivered)
    if not taken:
        raise CameraTimeout(f"{name}: no frame came", remedy="Check: inspector camera live")
    print(
        f"latency      median {median(taken):.2f} ms, longest {max(taken):.2f} ms; "
        f"{len(taken)} of {count} triggers gave a frame"
    )


def _fired(device: Device) -> int | None:
    """When the device took a trigger, ns; None where it would not take one."""
    until_ns = time.monotonic_ns() + int(_READY_S * 1e9)
    while (now_ns := time.monotonic_ns()) < until_ns:
        if device.fire():
            return now_ns
        time.sleep(_POLL_S)
    return None


def record_command(  # noqa: PLR0917  # one parameter for each option
    name: NameArgument,
    out: Annotated[Path, typer.Argument(help="folder to make")],
    driver: DriverOption = "",
    place: PlaceOption = "",
    product: ProductOption = "",
    armed: ArmedOption = False,
    seconds: SecondsOption = 0.0,
    frames: Annotated[int, typer.Option(min=0, help="end after so many; 0 = no limit")] = 0,
    line: LineOption = None,
) -> None:
    """Record what a camera delivers, byte for byte, to be replayed with the same timing.

    [bold]Examples[/bold]

        inspector camera record 24011234 recordings/monday --product bracket --armed --seconds 60
    """
    named = Named.of(name, line, driver, place)
    clock = SystemClock()
    with _running(named, product, _trigger(named, armed)) as (device, acquisition):
        recorder = Recorder(out, about(device, clock.utc_us()))
        try:
            with suppress(KeyboardInterrupt):
                for number, delivered in enumerate(_frames(acquisition, seconds, armed), 1):
                    recorder.offer(delivered)
                    acquisition.done(delivered)
                    if number == frames or recorder.fault is not None:
                        break
        finally:
            recorder.close()
        tally = acquisition.tally
    print(
        f"kept         {out}: {recorder.recorded} frames; {tally.failed} of them incomplete, "
        f"{tally.missing} missing, {recorder.dropped} dropped for want of disk"
    )
    print(f"replay       cameras: - driver: replay, source: {out}")


def _trigger(named: Named, armed: bool) -> TriggerConfig:
    if not armed:
        return FREE
    if named.config.trigger.mode == "software":
        raise InputError(
            f"{named.config.name}: its trigger is software, and no station runs to fire it",
            remedy="Leave --armed out, or use: inspector camera trigger",
        )
    return named.config.trigger


@contextmanager
def _running(
    named: Named, product: str, trigger: TriggerConfig
) -> Iterator[tuple[Device, Acquisition]]:
    """Open, set and start; everything is put back at the end."""
    settings, config = named.settings(product), named.config
    with (
        named.opened() as device,
        set_for_a_while(device.features, settings, trigger, config.name),
        acquiring(device, config.buffers) as acquisition,
    ):
        yield device, acquisition


def _frames(acquisition: Acquisition, seconds: float, armed: bool) -> Iterator[Delivered]:
    """Frames until the time is over. Only a camera that runs freely owes one all the time."""
    end_s = time.monotonic() + seconds
    while not seconds or time.monotonic() < end_s:
        wait_s = min(_WAIT_S, end_s - time.monotonic()) if seconds else _WAIT_S
        try:
            yield acquisition.next(max(wait_s, 0.0))
        except CameraTimeout:
            if not armed and not seconds:
                raise


class _View:
    """The newest picture of a stream, looked at a few times a second; a table on a terminal."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._has = set(features.names())
        self._console = Console(stderr=True)
        self._live = Live(console=self._console, auto_refresh=False)
        self._assistant = Assistant()
        self._unpacker: Unpacker | None = None
        self._format: FrameFormat | None = None
        self._next_s = self._line_s = 0.0
        self._rate_from: tuple[float, int] | None = None
        self._rate_hz = 0.0
        self.look: Look | None = None
        self.pixels: Pixels

    def __enter__(self) -> None:
        if self._console.is_terminal:
            self._live.start()

    def __exit__(self, *_error: object) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def show(self, delivered: Delivered, acquisition: Acquisition) -> None:
        """One frame; most are only counted."""
        now_s = time.monotonic()
        if delivered.problem or now_s < self._next_s:
            return
        self._next_s = now_s + _TURN_S
        self.look = self._looked(delivered)
        self._measure_rate(now_s, acquisition.tally.frames)
        picture = Picture(
            self.look,
            acquisition.tally,
            self._rate_hz,
            exposure_us=self._read("ExposureTime", "ExposureTimeAbs"),
            gain_db=self._read("Gain"),
        )
        if self._console.is_terminal:
            self._live.update(look_table(picture), refresh=True)
        elif now_s >= self._line_s:
            self._line_s = now_s + _LINE_EVERY_S
            self._console.print(look_line(self.look, picture), highlight=False, soft_wrap=True)

    def _looked(self, delivered: Delivered) -> Look:
        made = FrameFormat(
            delivered.width, delivered.height, internal_format(delivered.pixel_format)
        )
        if made != self._format or self._unpacker is None:
            self._format, self._unpacker = made, Unpacker(made)
            self.pixels = np.empty(made.shape, np.uint8)
        self._unpacker.unpack(delivered, self.pixels)
        return self._assistant.look(self.pixels, made.pixel_format)

    def _measure_rate(self, now_s: float, frames: int) -> None:
        if self._rate_from is None:
            self._rate_from = now_s, frames
        elif now_s - self._rate_from[0] >= _LINE_EVERY_S:
            since_s, before = self._rate_from
            self._rate_hz = (frames - before) / (now_s - since_s)
            self._rate_from = now_s, frames

    def _read(self, *names: str) -> float | None:
        """The first of these that it has; older cameras have other names."""
        name = next((name for name in names if name in self._has), None)
        with suppress(ValueError):
            return None if name is None else float(self._features.get(name))
        return None
