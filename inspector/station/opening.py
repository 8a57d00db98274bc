"""Opening and closing a station with everything it lives in, in the right order."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from inspector.access.hash_process import HashProcess
from inspector.access.permissions import Role
from inspector.core.canonical import Json
from inspector.core.errors import ConfigError
from inspector.core.line_config import LedgerConfig, LineConfig
from inspector.core.plc_config import SimPlc
from inspector.core.ports import Clock, SystemClock
from inspector.core.record import RecordKind
from inspector.durable.files import expanded
from inspector.ledger.ledger import Ledger
from inspector.ledger.plant_store import PlantStore
from inspector.ledger.proof import ProofSettings
from inspector.ledger.store import Store
from inspector.link.in_process import InProcessClient, InProcessLink
from inspector.link.mailbox import PictureMailbox
from inspector.link.messages import Event
from inspector.link.picture import LivePicture
from inspector.link.server import LinkServer
from inspector.release.recorded import last_recorded
from inspector.sim.plc import SimulatedPlc
from inspector.station import recovery
from inspector.station.catalogue import Catalogue
from inspector.station.commands import Commands
from inspector.station.devices import make_belt
from inspector.station.gate_watch import GateWatch
from inspector.station.metrics import StationFigures, serve_metrics
from inspector.station.panel_control import PanelControl
from inspector.station.part_ids import VolatilePartIds
from inspector.station.people import People
from inspector.station.places import data_folder_of, database_of, find_config, load_line
from inspector.station.plc_desk import PlcDesk
from inspector.station.rooms import Rooms
from inspector.station.service import ServiceManager
from inspector.station.station import Station
from inspector.station.syslog import SyslogForward
from inspector.station.telling import make_plc
from inspector.station.write_access import WriteAccess

__all__ = [
    "OpenStation",
    "anchor_folder",
    "catalogue_of",
    "data_folder_of",
    "load_line",
    "open_office",
    "open_station",
]


class _NoRecorder:
    """For runs without a ledger."""

    def note(self, kind: RecordKind, payload: Mapping[str, Json]) -> None:
        """Forget it."""


class _Outlets:
    """Everybody who looks at the station: clients in this process, and panels through the link."""

    def __init__(self) -> None:
        self.local: InProcessLink | None = None
        self.server: LinkServer | None = None
        self.mailbox: PictureMailbox | None = None

    def publish(self, event: Event) -> None:
        if self.local is not None:
            self.local.publish(event)
        if self.server is not None:
            self.server.publish(event)

    def offer(self, picture: LivePicture) -> None:
        if self.local is not None:
            self.local.offer(picture)
        if self.mailbox is not None:
            self.mailbox.offer(picture)


@dataclass(frozen=True, slots=True)
class OpenStation:
    """A station that is ready, and the console's own connection to it."""

    station: Station
    console: InProcessClient
    simulated: SimulatedPlc | None
    """The PLC at the gate, where it is simulated."""
    data_folder: Path
    gate: GateWatch | None = None
    """What is heard of a gate that we drive; None where a PLC sorts."""

    @property
    def plc(self) -> SimulatedPlc:
        """The simulated PLC. Raises ``ConfigError`` where it is a real one."""
        if self.simulated is None:
            raise ConfigError("the PLC is not simulated", remedy="Set plc.driver: sim")
        return self.simulated


def catalogue_of(line_file: Path, data_folder: Path) -> Catalogue:
    """Recipes made on this station, then those beside the line's file (or ours, without any)."""
    beside = line_file.parent / "products"
    return Catalogue(
        (data_folder / "products", beside if beside.is_dir() else find_config("products"))
    )


