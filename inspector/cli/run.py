"""``inspector run``: the station, with its panel or in the terminal."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from inspector.cli.first_start import ensure_administrator, ensure_taught
from inspector.cli.live_table import LiveTable
from inspector.cli.logs import log_to
from inspector.cli.office_child import OfficeChild
from inspector.cli.options import LineOption, PanelLanguage
from inspector.cli.panel import has_display
from inspector.core.errors import FaultError, InputError, RefusedError
from inspector.core.line_config import LineConfig
from inspector.core.state import StationState, StationStatus
from inspector.durable.files import write_atomically
from inspector.link.messages import Start
from inspector.plc.tracking import Fate
from inspector.sim.truth import Tally
from inspector.station.opening import (
    OpenStation,
    catalogue_of,
    data_folder_of,
    load_line,
    open_station,
)
from inspector.station.places import find_config


class Demo(StrEnum):
    """The demo lines."""

    SOLAR = "solar"
    SIM = "sim"


_DEMO_FILES = {Demo.SOLAR: "line.yaml", Demo.SIM: "sim.yaml"}


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the command line asks of a run."""

    parts: int | None
    json_out: Path | None
    panel: bool
    linked: bool
    line_file: Path
    language: PanelLanguage
    service: bool


def run_command(  # noqa: PLR0917  # one parameter for each option
    line: LineOption = None,
    product: Annotated[str | None, typer.Option(help="recipe to run instead of the line's")] = None,
    demo: Annotated[Demo | None, typer.Option(help="a demo line: solar cells, or rendered")] = None,
    headless: Annotated[bool, typer.Option("--headless", help="in the terminal, no panel")] = False,
    parts: Annotated[int | None, typer.Option(min=1, help="stop after this many parts")] = None,
    rate: Annotated[float | None, typer.Option(min=0.01, help="parts per second")] = None,
    json_out: Annotated[Path | None, typer.Option("--json", help="write the figures here")] = None,
    language: Annotated[PanelLanguage, typer.Option(help="of the panel")] = PanelLanguage.EN,
    service: Annotated[
        bool, typer.Option("--service", help="no panel, no table; in Error it waits for a reset")
    ] = False,
) -> None:
    """Run the station: with its panel, or in the terminal where there is no display.

    [bold]Examples[/bold]

        inspector run
        inspector run --demo sim --headless --parts 500 --rate 20 --json run.json
        inspector run --line configs/line.yaml --product solar-poly
    """
    if line is not None and demo is not None:
        raise InputError("--line and --demo exclude each other", remedy="Give one of them")
    line_file = line or find_config(_DEMO_FILES[demo or Demo.SOLAR])
    config = _overridden(load_line(line_file), product, rate)
    if json_out is not None and json_out.is_dir():
        raise InputError(f"--json {json_out}: is a folder", remedy="Name a file")
    if json_out is not None and not json_out.resolve().parent.is_dir():
        raise InputError(f"--json {json_out}: its folder does not exist", remedy="Make it first")
    data_folder = data_folder_of(config)
    catalogue_of(line_file, data_folder).recipe(config.product)
    if not service:  # its words would be kept in the system's journal
        ensure_administrator(data_folder)
    ensure_taught(config, line_file, data_folder)
    show_panel = config.link.enabled and not (headless or service) and has_display()
    linked = config.link.enabled
    _run(config, _Wish(parts, json_out, show_panel, linked, line_file, language, service))


def _overridden(config: LineConfig, product: str | None, rate: float | None) -> LineConfig:
    if product is not None:
        config = config.model_copy(update={"product": product})
    if rate is not None:
        belt = config.belt.model_copy(update={"parts_per_s": rate})
        config = config.model_copy(update={"belt": belt})
    return config


def _run(config: LineConfig, wish: _Wish) -> None:
    over = threading.Event()
    with (
        log_to(data_folder_of(config) / "logs", config.station),
        _ended_by_signals(over),
        open_station(
            config,
            catalogue_of(wish.line_file, data_folder_of(config)),
            limit=wish.parts,
            on_limit=over.set,
        ) as opened,
    ):
        _start(opened, wish)
        _watch(opened, wish, over)
        _come_to_rest(opened)
        status = opened.station.status()
        tally = opened.station.tally
        fates = opened.simulated.fates if opened.simulated else None
        if opened.gate is not None:
            fates = dict(opened.gate.fates)
        figures = run_figures(status, tally.tally() if tally else None, fates)
    print(run_summary(status, tally.tally() if tally else None), file=sys.stderr)
    if wish.json_out is not None:
        write_atomically(wish.json_out, (json.dumps(figures, indent=2) + "\n").encode())
    if status.state is StationState.ERROR:
        reasons = "; ".join(alarm.text for alarm in status.alarms)
        raise FaultError(f"the station ended in Error: {reasons}", remedy="See the log and ledger")


def _start(opened: OpenStation, wish: _Wish) -> None:
    """Start; where production is locked wait for what it lacks, if somebody can bring it."""
    locked = opened.station.status().locked
    if not locked or wish.parts is not None or not wish.linked:
        opened.console.call(Start())
        return
    for lock in locked:
        print(f"inspector: locked: {lock.text}", file=sys.stderr)
    if not (wish.panel or wish.service):
        print("inspector: the line starts once nothing is lacking", file=sys.stderr)


