"""From draft to release: the validation that must stand first, and the entry that says so."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from calibration.threshold import Calibration
from inspector.core.deciding import DecidingTuple
from inspector.core.errors import InputError, RefusedError
from inspector.core.recipe import Recipe
from inspector.limits.check import LimitCheck
from inspector.release.backtest import Backtest
from inspector.release.difference import changes
from inspector.release.releases import (
    BacktestBasis,
    CalibrationBasis,
    LimitBasis,
    Release,
    Releases,
    Validation,
    Withdrawal,
)

_SHORTEST_REASON = 8


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs, when, where and why."""

    station: str
    user: str
    role: str
    utc: datetime
    reason: str

    def __post_init__(self) -> None:
        if len(self.reason.strip()) < _SHORTEST_REASON:
            raise InputError(
                f"reason: {self.reason!r} is no reason",
                remedy=f"Say why, in {_SHORTEST_REASON} letters or more",
            )


@dataclass(frozen=True, slots=True)
class Draft:
    """What is loaded and could be released. ``why_no_limits`` is empty after a valid check."""

    recipe: Recipe
    deciding: DecidingTuple
    calibration: Calibration | None
    check: LimitCheck | None
    why_no_limits: str
    backtest: Backtest | None = None


def validate(draft: Draft) -> Validation:
    """What the release may rest on. Raises ``RefusedError`` with what is missing."""
    product = draft.recipe.product
    if draft.calibration is None:
        raise RefusedError(
            f"{product}: calibration: none, its verdicts are provisional",
            remedy="Teach it, or calibrate it: inspector calibrate",
        )
    if draft.check is None or draft.why_no_limits:
        raise RefusedError(
            f"{product}: limit samples: {draft.why_no_limits}",
            remedy=f"Show them: inspector limits {product} check",
        )
    made = draft.calibration
    return Validation(
        calibration=CalibrationBasis(
            images=made.images,
            promised=made.promised,
            marginal=made.marginal,
            bound95=made.bound95,
            extrapolated=made.extrapolated,
            cross_fitted=made.cross_fitted,
        ),
        limits=LimitBasis(
            check=draft.check.hash,
            utc_us=draft.check.utc_us,
            masters=len(draft.check.results),
            from_pictures=draft.check.from_pictures,
        ),
        backtest=draft.backtest and _basis(draft.backtest, draft.deciding),
    )


def _basis(backtest: Backtest, deciding: DecidingTuple) -> BacktestBasis:
    differ = backtest.deciding.differences(deciding)
    if differ:
        raise RefusedError(
            f"backtest: was made with another {', '.join(differ)} than is loaded",
            remedy="Make it again: inspector release --backtest",
        )
    return BacktestBasis(
        backtest=backtest.hash,
        good=backtest.good,
        good_rejected=backtest.good_rejected,
        defective=backtest.defective,
        defective_passed=backtest.defective_passed,
        compared=backtest.compared,
        changed=backtest.changed,
    )


def release(releases: Releases, draft: Draft, signature: Signature) -> Release:
    """Validate a draft and append it. Raises ``RefusedError``, ``StorageError``."""
    active, before = releases.active, releases.newest
    if active is not None and active.deciding == draft.deciding:
        raise RefusedError(
            f"{releases.product}: this is release {active.number}: nothing was changed since"
        )
    validation = validate(draft)
    recipe = draft.recipe.model_dump(mode="json")
    old = before.deciding.model_dump() if before else {}
    entry = Release.sealed(
        **_head(releases, signature),
        deciding=draft.deciding,
        changed=changes(old, draft.deciding.model_dump()),
        recipe=recipe,
        recipe_changes=changes(before.recipe, recipe) if before else (),
        validation=validation,
    )
    releases.append(entry)
    return entry


def withdraw(releases: Releases, signature: Signature) -> Withdrawal:
    """Withdraw the active release. Raises ``RefusedError`` when there is none."""
    active = releases.active
    if active is None:
        raise RefusedError(f"{releases.product}: there is no release to withdraw")
    entry = Withdrawal.sealed(**_head(releases, signature), withdraws=active.number)
    releases.append(entry)
    return entry


def _head(releases: Releases, signature: Signature) -> dict[str, object]:
    """What every entry begins with: its place in the chain, and who signs."""
    number, previous = releases.next
    place = {"product": releases.product, "number": number, "previous": previous}
    return place | asdict(signature)
