"""The manual test: an engineer forces outputs to the PLC, in Halted alone, and loudly."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from inspector.core.errors import InspectorError, RefusedError
from inspector.core.line_config import LineConfig
from inspector.core.plc_config import ObserverConfig, PlcConfig
from inspector.core.ports import Clock
from inspector.core.state import Health, StationState
from inspector.link.signals import Connection, ForceOutput, ManualTest, Signal, Signals
from inspector.plc.images import LONGEST_S, OUTPUT_BITS, Force
from inspector.plc.registers import CAUSES, HEALTHS, STATES, Inputs, Outputs
from inspector.plc.several import Several
from inspector.station.alarming import Alarming
from inspector.station.write_access import WriteAccess

ALARM = "manual-test"
LONGEST_TEST_S = 600.0
"""A test that was forgotten ends by itself."""


class ManualTesting:
    """One test at a time. Requests on any thread, ``look`` on the supervisor thread.

    The gateway lets go of what is forced as soon as the status that it is told says anything but
    Halted, and when it is told nothing: this class only decides who may begin.
    """

    def __init__(
        self,
        plc: Several,
        state: Callable[[], StationState],
        alarming: Alarming,
        clock: Clock,
    ) -> None:
        self._plc, self._state, self._alarming, self._clock = plc, state, alarming, clock
        self._lock = threading.Lock()
        self._test: tuple[str, str, float] | None = None
        self._forced: dict[tuple[int, str], float] = {}

    def begin(self, user: str, reason: str) -> None:
        """Begin, as this user signed. Raises ``RefusedError``."""
        if not reason.strip():
            raise RefusedError("a manual test needs a reason", remedy="Say why in a few words")
        with self._lock:
            self._require_halted()
            self._test = user, reason.strip(), self._now_s() + LONGEST_TEST_S
            text = f"Manual test: {user} may force outputs to the PLC: {reason.strip()}"
            self._alarming.alarm(ALARM, Health.CHECK_FUNCTION, text)

    def end(self) -> None:
        """Nothing is forced any more; no test is no fault."""
        with self._lock:
            self._end()

    def force(self, asked: ForceOutput) -> None:
        """Force one output. Raises ``RefusedError``, and ``PlcLost`` where nobody takes it."""
        if asked.output not in OUTPUT_BITS:
            raise RefusedError(f"{asked.output}: no output bit", remedy="See docs/plc.md")
        if not 0.0 <= asked.seconds <= LONGEST_S:
            raise RefusedError(f"an output is forced for {LONGEST_S:g} s at most")
        with self._lock:
            self._require_halted()
            if self._test is None:
                raise RefusedError("no manual test is on", remedy="Begin one, and sign for it")
            self._plc.force(asked.connection, Force(asked.output, asked.on, asked.seconds))
            self._forced[asked.connection, asked.output] = self._now_s() + asked.seconds

    def look(self) -> None:
        """One turn: a test ends with its time, and with the state Halted."""
        with self._lock:
            test = self._test
            if test is None:
                return
            now_s = self._now_s()
            self._forced = {key: end for key, end in self._forced.items() if end > now_s}
            if self._state() is not StationState.HALTED or now_s >= test[2]:
                self._end()

    @property
    def shown(self) -> ManualTest | None:
        """The test that is on."""
        with self._lock:
            if self._test is None:
                return None
            user, reason, end_s = self._test
            now_s = self._now_s()
            left = {f"{n}:{name}": end - now_s for (n, name), end in self._forced.items()}
            return ManualTest(user, reason, max(0.0, end_s - now_s), left)

    def _require_halted(self) -> None:
        state = self._state()
        if state is not StationState.HALTED:
            raise RefusedError(f"cannot force outputs while the station is {state}")

    def _end(self) -> None:
        if self._test is None:
            return
        for connection, output in self._forced:
            with contextlib.suppress(InspectorError):  # who cannot be reached lets go by itself
                self._plc.force(connection, Force(output, on=False, seconds=0.0))
        self._forced.clear()
        self._test = None
        self._alarming.clear(ALARM)

    def _now_s(self) -> float:
        return self._clock.monotonic_ns() / 1e9


def signals(
    plc: Several, config: LineConfig, access: WriteAccess, test: ManualTest | None
) -> Signals:
    """What every connection shows now. Any thread; waits for nobody."""
    gate = Connection(_name(config.plc), config.plc.driver, connected=True)
    entries = [gate, *(Connection(_name(o), o.driver, connected=True) for o in config.observers)]
    heard = [plc.read_inputs(), *plc.heard()]
    connections = []
    for entry, inputs, images in zip(entries, heard, plc.images(), strict=True):
        told = msgspec.structs.replace(entry, connected=inputs.connected, detail=inputs.detail)
        if images is not None:
            told = msgspec.structs.replace(
                told,
                outputs=_named(images.outputs),
                inputs=_named(images.inputs) if images.inputs is not None else (),
                beat_age_s=images.beat_age_s,
            )
        connections.append(told)
    return Signals(access.writer, tuple(connections), test)


def _name(entry: PlcConfig | ObserverConfig) -> str:
    return getattr(entry, "name", "") or entry.driver


def _named(image: Outputs | Inputs) -> tuple[Signal, ...]:
    values = ((one.name, getattr(image, one.name)) for one in dataclasses.fields(image))
    return tuple(Signal(name, value, _MEANINGS.get((name, value), "")) for name, value in values)


_NUMBERED: tuple[tuple[str, Mapping[Any, int]], ...] = (
    ("state", STATES),
    ("health", HEALTHS),
    ("cause", CAUSES),
)
_MEANINGS: dict[tuple[str, object], str] = {
    (name, number): str(value) for name, numbers in _NUMBERED for value, number in numbers.items()
}
