"""What a station executes: the loaded product and the runs of its line, in the life cycle."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
from collections.abc import Callable

import structlog

from engines.runtimes import self_test
from inspector.camera.parameter_file import Parameters
from inspector.core.canonical import Json
from inspector.core.errors import InspectorError, RefusedError
from inspector.core.record import RecordKind
from inspector.core.state import Health, StationState
from inspector.limits.masters import Master
from inspector.line.counters import LineCounters
from inspector.line.lifecycle import LifeCycle
from inspector.line.line import Line
from inspector.line.masters import AnnouncedMasters
from inspector.line.part import JudgedPart, PartTap
from inspector.station import calling, camera_watch, drift, forecasting
from inspector.station.alarming import LOST
from inspector.station.alarms import AlarmBoard
from inspector.station.clearance import Clearance
from inspector.station.display_tap import Outlet
from inspector.station.loaded import LoadedProduct, load_product
from inspector.station.rooms import Rooms
from inspector.station.showing import Showing

_log = structlog.get_logger(__name__)

_OF_SERIES = (drift.KEY, forecasting.KEY)
"""Begin the keys of alarms that end with their calibration, and begin anew when acknowledged."""

Job = Callable[[], None]


class _AfterTheFirst:
    """A tap that says once that a part has its verdict."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell: Callable[[], None] | None = tell

    def offer(self, part: JudgedPart) -> None:
        """Inspection thread."""
        tell, self._tell = self._tell, None
        if tell is not None:
            tell()


