"""``inspector forecast``: teach what a line's series will say next, and see what that finds."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inspector.cli.ledger_evidence import utc_us_of
from inspector.cli.options import LineOption, teaching_progress
from inspector.cli.priority import give_way
from inspector.core.errors import InputError
from inspector.core.line_config import LineConfig
from inspector.station.opening import data_folder_of, load_line
from inspector.station.places import database_of, find_config

if TYPE_CHECKING:
    from engines.temporal import Forecast, Series
    from engines.temporal.artefact import ForecastManifest
    from engines.temporal.series import Values

app = typer.Typer(
    help="Forecasts of line signals, for health: teach, check, show.", no_args_is_help=True
)


class Source(StrEnum):
    """Where a product's series comes from."""

    STATION = "station"
    LEDGER = "ledger"


class Method(StrEnum):
    """Ways to forecast."""

    PLAIN = "plain"
    AUTO = "auto"
    LAST = "last"
    SMOOTHING = "smoothing"
    AUTOREGRESSION = "autoregression"
    LSTM = "lstm"
    GRU = "gru"
    TRANSFORMER = "transformer"


ProductArgument = Annotated[str, typer.Argument(help="product that was taught here")]
SourceOption = Annotated[
    Source, typer.Option("--from", help="last parts that the station kept, or its records")
]
SeriesOption = Annotated[
    Path | None, typer.Option(help="a file in their place: .csv with a heading, or .parquet")
]
ChannelsOption = Annotated[str, typer.Option(help="these alone, with commas between; default all")]
SinceOption = Annotated[str, typer.Option(help="with --from ledger: from this day or time on")]
UntilOption = Annotated[str, typer.Option(help="with --from ledger: up to this day or time")]


@app.command("teach")
def teach_command(  # noqa: PLR0917  # one parameter for each option
    product: ProductArgument,
    source: SourceOption = Source.STATION,
    series: SeriesOption = None,
    channels: ChannelsOption = "",
    since: SinceOption = "",
    until: UntilOption = "",
    method: Annotated[Method, typer.Option(help="plain: the best baseline; auto: networks too")] = (
        Method.PLAIN
    ),
    window: Annotated[int, typer.Option(min=2, max=512, help="parts to predict from")] = 32,
    seed: Annotated[int, typer.Option(min=0, help="of every random choice")] = 0,
    line: LineOption = None,
) -> None:
    """Teach a forecast from parts that were well. It runs from the next load of the product on.

    [bold]Examples[/bold]

        inspector forecast teach bracket
        inspector forecast teach bracket --from ledger --since 2026-11-16 --until 2026-11-21
        inspector forecast teach bracket --series logged.csv --channels spindle_a,spindle_b
    """
    from engines.temporal.spec import ForecastSpec  # noqa: PLC0415  # slow to load
    from engines.temporal.teaching import teach_series  # noqa: PLC0415  # loads torch
    from inspector.station.forecasts import keep_forecast  # noqa: PLC0415  # slow to load
    from inspector.station.line_series import without_still  # noqa: PLC0415  # slow to load

    give_way()
    config = load_line(line or find_config("line.yaml"))
    found, bundle = _series(config, product, source, series, names(channels), (since, until))
    found, still = without_still(found)
    if still:
        print(f"left out     {', '.join(still)}: hardly ever moves")
    spec = ForecastSpec(method=method.value, window=window, seed=seed)
    with teaching_progress() as show:
        files = teach_series(found, spec, show, bundle=bundle)
    forecast = keep_forecast(data_folder_of(config), product, files)
    print(f"forecast     {forecast.path}")
    print("\n".join(told(forecast.manifest)))
    if not config.forecast.enabled:
        print("forecast.enabled is false in the line's file: the station does not use it")


@app.command("check")
def check_command(  # noqa: PLR0917  # one parameter for each option
    product: ProductArgument,
    source: SourceOption = Source.STATION,
    series: SeriesOption = None,
    since: SinceOption = "",
    until: UntilOption = "",
    line: LineOption = None,
) -> None:
    """Follow a series with the current forecast and say what would have been told, and when.

    [bold]Examples[/bold]

        inspector forecast check bracket --from ledger --since 2026-11-21
    """
    give_way()
    config = load_line(line or find_config("line.yaml"))
    forecast = _current(config, product)
    found, _ = _series(config, product, source, series, forecast.channels, (since, until))
    for text in checked(config, forecast, found.of(forecast.channels).values):
        print(text)


