"""What is heard of a gate that the station itself drives: fates, alarms, the camera's output."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Mapping
from queue import Empty, SimpleQueue

from inspector.core.errors import PlcLost
from inspector.core.gate_config import GateConfig
from inspector.core.ports import Clock, Recorder
from inspector.core.record import RecordKind
from inspector.core.state import Health
from inspector.plc.tracking import Alarm, Fate, Reason
from inspector.plc.tracking.direct import Gone, Noticed
from inspector.plc.wire import GateNews
from inspector.station.alarming import Alarming
from inspector.station.camera_lines import CameraLines

KEY = "gate"
_CALM_NS = 60_000_000_000
_AS_DECIDED = frozenset((Reason.GOOD, Reason.DEFECT))
_QUIET = frozenset((Alarm.JOG, Alarm.BYPASS_ON, Alarm.BYPASS_OFF, Alarm.OVERRIDE))
"""What is told elsewhere, or is no fault."""
_WORDS: Mapping[Alarm, str] = {
    Alarm.UNCERTAIN: "Parts that could be taken for one another were ejected",
    Alarm.POSITION_LOST: "The places of the parts are lost; all on the belt are ejected",
    Alarm.STRANGER: "The sensor before the gate saw a part that came by no trigger: ejected",
    Alarm.NOT_SEEN: "A part did not come to the sensor before the gate",
    Alarm.DOUBLE: "Parts touched each other: ejected",
    Alarm.LATE_IN_A_ROW: "Parts reach the gate without a verdict",
    Alarm.NOT_CONFIRMED: "An ejected part was not seen in the bin",
    Alarm.UNEXPECTED_IN_BIN: "A part fell into the bin that was not ejected",
    Alarm.BIN_FULL: "The bin is full",
    Alarm.WITHDRAWN: "Passes were withdrawn; those parts are ejected",
    Alarm.PRESENTED_AGAIN: "A part was presented again",
}


class GateWatch:
    """``hear`` on the PLC's listener thread; ``look`` on the supervisor's; figures from any."""

    def __init__(self, config: GateConfig, lines: CameraLines) -> None:
        self._line = config.camera_line
        self._lines = lines
        self._heard: SimpleQueue[GateNews] = SimpleQueue()
        self._noticed_ns: int | None = None
        self._line_fault = ""
        self.fates: Counter[Fate] = Counter()
        """Parts by what became of them, since the station was opened."""
        self.alarms: Counter[str] = Counter()

    def hear(self, news: GateNews) -> None:
        """From the gateway. The camera's output is set at once."""
        if news.let_pass is not None and self._line is not None:
            try:
                self._lines.set(self._line.camera, self._line.output, on=news.let_pass)
                self._line_fault = ""
            except PlcLost as error:
                self._line_fault = str(error)
        self._heard.put(news)

    def look(self, alarming: Alarming, recorder: Recorder, clock: Clock, *, running: bool) -> None:
        """One turn. What asks for a stop is a fault while parts are inspected."""
        with contextlib.suppress(Empty):
            while True:
                news = self._heard.get_nowait()
                for gone in news.gone:
                    self._count(gone, recorder)
                for noticed in news.noticed:
                    self._notice(noticed, alarming, recorder, clock, running=running)
        if self._line_fault and running:
            alarming.fault(f"the gate does not obey: {self._line_fault}")
        if self._noticed_ns is not None and clock.monotonic_ns() - self._noticed_ns > _CALM_NS:
            self._noticed_ns = None
            alarming.clear(KEY)

    def _count(self, gone: Gone, recorder: Recorder) -> None:
        self.fates[gone.fate] += 1
        if gone.part_id and gone.reason not in _AS_DECIDED:
            recorder.note(
                RecordKind.EVENT,
                {
                    "event": "gate",
                    "part": gone.part_id,
                    "fate": gone.fate.value,
                    "reason": gone.reason.value,
                },
            )

    def _notice(
        self,
        noticed: Noticed,
        alarming: Alarming,
        recorder: Recorder,
        clock: Clock,
        *,
        running: bool,
    ) -> None:
        self.alarms[noticed.alarm.value] += 1
        if noticed.alarm in _QUIET:
            return
        recorder.note(
            RecordKind.EVENT,
            {
                "event": "gate alarm",
                "alarm": noticed.alarm.value,
                "parts": list(noticed.parts),
                "detail": noticed.detail,
            },
        )
        text = f"Gate: {_WORDS[noticed.alarm]}"
        text += f" ({noticed.detail})" if noticed.detail else ""
        if noticed.stop and running:
            alarming.fault(text)
            return
        self._noticed_ns = clock.monotonic_ns()
        alarming.alarm(KEY, Health.OUT_OF_SPECIFICATION, text)
