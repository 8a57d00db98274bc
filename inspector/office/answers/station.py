"""The station itself: where time goes, what is kept, versions, log; the doctor as a job."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

import inspector
from inspector.core.record import RecordKind
from inspector.doctor import examine
from inspector.doctor.packages import PACKAGES
from inspector.ledger.evidence_index import INDEX, class_totals
from inspector.ledger.ledger import ledger_folder
from inspector.ledger.reader import RecordFilter
from inspector.link.questions.station import (
    AskKept,
    AskLog,
    AskStages,
    AskVersions,
    Examination,
    Examine,
    Kept,
    KeptClass,
    LogLine,
    LogLines,
    Package,
    PcFinding,
    Stage,
    Stages,
    Versions,
)
from inspector.office.jobs import Job, JobKind, JobKinds
from inspector.office.room import Answers, Room
from inspector.station.places import database_of

STAGES = ("arrived", "copied", "started", "prepared", "inferred", "scored", "published")
MOST_PARTS, MOST_LINES = 2000, 1000
TAIL_BYTES = 1_000_000
"""Of the log that is looked at: the newest."""
_ALWAYS = ("numpy", "msgspec", "pydantic", "pyzmq", "structlog", "cryptography", "PyYAML")
_LEVELS = {"info": 0, "warning": 1, "error": 2}
_OWN = ("timestamp", "level", "event", "logger")


def stages(question: AskStages, room: Room) -> Stages:
    """Time between the ends of the stages, of the newest parts."""
    wanted = RecordFilter(RecordKind.INSPECTION)
    count = min(max(question.parts, 1), MOST_PARTS)
    ends = [_ends(record.content["stages_ns"]) for record in room.ledger.tail(count, wanted)]
    if not ends:
        return Stages(0, ())
    table = np.array(ends, np.float64) / 1e6
    spent = np.diff(table, axis=1, prepend=0.0)
    columns = (*zip(STAGES, spent.T, strict=True), ("all", table[:, -1]))
    return Stages(len(ends), tuple(_stage(name, column) for name, column in columns))


def _ends(told: dict[str, Any]) -> list[int]:
    return [told[name] for name in STAGES]


def _stage(name: str, spent_ms: np.ndarray[Any, Any]) -> Stage:
    p50, p99 = np.percentile(spent_ms, (50, 99))
    return Stage(name, float(p50), float(p99), float(spent_ms.max()))


def kept(_question: AskKept, room: Room) -> Kept:
    """Pictures as the index of the evidence counts them, and files of the ledger."""
    totals = class_totals(room.evidence.folder / INDEX)
    return Kept(
        tuple(KeptClass(kind.value, pictures, size) for kind, pictures, size in totals),
        room.ledger.count(),
        sum(_size(file) for file in ledger_folder(room.data_folder).glob("*")),
        elsewhere=database_of(room.config) is not None,
    )


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # deleted meanwhile
        return 0


def versions(_question: AskVersions, _room: Room) -> Versions:
    """Ours, and those of the packages that decide how it behaves."""
    names = [*_ALWAYS, *(package.distribution for package in PACKAGES)]
    found = [one for one in map(_package, names) if one is not None]
    return Versions(
        inspector.__version__,
        platform.python_version(),
        f"{platform.system()} {platform.release()} {platform.machine()}",
        tuple(sorted(found, key=lambda one: one.name.lower())),
    )


def _package(name: str) -> Package | None:
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    return Package(name, about["Version"] or "", _licence(about))


def _licence(about: metadata.PackageMetadata) -> str:
    """In short: some put the whole text there."""
    for key in ("License-Expression", "License"):
        told = _text(about, key)
        if told and told != "UNKNOWN" and "\n" not in told and len(told) <= 40:
            return told
    named = [one for one in about.get_all("Classifier") or () if one.startswith("License ::")]
    name = named[0].rpartition(" :: ")[2] if named else ""
    return name.rpartition("(")[2].removesuffix(")")  # such as LGPLv3+


def _text(about: metadata.PackageMetadata, key: str) -> str:
    found = about.get_all(key)
    return str(found[0]) if found else ""


def log(question: AskLog, room: Room) -> LogLines:
    """The newest lines that are severe enough."""
    file = log_file(room)
    lines = (_line(text) for text in reversed(tail(file).splitlines()) if text.strip())
    severe = _LEVELS[question.level]
    count = min(max(question.count, 1), MOST_LINES)
    wanted: list[LogLine] = []
    for line in lines:
        if _LEVELS.get(line.level, 0) >= severe:
            wanted.append(line)
        if len(wanted) == count:
            break
    return LogLines(tuple(wanted))


def log_file(room: Room) -> Path:
    """The log that the station writes now."""
    return room.data_folder / "logs" / f"{room.config.station}.log"


def tail(file: Path, most: int = TAIL_BYTES) -> str:
    """The end of a text file, from the beginning of a line; empty where there is none."""
    try:
        with file.open("rb") as opened:
            size = opened.seek(0, 2)
            opened.seek(max(0, size - most))
            data = opened.read()
    except OSError:
        return ""
    if size > most:
        data = data.partition(b"\n")[2]
    return data.decode("utf-8", errors="replace")


def _line(text: str) -> LogLine:
    try:
        told = msgspec.json.decode(text)
    except msgspec.DecodeError:  # a library's own line
        return LogLine("", "info", text)
    if not isinstance(told, dict):
        return LogLine("", "info", text)
    more = tuple((str(key), str(value)) for key, value in told.items() if key not in _OWN)
    level = str(told.get("level", "info"))
    level = "error" if level in ("critical", "exception") else level
    return LogLine(str(told.get("timestamp", "")), level, str(told.get("event", "")), more)


def examination(_question: Examine, room: Room, job: Job) -> Examination:
    """As ``inspector doctor``; tries to import what may fail, in processes of their own."""
    job.progress("examination")
    return Examination(tuple(findings(room)))


def findings(room: Room) -> Iterable[PcFinding]:
    """What the doctor says of this PC."""
    line = room.config.model_copy(update={"data_folder": str(room.data_folder)})
    for one in examine(line):
        yield PcFinding(one.topic, one.name, one.status.value, one.found, one.remedy)


ANSWERS: Answers = {AskStages: stages, AskKept: kept, AskVersions: versions, AskLog: log}
JOBS: JobKinds = {Examine: JobKind(examination, group="examination")}
