"""A gate that is wired to the user outputs of a camera of the line."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from inspector.core.errors import PlcError, PlcLost
from inspector.core.plc_config import CameraOutput
from inspector.core.ports import PlcInputs, PlcStatus
from inspector.core.verdict import Verdict

SetOutput = Callable[[str, bool], None]
"""Sets the user output of this name (SFNC ``UserOutputSelector``, ``UserOutputValue``)."""

_BUFFER = 8
_RETRY_S = 0.2
_END_S = 3.0
_HANGS_S = 1.5
"""An output that takes longer counts as lost."""


class CameraOutputPlc:
    """Implements ``Plc`` in the station's own process: there is no watchdog but the pulse's end.

    So the gate must eject by default and let a part pass only while the output is on. A result is a
    pulse that ends after ``pulse_ms``, or at once when the next result comes. One that could not be
    shown within ``pulse_ms`` is not shown at all, for another part may be at the gate by then: it
    is counted in ``lost`` and sets ``overrun``. Without ``online``, or in Error, everything is off.

    ``set_output`` is called on a thread of its own, but for ``open``. The camera must be open. No
    way back: what is known of the other side is whether the last write went well, and that it came
    back at all.
    """

    def __init__(self, config: CameraOutput, set_output: SetOutput) -> None:
        self.name = config.name or config.driver
        self.lost = 0
        """Results that the gate never saw."""
        self._config = config
        self._set_output = set_output
        self._pulse_s = config.pulse_ms / 1e3
        self._outputs = tuple(name for name in (config.ok_output, config.ng_output) if name)
        self._changed = threading.Condition()
        self._waiting: deque[tuple[str, float]] = deque()
        self._believed = False
        self._ending = False
        self._overrun = False
        self._on = ""
        self._ends_s = 0.0
        self._problem = "not open"
        self._asked_s: float | None = None
        self._thread: threading.Thread | None = None

    def open(self) -> None:
        """Everything off. Raises ``PlcError`` when the camera does not do so."""
        if not self._everything_off():
            raise PlcError(
                f"plc {self.name}: {self._problem}", remedy="Check plc: in the line's file"
            )
        self._ending = self._overrun = False
        self._thread = threading.Thread(target=self._run, name=f"plc-{self.name}", daemon=True)
        self._thread.start()

    def publish(self, verdict: Verdict) -> None:
        """Hand the result to the thread. Raises ``PlcLost`` while the camera does not obey."""
        if problem := self._trouble():
            raise PlcLost(f"plc {self.name}: {problem}")
        output = self._config.ok_output if verdict.passed else self._config.ng_output
        # An output that is not wired still ends the pulse before.
        with self._changed:
            if not self._believed:
                return
            if len(self._waiting) == _BUFFER:
                self._waiting.popleft()
                self._lose()
            self._waiting.append((output, time.monotonic()))
            self._changed.notify_all()

    def set_status(self, status: PlcStatus) -> None:
        """Only what makes results void."""
        with self._changed:
            self._believed = status.online and not status.error
            if not self._believed:
                self._waiting.clear()
            self._changed.notify_all()

    def exposed(self, count: int) -> None:
        """Nobody to tell."""

    def beat(self) -> None:
        """Nobody to tell."""

    def answer_recipe(self, recipe: int, *, confirmed: bool) -> None:
        """Nobody asked."""

    def read_inputs(self) -> PlcInputs:
        """Whether the camera obeyed at the last write."""
        problem = self._trouble()
        return PlcInputs(connected=not problem, detail=problem, overrun=self._overrun)

    def _trouble(self) -> str:
        asked_s = self._asked_s
        if asked_s is not None and time.monotonic() > asked_s + _HANGS_S:
            return f"camera {self._config.camera} does not answer"
        return self._problem

    def close(self) -> None:
        """Everything off. Safe twice."""
        with self._changed:
            self._ending = True
            self._changed.notify_all()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(_END_S)
        self._problem = self._problem or "not open"

    # -- the thread -----------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._ending:
            with self._changed:  # whatever ends this wait ends the pulse that is on
                self._changed.wait_for(self._has_work, self._rest_s())
            if self._problem:
                self._everything_off()
                self._fresh()
            elif not self._on or self._switch(self._on, on=False):
                output = self._fresh()
                if output:
                    self._switch(output, on=True)
        self._everything_off()

    def _fresh(self) -> str:
        """The output of the oldest result that is not too late; "" where there is none."""
        with self._changed:
            while self._waiting:
                output, since_s = self._waiting.popleft()
                if not self._problem and time.monotonic() < since_s + self._pulse_s:
                    return output
                self._lose()
            return ""

    def _has_work(self) -> bool:
        return bool(self._waiting) or self._ending or bool(self._on and not self._believed)

    def _rest_s(self) -> float | None:
        if self._problem:
            return _RETRY_S
        return max(self._ends_s - time.monotonic(), 0.0) if self._on else None

    def _lose(self) -> None:
        self.lost += 1
        self._overrun = True

    def _switch(self, output: str, *, on: bool) -> bool:
        self._asked_s = time.monotonic()
        self._ends_s = self._asked_s + self._pulse_s  # a slow camera makes no pulse longer
        try:
            self._set_output(output, on)
        except Exception as error:  # noqa: BLE001  # thread edge: the camera counts as lost
            self._problem = f"camera {self._config.camera}, {output}: {error}"
            self._on = ""
            return False
        finally:
            self._asked_s = None
        self._on = output if on else ""
        return True

    def _everything_off(self) -> bool:
        obeyed = [self._switch(output, on=False) for output in self._outputs]
        if all(obeyed):
            self._problem = ""
        return all(obeyed)
