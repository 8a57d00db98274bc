"""One file for whoever helps from afar: what they would ask for first, and nothing secret."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import yaml

from inspector.core.canonical import sha256_hex
from inspector.core.errors import InspectorError
from inspector.core.record import RecordKind
from inspector.ledger.reader import RecordFilter
from inspector.link.questions.station import AskVersions, MakeSupportBundle, SupportBundle
from inspector.office.answers.station import findings, tail, versions
from inspector.office.jobs import Job, JobKind, JobKinds
from inspector.office.room import Room

MOST_FILES, MOST_BYTES = 6, 4_000_000
"""Newest logs, and of each so much: as a zip less than a panel is handed."""
EVENTS = 500
HIDDEN = "(hidden)"
_SECRET = re.compile(r"password|passphrase|secret|token|credential|(^|_)key$|^user(name)?$")
_IN_URL = re.compile(r"(?<=://)[^/@\s]+@")


def bundle(_question: MakeSupportBundle, room: Room, job: Job) -> SupportBundle:
    """Gather and pack. What cannot be had is named in place of it."""
    job.progress("bundle")
    packed, names = io.BytesIO(), []
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _contents(room):
            job.progress("bundle")
            archive.writestr(name, text)
            names.append(name)
    data = packed.getvalue()
    moment = datetime.fromtimestamp(time.time(), UTC)
    station = re.sub(r"[^\w-]+", "-", room.config.station).strip("-")
    name = f"{station}_support_{moment:%Y%m%dT%H%M%SZ}.zip"
    return SupportBundle(name, data, sha256_hex(data), tuple(names))


def _contents(room: Room) -> Iterator[tuple[str, str]]:
    yield "line.yaml", _yaml(room)
    yield "versions.json", _plain(versions(AskVersions(), room))
    yield "doctor.json", _plain(list(findings(room)))
    yield "events.jsonl", _events(room)
    for file in newest_logs(room.data_folder / "logs"):
        yield f"logs/{file.name}", _IN_URL.sub(HIDDEN + "@", tail(file, MOST_BYTES))


def _yaml(room: Room) -> str:
    told = without_secrets(room.config.model_dump(mode="json"))
    text: str = yaml.safe_dump(told, sort_keys=False, allow_unicode=True)
    return text


def newest_logs(folder: Path) -> list[Path]:
    """Files of the log folder, newest first."""
    files = [one for one in folder.glob("*.log*") if one.is_file()]
    return sorted(files, key=lambda one: one.stat().st_mtime, reverse=True)[:MOST_FILES]


def _plain(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=1).decode()


def _events(room: Room) -> str:
    """What the station noted of itself; actions of people stay in the ledger."""
    try:
        events = room.ledger.tail(EVENTS, RecordFilter(RecordKind.EVENT))
    except InspectorError as error:
        return f"{error}\n"
    lines = (msgspec.json.encode({"utc_us": one.utc_us, **one.content}) for one in events)
    return "".join(f"{line.decode()}\n" for line in lines)


def without_secrets(told: Any, key: str = "") -> Any:
    """The same settings; values of keys that may be secret, or lead to one, are hidden."""
    if isinstance(told, Mapping):
        return {name: without_secrets(value, str(name)) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [without_secrets(value, key) for value in told]
    if isinstance(told, str) and told:
        return HIDDEN if _SECRET.search(key.lower()) else _IN_URL.sub(HIDDEN + "@", told)
    return told


JOBS: JobKinds = {MakeSupportBundle: JobKind(bundle, group="support")}
