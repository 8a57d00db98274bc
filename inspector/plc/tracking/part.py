"""One part under way: its place, its stage, and the table of what may follow what."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from inspector.plc.tracking.counts import Window


class Stage(StrEnum):
    """What is known of a part that is under way."""

    UNDECIDED = "undecided"
    """No verdict yet: ejected if it reaches the gate so."""
    OK = "ok"
    NG = "ng"
    WITHHELD = "withheld"
    """It will be ejected whatever its verdict."""
    OVERRIDDEN = "overridden"
    """A person lets it pass."""


class Fate(StrEnum):
    """Where a part went."""

    PASSED = "passed"
    EJECTED = "ejected"
    TIMEOUT_EJECTED = "timeout-ejected"
    """No valid verdict was there in time: the gate's default."""
    REMOVED = "removed"
    """It never came to the gate."""
    BYPASSED = "bypassed"
    """It passed by a person's order: never counted as good."""


class Reason(StrEnum):
    """Why a part met its fate."""

    GOOD = "good"
    DEFECT = "defect"
    NO_VERDICT = "no-verdict"
    WITHDRAWN = "withdrawn"
    """Its pass was withdrawn: heartbeat lost, or the station in error."""
    UNCERTAIN = "uncertain"
    """It lay in a declared window of uncertainty."""
    DOUBLE = "double"
    """Two parts touched each other."""
    NOT_SEEN = "not-seen"
    """The gate sensor did not see it."""
    BYPASS = "bypass"
    OVERRIDE = "override"


_S, _F = Stage, Fate
TRANSITIONS: dict[Stage, frozenset[Stage | Fate]] = {
    _S.UNDECIDED: frozenset(
        (_S.OK, _S.NG, _S.WITHHELD, _S.OVERRIDDEN, _F.TIMEOUT_EJECTED, _F.REMOVED, _F.BYPASSED)
    ),
    _S.OK: frozenset((_S.NG, _S.WITHHELD, _S.OVERRIDDEN, _F.PASSED, _F.REMOVED, _F.BYPASSED)),
    _S.NG: frozenset((_S.WITHHELD, _S.OVERRIDDEN, _F.EJECTED, _F.REMOVED, _F.BYPASSED)),
    _S.WITHHELD: frozenset(
        (_S.OVERRIDDEN, _F.EJECTED, _F.TIMEOUT_EJECTED, _F.REMOVED, _F.BYPASSED)
    ),
    _S.OVERRIDDEN: frozenset((_S.WITHHELD, _F.BYPASSED, _F.REMOVED)),
}


@dataclass(slots=True, eq=False)
class TrackedPart:
    """A part between trigger sensor and gate. Counts are absolute encoder counts.

    ``let_pass`` is None until the gate is committed to this part. A *stranger*, which the gate
    sensor saw and no trigger announced, has ``trigger_count`` 0 and is never approved.
    """

    trigger_count: int
    origin: int
    target: int
    """Where the encoder stands when the part is at the gate."""
    doubt: int
    """The part may be there so much earlier or later."""
    tail: int = 0
    """More than one part's length behind its front."""
    predicted: int = 0
    """Where the encoder stands when it comes to the gate sensor, by the trigger."""
    predicted_doubt: int = 0
    seen: int | None = None
    rivals: list[TrackedPart] = field(default_factory=list)
    """Others whose window holds where it was seen, or that were seen in its own window."""
    missing_before: TrackedPart | None = None
    """The part that stayed away before this one was seen: it may be that one."""
    stage: Stage = Stage.UNDECIDED
    reason: Reason = Reason.NO_VERDICT
    verdict_ok: bool = False
    let_pass: bool | None = None
    bypassed: bool = False
    fate: Fate | None = None

    @property
    def stranger(self) -> bool:
        """True when no trigger announced it."""
        return self.trigger_count == 0

    @property
    def approved(self) -> bool:
        """True while it may pass."""
        return self.fate is None and self.stage in (Stage.OK, Stage.OVERRIDDEN)

    @property
    def may_be(self) -> list[TrackedPart]:
        """Parts that it may be instead."""
        return [*self.rivals, *([self.missing_before] if self.missing_before else ())]

    @property
    def window(self) -> Window:
        """When it may be at the gate."""
        return Window(self.target - self.doubt, self.target + self.doubt + self.tail)

    @property
    def predicted_window(self) -> Window:
        """When it may come to the gate sensor."""
        doubt = self.predicted_doubt
        return Window(self.predicted - doubt, self.predicted + doubt + self.tail)

    def outcome(self) -> tuple[Fate, Reason]:
        """What became of it, now that it is past the gate."""
        if self.stage is Stage.OVERRIDDEN:
            return Fate.BYPASSED, Reason.OVERRIDE
        if self.bypassed:
            return Fate.BYPASSED, Reason.BYPASS
        if self.let_pass:
            return Fate.PASSED, Reason.GOOD
        silent = self.stage is Stage.UNDECIDED or self.reason is Reason.WITHDRAWN
        return Fate.TIMEOUT_EJECTED if silent else Fate.EJECTED, self.reason

    def to(self, stage: Stage, reason: Reason) -> None:
        """Change the stage. Raises ``ValueError`` when the table does not allow it."""
        self._check(stage)
        self.stage, self.reason = stage, reason

    def withhold(self, reason: Reason) -> bool:
        """Never let it pass; False when that was so already. ``UNCERTAIN`` leaves its verdict."""
        if self.fate is not None or self.let_pass is not None or self.stage is Stage.WITHHELD:
            return False
        self.to(Stage.WITHHELD, reason)
        self.verdict_ok = self.verdict_ok and reason is Reason.UNCERTAIN
        return True

    def end(self, fate: Fate, reason: Reason) -> None:
        """Meet the fate. Raises ``ValueError`` when the table does not allow it."""
        self._check(fate)
        self.fate, self.reason = fate, reason

    def _check(self, target: Stage | Fate) -> None:
        if self.fate is not None or target not in TRANSITIONS[self.stage]:
            raise ValueError(f"part {self.trigger_count}: {self.fate or self.stage} -> {target}")
