"""What the ledger says of one inspected part."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from inspector.core.canonical import Json
from inspector.core.frame import FrameInfo
from inspector.core.judgement import CheckResult, Judgement, Region
from inspector.core.record import LedgerRecord, RecordKind
from inspector.core.verdict import StageTimes, Verdict
from inspector.ledger.keeping import Keeping


@dataclass(frozen=True, slots=True)
class Conditions:
    """What beside the fingerprint may move the last bits of a score."""

    threads: int
    batch: int
    """Images that the engine is given at a time: the views of a part."""
    processor: str
    """Its instruction sets, as the libraries use them."""
    libraries: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Everything that decided, by name and hash (hex), the same for every part of a run.

    ``fingerprint`` names runtime, version, device and precision. ``production`` is False for demo,
    teach and trial runs.
    """

    product: str
    recipe: str
    preparation: str
    bundle: str
    calibration: str
    fingerprint: str
    software: str
    production: bool
    lot: str = ""
    conditions: Conditions | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """One part as the inspection thread hands it over. ``utc_us`` is the time of its trigger."""

    verdict: Verdict
    times: StageTimes
    utc_us: int
    identity: Identity
    frames: tuple[FrameInfo, ...] = ()
    keeping: Keeping | None = None
    """Whether its pictures were to be kept, and why; None where nobody drew."""

    def without_maps(self) -> Inspection:
        """The same without arrays: the maps belong to the engine, which uses them again."""
        judgement = self.verdict.judgement
        if judgement is None or all(check.map is None for check in judgement.checks):
            return self
        checks = tuple(dataclasses.replace(check, map=None) for check in judgement.checks)
        without = dataclasses.replace(judgement, checks=checks)
        verdict = dataclasses.replace(self.verdict, judgement=without)
        return dataclasses.replace(self, verdict=verdict)

    def record(self, evidence: Sequence[Json] = ()) -> LedgerRecord:
        """The ledger record, naming the given evidence."""
        return LedgerRecord(
            kind=RecordKind.INSPECTION,
            utc_us=self.utc_us,
            payload=inspection_payload(self, evidence),
            part_id=self.verdict.part_id,
            outcome=self.verdict.outcome.value,
        )


def inspection_payload(inspection: Inspection, evidence: Sequence[Json] = ()) -> dict[str, Json]:
    """Plain values of one part. Durations are nanoseconds since its trigger.

    Monotonic times have no meaning outside their boot, so only differences are kept.
    """
    verdict, identity = inspection.verdict, inspection.identity
    start = verdict.triggered_ns
    judgement = verdict.judgement or Judgement(())
    return {
        "cause": verdict.cause.value,
        "detail": verdict.detail,
        "trigger_count": verdict.trigger_count,
        "encoder_count": verdict.encoder_count,
        "product": identity.product,
        "lot": identity.lot,
        "production": identity.production and not verdict.master and not verdict.bypassed,
        "master": verdict.master,
        "bypassed": verdict.bypassed,
        "hashes": {
            "recipe": identity.recipe,
            "preparation": identity.preparation,
            "bundle": identity.bundle,
            "calibration": identity.calibration,
        },
        "fingerprint": identity.fingerprint,
        "software": identity.software,
        "conditions": _conditions(identity.conditions),
        "deadline": {
            "allowed_ns": verdict.deadline_ns - start,
            "decided_ns": verdict.decided_ns - start,
            "margin_us": verdict.margin_ns // 1000,
        },
        "stages_ns": _stages(inspection.times),
        "checks": [_check(check) for check in judgement.checks],
        "poses": [None if pose is None else dataclasses.asdict(pose) for pose in judgement.poses],
        "frames": [_frame(frame, start) for frame in inspection.frames],
        "keeping": None if inspection.keeping is None else inspection.keeping.payload(),
        "evidence": list(evidence),
    }


def _conditions(conditions: Conditions | None) -> Json:
    return None if conditions is None else dataclasses.asdict(conditions)


def _stages(times: StageTimes) -> dict[str, Json]:
    return {
        field.name.removesuffix("_ns"): getattr(times, field.name) - times.triggered_ns
        for field in dataclasses.fields(times)
        if field.name != "triggered_ns"
    }


def _check(check: CheckResult) -> dict[str, Json]:
    return {
        "check": check.check,
        "view": check.view,
        "score": check.score,
        "threshold": check.threshold,
        "p_value": check.p_value,
        "extrapolated_p": check.extrapolated_p,
        "provisional": check.provisional,
        "finding": check.finding,
        "explanation": check.explanation,
        "passed": check.passed,
        "regions": [_region(region) for region in check.regions],
    }


def _region(region: Region) -> dict[str, Json]:
    return {field.name: getattr(region, field.name) for field in dataclasses.fields(region)}


def _frame(frame: FrameInfo, start_ns: int) -> dict[str, Json]:
    return {
        "camera": frame.camera,
        "frame_id": frame.frame_id,
        "trigger_count": frame.trigger_count,
        "encoder_count": frame.encoder_count,
        "triggered_ns": frame.triggered_ns - start_ns,
        "arrived_ns": frame.arrived_ns - start_ns,
        "source": frame.source,
        "exposure_us": frame.exposure_us,
        "gain_db": frame.gain_db,
        "temperature_c": frame.temperature_c,
        "pixel_format": frame.pixel_format and frame.pixel_format.value,
        "serial": frame.serial,
    }