@contextlib.contextmanager
def open_station(
    config: LineConfig,
    catalogue: Catalogue,
    *,
    limit: int | None = None,
    on_limit: Callable[[], None] = lambda: None,
    clock: Clock | None = None,
    pictures_shown: bool = False,
) -> Iterator[OpenStation]:
    """Open ledger, PLC, link and station; close them in reverse, whatever happens.

    ``limit`` ends the belt's feed after that many parts and calls ``on_limit``. With
    ``pictures_shown`` the cameras show stored pictures of limit samples in place of parts. Raises
    ``InspectorError`` with what is missing.
    """
    clock = clock or SystemClock()
    data_folder = data_folder_of(config)
    outlets = _Outlets()
    with contextlib.ExitStack() as stack:
        ledger = _open_ledger(config, data_folder, clock, stack)
        belt = make_belt(config, clock, limit=limit, on_limit=on_limit)
        told = make_plc(config, data_folder, belt, clock)
        access = WriteAccess(auto=not isinstance(config.plc, SimPlc) and config.plc.grants)
        recorder = ledger.writer if ledger else _NoRecorder()
        rooms = Rooms(
            config=config,
            data_folder=data_folder,
            catalogue=catalogue,
            belt=belt,
            plc=told.plc,
            sensor=told.sensor,
            access=access,
            control=PanelControl(config.link, clock, recorder),
            lines=told.lines,
            part_ids=ledger.part_ids if ledger else VolatilePartIds(),
            recorder=recorder,
            writer=ledger.writer if ledger else None,
            clock=clock,
            last_release=_last_release(ledger.store) if ledger else None,
            proof=ledger.proof if ledger else None,
            gate=told.gate,
            pictures_shown=pictures_shown,
            service=ServiceManager.of(),
        )
        station = Station(rooms, outlets)
        hashing = HashProcess()
        stack.callback(hashing.close)
        people = People(data_folder, config.access, clock, hashing)
        console = Commands(station, people, rooms.recorder, Role.OPERATOR)
        outlets.local = InProcessLink(console)
        as_plc = Commands(station, people, rooms.recorder, Role.OPERATOR, writer="plc")
        station.listen_to(PlcDesk(as_plc, catalogue, access, told.plc, told.asked))
        if config.link.enabled:
            own_role = None if config.link.panel_role == "none" else Role(config.link.panel_role)
            panels = Commands(station, people, rooms.recorder, own_role)
            outlets.server = LinkServer(
                data_folder, panels, endpoint=config.link.endpoint, remote=config.link.remote
            )
            stack.callback(outlets.server.close)
            outlets.mailbox = PictureMailbox(outlets.server.pictures)
            stack.callback(outlets.mailbox.close)
        stack.callback(station.close)
        if config.metrics.enabled:
            figures = StationFigures(station, rooms.writer)
            stack.callback(serve_metrics(config.metrics, figures))
        station.open()
        if people.users.recoveries:
            words = recovery.in_words(people.users.recoveries[-1].user)
            station.alarm(recovery.ALARM, recovery.HEALTH, words)
        if outlets.server is not None:
            outlets.server.start()
        console_client = outlets.local.client()
        rooms.service.ready()
        stack.callback(rooms.service.stopping)
        yield OpenStation(station, console_client, told.simulated, data_folder, told.gate)


@contextlib.contextmanager
def open_office(config: LineConfig) -> Iterator[InProcessClient]:
    """The people and records of a station that does not run: users, reviews, recovery.

    Raises ``LedgerError`` while a station holds the ledger.
    """
    clock, data_folder = SystemClock(), data_folder_of(config)
    with contextlib.ExitStack() as stack:
        ledger = _open_ledger(config, data_folder, clock, stack)
        people = People(data_folder, config.access, clock)
        commands = Commands(None, people, ledger.writer if ledger else _NoRecorder(), None)
        yield InProcessLink(commands).client()


def _last_release(store: Store) -> Callable[[str], str]:
    """In a plant the journal knows it, so that an outage of the database locks no production."""
    if isinstance(store, PlantStore):
        return store.last_release
    return partial(last_recorded, store.reader)


def _open_ledger(
    config: LineConfig, data_folder: Path, clock: Clock, stack: contextlib.ExitStack
) -> Ledger | None:
    if not config.ledger.enabled:
        return None
    ledger = Ledger(
        data_folder,
        config.station,
        queue_records=config.ledger.queue_records,
        queue_evidence=config.ledger.queue_evidence,
        keeping=config.evidence,
        block_size=config.ledger.block_size,
        clock=clock,
        proof=_proof(config.ledger),
        database=database_of(config),
    )
    if config.syslog.address:  # closed after the ledger: its last records are sent, too
        forward = SyslogForward(config.syslog)
        ledger.writer.on_stored += (forward.tell,)
        stack.callback(forward.close)
    stack.callback(ledger.close)
    return ledger


def anchor_folder(config: LedgerConfig) -> Path | None:
    """Where signed heads are kept as well; None where only the ledger has them."""
    given = config.anchor_path
    return None if given is None else expanded(given, "ledger.anchor_path").resolve()


def _proof(config: LedgerConfig) -> ProofSettings:
    return ProofSettings(
        segment_records=config.segment_records,
        segment_min=config.segment_min,
        anchor_path=anchor_folder(config),
        check_share=config.check_share,
        check_hours=config.check_hours,
    )
