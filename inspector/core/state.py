"""The station's life cycle, in the names of OPC 40100-1, and its health, in those of NAMUR NE 107.

::

    PREOPERATIONAL -> HALTED -> INITIALIZED -> READY <-> CONTINUOUS_EXECUTION
                        ^            |           |  <-> SINGLE_EXECUTION
                        +------------+-----------+          |
                        +--------------- ERROR <------------+   (from any state; left by reset)

READY and CONTINUOUS_EXECUTION need, for production, what ``PRODUCTION_NEEDS`` says. Where that is
missing the station rests in INITIALIZED; announced limit samples run in SINGLE_EXECUTION, which is
never production.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class StationState(StrEnum):
    """States of OPC 40100-1; the last four are the sub-states of *Operational*, automatic mode."""

    PREOPERATIONAL = "preoperational"
    HALTED = "halted"
    ERROR = "error"
    INITIALIZED = "initialized"
    READY = "ready"
    SINGLE_EXECUTION = "single-execution"
    CONTINUOUS_EXECUTION = "continuous-execution"

    @property
    def running(self) -> bool:
        """True while parts are being inspected."""
        return self in (StationState.SINGLE_EXECUTION, StationState.CONTINUOUS_EXECUTION)


_S = StationState

TRANSITIONS: dict[StationState, frozenset[StationState]] = {
    _S.PREOPERATIONAL: frozenset({_S.HALTED, _S.ERROR}),
    _S.HALTED: frozenset({_S.INITIALIZED, _S.PREOPERATIONAL, _S.ERROR}),
    _S.INITIALIZED: frozenset({_S.READY, _S.HALTED, _S.ERROR}),
    _S.READY: frozenset(
        {
            _S.CONTINUOUS_EXECUTION,
            _S.SINGLE_EXECUTION,
            _S.INITIALIZED,
            _S.HALTED,
            _S.ERROR,
        }
    ),
    _S.SINGLE_EXECUTION: frozenset({_S.READY, _S.HALTED, _S.ERROR}),
    _S.CONTINUOUS_EXECUTION: frozenset({_S.READY, _S.HALTED, _S.ERROR}),
    _S.ERROR: frozenset({_S.HALTED, _S.PREOPERATIONAL}),
}
"""Every legal transition; anything else is a programming error or a refused command."""


class Requirement(StrEnum):
    """What production needs beside an engine that passed its self-test (else nothing is loaded)."""

    RELEASE = "release"
    """The loaded tuple is the newest release that was not withdrawn."""
    LIMIT_SAMPLES = "limit-samples"
    """Known good and known bad masters were judged as they should be, not too long ago."""


PRODUCTION_NEEDS: dict[StationState, frozenset[Requirement]] = {
    _S.READY: frozenset(Requirement),
    _S.CONTINUOUS_EXECUTION: frozenset(Requirement),
}
"""What must be fulfilled before these states may be entered as production."""


class Health(StrEnum):
    """Status signals of NAMUR NE 107, worst first."""

    FAILURE = "failure"
    CHECK_FUNCTION = "check-function"
    OUT_OF_SPECIFICATION = "out-of-specification"
    MAINTENANCE_REQUIRED = "maintenance-required"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that a person must know. ``key`` identifies its kind; ``text`` names the remedy."""

    key: str
    health: Health
    text: str
    raised_utc_us: int
    acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class CameraCounters:
    """Per camera; ``triggers == frames + lost`` or the station raises an alarm."""

    triggers: int = 0
    frames: int = 0
    lost: int = 0

    @property
    def reconciled(self) -> bool:
        """True when every trigger is accounted for."""
        return self.triggers == self.frames + self.lost


@dataclass(frozen=True, slots=True)
class PartCounters:
    """Per line; ``parts == verdicts == passed + rejected + bypassed``.

    ``late`` counts the verdicts that came past their deadline, seen or unseen; ``bypassed`` parts
    were let through whatever was found on them, and are no good ones.
    """

    parts: int = 0
    verdicts: int = 0
    passed: int = 0
    rejected: int = 0
    late: int = 0
    by_cause: dict[str, int] = field(default_factory=dict)
    bypassed: int = 0

    @property
    def reconciled(self) -> bool:
        """True when every part has one verdict and every verdict one outcome."""
        return self.parts == self.verdicts == self.passed + self.rejected + self.bypassed


@dataclass(frozen=True, slots=True)
class Latency:
    """Percentiles of trigger-to-verdict, milliseconds."""

    p50_ms: float = 0.0
    p99_ms: float = 0.0
    p999_ms: float = 0.0
    max_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Lock:
    """Why the station is not ready for production: ``key`` is a ``Requirement``."""

    key: Requirement
    text: str


@dataclass(frozen=True, slots=True)
class MasterSaid:
    """What was found on one master; without a ``problem`` it is what it must show."""

    name: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class LimitSamples:
    """Where the check of the loaded product's masters stands."""

    masters: int = 0
    shown: int = 0
    """Masters of the check under way that were shown; 0 when there is none."""
    expected: str = ""
    """The master that was announced as the next part."""
    valid: bool = False
    checked_utc_us: int | None = None
    """When the last check was over, passed or not; None without one."""
    due_utc_us: int | None = None
    """When the last check runs out; None without a valid one."""
    parts_left: int | None = None
    """None where parts do not matter."""
    said: tuple[MasterSaid, ...] = ()
    """Of the check under way, or of the last one, in the order in which they were shown."""


@dataclass(frozen=True, slots=True)
class Control:
    """Which panel acts, and which one asks for it: names for people, and the panels' own marks.

    Empty: nobody. ``left_s``: then the one that asks has it, if the holder is not touched.
    """

    holder: str = ""
    holder_seat: str = ""
    asks: str = ""
    asks_seat: str = ""
    left_s: float = 0.0


@dataclass(frozen=True, slots=True)
class StationStatus:
    """A frozen snapshot of the station: what panel, PLC and command line show."""

    station: str
    state: StationState
    health: Health
    product: str
    production: bool
    """False for a demo, teach or trial run, and while limit samples are shown: never counted."""
    title: dict[str, str] = field(default_factory=dict)
    """Name of the product for people, by language."""
    parts: PartCounters = field(default_factory=PartCounters)
    cameras: dict[str, CameraCounters] = field(default_factory=dict)
    latency: Latency = field(default_factory=Latency)
    margin_ms: float = 0.0
    """Time left to the deadline, median of the recent parts."""
    rate_hz: float = 0.0
    alarms: tuple[Alarm, ...] = ()
    dropped_records: int = 0
    dropped_evidence: int = 0
    uptime_s: float = 0.0
    bypass: str = ""
    """Who signed for letting all parts pass; empty when they are sorted."""
    writer: str = "operator"
    """Who may command: operator or plc."""
    plc_asks: bool = False
    """The PLC asks for write access and waits for an operator to hand it over."""
    control: Control = field(default_factory=Control)
    """Of the operators' panels."""
    lot: str = ""
    shift: str = ""
    """By the line's file and this PC's clock; empty where it names none."""
    unseen: int = 0
    """Parts of the run that the PLC counted and for which no camera was triggered; ejected."""
    locked: tuple[Lock, ...] = ()
    """Why it may not run as production, though the line's file says so; empty when it may."""
    limits: LimitSamples = field(default_factory=LimitSamples)
