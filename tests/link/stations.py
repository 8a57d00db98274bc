"""A station's side of the wire that tests can steer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from inspector.core.errors import LedgerError, RefusedError
from inspector.core.state import Health, StationState, StationStatus
from inspector.link.client import StationClient
from inspector.link.messages import (
    Acknowledge,
    Answer,
    AnyCommand,
    Event,
    GetStatus,
    Hello,
    Login,
    RejectNotice,
    Seat,
    SelectProduct,
    Session,
    Snapshot,
    Start,
    Stop,
)

STATUS = StationStatus("station-1", StationState.READY, Health.GOOD, "washer", production=False)


def notice(part_id: int, size: int = 100) -> RejectNotice:
    return RejectNotice(part_id, 0, "defect", ("score 2 against 1",), bytes(size))


@dataclass
class SteeredHandler:
    """Answers like a station; ``heard`` keeps what came."""

    heard: list[tuple[AnyCommand, str, str]] = field(default_factory=list)

    def handle(
        self, command: AnyCommand, token: str, peer: str, seat: Seat | None = None
    ) -> Answer:
        self.heard.append((command, token, peer))
        match command:
            case Hello():
                return Session("", "", "operator")
            case Login():
                return Session("t0ken", command.user, "engineer")
            case GetStatus():
                return Snapshot(STATUS)
            case Start():
                raise RefusedError("not in Ready", remedy="Select a product first")
            case Stop():
                raise LedgerError("the ledger cannot be written")
            case SelectProduct():
                raise ZeroDivisionError
            case Acknowledge():
                time.sleep(float(command.alarm))
        return None


Found = TypeVar("Found")


def until(read: Callable[[], Found | None], seconds: float = 20.0) -> Found:
    """What ``read`` finds once it finds something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = read()
        if found is not None:
            return found
        time.sleep(0.01)
    raise AssertionError("nothing came")


def event_of(client: StationClient, publish: Callable[[], None]) -> Event:
    """The first event that arrives while ``publish`` is repeated (a new subscriber misses some)."""

    deadline = time.monotonic() + 20.0
    while time.monotonic() < deadline:
        publish()
        event = client.next_event(0.05)
        if event is not None:
            return event
    raise AssertionError("no event came")
