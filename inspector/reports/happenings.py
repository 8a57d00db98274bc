"""What the ledger says beside parts: states, alarms, runs, people, part numbers, signatures."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from inspector.core.errors import LedgerError
from inspector.core.record import RecordKind
from inspector.core.state import StationState
from inspector.ledger.chain import StoredRecord
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.reports.damage import damaged
from inspector.reports.inspected import times_of
from inspector.reports.request import ReportRequest

RUN_ENDED = "run ended"
OTHERS = tuple(kind for kind in RecordKind if kind is not RecordKind.INSPECTION)
MOST_KEPT = 2000
"""Of each thing on paper; files for programs hold all."""
_LIMITS = "limit samples "
_RUNNING = tuple(state.value for state in StationState if state.running)
_AT_REST = tuple(
    state.value for state in StationState if not state.running and state is not StationState.ERROR
)


@dataclass(slots=True)
class AlarmTold:
    """One alarm; ``gone_us`` None: it stood at the end, or nobody recorded its end."""

    utc_us: int
    key: str
    health: str
    text: str
    gone_us: int | None = None
    by: str = ""
    """Who took note of it first."""


@dataclass(frozen=True, slots=True)
class StateChange:
    """From one state of the station to another."""

    utc_us: int
    old: str
    new: str
    reason: str


@dataclass(slots=True)
class Run:
    """One run of the line: records ``first`` to ``last``.

    ``counted`` is what the line itself counted; None where it was cut off, or nobody told.
    ``begun`` is False where its begin lies outside, ``end_us`` None where its end does.
    """

    first: int
    begin_us: int
    begun: bool
    last: int = 0
    end_us: int | None = None
    counted: dict[str, Any] | None = None
    cut: bool = False
    """The program ended in the middle of it."""


@dataclass(frozen=True, slots=True)
class Signed:
    """One electronic signature."""

    utc_us: int
    user: str
    full_name: str
    role: str
    meaning: str
    action: str
    about: str
    reason: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """Part numbers whose outcome nobody recorded, told by a record."""

    utc_us: int
    sequence: int
    ranges: tuple[tuple[int, int], ...]

    @property
    def parts(self) -> int:
        """How many numbers."""
        return sum(last - first + 1 for first, last in self.ranges)


@dataclass(frozen=True, slots=True)
class LimitsShown:
    """One check of limit samples, and what was said of each."""

    utc_us: int
    outcome: str
    product: str
    user: str
    results: tuple[dict[str, Any], ...]


@dataclass
class Happenings:
    """All of it, in the order of the chain. Of what is endless the first are kept."""

    records: Counter[str] = field(default_factory=Counter)
    last_sequence: int = 0
    first_sequence: int = 0
    alarms: list[AlarmTold] = field(default_factory=list)
    states: list[StateChange] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    signed: list[Signed] = field(default_factory=list)
    unrecorded: list[Unrecorded] = field(default_factory=list)
    limits: list[LimitsShown] = field(default_factory=list)
    given: int = 0
    """Part numbers of the blocks that were settled."""
    recorded: int = 0
    unused: int = 0
    dropped: int = 0
    unseen: int | None = None
    """Most parts that the PLC's sensor counted beyond the cameras' triggers; None: equal."""
    fates: Counter[str] = field(default_factory=Counter)
    """Parts that the gate treated otherwise than was decided: what became of them, and why."""
    refused: int = 0
    left_out: int = 0
    """Alarms and states beyond those kept."""

    def add(self, record: StoredRecord, content: dict[str, Any]) -> None:
        """One more."""
        self.records[record.kind] += 1
        self.first_sequence = self.first_sequence or record.sequence
        self.last_sequence = record.sequence
        if record.kind == RecordKind.EVENT:
            self._event(record, content)
        elif record.kind == RecordKind.BLOCK:
            self._block(record, content)
        elif record.kind == RecordKind.ACTION:
            self._action(record, content)

    def _event(self, record: StoredRecord, content: dict[str, Any]) -> None:
        event = str(content.get("event", ""))
        match event:
            case "state":
                self._state(record, content)
            case "alarm":
                told = (content[key] for key in ("alarm", "health", "text"))
                self._keep(self.alarms, AlarmTold(record.utc_us, *told))
            case "alarm gone":
                for alarm in self._standing(content["alarm"]):
                    alarm.gone_us = record.utc_us
            case "records dropped":
                self.dropped += content["count"]
            case "triggers differ":
                self.unseen = max(self.unseen or 0, content["unseen"], key=abs) or self.unseen
            case "gate":
                self.fates[f"{content['fate']} ({content['reason']})"] += 1
            case _ if event == RUN_ENDED:
                self._run_ended(record, content)
            case _ if event.startswith(_LIMITS):
                self.limits.append(_limits(record, content))

    def _state(self, record: StoredRecord, content: dict[str, Any]) -> None:
        new = content["new"]
        told = (str(content.get(key, "")) for key in ("old", "new", "reason"))
        self._keep(self.states, StateChange(record.utc_us, *told))
        run = self._open_run()
        if run is not None and new in _AT_REST:
            run.last, run.end_us = record.sequence, record.utc_us
            run.cut = content["old"] == StationState.PREOPERATIONAL
        elif run is None and new in _RUNNING:
            self.runs.append(Run(record.sequence, record.utc_us, begun=True))

    def _run_ended(self, record: StoredRecord, content: dict[str, Any]) -> None:
        run = self._open_run()
        if run is None:
            run = Run(self.first_sequence, record.utc_us, begun=False)
            self.runs.append(run)
        run.last, run.end_us, run.counted = record.sequence, record.utc_us, content

    def _open_run(self) -> Run | None:
        return self.runs[-1] if self.runs and self.runs[-1].end_us is None else None

    def _standing(self, key: str) -> Iterator[AlarmTold]:
        return (one for one in self.alarms if one.key == key and one.gone_us is None)

    def _block(self, record: StoredRecord, content: dict[str, Any]) -> None:
        if "recorded" not in content:
            return  # a block that was reserved; its end tells
        ranges = tuple((first, last) for first, last in content["unrecorded"])
        if ranges:
            self.unrecorded.append(Unrecorded(record.utc_us, record.sequence, ranges))
        self.given += content["last"] - content["first"] + 1
        self.recorded += content["recorded"]
        self.unused += sum(last - first + 1 for first, last in content["unused"])

    def _action(self, record: StoredRecord, content: dict[str, Any]) -> None:
        if content.get("refused"):
            self.refused += 1
            return
        for one in content.get("signatures", ()):
            about = content.get("product") or content.get("name") or content.get("hold") or ""
            self.signed.append(
                Signed(
                    utc_us=one["utc_us"],
                    user=one["user"],
                    full_name=one["full_name"],
                    role=one["role"],
                    meaning=one["meaning"],
                    action=content["action"],
                    about=str(about),
                    reason=str(content.get("reason", "")),
                    sequence=record.sequence,
                )
            )
        if content.get("action") == "Acknowledge":
            for alarm in self._standing(content["alarm"]):
                alarm.by = alarm.by or content["user"]

    def _keep(self, things: list[Any], thing: AlarmTold | StateChange) -> None:
        if len(things) < MOST_KEPT:
            things.append(thing)
        else:
            self.left_out += 1


def _limits(record: StoredRecord, content: dict[str, Any]) -> LimitsShown:
    return LimitsShown(
        utc_us=record.utc_us,
        outcome=str(content["event"]).removeprefix(_LIMITS),
        product=content.get("product", ""),
        user=content.get("user", ""),
        results=tuple(content.get("results", ())),
    )


def limits_before(reader: LedgerReader, before_us: int | None) -> LimitsShown | None:
    """The last check of limit samples before that time, among the events that led to it."""
    if before_us is None:
        return None
    for record in reversed(
        reader.tail(MOST_KEPT, RecordFilter(RecordKind.EVENT, until_us=before_us - 1))
    ):
        if b'"limit samples ' in record.payload:
            return _limits(record, content_of(record))
    return None


def content_of(record: StoredRecord) -> dict[str, Any]:
    """The payload. Raises ``LedgerError`` for a damaged one."""
    try:
        return record.content
    except ValueError as error:
        raise damaged(record.station, record.sequence, error) from error


def others(
    reader: LedgerReader, request: ReportRequest, last: int | None = None
) -> Iterator[tuple[StoredRecord, dict[str, Any]]]:
    """Every record in the report's time that is not about a part, in the order of the chain.

    Up to the record with the number ``last``.
    """
    found = [reader.each(times_of(request, kind), last=last) for kind in OTHERS]
    for record in heapq.merge(*found, key=lambda record: record.sequence):
        yield record, content_of(record)


def happened(reader: LedgerReader, request: ReportRequest, last: int) -> Happenings:
    """Read all of it up to the record with the number ``last``. Raises ``LedgerError``."""
    found = Happenings()
    for record, content in others(reader, request, last):
        try:
            found.add(record, content)
        except (KeyError, TypeError, ValueError) as error:
            raise LedgerError(
                f"ledger of {record.station}: record {record.sequence} lacks what it should tell "
                f"({type(error).__name__}: {error})",
                remedy="Run: inspector ledger verify",
            ) from error
    return found


def releases(reader: LedgerReader, upto: int) -> dict[str, dict[str, Any]]:
    """By product its last release, or the withdrawal of it, in records up to that number."""
    found: dict[str, dict[str, Any]] = {}
    for record in reader.each(RecordFilter(RecordKind.ACTION), last=upto):
        if b'"Release"' not in record.payload and b'"Withdraw"' not in record.payload:
            continue
        content = json.loads(record.payload)
        if content.get("action") in ("Release", "Withdraw") and not content.get("refused"):
            found[content["product"]] = {**content, "sequence": record.sequence}
    return found
