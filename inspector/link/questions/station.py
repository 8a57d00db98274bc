"""Questions about the station itself: what it keeps, where time goes, versions, log, doctor."""

from __future__ import annotations

from typing import Literal

import msgspec

from inspector.link.question import JobQuestion, Question, Reading

LogLevel = Literal["info", "warning", "error"]


class AskStages(Question, frozen=True):
    """Where the time of the newest parts went."""

    parts: int = 500


class Stage(msgspec.Struct, frozen=True):
    """One stage of a part's way, or all of it; percentiles of the time spent there, ms."""

    name: str
    p50_ms: float
    p99_ms: float
    max_ms: float


class Stages(Reading, frozen=True):
    """Answer to ``AskStages``; the last one is the whole way from trigger to verdict."""

    parts: int
    stages: tuple[Stage, ...]


class AskKept(Question, frozen=True):
    """What lies on this PC: pictures by class, and the ledger."""


class KeptClass(msgspec.Struct, frozen=True):
    """Pictures of one class of the evidence."""

    kind: str
    pictures: int
    bytes: int


class Kept(Reading, frozen=True):
    """Answer to ``AskKept``."""

    classes: tuple[KeptClass, ...]
    records: int
    ledger_bytes: int
    elsewhere: bool
    """The ledger is in the plant's database; only the journal lies here."""


class AskVersions(Question, frozen=True):
    """Which software runs."""


class Package(msgspec.Struct, frozen=True):
    """One package: its version, and its licence in short."""

    name: str
    version: str
    licence: str


class Versions(Reading, frozen=True):
    """Answer to ``AskVersions``."""

    software: str
    python: str
    system: str
    packages: tuple[Package, ...]


class AskLog(Question, frozen=True):
    """The newest lines of the station's log, of this level or above."""

    level: LogLevel = "info"
    count: int = 200


class LogLine(msgspec.Struct, frozen=True):
    """One line. ``more`` is what else stands in it, as ``key: value``."""

    time: str
    """ISO 8601, UTC; empty where the line tells none."""
    level: str
    text: str
    more: tuple[tuple[str, str], ...] = ()


class LogLines(Reading, frozen=True):
    """Answer to ``AskLog``, newest first."""

    lines: tuple[LogLine, ...]


class Examine(JobQuestion, frozen=True):
    """Look over this PC, as ``inspector doctor`` does."""


class PcFinding(msgspec.Struct, frozen=True):
    """One finding; ``remedy`` is empty where nothing is to be done."""

    topic: str
    name: str
    status: Literal["ok", "warn", "missing", "failure"]
    found: str
    remedy: str = ""


class Examination(Reading, frozen=True):
    """Result of ``Examine``, in the order in which it is read."""

    findings: tuple[PcFinding, ...]


class MakeSupportBundle(JobQuestion, frozen=True):
    """One file for whoever helps: logs, settings without secrets, doctor, versions, events."""


class SupportBundle(Reading, frozen=True):
    """Result of ``MakeSupportBundle``: a zip, and what is in it."""

    name: str
    data: bytes
    sha256: str
    files: tuple[str, ...]


AnyStationQuestion = AskStages | AskKept | AskVersions | AskLog | Examine | MakeSupportBundle
AnyStationAnswer = Stages | Kept | Versions | LogLines | Examination | SupportBundle
