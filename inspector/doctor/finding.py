"""One thing that was looked at, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a finding stands."""

    OK = "ok"
    WARN = "warn"
    """Inspector runs, with less than it could have."""
    MISSING = "missing"
    """Something that only some lines need is not there."""
    FAILURE = "failure"
    """Inspector cannot work here until this is mended."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of the examination. ``remedy`` is empty when there is nothing to do."""

    topic: str
    name: str
    status: Status
    found: str
    remedy: str = ""
