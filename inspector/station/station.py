"""The station: life cycle, changeover, supervision. It owns every device and every thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

import structlog

from inspector.core.canonical import Json
from inspector.core.errors import InspectorError, PlcError, RefusedError
from inspector.core.ports import PlcStatus
from inspector.core.record import RecordKind
from inspector.core.state import Health, StationState, StationStatus
from inspector.limits.masters import Master
from inspector.line.counters import LineCounters
from inspector.line.lifecycle import LifeCycle
from inspector.line.line import Line
from inspector.line.masters import AnnouncedMasters
from inspector.line.part import PartTap
from inspector.link.messages import ProductEntry, Snapshot
from inspector.sim.truth import TruthTally
from inspector.station import drift
from inspector.station.alarms import AlarmBoard
from inspector.station.clearance import Clearance
from inspector.station.display_tap import Outlet
from inspector.station.listing import listed
from inspector.station.loaded import LoadedProduct, load_product
from inspector.station.qualifying import Actor, Qualification, Qualifying
from inspector.station.rooms import Rooms
from inspector.station.showing import Showing
from inspector.station.watch import Watch
from inspector.teaching.bundles import current_bundle

_log = structlog.get_logger(__name__)

_TURN_S = 0.05
_SNAPSHOT_TURNS = 4


class Station:
    """Runs one line. Requests come from any thread and return at once.

    The *operations* thread carries them out, one after the other; the *supervisor* watches line,
    PLC and ledger meanwhile, keeps the heartbeat and publishes snapshots.
    """

    def __init__(self, rooms: Rooms, outlet: Outlet) -> None:
        self._rooms = rooms
        self._config = rooms.config
        self._outlet = outlet
        self._alarms = AlarmBoard(rooms.clock)
        self._life = LifeCycle(self._on_change, wanted=rooms.config.production)
        self._clearance = Clearance(rooms, self._life, self)
        self._qualification = Qualification(rooms, self._clearance, self.announce)
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._closing = threading.Event()
        self._threads = (
            threading.Thread(target=self._operate, name="operations", daemon=True),
            threading.Thread(target=self._supervise, name="supervisor", daemon=True),
        )
        self._stuck = False
        self._loaded: LoadedProduct | None = None
        self._line: Line | None = None
        self._showing: Showing | None = None
        self._counters = LineCounters(tuple(camera.name for camera in rooms.config.cameras))
        self._product = rooms.config.product
        self._calibration = ""
        self._opened_ns = rooms.clock.monotonic_ns()
        self._watch = Watch(rooms, self)
        self.exhausted = threading.Event()
        """Set when a run ended because its cameras have no more parts."""
        self._extra_taps: tuple[PartTap, ...] = ()

    # -- life cycle -----------------------------------------------------------------------------

    def open(self) -> None:
        """Connect to the PLC and load the product. Raises what cannot be used."""
        self._rooms.plc.open()
        self._life.to(StationState.HALTED, "devices are there")
        self._load(self._config.product)
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop, tell the PLC, free everything. The ledger is closed by who opened it."""
        self._closing.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(30.0)
        self._stop_line("the station is closed")
        if self._loaded is not None and not self._stuck:
            self._loaded.close()
        try:
            self._rooms.plc.set_status(PlcStatus())
            self._rooms.plc.close()
        except PlcError as error:
            _log.warning("PLC not closed", reason=str(error))

    # -- requests (inspector.station.commands.Operations) ---------------------------------------

    def request_start(self) -> None:
        """Start continuous execution."""
        locked = self._clearance.locked
        if locked and not self._life.state.running:
            raise RefusedError("; ".join(lock.text for lock in locked))
        self._require(StationState.READY, "start")
        self._jobs.put(self._start_line)

    def announce(self, names: tuple[str, ...], user: str) -> tuple[str, ...]:
        """The next parts are these limit samples (all without names), in a run of their own."""
        if self._life.state.running:
            raise RefusedError("the line runs", remedy="Stop it before limit samples are shown")
        if self._life.state is not StationState.INITIALIZED:
            self._require(StationState.READY, "show limit samples")
        masters = self._clearance.masters(names)
        self._jobs.put(lambda: self._show_masters(masters, user))
        return tuple(master.name for master in masters)

    def qualify(self, command: Qualifying, actor: Actor) -> dict[str, Json]:
        """Limit samples and releases."""
        return self._qualification.carry_out(command, actor)

    def request_stop(self) -> None:
        """Stop after the parts under way."""
        if not self._life.state.running:
            raise RefusedError("the line does not run")
        self._jobs.put(lambda: self._stop_line("stopped on request"))

    def request_stop_and_wait(self, timeout_s: float) -> bool:
        """Stop, and return when the last part under way has its verdict."""
        done = threading.Event()

        def stop() -> None:
            self._stop_line("the program ends")
            done.set()

        self._jobs.put(stop)
        return done.wait(timeout_s)

    def request_reset(self) -> None:
        """Leave Error: everything is loaded and tested anew."""
        self._require(StationState.ERROR, "reset")
        if self._stuck:
            raise RefusedError("a thread of the line is stuck", remedy="Restart the station")
        self._jobs.put(self._reset)

    def request_product(self, product: str) -> None:
        """Change over to another product."""
        if self._life.state.running:
            raise RefusedError("the line runs", remedy="Stop it before the changeover")
        if self._stuck:
            raise RefusedError("a thread of the line is stuck", remedy="Restart the station")
        self._rooms.catalogue.recipe(product)
        if current_bundle(self._rooms.data_folder, product) is None:
            raise RefusedError(f"{product}: not taught yet on this station")
        self._jobs.put(lambda: self._change_over(product))

    def acknowledge(self, alarm: str) -> None:
        """Take note of an alarm."""
        self._alarms.acknowledge(alarm)
        if alarm.startswith(drift.KEY):
            self._forget_drift(alarm)

    def _forget_drift(self, alarm: str) -> None:
        tap = self._loaded.drift if self._loaded else None
        if tap is not None:
            tap.acknowledge(alarm, self)
        else:
            self.clear(alarm)

    def products(self) -> tuple[ProductEntry, ...]:
        """All recipes, and whether they were taught here."""
        return listed(self._rooms.catalogue, self._rooms.data_folder)

    def status(self) -> StationStatus:
        """A snapshot. Any thread."""
        rate_hz, margin_ms = self._counters.recent()
        writer = self._rooms.writer
        return StationStatus(
            station=self._config.station,
            state=self._life.state,
            health=self._alarms.health,
            product=self._product,
            production=self._config.production and self._showing is None,
            title=self._title(),
            parts=self._counters.parts(),
            cameras=self._counters.cameras(),
            latency=self._counters.latency(),
            margin_ms=margin_ms,
            rate_hz=rate_hz if self._life.state.running else 0.0,
            alarms=self._alarms.standing(),
            dropped_records=writer.dropped_records if writer else 0,
            dropped_evidence=writer.dropped_evidence if writer else 0,
            uptime_s=(self._rooms.clock.monotonic_ns() - self._opened_ns) / 1e9,
            locked=self._clearance.locked,
            limits=self._clearance.limit_samples(self._judged(), self._showing),
        )

    def _title(self) -> dict[str, str]:
        if self._loaded is None:
            return {}
        return {str(language): name for language, name in self._loaded.judging.recipe.title.items()}

    @property
    def tally(self) -> TruthTally | None:
        """A demo's verdicts against its labels; None where nothing is labelled."""
        return self._loaded.tally if self._loaded and self._loaded.eyes.labels else None

    def add_tap(self, tap: PartTap) -> None:
        """Have one more observer from the next start on: for benchmarks and trials."""
        self._extra_taps += (tap,)

    @property
    def state(self) -> StationState:
        """The state at this moment."""
        return self._life.state

    def _require(self, state: StationState, what: str) -> None:
        if self._life.state is not state:
            raise RefusedError(f"cannot {what} while the station is {self._life.state}")

    # -- jobs, on the operations thread ---------------------------------------------------------

    def _load(self, product: str) -> None:
        self._product = product
        loaded = self._loaded = load_product(self._rooms, self._outlet, product)
        identity = loaded.judging.identity
        if identity.calibration != self._calibration:  # of what was said against another one
            self._calibration = identity.calibration
            for alarm in self._alarms.standing():
                if alarm.key.startswith(drift.KEY):
                    self.clear(alarm.key)
        self._note(
            "product loaded", product=product, recipe=identity.recipe, bundle=identity.bundle
        )
        self._clearance.load(loaded.judging)
        self._life.to(StationState.INITIALIZED, f"{product} loaded")
        self._life.rest("engine self-test passed")

    def _start_line(self) -> None:
        loaded = self._loaded
        if loaded is None or self._life.state is not StationState.READY:
            return
        line = self._make_line(loaded, loaded.taps + self._extra_taps)
        try:
            self._life.to(StationState.CONTINUOUS_EXECUTION, "started")
        except RefusedError as refusal:  # something lapsed since the start was asked for
            _log.warning("not started", reason=str(refusal))
            return
        self._line, self._counters = line, line.counters
        line.start()

    def _show_masters(self, masters: tuple[Master, ...], user: str) -> None:
        loaded = self._loaded
        if loaded is None or self._life.state not in (StationState.INITIALIZED, StationState.READY):
            return
        showing = Showing(
            masters, user, lambda: self._jobs.put(lambda: self._end_of_parts(line, "all shown"))
        )
        line = self._make_line(loaded, (*loaded.master_taps, showing), showing.announced)
        self._life.show_masters("limit samples are shown")
        self._line, self._showing = line, showing
        line.start()

    def _make_line(
        self,
        loaded: LoadedProduct,
        taps: tuple[PartTap, ...],
        masters: AnnouncedMasters | None = None,
    ) -> Line:
        line = Line(
            loaded.equipment(self._rooms, taps, masters),
            slots=self._config.capture.slots,
            deadline_ms=self._config.gate.deadline_ms,
            timeout_ms=self._config.capture.timeout_ms,
            on_fault=self.fault,
            on_end=lambda: self._jobs.put(lambda: self._end_of_parts(line, "no more parts")),
        )
        return line

    def _end_of_parts(self, line: Line, reason: str) -> None:
        if self._line is not line:  # it was stopped, and another may run by now
            return
        if self._life.state.running and self._showing is None:
            self.exhausted.set()
        self._stop_line(reason)

    def _stop_line(self, reason: str) -> None:
        line, self._line = self._line, None
        if line is None:
            return
        if not line.stop():
            stuck = "the line did not come to rest in time"
            self._stuck = True
            line.fail(stuck)
            self.fault(stuck)
        if self._life.state.running and line.discrepancies():
            self.fault(f"the counts do not add up: {'; '.join(line.discrepancies())}")
        self._settle(line)
        if self._life.state.running:
            self._life.rest(reason)

    def _settle(self, line: Line) -> None:
        """What a run leaves for the next ones, before the station comes to rest."""
        showing, self._showing = self._showing, None
        try:
            if showing is None:
                self._clearance.count(line.counters.parts().verdicts)
            else:
                self._clearance.conclude(showing, broken=self._life.state is StationState.ERROR)
        except InspectorError as error:
            self.fault(str(error))
        self._clearance.look()

    def _change_over(self, product: str) -> None:
        self._unload(f"changeover to {product}")
        self._load(product)

    def _reset(self) -> None:
        self._unload("reset")
        self._load(self._product)

    def _unload(self, reason: str) -> None:
        self._stop_line(reason)  # it may still run: in Error, or by a start that came just before
        self.clear("fault")
        self._life.to(StationState.HALTED, reason)
        self._clearance.unload()
        loaded, self._loaded = self._loaded, None
        if loaded is not None:
            loaded.close()

    # -- supervision ----------------------------------------------------------------------------

    def _supervise(self) -> None:
        turn = 0
        while not self._closing.wait(_TURN_S):
            self._attempt(self._look_around)
            if turn % _SNAPSHOT_TURNS == 0:
                self._attempt(lambda: self._outlet.publish(Snapshot(self.status())))
            turn += 1

    def _operate(self) -> None:
        while not self._closing.is_set():
            self._attempt(self._carry_out_job)

    def _attempt(self, step: Callable[[], None]) -> None:
        """One step of a turn; when it fails the others are taken all the same."""
        try:
            step()
        except InspectorError as error:
            self.fault(str(error))
        except Exception as error:  # noqa: BLE001  # thread edge: becomes the Error state
            _log.exception("station failed")
            self.fault(f"station: {type(error).__name__}: {error}")

    def _look_around(self) -> None:
        self._rooms.plc.set_status(self._plc_status())  # first: no heartbeat with an old status
        self._watch.look(self._line)
        self._clearance.look(self._judged())
        loaded = self._loaded
        if loaded is not None and loaded.drift is not None:
            loaded.drift.tell(self)

    def _judged(self) -> int:
        """Parts judged in the run under way; limit samples are no parts."""
        line = self._line
        return line.counters.parts().verdicts if line and self._showing is None else 0

    def _carry_out_job(self) -> None:
        try:
            job = self._jobs.get(timeout=_TURN_S)
        except Empty:
            return
        job()

    def _plc_status(self) -> PlcStatus:
        state = self._life.state
        return PlcStatus(
            online=True,
            ready=state is StationState.READY or state.running,
            busy=state.running,
            error=state is StationState.ERROR,
            error_code=1 if state is StationState.ERROR else 0,
            recipe_id=self._loaded.judging.recipe.plc_id if self._loaded else 0,
        )

    def fault(self, reason: str) -> None:
        """Error, alarm, record, and reject everything from here on. Any thread."""
        line = self._line
        if line is not None:
            line.fail(reason)
        if self._alarms.stands("fault"):  # the first cause stays in sight, the others are recorded
            self._note("fault", text=reason)
        else:
            self.alarm("fault", Health.FAILURE, reason)
        self._life.fail(reason)

    def alarm(self, key: str, health: Health, text: str) -> None:
        """Something that a person must know; the line goes on. Any thread."""
        if self._alarms.set(key, health, text):
            _log.warning("alarm", alarm=key, health=health.value, text=text)
            self._note("alarm", alarm=key, health=health.value, text=text)

    def clear(self, key: str) -> None:
        """The cause of an alarm is gone. Any thread."""
        if self._alarms.clear(key):
            self._note("alarm gone", alarm=key)

    def _on_change(self, old: StationState, new: StationState, reason: str) -> None:
        _log.info("state", old=old.value, new=new.value, reason=reason)
        self._note("state", old=old.value, new=new.value, reason=reason)

    def _note(self, event: str, **details: Json) -> None:
        self._rooms.recorder.note(RecordKind.EVENT, {"event": event, **details})
