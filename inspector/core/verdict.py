"""Pass or reject: the one thing that a part gets from us, exactly once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from inspector.core.judgement import Judgement


class Outcome(StrEnum):
    """The signal to the gate."""

    PASS = "pass"
    REJECT = "reject"


class Cause(StrEnum):
    """Why a part got its outcome. Everything but ``GOOD`` is a reject."""

    GOOD = "good"
    DEFECT = "defect"
    LATE = "late"
    """The verdict came after its deadline."""
    EXPIRED = "expired"
    """The deadline had passed, or could no longer be met, before inference: rejected unseen."""
    OVERRUN = "overrun"
    """No slot was free when the frame arrived."""
    FRAME_LOST = "frame-lost"
    """The camera was triggered but delivered no whole frame."""
    FAULT = "fault"
    """The station failed on this part, or was in Error when it came."""
    UNANNOUNCED = "unannounced"
    """It came among limit samples without being one of them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on one part. Times are host-monotonic nanoseconds.

    ``part_id`` comes from a durable block and is never used twice on a station.
    """

    part_id: int
    trigger_count: int
    encoder_count: int
    outcome: Outcome
    cause: Cause
    triggered_ns: int
    deadline_ns: int
    decided_ns: int
    judgement: Judgement | None = None
    detail: str = ""
    master: str = ""
    """The limit sample that was announced as this part; empty for a part of production."""

    bypassed: str = ""
    """Who signed for letting all parts pass, whatever is found; empty when nobody did."""

    def __post_init__(self) -> None:
        if (self.outcome is Outcome.PASS) != (self.cause is Cause.GOOD):
            raise ValueError(f"outcome {self.outcome} contradicts cause {self.cause}")

    @property
    def passed(self) -> bool:
        """True for a part that is good."""
        return self.outcome is Outcome.PASS

    @property
    def at_gate(self) -> Verdict:
        """The signal: a master goes through whatever was found on it, except after a fault.

        Under bypass everything does.
        """
        if not self.bypassed and (not self.master or self.cause is Cause.FAULT):
            return self
        return replace(self, outcome=Outcome.PASS, cause=Cause.GOOD)

    @property
    def margin_ns(self) -> int:
        """Time that was left to the deadline; negative when late."""
        return self.deadline_ns - self.decided_ns


@dataclass(frozen=True, slots=True)
class StageTimes:
    """Where one part's time went: host-monotonic nanoseconds at the end of each stage.

    A stage that a part did not reach holds the time of the stage before it.
    """

    triggered_ns: int
    arrived_ns: int
    copied_ns: int
    started_ns: int
    prepared_ns: int
    inferred_ns: int
    scored_ns: int
    published_ns: int
