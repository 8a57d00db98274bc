"""Jobs of the office: what takes longer than a glance, with progress and an end."""

from __future__ import annotations

from typing import Literal

import msgspec

from inspector.link.question import JobQuestion, Question, Reading

JobEnd = Literal["", "done", "failed", "cancelled"]


class VerifyLedger(JobQuestion, frozen=True):
    """Check that no record, and with ``evidence`` no picture, was altered."""

    evidence: bool = True


class Verified(Reading, frozen=True):
    """Result of ``VerifyLedger``; ``findings`` are (record, what is wrong)."""

    station: str
    records: int
    pictures: int
    findings: tuple[tuple[int, str], ...]
    seconds: float
    head: str
    signed_to: int


class CancelJob(Question, frozen=True):
    """End a job before it is done. Answered with nothing."""

    job: int


class AskResult(Question, frozen=True):
    """The result of a job that is done."""

    job: int


class JobStarted(Reading, frozen=True):
    """Answer to every ``JobQuestion``."""

    job: int


class JobState(msgspec.Struct, frozen=True):
    """How a job stands. ``done`` of ``total`` steps (0: not known how many) of ``step``."""

    job: int
    kind: str
    """Name of its question."""
    user: str
    step: str = ""
    done: int = 0
    total: int = 0
    end: JobEnd = ""
    """Empty while it runs."""
    problem: str = ""


AnyJobsQuestion = VerifyLedger | CancelJob | AskResult
AnyJobsAnswer = Verified | JobStarted
