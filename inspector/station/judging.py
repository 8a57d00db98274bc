"""Everything that decides on a product, loaded and checked before a part may pass."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import psutil

import inspector
from calibration.threshold import Calibration, load_calibration
from engines.bundle import Bundle, open_bundle
from engines.runtimes import load_engine, self_test
from engines.runtimes.trial import resolved
from inspector.core.deciding import DecidingTuple
from inspector.core.errors import BundleError
from inspector.core.frame import FrameFormat
from inspector.core.line_config import RuntimeConfig
from inspector.core.ports import Check, Engine
from inspector.core.recipe import Recipe
from inspector.ledger.inspection import Conditions, Identity
from inspector.preparation import (
    Optics,
    PoseReference,
    Preparation,
    preparation_hash,
    taught_reference,
)
from inspector.scoring.decision import Decision, provisional_checks
from inspector.scoring.judge import Judge
from inspector.teaching.bundles import (
    calibration_path,
    check_preparation,
    compiled_folder,
    current_bundle,
)
from inspector.teaching.untaught import untaught_bundle


@dataclass(frozen=True, slots=True)
class Judging:
    """One product, ready to be judged: its hashes stand in every record."""

    recipe: Recipe
    bundle: Bundle
    calibration: Calibration | None
    """None: provisional, with background checks that were never calibrated."""
    preparation: Preparation
    engine: Engine
    judge: Judge
    identity: Identity

    @property
    def reference(self) -> PoseReference | None:
        """The pose that was taught, if one was."""
        return taught_reference(self.bundle)

    @property
    def deciding(self) -> DecidingTuple:
        """What is released."""
        identity = self.identity
        return DecidingTuple(
            recipe=identity.recipe,
            preparation=identity.preparation,
            bundle=identity.bundle,
            calibration=identity.calibration,
            fingerprint=identity.fingerprint,
            software=identity.software,
        )


def taught_bundle(data_folder: Path, product: str) -> Path:
    """The bundle that runs. Raises ``BundleError`` when the product was not taught here."""
    path = current_bundle(data_folder, product)
    if path is None:
        raise BundleError(
            f"{product}: not taught yet on this station",
            remedy=f"Run: inspector teach FOLDER --product {product}",
        )
    return path


def load_judging(
    recipe: Recipe,
    data_folder: Path,
    runtime: RuntimeConfig,
    camera: FrameFormat,
    *,
    optics: Optics,
    production: bool,
    bundle: Path | None = None,
) -> Judging:
    """Load bundle, engine and calibration of a product, and put the engine to its self-test.

    ``optics`` are the line's cameras: the engine is warm for an image of each. ``bundle`` is the
    folder of another bundle than the current one.

    Raises ``BundleError`` (not taught, damaged, or made for another preparation or runtime) and
    ``EngineError`` (self-test).
    """
    corrections = optics.corrections(recipe.preparation)
    untaught = preparation_hash(recipe.preparation, corrections)
    path = bundle or _bundle_of(recipe, data_folder, untaught)
    opened = open_bundle(path)
    reference = taught_reference(opened)
    preparation = Preparation(recipe.preparation, camera, corrections, reference)
    check_preparation(opened, recipe.preparation, preparation.hash)
    compiled = compiled_folder(data_folder)
    runtime = resolved(runtime, opened, compiled)
    engine = load_engine(opened, runtime, compiled)
    self_test(engine, opened, len(optics.serials))
    calibration_file = calibration_path(path, runtime.label)
    calibration, checks = _thresholds(recipe, calibration_file, engine, production=production)
    identity = Identity(
        product=recipe.product,
        recipe=recipe.hash,
        preparation=preparation.hash,
        bundle=opened.hash,
        calibration="" if calibration is None else calibration.hash,
        fingerprint=engine.info.fingerprint,
        software=inspector.__version__,
        production=production,
        conditions=conditions_of(runtime.threads, len(optics.serials)),
    )
    judge = Judge(checks, preparation.field, preparation.expected)
    return Judging(recipe, opened, calibration, preparation, engine, judge, identity)


def conditions_of(threads: int, views: int) -> Conditions:
    """Of an engine on this PC."""
    return Conditions(
        threads=threads or psutil.cpu_count(logical=False) or 1,
        batch=views,
        processor=cv2.getCPUFeaturesLine(),
        libraries=f"opencv {cv2.__version__}, numpy {np.__version__}",
    )


def _bundle_of(recipe: Recipe, data_folder: Path, preparation_hash: str) -> Path:
    if not recipe.needs_teaching and current_bundle(data_folder, recipe.product) is None:
        return untaught_bundle(recipe, data_folder, preparation_hash)
    return taught_bundle(data_folder, recipe.product)


def _thresholds(
    recipe: Recipe, file: Path, engine: Engine, *, production: bool
) -> tuple[Calibration | None, tuple[Check, ...]]:
    """The calibration and its checks; without one, in a trial, provisional checks."""
    scale = recipe.preparation.scale_mm_per_px
    own = recipe.provisional_threshold
    provisional = None if production else provisional_checks(recipe.basis, scale, own)
    if provisional is not None and not file.exists():
        return None, provisional
    calibration = load_calibration(file, engine.info, recipe.basis)
    if calibration.promised != recipe.decision.false_reject_rate:
        raise BundleError(
            f"{file}: promised: made for a false-reject rate of "
            f"{calibration.promised}, the recipe asks for {recipe.decision.false_reject_rate}",
            remedy=f"Run: inspector calibrate {recipe.product}, or undo the change in the recipe",
        )
    return calibration, Decision(calibration, scale).checks
