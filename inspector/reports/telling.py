"""One record that is not about a part, as a line of the audit trail: who, what, why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from inspector.core.record import RecordKind
from inspector.ledger.chain import StoredRecord
from inspector.reports.words import Words

_ABOUT = (
    *("product", "name", "names", "masters", "alarm", "master", "hold", "to", "part", "lot"),
    *("parts", "passed", "rejected", "bypassed", "late"),
)
_MORE = (
    "text",
    "camera",
    "changed",
    "channel",
    "change",
    "count",
    "unseen",
    "bytes",
    "report",
    "files",
)
_WHY = ("reason", "note", "why")


@dataclass(frozen=True, slots=True)
class Told:
    """A record in words; ``what`` in the report's language, ``details`` as recorded."""

    who: str
    role: str
    what: str
    details: str
    old: str
    new: str
    why: str
    refused: str
    signatures: str


def told(record: StoredRecord, content: dict[str, Any], words: Words) -> Told:
    """The line."""
    return Told(
        who=str(content.get("user") or content.get("by") or ""),
        role=words(str(content.get("role", ""))),
        what=_what(record, content, words),
        details=_details(content, words),
        old=_text(content.get("old", content.get("before"))),
        new=_text(content.get("new", content.get("threshold"))),
        why=next((str(content[key]) for key in _WHY if content.get(key)), ""),
        refused=str(content.get("refused", "")),
        signatures="; ".join(_signature(one, words) for one in content.get("signatures", ())),
    )


def _what(record: StoredRecord, content: dict[str, Any], words: Words) -> str:
    if record.kind == RecordKind.REVIEW:
        found = str(content.get("finding", ""))
        named = {"defect": "true defect", "good": "false reject"}
        said = words(named.get(found, found))
        return f"{words('judged again')}: {said} {content.get('defect', '')}".strip()
    if record.kind == RecordKind.ACTION:
        return words(in_words(str(content.get("action", ""))))
    return words(str(content.get("event", "")))


def in_words(action: str) -> str:
    """``SelectProduct`` as "select product"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", action).lower()


def _details(content: dict[str, Any], words: Words) -> str:
    span = f"{content['first']}–{content['last']}" if "first" in content else ""
    missing = content.get("unrecorded")
    said = [span] + [f"{words(key)} {_text(content[key])}" for key in _ABOUT if content.get(key)]
    said += [_text(content[key]) for key in _MORE if content.get(key)]
    if missing:
        said.append(", ".join(f"{first}–{last}" for first, last in missing))
    return "; ".join(one for one in said if one)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_text(one)}" for key, one in value.items())
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _signature(one: dict[str, Any], words: Words) -> str:
    return f"{one['full_name'] or one['user']} ({words(one['role'])}): {words(one['meaning'])}"
