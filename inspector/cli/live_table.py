"""The live table of a headless run."""

from __future__ import annotations

from rich.console import Console
from rich.live import Live
from rich.table import Table

from inspector.core.state import StationStatus
from inspector.link.client import StationClient
from inspector.link.messages import Snapshot


class LiveTable:
    """Shows snapshots on stderr: a table on a terminal, a line every few seconds elsewhere."""

    _LINE_EVERY = 25

    def __init__(self, client: StationClient) -> None:
        self._client = client
        self._console = Console(stderr=True)
        self._live = Live(console=self._console, auto_refresh=False)
        self._turn = 0
        if self._console.is_terminal:
            self._live.start()

    def refresh(self) -> None:
        """Draw the newest snapshot, if there is one."""
        status = self._newest()
        if status is None:
            return
        if self._console.is_terminal:
            self._live.update(_table(status), refresh=True)
        elif self._turn % self._LINE_EVERY == 0:
            self._console.print(_line(status), highlight=False, soft_wrap=True)
        self._turn += 1

    def _newest(self) -> StationStatus | None:
        status = None
        while (event := self._client.next_event(0.0)) is not None:
            if isinstance(event, Snapshot):
                status = event.status
        return status

    def close(self) -> None:
        """Draw the newest snapshot and let the terminal go."""
        self.refresh()
        if self._console.is_terminal:
            self._live.stop()


def _rows(status: StationStatus) -> list[tuple[str, str]]:
    parts, latency = status.parts, status.latency
    unseen = {k: v for k, v in parts.by_cause.items() if k not in ("good", "defect")}
    cameras = "; ".join(
        f"{name}: {c.triggers} = {c.frames} + {c.lost} lost" for name, c in status.cameras.items()
    )
    return [
        ("state", f"{status.state}{'' if status.production else '  (not production)'}"),
        ("health", "; ".join([status.health, *(alarm.text for alarm in status.alarms)])),
        ("product", status.product),
        ("parts", f"{parts.parts}   at {status.rate_hz:.1f}/s"),
        ("passed", str(parts.passed)),
        ("rejected", f"{parts.rejected}   {unseen or ''}"),
        ("late", str(parts.late)),
        ("latency", f"p50 {latency.p50_ms:.1f} ms   p99 {latency.p99_ms:.1f} ms"),
        ("margin", f"{status.margin_ms:.1f} ms to the deadline (median)"),
        ("triggers", cameras),
    ]


def _table(status: StationStatus) -> Table:
    table = Table(title=f"Inspector · {status.station}", show_header=False, min_width=64)
    for name, value in _rows(status):
        table.add_row(name, value)
    return table


def _line(status: StationStatus) -> str:
    parts, latency = status.parts, status.latency
    return (
        f"{status.state}: {parts.parts} parts, {parts.passed} passed, {parts.rejected} rejected, "
        f"{parts.late} late, p50 {latency.p50_ms:.1f} ms, p99 {latency.p99_ms:.1f} ms, "
        f"health {status.health}"
    )
