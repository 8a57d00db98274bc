"""Replay: a recorded part judged once more by what judged it then, and compared to the last bit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import structlog

import inspector
from engines.bundle import Bundle
from engines.runtimes import load_engine, self_test
from engines.runtimes.parity import TOLERANCES
from inspector.core.errors import BundleError, ConfigError, EngineError, InputError
from inspector.core.judgement import CheckResult, Judgement
from inspector.core.line_config import Precision, RuntimeConfig
from inspector.core.ports import Check, Engine
from inspector.ledger.chain import StoredRecord
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.kept import views_of
from inspector.preparation import Optics, taught_reference
from inspector.scoring.decision import Decision, provisional_checks
from inspector.station.deciders import (
    find_bundle,
    find_calibration,
    find_corrections,
    find_recipe,
)
from inspector.station.judging import conditions_of
from inspector.station.part_judge import PartJudge, refuse_without_views
from inspector.teaching.bundles import compiled_folder

_log = structlog.get_logger(__name__)

_JUDGED = ("good", "defect")
"""Causes that the judgement alone decided; a late part was judged, too, but not for what it is."""
_LOADED = 2
_ARITHMETIC = 1e-5
"""By which share of its threshold a check that looks at pixels may differ on another machine."""


@dataclass(frozen=True, slots=True)
class Replay:
    """One part, then and now.

    ``other`` says in words what is not the same as then: empty where the replay must agree bit for
    bit. ``difference`` is the largest of all scores; ``within``: none is beyond what another
    machine may differ.
    """

    part_id: int
    sequence: int
    other: tuple[str, ...]
    scores: int
    difference: float
    within: bool
    flipped: bool

    @property
    def identical(self) -> bool:
        """Every score and verdict is the same, bit for bit."""
        return self.difference == 0.0 and not self.flipped

    @property
    def proven(self) -> bool:
        """The recorded verdict holds: bit for bit, or within the tolerance on another machine."""
        return not self.flipped and (self.identical or (bool(self.other) and self.within))


@dataclass(frozen=True, slots=True)
class _Loaded:
    judge: PartJudge
    engine: Engine
    other: tuple[str, ...]
    allowed: float


class Replayer:
    """Loads what decided on parts, by the hashes in their records. One thread; close it.

    ``runtime`` is taken where the recorded one cannot run here.
    """

    def __init__(self, data_folder: Path, runtime: RuntimeConfig, optics: Optics) -> None:
        self._data_folder = data_folder
        self._runtime = runtime
        self._optics = optics
        self._loaded: dict[str, _Loaded] = {}

    def replay(self, record: StoredRecord, evidence: EvidenceStore) -> Replay:
        """Judge the part of an inspection record again.

        Raises ``LedgerError`` (no pictures, or altered ones), ``BundleError`` (what decided is not
        in the data folder) and ``InputError`` (a part that nobody judged).
        """
        content = record.content
        if not content["checks"]:
            raise InputError(
                f"part {record.part_id}: was not judged ({content['cause']})",
                remedy="There is nothing to replay",
            )
        views = views_of(content, evidence)
        refuse_without_views(views, record.part_id or 0)
        loaded = self._of(content)
        judgement = loaded.judge.judge(views)
        pairs = list(_pairs(content["checks"], judgement))
        flipped = any(then["passed"] != now.passed for then, now in pairs)
        if content["cause"] in _JUDGED:
            flipped |= (record.outcome == "pass") != judgement.passed
        return Replay(
            part_id=record.part_id or 0,
            sequence=record.sequence,
            other=loaded.other,
            scores=len(pairs),
            difference=max(_difference(then, now) for then, now in pairs),
            within=all(
                _difference(then, now) <= max(loaded.allowed, _ARITHMETIC * abs(now.threshold))
                for then, now in pairs
            ),
            flipped=flipped,
        )

    def close(self) -> None:
        """Free the engines."""
        for loaded in self._loaded.values():
            loaded.judge.close()
        self._loaded.clear()

    def _of(self, content: dict[str, Any]) -> _Loaded:
        key = repr((content["hashes"], content["fingerprint"], content.get("conditions")))
        if key not in self._loaded:
            if len(self._loaded) == _LOADED:
                self._loaded.pop(next(iter(self._loaded))).judge.close()
            self._loaded[key] = self._load(content)
        return self._loaded[key]

    def _load(self, content: dict[str, Any]) -> _Loaded:
        hashes = content["hashes"]
        bundle = find_bundle(self._data_folder, content["product"], hashes["bundle"])
        corrections = find_corrections(self._optics, bundle, hashes["preparation"])
        checks = self._checks(content)
        batch = len(content["frames"])
        engine, threads = self._engine(content, bundle)
        try:
            self_test(engine, bundle, batch)
        except BaseException:
            engine.close()
            raise
        judge = PartJudge(
            bundle.manifest.preparation, corrections, taught_reference(bundle), engine, checks
        )
        largest = float(abs(bundle.golden().maps).max())
        return _Loaded(
            judge=judge,
            engine=engine,
            other=_other(content, engine, threads, batch),
            allowed=TOLERANCES[engine.info.precision].cell * largest,
        )

    def _checks(self, content: dict[str, Any]) -> tuple[Check, ...]:
        hashes = content["hashes"]
        if hashes["calibration"]:
            found = find_calibration(self._data_folder, content["product"], hashes["calibration"])
            return Decision(found).checks
        recipe = find_recipe(self._data_folder, hashes["recipe"])
        provisional = provisional_checks(
            recipe.basis, recipe.preparation.scale_mm_per_px, recipe.provisional_threshold
        )
        if provisional is None:
            raise BundleError(
                f"record names no calibration, and recipe {hashes['recipe'][:12]} has no "
                "provisional thresholds",
                remedy="The record is not of this program",
            )
        return provisional

    def _engine(self, content: dict[str, Any], bundle: Bundle) -> tuple[Engine, int]:
        """As it was recorded, if that runs here; and its threads."""
        compiled = compiled_folder(self._data_folder)
        then = _recorded_runtime(content)
        for runtime in (then, self._runtime) if then else (self._runtime,):
            try:
                return load_engine(bundle, runtime, compiled), runtime.threads
            except (BundleError, ConfigError, EngineError) as error:
                if runtime is self._runtime:
                    raise
                _log.warning("the recorded runtime does not run here", reason=str(error))
        raise AssertionError  # the last turn returned or raised


def _recorded_runtime(content: dict[str, Any]) -> RuntimeConfig | None:
    """Runtime and precision are the first and a later word of a fingerprint."""
    words = content["fingerprint"].split()
    name = {"tensorrt-rtx": "rtx", "kernel": "openvino"}.get(words[0], words[0])
    precisions: tuple[Precision, ...] = ("f32", "bf16", "f16", "int8")
    precision = next((one for one in precisions if one in words), "f32")
    conditions = content.get("conditions") or {}
    if name not in ("openvino", "onnxruntime", "tensorrt", "rtx"):
        return None
    return RuntimeConfig(name=name, precision=precision, threads=conditions.get("threads", 0))


def _other(content: dict[str, Any], engine: Engine, threads: int, batch: int) -> tuple[str, ...]:
    """What is not as it was; a record that does not tell of it cannot differ in it."""
    then = {
        "fingerprint": content["fingerprint"],
        "software": content["software"],
        **(content.get("conditions") or {}),
    }
    now = {
        "fingerprint": engine.info.fingerprint,
        "software": inspector.__version__,
        **asdict(conditions_of(threads, batch)),
    }
    differing = [key for key in then if then[key] != now[key]]
    return tuple(f"{key}: {then[key]} then, {now[key]} now" for key in differing)


def _pairs(
    then: list[dict[str, Any]], judgement: Judgement
) -> Iterator[tuple[dict[str, Any], CheckResult]]:
    now = {(check.check, check.view): check for check in judgement.checks}
    if now.keys() != {(check["check"], check["view"]) for check in then}:
        raise BundleError(
            "the recorded checks are not those of the calibration that the record names",
            remedy="Run: inspector ledger verify",
        )
    for check in then:
        yield check, now[check["check"], check["view"]]


def _difference(then: dict[str, Any], now: CheckResult) -> float:
    """Of score and threshold; a score that was no number is one that nothing equals."""
    if then["score"] is None:
        return float("inf")
    score, threshold = float(then["score"]), float(then["threshold"])
    return max(abs(score - float(now.score)), abs(threshold - now.threshold))
