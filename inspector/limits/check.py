"""A check of limit samples: what was found on each master, and for how long it holds.

``limits/<product>.check.yaml`` in the data folder is the last check, ``<product>.parts.yaml`` how
many parts were judged since.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, FiniteFloat

from inspector.core.deciding import DecidingTuple
from inspector.core.errors import ConfigError
from inspector.core.judgement import CheckResult, Region
from inspector.core.line_config import LimitsConfig
from inspector.core.sealed import Sealed
from inspector.core.section import Section
from inspector.core.verdict import Cause, Verdict
from inspector.durable.files import write_atomically
from inspector.durable.yaml_files import dump_yaml, load_yaml
from inspector.limits.masters import Expected, Master, Place, limits_folder

_HOUR_US = 3_600_000_000


class MasterResult(Section):
    """What the station said of one master."""

    name: str
    expected: Expected
    cause: str
    """Of the verdict, whatever the gate was told."""
    part_id: int
    """The part whose record and pictures the ledger keeps."""
    score: FiniteFloat | None = None
    threshold: FiniteFloat | None = None
    problem: str = ""
    """Why this is not what was expected, in words; empty when it is."""


class LimitCheck(Sealed):
    """All masters of a product, shown to one station."""

    schema_version: int = Field(1, ge=1, le=1)
    product: str
    station: str
    user: str
    utc_us: int
    """When the last master was shown."""
    deciding: DecidingTuple
    masters: str
    """Hash of the list of masters."""
    cameras: tuple[str, ...]
    """Serial numbers."""
    from_pictures: bool
    """Stored pictures were shown, not parts."""
    results: tuple[MasterResult, ...]

    @property
    def passed(self) -> bool:
        """True when every master was judged as it should be."""
        return bool(self.results) and not any(result.problem for result in self.results)


class Shown(Section):
    """Parts judged since a check."""

    check: str
    parts: int = Field(ge=0)


class Conditions(Section):
    """What a check must have been made with to hold now."""

    station: str
    deciding: DecidingTuple
    masters: str
    cameras: tuple[str, ...]
    simulated: bool
    """The line's cameras show pictures themselves."""


def result_of(master: Master, verdict: Verdict) -> MasterResult:
    """Compare a verdict with what the master must show."""
    worst = verdict.judgement.worst if verdict.judgement else None
    return MasterResult(
        name=master.name,
        expected=master.expected,
        cause=verdict.cause.value,
        part_id=verdict.part_id,
        score=worst and worst.score,
        threshold=worst and worst.threshold,
        problem=_problem(master, verdict),
    )


def _problem(master: Master, verdict: Verdict) -> str:
    if verdict.cause not in (Cause.GOOD, Cause.DEFECT) or verdict.judgement is None:
        return f"{master.name} was not judged ({verdict.cause})"
    if master.expected is Expected.GOOD:
        return f"{master.name} is good and was rejected" if not verdict.passed else ""
    if verdict.passed:
        return f"{master.name} is bad and was passed"
    failed = [check for check in verdict.judgement.checks if not check.passed]
    if master.check:
        failed = [check for check in failed if check.check == master.check]
    if not failed:
        return f"{master.name} was not found by {master.check}"
    if master.place is not None and not any(_touches(check, master.place) for check in failed):
        return f"{master.name} was found at another place"
    return ""


def _touches(check: CheckResult, place: Place) -> bool:
    return any(_overlap(region, place) for region in check.regions)


def _overlap(region: Region, place: Place) -> bool:
    return (
        region.left < place.left + place.width
        and place.left < region.left + region.width
        and region.top < place.top + place.height
        and place.top < region.top + region.height
    )


def why_invalid(
    check: LimitCheck | None, now: Conditions, limits: LimitsConfig, *, now_us: int, parts: int
) -> str:
    """Why a check does not let production run, in words; empty when it does."""
    if check is None:
        return "they were never shown to this station"
    wrong = [result.problem for result in check.results if result.problem]
    changed = check.deciding.differences(now.deciding)
    reasons = (
        (bool(wrong), "; ".join(wrong)),
        (not check.results, "none was judged"),
        (check.from_pictures and not now.simulated, "only their pictures were shown"),
        (bool(changed), f"changed since they were shown: {', '.join(changed)}"),
        (check.masters != now.masters, "their list was changed since they were shown"),
        (check.station != now.station, f"they were shown to station {check.station}"),
        (check.cameras != now.cameras, f"shown to other cameras: {', '.join(check.cameras)}"),
        (now_us < check.utc_us, "the clock stands before the time at which they were shown"),
        (now_us >= due_us(check, limits), f"shown more than {limits.valid_hours:g} hours ago"),
        (0 < limits.valid_parts <= parts, f"shown {limits.valid_parts} parts ago or more"),
    )
    return next((words for holds, words in reasons if holds), "")


def due_us(check: LimitCheck, limits: LimitsConfig) -> int:
    """When a check runs out, UTC microseconds."""
    return check.utc_us + round(limits.valid_hours * _HOUR_US)


def check_file(data_folder: Path, product: str) -> Path:
    """Where the last check of a product lies."""
    return limits_folder(data_folder) / f"{product}.check.yaml"


def parts_file(data_folder: Path, product: str) -> Path:
    """Where the parts since then are counted."""
    return limits_folder(data_folder) / f"{product}.parts.yaml"


def save_check(data_folder: Path, check: LimitCheck) -> None:
    """Keep a check in place of the last one. Raises ``StorageError``."""
    save_parts(data_folder, check, 0)  # first: a check without its count is not believed
    write_atomically(check_file(data_folder, check.product), dump_yaml(check))


def save_parts(data_folder: Path, check: LimitCheck, parts: int) -> None:
    """Keep the count of parts since a check. Raises ``StorageError``."""
    shown = Shown(check=check.hash, parts=parts)
    write_atomically(parts_file(data_folder, check.product), dump_yaml(shown))


def load_check(data_folder: Path, product: str) -> tuple[LimitCheck | None, int]:
    """The last check of a product, and the parts since. Raises ``ConfigError`` when damaged."""
    path = check_file(data_folder, product)
    if not path.exists():
        return None, 0
    check = load_yaml(path, LimitCheck)
    if not check.intact:
        raise ConfigError(f"{path}: hash: the file was changed", remedy="Show the masters again")
    shown = load_yaml(parts_file(data_folder, product), Shown)
    if shown.check != check.hash or check.product != product:
        raise ConfigError(f"{path}: belongs to something else", remedy="Show the masters again")
    return check, shown.parts