@app.command("show")
def show_command(product: ProductArgument, line: LineOption = None) -> None:
    """Show the current forecast: what was tried, what was kept, and how good it is.

    [bold]Examples[/bold]

        inspector forecast show bracket
    """
    config = load_line(line or find_config("line.yaml"))
    forecast = _current(config, product)
    print(f"forecast     {forecast.path}")
    print("\n".join(told(forecast.manifest)))


def told(manifest: ForecastManifest) -> list[str]:
    """A forecast in lines for people."""
    parts = manifest.taught.parts
    lines = [f"parts        {parts[0]} taught, {parts[1]} validated, {parts[2]} held out"]
    for tried in manifest.choice.candidates:
        mark = "<- kept" if tried.method == manifest.method else ""
        error = f"error {tried.held_out:.4f} spreads on held-out parts"
        lines.append(f"  {tried.method:<15}{error} {mark}".rstrip())
    lines.append(f"choice       {manifest.choice.words}")
    for channel in manifest.channels:
        related = f"neighbours' errors related by {channel.dependence:.2f}"
        lines.append(f"  {channel.name:<20} error {channel.residual:.4g}; {related}")
    worst = max(manifest.channels, key=lambda channel: channel.dependence)
    if worst.dependence > _RELATED:
        lines.append(
            f"note         {worst.name}: alarms may be oftener than promised: neighbours' errors "
            "resemble each other. Raise forecast.false_alarm_parts, or teach from more parts"
        )
    return lines


_RELATED = 0.2
"""Correlation of neighbours from which the promise of the charts is doubtful."""


def checked(config: LineConfig, forecast: Forecast, values: Values) -> list[str]:
    """What the monitor tells of a series, part by part, in lines; every alarm is acknowledged."""
    from calibration.drift import Promise  # noqa: PLC0415  # slow to load
    from calibration.drift.series import SeriesMonitor  # noqa: PLC0415  # slow to load

    given = config.forecast
    monitor = SeriesMonitor(forecast, Promise(given.false_alarm_parts, given.defect_share))
    lines = []
    for part, vector in enumerate(values, 1):
        if monitor.add(vector) is None:
            continue
        for state in monitor.state():
            if state.alarm and state.since is not None:
                since = state.since + forecast.manifest.window
                lines.append(f"part {part}: {state.channel}: {state.change} since part {since}")
                monitor.acknowledge(state.channel)
    lines.append(f"{len(values)} parts, {len(lines)} alarms")
    return lines


def names(channels: str) -> tuple[str, ...]:
    """Channels as the option gives them."""
    return tuple(name.strip() for name in channels.split(",") if name.strip())


def _current(config: LineConfig, product: str) -> Forecast:
    from engines.temporal import open_forecast  # noqa: PLC0415  # slow to load
    from inspector.station.forecasts import current_forecast  # noqa: PLC0415  # slow to load

    path = current_forecast(data_folder_of(config), product)
    if path is None:
        raise InputError(
            f"{product}: no forecast was taught",
            remedy=f"Teach one: inspector forecast teach {product}",
        )
    return open_forecast(path)


def _series(  # noqa: PLR0917  # where it comes from, and what is wanted of it
    config: LineConfig,
    product: str,
    source: Source,
    file: Path | None,
    channels: tuple[str, ...],
    times: tuple[str, str],
) -> tuple[Series, str | None]:
    """The series asked for, and the hash of the bundle that its scores are of."""
    from engines.bundle import open_bundle  # noqa: PLC0415  # slow to load
    from inspector.ledger.ledger import open_reader  # noqa: PLC0415  # slow to load
    from inspector.station.forecasts import latest_file, latest_parts  # noqa: PLC0415
    from inspector.station.judging import taught_bundle  # noqa: PLC0415
    from inspector.station.line_series import recorded_series  # noqa: PLC0415
    from inspector.teaching.series_files import read_series  # noqa: PLC0415

    if file is not None:
        return read_series(file, channels), None
    data_folder = data_folder_of(config)
    bundle = open_bundle(taught_bundle(data_folder, product)).hash
    if source is Source.STATION:
        found = latest_parts(latest_file(data_folder, product, bundle))
    else:
        since, until = (
            utc_us_of(text, name) if text else None
            for text, name in zip(times, ("--since", "--until"), strict=True)
        )
        reader = open_reader(data_folder, config.station, database_of(config))
        try:
            found = recorded_series(reader, product, bundle, since_us=since, until_us=until)
        finally:
            reader.close()
    return (found.of(channels) if channels else found), bundle
