"""Commands with people and a recorder, over a station that only notes what it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from inspector.access.passwords import PasswordHash
from inspector.access.permissions import Role
from inspector.core.canonical import Json
from inspector.core.line_config import AccessConfig
from inspector.core.record import RecordKind
from inspector.core.state import Health, StationState, StationStatus
from inspector.link.messages import Answer, AnyCommand, Login, ProductEntry, Seat, Session
from inspector.station.commands import Commands, Operations
from inspector.station.people import People
from inspector.station.qualifying import Actor, Qualifying
from tests.access.clocks import HandClock

PASSWORD = "only-for-tests-8"
QUICK = PasswordHash(memory_kib=16, passes=1)


class Notes:
    """Keeps what is recorded."""

    def __init__(self) -> None:
        self.records: list[tuple[RecordKind, dict[str, Any]]] = []

    def note(self, kind: RecordKind, payload: Mapping[str, Json]) -> None:
        self.records.append((kind, dict(payload)))

    @property
    def last(self) -> dict[str, Any]:
        return self.records[-1][1]


class AnyPanel:
    """Control that every panel has."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


class Asked:
    """Takes every request."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.alarms: dict[str, str] = {}
        self.control: Any = AnyPanel()

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: self.asked.append(name)

    def qualify(self, command: Qualifying, actor: Actor) -> dict[str, Json]:
        self.asked.append(f"qualify as {actor.user}")
        return {}

    def bypass(self, user: str, reason: str) -> None:
        self.asked.append(f"bypass by {user}")

    def require_access(self, asking: str) -> None:
        pass

    def alarm(self, key: str, health: Health, text: str) -> None:
        self.alarms[key] = text

    def clear(self, key: str) -> None:
        del self.alarms[key]

    def status(self) -> StationStatus:
        return StationStatus("s", StationState.READY, Health.GOOD, "p", production=False)

    def products(self) -> tuple[ProductEntry, ...]:
        return ()


class Counter:
    """A panel at the station's counter: commands as one user or another."""

    def __init__(
        self,
        folder: Path,
        *,
        config: AccessConfig | None = None,
        clock: HandClock | None = None,
        own_role: Role | None = None,
        runs: bool = True,
    ) -> None:
        self.clock = clock or HandClock()
        self.folder = folder
        self.people = People(folder, config or AccessConfig(), self.clock)
        self.people.users._hashing = QUICK
        self.notes, self.station = Notes(), Asked()
        running = cast("Operations", self.station) if runs else None
        self.commands = Commands(running, self.people, self.notes, own_role)

    def add(self, name: str, role: Role) -> None:
        self.people.users.add(name, role, PASSWORD)

    def log_in(self, name: str, password: str = PASSWORD, peer: str = "panel") -> str:
        answer = self.commands.handle(Login(name, password), "", peer)
        assert isinstance(answer, Session)
        return answer.token

    def ask(
        self,
        command: AnyCommand,
        token: str = "",
        peer: str = "panel",
        seat: Seat | None = None,
    ) -> Answer:
        return self.commands.handle(command, token, peer, seat)