class Execution:
    """Loads a product, runs its line, and comes to rest; a fault ends in Error from anywhere.

    What it does (``load`` .. ``reset``) is done by one thread, the operations thread; ``fault``,
    ``alarm``, ``clear`` and what it shows are for any. ``later`` gives that thread a job.
    """

    def __init__(self, rooms: Rooms, outlet: Outlet, later: Callable[[Job], None]) -> None:
        self._rooms = rooms
        self._outlet = outlet
        self._later = later
        self._calibration = ""
        self.alarms = AlarmBoard(rooms.clock)
        self.life = LifeCycle(self._on_change, wanted=rooms.config.production)
        self.clearance = Clearance(rooms, self.life, self)
        self.product = rooms.config.product
        self.loaded: LoadedProduct | None = None
        self.loaded_utc_us = 0
        """When its engine passed the self-test."""
        self.line: Line | None = None
        self.showing: Showing | None = None
        self.counters = LineCounters(tuple(camera.name for camera in rooms.config.cameras))
        self.stuck = False
        """A thread of the line did not come to rest: only a restart helps."""
        self.exhausted = threading.Event()
        self.extra_taps: tuple[PartTap, ...] = ()
        self.bypassed_by = ""
        """Who signed for letting all parts pass."""

    @property
    def judged(self) -> int:
        """Parts judged in the run under way; limit samples are no parts."""
        line = self.line
        return line.counters.parts().verdicts if line and self.showing is None else 0

    # -- the product ----------------------------------------------------------------------------

    def load(self, product: str) -> None:
        """Load a product. Raises what cannot be used."""
        self.product = product
        loaded = self.loaded = load_product(self._rooms, self._outlet, product)
        self.loaded_utc_us = self._rooms.clock.utc_us()
        self._rooms.lines.attach(loaded.eyes.cameras)
        identity = loaded.judging.identity
        if identity.calibration != self._calibration:  # of what was said against another one
            self._calibration = identity.calibration
            for alarm in self.alarms.standing():
                if alarm.key.startswith(_OF_SERIES):
                    self.clear(alarm.key)
        self._note(
            "product loaded", product=product, recipe=identity.recipe, bundle=identity.bundle
        )
        for parameters in loaded.eyes.found:
            self._tell_changes(parameters)
        self.clearance.load(loaded.judging)
        self.life.to(StationState.INITIALIZED, f"{product} loaded")
        self.life.rest("engine self-test passed")

    def _tell_changes(self, found: Parameters) -> None:
        """Of a camera that was not as this station had left it."""
        key = camera_watch.SETTINGS + found.camera
        if not found.changed and not found.refused:
            self.clear(key)
            return
        self._note(
            "camera changed",
            camera=found.camera,
            changed=list(found.changed),
            refused=list(found.refused),
        )
        self.alarm(key, Health.MAINTENANCE_REQUIRED, camera_watch.changes_in_words(found))

    def change_over(self, product: str) -> None:
        """To another product."""
        self._unload(f"changeover to {product}")
        self.load(product)

    def reset(self) -> None:
        """Everything is loaded and tested anew."""
        self._unload("reset")
        self.load(self.product)

    def halt(self) -> None:
        """Stop and unload; the station waits in Halted."""
        self._unload("halted on request")

    def _unload(self, reason: str) -> None:
        self.stop(reason)  # it may still run: in Error, or by a start that came just before
        self.clear("fault")
        if self.life.state is not StationState.HALTED:
            self.life.to(StationState.HALTED, reason)
        self.clearance.unload()
        loaded, self.loaded = self.loaded, None
        self._rooms.lines.attach(())
        if loaded is not None:
            loaded.close()

    def close(self) -> None:
        """Stop, and free what is loaded; a stuck thread may still use it."""
        self.stop("the station is closed")
        if self.loaded is not None and not self.stuck:
            self.loaded.close()

    # -- its line -------------------------------------------------------------------------------

    def start(self) -> None:
        """Continuous execution; none when the station is not Ready any more."""
        self._start(StationState.CONTINUOUS_EXECUTION, ())

    def start_single(self) -> None:
        """One part; the station rests again when its verdict is out."""
        end = _AfterTheFirst(lambda: self._later(lambda: self.stop("one part was inspected")))
        self._start(StationState.SINGLE_EXECUTION, (end,))

    def abort(self) -> None:
        """Whatever is under way is rejected. Any thread."""
        if self.line is not None:
            self.line.hold("aborted on request")

    def _start(self, state: StationState, more: tuple[PartTap, ...]) -> None:
        loaded = self.loaded
        if loaded is None or self.life.state is not StationState.READY:
            return
        line = self._make_line(loaded, (*loaded.taps, *self.extra_taps, *more))
        try:
            self.life.to(state, "started")
        except RefusedError as refusal:  # something lapsed since the start was asked for
            _log.warning("not started", reason=str(refusal))
            return
        self.line, self.counters = line, line.counters
        line.start()

    def show_masters(self, masters: tuple[Master, ...], user: str) -> None:
        """A run in which these limit samples are the parts."""
        loaded = self.loaded
        if loaded is None or self.life.state not in (StationState.INITIALIZED, StationState.READY):
            return
        showing = Showing(
            masters, user, lambda: self._later(lambda: self._end_of_parts(line, "all shown"))
        )
        line = self._make_line(loaded, (*loaded.master_taps, showing), showing.announced)
        self.life.show_masters("limit samples are shown")
        self.line, self.showing = line, showing
        line.start()

    def _make_line(
        self,
        loaded: LoadedProduct,
        taps: tuple[PartTap, ...],
        masters: AnnouncedMasters | None = None,
    ) -> Line:
        config = self._rooms.config
        line = Line(
            loaded.equipment(self._rooms, taps, masters),
            slots=config.capture.slots,
            deadline_ms=config.gate.deadline_ms,
            timeout_ms=config.capture.timeout_ms,
            join_ms=config.capture.join_ms,
            on_fault=self.fault,
            on_end=lambda: self._later(lambda: self._end_of_parts(line, "no more parts")),
        )
        line.bypass(self.bypassed_by)
        return line

    def bypass(self, user: str, reason: str) -> None:
        """Let all parts pass as this user signed, in this run and later ones. Any thread."""
        self.bypassed_by = user
        if self.line is not None:
            self.line.bypass(user)
        if user:
            text = f"Bypass: all parts pass unsorted, signed by {user}: {reason}"
            self.alarm("bypass", Health.CHECK_FUNCTION, text)
        else:
            self.clear("bypass")

    def _end_of_parts(self, line: Line, reason: str) -> None:
        if self.line is not line:  # it was stopped, and another may run by now
            return
        if self.life.state.running and self.showing is None:
            self.exhausted.set()
        self.stop(reason)

    def stop(self, reason: str) -> None:
        """Stop after the parts under way, and come to rest."""
        line, self.line = self.line, None
        if line is None:
            return
        if not line.stop():
            stuck = "the line did not come to rest in time"
            self.stuck = True
            line.fail(stuck)
            self.fault(stuck)
        if self.life.state.running and line.discrepancies():
            self.fault(f"the counts do not add up: {'; '.join(line.discrepancies())}")
        self._settle(line)
        if self.life.state.running:
            self.life.rest(reason)

    def _settle(self, line: Line) -> None:
        """What a run leaves for the next ones, before the station comes to rest."""
        self._tell_counts(line)
        showing, self.showing = self.showing, None
        try:
            if showing is None:
                self.clearance.count(line.counters.parts().verdicts)
            else:
                self.clearance.conclude(showing, broken=self.life.state is StationState.ERROR)
        except InspectorError as error:
            self.fault(str(error))
        self.clearance.look()

    def _tell_counts(self, line: Line) -> None:
        """What the line counted, so that the ledger's records can be held against it."""
        cameras: dict[str, Json] = {
            name: {"triggers": one.triggers, "frames": one.frames, "lost": one.lost}
            for name, one in line.counters.cameras().items()
        }
        counts = dataclasses.asdict(line.counters.parts())
        self._note("run ended", **counts, cameras=cameras, masters=self.showing is not None)

    # -- findings (inspector.station.watch.Alarming) --------------------------------------------

    def fault(self, reason: str) -> None:
        """Error, alarm, record, and reject everything from here on. Any thread."""
        line = self.line
        if line is not None:
            line.fail(reason)
        if self.alarms.stands("fault"):  # the first cause stays in sight, the others are recorded
            self._note("fault", text=reason)
        else:
            self.alarm("fault", Health.FAILURE, reason)
        self.life.fail(reason)

    def lost(self, device: str, reason: str) -> None:
        """A device is gone: Error, alarm, and reject everything until it is back. Supervisor."""
        key, text = LOST + device, f"{device}: {reason}"
        if not self.alarms.stands(key):
            if self.line is not None:
                self.line.hold(text)
            self.alarm(key, Health.FAILURE, text)
            self.life.fail(text)

    def found(self, device: str) -> None:
        """Back to where the station was, once no device is missing. Supervisor."""
        self.clear(LOST + device)
        self._later(self._recover)

    def _recover(self) -> None:
        """From Error, when lost devices were its only cause: self-test, then on as before."""
        standing = [alarm.key for alarm in self.alarms.standing()]
        causes = [key for key in standing if key == "fault" or key.startswith(LOST)]
        loaded, line = self.loaded, self.line
        if causes or loaded is None or self.life.state is not StationState.ERROR:
            return
        if self.showing is not None:
            self.stop("a device was lost while limit samples were shown")
            line = None
        with line.engine_in_use if line is not None else contextlib.nullcontext():
            self_test(loaded.judging.engine, loaded.judging.bundle, len(loaded.eyes.cameras))
        for state in (StationState.HALTED, StationState.INITIALIZED):
            self.life.to(state, "the lost devices are back")
        self.life.rest("engine self-test passed")
        if line is not None:
            self._go_on(line)

    def _go_on(self, line: Line) -> None:
        """The run that a lost device held up; none when production was locked meanwhile."""
        if self.life.state is not StationState.READY:
            self.stop("production is locked")
            return
        self.life.to(StationState.CONTINUOUS_EXECUTION, "going on after a device was lost")
        line.release()

    def alarm(self, key: str, health: Health, text: str) -> None:
        """Something that a person must know; the line goes on. Any thread."""
        if self.alarms.set(key, health, text):
            _log.warning("alarm", alarm=key, health=health.value, text=text)
            self._note("alarm", alarm=key, health=health.value, text=text)
            context = self.loaded.context if self.loaded else None
            if context is not None:
                context.alarm(key, health, text)

    def clear(self, key: str) -> None:
        """The cause of an alarm is gone. Any thread."""
        if self.alarms.clear(key):
            self._note("alarm gone", alarm=key)

    def acknowledge(self, key: str) -> None:
        """A person has seen it; what tells of drift begins anew. Any thread."""
        self.alarms.acknowledge(key)
        if key == calling.ALARM:
            self.clear(key)
        if not key.startswith(_OF_SERIES):
            return
        for tap in self.loaded.telling if self.loaded else ():
            if key.startswith(tap.key):
                tap.acknowledge(key, self)
                return
        self.clear(key)

    def _on_change(self, old: StationState, new: StationState, reason: str) -> None:
        _log.info("state", old=old.value, new=new.value, reason=reason)
        self._note("state", old=old.value, new=new.value, reason=reason)

    def _note(self, event: str, **details: Json) -> None:
        self._rooms.recorder.note(RecordKind.EVENT, {"event": event, **details})
