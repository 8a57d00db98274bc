"""Figures of the station for Prometheus: asked for over HTTP, gathered when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from inspector import __version__
from inspector.core.errors import ConfigError, LinkError
from inspector.core.line_config import MetricsConfig
from inspector.core.state import Health, StationState, StationStatus
from inspector.ledger.writer import LedgerWriter

if TYPE_CHECKING:
    from prometheus_client.core import Metric

EDGES_MS = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 50.0, 75.0, 100.0, 150.0, 200.0, 300.0, 500.0, 1000.0)
"""Upper edges of the latency histogram's buckets."""


class Watched(Protocol):
    """The station as it is looked at. Any thread; never waits."""

    def status(self) -> StationStatus:
        """A snapshot."""

    def latencies(self, edges_ms: tuple[float, ...]) -> tuple[list[int], int, float]:
        """Verdicts of the run up to each edge, all of them, and the sum of their latencies, s."""


class StationFigures:
    """A collector of ``prometheus_client``: counters are those of the run under way."""

    def __init__(self, station: Watched, writer: LedgerWriter | None) -> None:
        self._station = station
        self._writer = writer

    def collect(self) -> Iterator[Metric]:
        """All figures at this moment."""
        from prometheus_client.core import InfoMetricFamily  # noqa: PLC0415  # extra plant

        status = self._station.status()
        info = {"station": status.station, "version": __version__, "product": status.product}
        yield InfoMetricFamily("inspector_station", "What runs.", value=info)
        yield from _state(status)
        yield from _parts(status)
        yield from _cameras(status)
        yield self._latency()
        if self._writer is not None:
            yield from _ledger(self._writer)

    def _latency(self) -> Metric:
        from prometheus_client.core import HistogramMetricFamily  # noqa: PLC0415  # extra plant

        counts, total, sum_s = self._station.latencies(EDGES_MS)
        edges = [repr(edge / 1e3) for edge in EDGES_MS]
        buckets = [*zip(edges, map(float, counts), strict=True), ("+Inf", float(total))]
        return HistogramMetricFamily(
            "inspector_latency_seconds", "Trigger to verdict.", buckets=buckets, sum_value=sum_s
        )


def _gauge(name: str, text: str, value: float) -> Metric:
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415  # extra plant

    return GaugeMetricFamily(f"inspector_{name}", text, value=value)


def _gauges(name: str, text: str, label: str, values: dict[str, float]) -> Metric:
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415  # extra plant

    family = GaugeMetricFamily(f"inspector_{name}", text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _counter(name: str, text: str, label: str, values: dict[str, int]) -> Metric:
    from prometheus_client.core import CounterMetricFamily  # noqa: PLC0415  # extra plant

    family = CounterMetricFamily(f"inspector_{name}", text, labels=[label] if label else [])
    for key, value in values.items():
        family.add_metric([key] if label else [], value)
    return family


def _state(status: StationStatus) -> Iterator[Metric]:
    states = {state.value: float(state is status.state) for state in StationState}
    yield _gauges("state", "1 for the state it is in (OPC 40100-1).", "state", states)
    health = {one.value: float(one is status.health) for one in Health}
    yield _gauges("health", "1 for its health (NAMUR NE 107).", "health", health)
    yield _gauge("production", "1 in production.", float(status.production))
    yield _gauge("alarms", "Alarms that stand.", len(status.alarms))
    yield _gauge("uptime_seconds", "Since the station was opened.", status.uptime_s)
    yield _gauge("margin_seconds", "Time left to the deadline, median.", status.margin_ms / 1e3)


def _parts(status: StationStatus) -> Iterator[Metric]:
    parts = status.parts
    yield _counter("parts", "Parts that were triggered.", "", {"": parts.parts})
    outcomes = {"pass": parts.passed, "reject": parts.rejected}
    yield _counter("verdicts", "Verdicts by outcome.", "outcome", outcomes)
    yield _counter("causes", "Verdicts by cause.", "cause", parts.by_cause)
    yield _counter("late", "Verdicts past their deadline.", "", {"": parts.late})
    yield _counter("unseen", "Parts for which no camera was triggered.", "", {"": status.unseen})


def _cameras(status: StationStatus) -> Iterator[Metric]:
    counts = status.cameras
    for name, text in (
        ("triggers", "Triggers."),
        ("frames", "Frames that could be used."),
        ("lost", "Triggers without a frame that could be used."),
    ):
        values = {camera: int(getattr(one, name)) for camera, one in counts.items()}
        yield _counter(f"camera_{name}", text, "camera", values)


def _ledger(writer: LedgerWriter) -> Iterator[Metric]:
    figures, journal = writer.figures, writer.journal
    dropped = {"records": writer.dropped_records, "pictures": writer.dropped_evidence}
    yield _counter("ledger_records", "Records on the disk.", "", {"": figures.written})
    yield _counter("ledger_pictures", "Pictures on the disk.", "", {"": figures.pictures})
    yield _counter("ledger_dropped", "What could not be kept.", "what", dropped)
    yield _gauge("ledger_waiting", "Records that wait for the disk.", writer.backlog)
    yield _gauge("ledger_write_seconds", "Time of the last write.", figures.write_ms / 1e3)
    yield _gauge("ledger_faulty", "1 while it cannot be written.", float(bool(writer.fault)))
    yield _gauge("journal_records", "Records that wait for the database.", journal.records)
    yield _gauge("journal_bytes", "Size of the journal.", journal.bytes)
    yield _gauge("database_faulty", "1 while nothing reaches it.", float(bool(journal.fault)))


def serve_metrics(config: MetricsConfig, figures: StationFigures) -> Callable[[], None]:
    """Answer on a thread of its own; returns what ends it.

    Raises ``ConfigError`` without the package, ``LinkError`` when the port is taken.
    """
    try:
        from prometheus_client import CollectorRegistry, start_http_server  # noqa: PLC0415
    except ImportError as error:
        raise ConfigError(
            "metrics.enabled: prometheus-client is not installed",
            remedy="Install the extra: pip install inspector-line[plant]",
        ) from error
    registry = CollectorRegistry()
    registry.register(figures)
    try:
        server, thread = start_http_server(config.port, config.address, registry)
    except OSError as error:
        raise LinkError(
            f"metrics: {config.address}:{config.port}: {error.strerror or error}",
            remedy="Give metrics another port or address",
        ) from error

    def close() -> None:
        server.shutdown()
        server.server_close()
        thread.join(5.0)

    return close
