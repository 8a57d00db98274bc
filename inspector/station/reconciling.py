"""The PLC's count of triggers against ours: a part that no camera saw is told, never silent."""

from __future__ import annotations

from collections import deque

from inspector.core.ports import Clock, PlcInputs, Recorder
from inspector.core.record import RecordKind
from inspector.core.state import Health
from inspector.line.line import Line
from inspector.station.alarming import Alarming

KEY = "triggers"
_UNDER_WAY_NS = 3_000_000_000
"""A part that is on its way to us no longer than this is not missing."""


class Reconciling:
    """Compares the counts of the run under way; supervisor thread.

    Counts are read one after the other and parts are under way between sensor and us, so that a
    difference counts when it never was smaller for some seconds. The gate has ejected those parts
    by its default: nobody passed them.
    """

    def __init__(self, clock: Clock, alarming: Alarming, recorder: Recorder) -> None:
        self._clock = clock
        self._alarming = alarming
        self._recorder = recorder
        self._line: Line | None = None
        self._differences: deque[tuple[int, int]] = deque()
        self.unseen = 0
        """Parts of the run that passed the sensor and that no camera was triggered for."""

    def look(self, line: Line | None, inputs: PlcInputs) -> None:
        """One turn."""
        if line is not self._line:
            self._line, self.unseen = line, 0
            self._differences.clear()
        if line is None or inputs.triggers is None:
            return
        now_ns = self._clock.monotonic_ns()
        self._differences.append((now_ns, line.unseen(inputs.triggers)))
        if self._differences[0][0] > now_ns - _UNDER_WAY_NS:
            return
        while self._differences[0][0] <= now_ns - _UNDER_WAY_NS:
            self._differences.popleft()
        steady = min((number for _, number in self._differences), key=abs, default=0)
        if steady != self.unseen:
            self._tell(steady)

    def _tell(self, steady: int) -> None:
        missing = steady - self.unseen
        self.unseen = steady
        self._recorder.note(
            RecordKind.EVENT, {"event": "triggers differ", "unseen": steady, "more": missing}
        )
        if steady == 0:
            self._alarming.clear(KEY)
            return
        text = (
            f"The PLC's sensor counted {steady} parts for which no camera was triggered; the gate "
            "ejected them. Check the cameras' trigger cable"
            if steady > 0
            else f"Cameras were triggered {-steady} times without a part at the PLC's sensor. "
            "Check the trigger cable for noise, and the sensor for bouncing"
        )
        self._alarming.alarm(KEY, Health.OUT_OF_SPECIFICATION, text)
