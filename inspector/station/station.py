"""The station: requests from any thread, two threads that carry out and watch."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

import structlog

from inspector.core.canonical import Json
from inspector.core.errors import InspectorError, PlcError, RefusedError
from inspector.core.ports import PlcStatus
from inspector.core.state import Health, StationState, StationStatus
from inspector.line.part import PartTap
from inspector.link.messages import (
    ChangeLight,
    ChangeThreshold,
    Details,
    ForceOutput,
    KeepCorrection,
    ProductEntry,
    Signals,
    Snapshot,
    TakeUpDraft,
)
from inspector.plc.registers import HEALTHS, STATES
from inspector.sim.truth import TruthTally
from inspector.station.alarming import LOST
from inspector.station.camera_watch import CameraWatch
from inspector.station.detailing import details
from inspector.station.disk_guard import DiskGuard, disk_share
from inspector.station.display_tap import Outlet
from inspector.station.execution import Execution, Job
from inspector.station.listing import listed
from inspector.station.manual_test import ManualTesting, signals
from inspector.station.panel_control import PanelControl
from inspector.station.plc_desk import PlcDesk
from inspector.station.qualifying import Actor, Qualification, Qualifying
from inspector.station.rooms import Rooms
from inspector.station.shifts import shift_at
from inspector.station.watch import Watch
from inspector.station.write_access import Writer
from inspector.teaching.bundles import current_bundle
from inspector.teaching.proposed import proposed

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
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._execution = Execution(rooms, outlet, self._jobs.put)
        self._life = self._execution.life
        self._clearance = self._execution.clearance
        self._qualification = Qualification(rooms, self._clearance, self.announce)
        self._desk: PlcDesk | None = None
        self._cameras = CameraWatch(rooms.clock, self._execution)
        self._watch = Watch(rooms, self._execution)
        self._disk = _disk_guard(rooms, self._execution)
        self._test = ManualTesting(
            rooms.plc, lambda: self._life.state, self._execution, rooms.clock
        )
        self._closing = threading.Event()
        self._threads = (
            threading.Thread(target=self._operate, name="operations", daemon=True),
            threading.Thread(target=self._supervise, name="supervisor", daemon=True),
        )
        self._opened_ns = rooms.clock.monotonic_ns()

    @property
    def exhausted(self) -> threading.Event:
        """Set when a run ended because its cameras have no more parts."""
        return self._execution.exhausted

    # -- life cycle -----------------------------------------------------------------------------

    def open(self) -> None:
        """Connect to the PLC and load the product. Raises what cannot be used."""
        self._rooms.plc.open()
        self._life.to(StationState.HALTED, "devices are there")
        self._execution.load(self._config.product)
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop, tell the PLC, free everything. The ledger is closed by who opened it."""
        self._closing.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(30.0)
        self._execution.close()
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
        self._jobs.put(self._execution.start)

    def announce(self, names: tuple[str, ...], user: str) -> tuple[str, ...]:
        """The next parts are these limit samples (all without names), in a run of their own."""
        if self._life.state.running:
            raise RefusedError("the line runs", remedy="Stop it before limit samples are shown")
        if self._life.state is not StationState.INITIALIZED:
            self._require(StationState.READY, "show limit samples")
        masters = self._clearance.masters(names)
        self._jobs.put(lambda: self._execution.show_masters(masters, user))
        return tuple(master.name for master in masters)

    def qualify(self, command: Qualifying, actor: Actor) -> dict[str, Json]:
        """Limit samples, releases, and what changes a camera."""
        if isinstance(command, TakeUpDraft) and self._life.state.running:
            raise RefusedError("the line runs", remedy="Stop it before a draft is taken up")
        if not isinstance(command, ChangeLight | KeepCorrection):
            return self._qualification.carry_out(command, actor)
        if self._life.state.running:
            raise RefusedError("the line runs", remedy="Stop it before a camera is changed")
        told, run = self._qualification.carry_out(command, actor), self._execution
        if run.product and self._life.state is not StationState.HALTED:
            self._jobs.put(lambda: run.change_over(run.product))
        return told

    def request_stop(self) -> None:
        """Stop after the parts under way."""
        if not self._life.state.running:
            raise RefusedError("the line does not run")
        self._jobs.put(lambda: self._execution.stop("stopped on request"))

    def request_single(self) -> None:
        """Inspect one part."""
        self._require(StationState.READY, "start")
        self._jobs.put(self._execution.start_single)

    def request_abort(self) -> None:
        """Stop, and reject the parts under way."""
        if not self._life.state.running:
            raise RefusedError("the line does not run")
        self._execution.abort()
        self._jobs.put(lambda: self._execution.stop("aborted on request"))

    def request_halt(self) -> None:
        """Stop, and unload the product."""
        if self._life.state is StationState.HALTED:
            raise RefusedError("the station is halted already")
        self._require_no_stuck_thread()
        self._jobs.put(self._execution.halt)

    def request_automatic(self) -> None:
        """Load the product again after a halt."""
        self._require(StationState.HALTED, "load")
        self._test.end()
        self._jobs.put(lambda: self._execution.load(self._execution.product))

    def request_stop_and_wait(self, timeout_s: float) -> bool:
        """Stop, and return when the last part under way has its verdict."""
        done = threading.Event()

        def stop() -> None:
            self._execution.stop("the program ends")
            done.set()

        self._jobs.put(stop)
        return done.wait(timeout_s)

    def request_reset(self) -> None:
        """Leave Error: everything is loaded and tested anew."""
        self._require(StationState.ERROR, "reset")
        self._require_no_stuck_thread()
        self._jobs.put(self._execution.reset)

    def request_product(self, product: str) -> None:
        """Change over to another product."""
        if self._life.state.running:
            raise RefusedError("the line runs", remedy="Stop it before the changeover")
        self._require_no_stuck_thread()
        self._rooms.catalogue.recipe(product)
        if current_bundle(self._rooms.data_folder, product) is None:
            raise RefusedError(f"{product}: not taught yet on this station")
        self._jobs.put(lambda: self._execution.change_over(product))

    def adopt(self, change: ChangeThreshold) -> None:
        """Let the calibration hold that waits for this word, and load it. Nothing waits: no effect.

        A release does not cover it: production is locked until it is released. Raises
        ``RefusedError``, ``BundleError``, ``StorageError``.
        """
        found = None
        if self._rooms.catalogue.has(change.product):
            found = proposed(self._rooms.data_folder, change.product, change.calibration)
        if found is None:
            return
        if found.calibration.threshold != change.threshold:
            raise RefusedError("another threshold was worked out than is signed")
        if self._life.state.running:
            raise RefusedError("the line runs", remedy="Stop it before the threshold is changed")
        found.adopt()
        run = self._execution
        if run.product == change.product and self._life.state is not StationState.HALTED:
            self._jobs.put(lambda: run.change_over(change.product))

    def acknowledge(self, alarm: str) -> None:
        """Take note of an alarm."""
        self._execution.acknowledge(alarm)

    def products(self) -> tuple[ProductEntry, ...]:
        """All recipes, and whether they were taught here."""
        return listed(self._rooms.catalogue, self._rooms.data_folder)

    def signals(self) -> Signals:
        """What stands between station and PLC. Any thread."""
        rooms = self._rooms
        return signals(rooms.plc, rooms.config, rooms.access, self._test.shown)

    def details(self) -> Details:
        """Of devices, engine and store. Any thread."""
        run = self._execution
        return details(self._rooms, run.loaded, run.loaded_utc_us)

    def begin_test(self, user: str, reason: str) -> None:
        """Let outputs be forced, as this user signs."""
        self._test.begin(user, reason)

    def end_test(self) -> None:
        """Nothing is forced any more."""
        self._test.end()

    def force(self, asked: ForceOutput) -> None:
        """Force an output while a manual test is on."""
        self._test.force(asked)

    def status(self) -> StationStatus:
        """A snapshot. Any thread."""
        writer, run = self._rooms.writer, self._execution
        rate_hz, margin_ms = run.counters.recent()
        return StationStatus(
            station=self._config.station,
            state=self._life.state,
            health=run.alarms.health,
            product=run.product,
            production=self._config.production and run.showing is None,
            title=self._title(),
            parts=run.counters.parts(),
            cameras=run.counters.cameras(),
            latency=run.counters.latency(),
            margin_ms=margin_ms,
            rate_hz=rate_hz if self._life.state.running else 0.0,
            alarms=run.alarms.standing(),
            dropped_records=writer.dropped_records if writer else 0,
            dropped_evidence=writer.dropped_evidence if writer else 0,
            bypass=self._execution.bypassed_by,
            writer=self._rooms.access.writer,
            plc_asks=self._rooms.access.wanted,
            control=self._rooms.control.state,
            lot=self._rooms.plc.read_inputs().lot,
            shift=shift_at(self._config.shifts, self._rooms.clock.utc_us()),
            unseen=self._watch.reconciling.unseen,
            uptime_s=(self._rooms.clock.monotonic_ns() - self._opened_ns) / 1e9,
            locked=self._clearance.locked,
            limits=self._clearance.limit_samples(run.judged, run.showing),
        )

    def latencies(self, edges_ms: tuple[float, ...]) -> tuple[list[int], int, float]:
        """Verdicts of the run up to each edge, all of them, and the sum of their latencies, s."""
        return self._execution.counters.latencies(edges_ms)

    def _title(self) -> dict[str, str]:
        loaded = self._execution.loaded
        if loaded is None:
            return {}
        return {str(language): name for language, name in loaded.judging.recipe.title.items()}

    @property
    def tally(self) -> TruthTally | None:
        """A demo's verdicts against its labels; None where nothing is labelled."""
        loaded = self._execution.loaded
        return loaded.tally if loaded and loaded.eyes.labels else None

    def add_tap(self, tap: PartTap) -> None:
        """Have one more observer from the next start on: for benchmarks and trials."""
        self._execution.extra_taps += (tap,)

    @property
    def state(self) -> StationState:
        """The state at this moment."""
        return self._life.state

    def _require(self, state: StationState, what: str) -> None:
        if self._life.state is not state:
            raise RefusedError(f"cannot {what} while the station is {self._life.state}")

    def _require_no_stuck_thread(self) -> None:
        if self._execution.stuck:
            raise RefusedError("a thread of the line is stuck", remedy="Restart the station")

    # -- supervision ----------------------------------------------------------------------------

    def _supervise(self) -> None:
        turn = 0
        while not self._closing.wait(_TURN_S):
            self._attempt(self._look_around)
            if turn % _SNAPSHOT_TURNS == 0:
                self._attempt(lambda: self._outlet.publish(Snapshot(self.status())))
                self._tell_alive()
            turn += 1

    def _tell_alive(self) -> None:
        """Only while the inspection thread moves, too: waiting does not mend one that is stuck."""
        line = self._execution.line
        if line is None or not line.stalled():
            self._rooms.service.alive()

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

    def listen_to(self, desk: PlcDesk) -> None:
        """Carry out what the PLC asks for. Before ``open``."""
        self._desk = desk

    def bypass(self, user: str, reason: str) -> None:
        """Let all parts pass, as this user signs; nobody: sort them again."""
        if not reason.strip():
            raise RefusedError("a bypass needs a reason", remedy="Say why in a few words")
        self._execution.bypass(user, reason)

    def hand_over(self, to: Writer) -> None:
        """Write access for the PLC, or back to the operator."""
        self._rooms.access.hand_over(to)

    def require_stopped(self) -> None:
        """A running station cannot do this to itself. Raises ``RefusedError``."""
        raise RefusedError("not while the station runs", remedy="Stop it, and try again")

    def require_access(self, asking: Writer) -> None:
        """Raises ``RefusedError`` when somebody else may write."""
        self._rooms.access.require(asking)

    @property
    def control(self) -> PanelControl:
        """Which of several panels acts."""
        return self._rooms.control

    def _look_around(self) -> None:
        self._rooms.plc.set_status(self._plc_status())  # first: no heartbeat with an old status
        self._test.look()
        self._rooms.control.look()
        self._watch.look(self._execution.line)
        self._clearance.look(self._execution.judged)
        loaded = self._execution.loaded
        if self._disk is not None:
            policy = loaded.judging.recipe.evidence if loaded is not None else None
            self._disk.look(policy, running=self._life.state.running)
        if self._desk is not None:
            number = loaded.judging.recipe.plc_id if loaded else 0
            self._desk.look(self._rooms.plc.read_inputs(), self._life.state, number)
        self._cameras.look(loaded.eyes.cameras if loaded is not None else ())
        if loaded is not None:
            for tap in loaded.telling:
                tap.tell(self._execution)

    def _carry_out_job(self) -> None:
        try:
            job = self._jobs.get(timeout=_TURN_S)
        except Empty:
            return
        job()

    def _plc_status(self) -> PlcStatus:
        state, loaded = self._life.state, self._execution.loaded
        parts = self._execution.counters.parts()
        failed = state is StationState.ERROR
        return PlcStatus(
            online=True,
            ready=state is StationState.READY or state.running,
            busy=state.running,
            error=failed,
            error_code=self._error_code() if failed else 0,
            recipe_id=loaded.judging.recipe.plc_id if loaded else 0,
            state=STATES[state],
            health=HEALTHS[self._execution.alarms.health],
            production=self._life.production,
            bypass=bool(self._execution.bypassed_by),
            stop_request=failed and self._execution.line is not None,
            plc_may_write=self._rooms.access.writer == "plc",
            rejects=parts.rejected,
            verdicts=parts.verdicts,
            missed_trigger=self._watch.reconciling.unseen > 0,
        )

    def _error_code(self) -> int:
        """As ``docs/plc.md`` has it: 2 a camera is gone, 3 the PLC was, 1 any other fault."""
        keys = {alarm.key for alarm in self._execution.alarms.standing()}
        if "fault" in keys or not any(key.startswith(LOST) for key in keys):
            return 1
        return 3 if LOST + "plc" in keys else 2

    def fault(self, reason: str) -> None:
        """Error, alarm, record, and reject everything from here on. Any thread."""
        self._execution.fault(reason)

    def alarm(self, key: str, health: Health, text: str) -> None:
        """Something that a person must know; the line goes on. Any thread."""
        self._execution.alarm(key, health, text)

    def clear(self, key: str) -> None:
        """The cause of an alarm is gone. Any thread."""
        self._execution.clear(key)


def _disk_guard(rooms: Rooms, execution: Execution) -> DiskGuard | None:
    if rooms.writer is None:
        return None
    return DiskGuard(
        rooms.config.evidence,
        rooms.writer,
        execution,
        rooms.clock,
        lambda: disk_share(rooms.data_folder),
    )