def _start_when_cleared(opened: OpenStation) -> bool:
    """In a terminal nobody else can start. False once that was tried."""
    if opened.station.state is not StationState.READY:
        return True
    with contextlib.suppress(RefusedError):
        opened.console.call(Start())
    return False


@contextlib.contextmanager
def _ended_by_signals(over: threading.Event) -> Iterator[None]:
    def end(_number: int, _frame: FrameType | None) -> None:
        over.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _watch(opened: OpenStation, wish: _Wish, over: threading.Event) -> None:
    office = OfficeChild(wish.line_file) if wish.linked and wish.parts is None else None
    panel = _Panel(wish.line_file, wish.language) if wish.panel else None
    if panel:
        print("inspector: the panel is starting; Ctrl-C ends the station", file=sys.stderr)
    table = None if panel or wish.service else LiveTable(opened.console)
    station = opened.station
    alone = not (wish.panel or wish.service)  # nobody can reach the station but from here
    waits = alone and bool(station.status().locked)
    try:
        while not over.wait(0.2) and not station.exhausted.is_set():
            if office:
                office.keep_alive()
            if not (panel or wish.service) and _needs_reset(station.status()):
                return  # nobody is there to do it
            waits = waits and _start_when_cleared(opened)
            if panel and not panel.keep_alive():
                if panel.closed_by_person:
                    print("inspector: the panel was closed: the station stops", file=sys.stderr)
                    return
                print("inspector: the panel keeps failing: on without it", file=sys.stderr)
                panel, table = None, LiveTable(opened.console)
            if table:
                table.refresh()
    finally:
        for shown in (table, panel, office):
            if shown:
                shown.close()


def _needs_reset(status: StationStatus) -> bool:
    """Error that does not mend itself, as that of a lost device does when it is back."""
    faulty = any(alarm.key == "fault" for alarm in status.alarms)
    return status.state is StationState.ERROR and faulty


def _come_to_rest(opened: OpenStation) -> None:
    """Stop, and let the belt carry the last parts to the gate."""
    opened.station.request_stop_and_wait(timeout_s=30.0)
    if opened.simulated is not None:
        opened.simulated.drain(timeout_s=30.0)


class _Panel:
    """The panel as a child process, started again when it crashes."""

    _RESTARTS = 5

    def __init__(self, line_file: Path, language: PanelLanguage) -> None:
        self._command = [sys.executable, "-m", "inspector", "panel"]
        self._command += ["--line", str(line_file), "--language", language.value]
        self._restarts = 0
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command)

    def keep_alive(self) -> bool:
        """False when the person closed the panel, or when it crashed too often."""
        code = self._process.poll()
        if code is None:
            return True
        if self.closed_by_person or self._restarts == self._RESTARTS:
            return False
        self._restarts += 1
        print(f"inspector: the panel ended with code {code}: started again", file=sys.stderr)
        self._process = self._start()
        return True

    @property
    def closed_by_person(self) -> bool:
        """True when it ended as it should."""
        return self._process.poll() == 0

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(5.0)
        except subprocess.TimeoutExpired:
            self._process.kill()


def run_summary(status: StationStatus, tally: Tally | None) -> str:
    """The end of a run in two lines, counts and labels."""
    parts, latency = status.parts, status.latency
    causes = ", ".join(f"{count} {cause}" for cause, count in sorted(parts.by_cause.items()))
    text = (
        f"{status.product}: {parts.parts} parts, {parts.passed} passed, {parts.rejected} rejected "
        f"({causes}); p50 {latency.p50_ms:.1f} ms, p99 {latency.p99_ms:.1f} ms; {status.state}"
    )
    if tally is None:
        return text
    return (
        f"{text}\nagainst the labels: {tally.false_rejects} false rejects of {tally.good} good, "
        f"{tally.escapes} escapes of {tally.defective} defective, {tally.unseen} unseen"
    )


def run_figures(
    status: StationStatus, tally: Tally | None, fates: Mapping[Fate, int] | None
) -> dict[str, object]:
    """The figures of a run, as ``--json`` writes them."""
    cameras = status.cameras.values()
    latency = status.latency
    return {
        "triggers": sum(camera.triggers for camera in cameras),
        "frames": sum(camera.frames for camera in cameras),
        "lost": sum(camera.lost for camera in cameras),
        "parts": status.parts.parts,
        "verdicts": status.parts.verdicts,
        "passed": status.parts.passed,
        "rejected": status.parts.rejected,
        "late": status.parts.late,
        "latency_ms": {
            "p50": latency.p50_ms,
            "p99": latency.p99_ms,
            "p999": latency.p999_ms,
            "max": latency.max_ms,
        },
        "state": status.state.value,
        "health": status.health.value,
        "product": status.product,
        "production": status.production,
        "by_cause": status.parts.by_cause,
        "cameras": {name: asdict(counts) for name, counts in status.cameras.items()},
        "gate": None if fates is None else {fate.value: n for fate, n in fates.items()},
        "dropped_records": status.dropped_records,
        "dropped_evidence": status.dropped_evidence,
        "truth": asdict(tally) if tally else None,
    }
