"""Thresholds: what is in force, and what other good images would make of it."""

from __future__ import annotations

from calibration.threshold import Calibration, read_calibration
from engines.bundle import open_bundle
from engines.runtimes.trial import resolved
from inspector.core.errors import BundleError, RefusedError
from inspector.link.questions.teaching import PictureSource
from inspector.link.questions.thresholds import (
    AskThreshold,
    CalibrateProduct,
    Proof,
    ThresholdFound,
    ThresholdInForce,
)
from inspector.office.apart import run_apart
from inspector.office.jobs import Job, JobKind, JobKinds
from inspector.office.room import Answers, Room
from inspector.office.sources import folders_of
from inspector.teaching.bundles import calibration_path, compiled_folder, current_bundle
from inspector.teaching.dataset import DatasetStore, Label, Split
from inspector.teaching.draft import DraftPictures, pictures_in
from inspector.teaching.held_out import STORED

DRAFT = "draft"


def proof_of(calibration: Calibration) -> Proof:
    """As the panel is told it."""
    return Proof(
        threshold=calibration.threshold,
        promised=calibration.promised,
        expected=calibration.marginal,
        proved=calibration.bound95,
        images=calibration.images,
        wants=calibration.wants_images,
        extrapolated=calibration.extrapolated,
        scores=calibration.scores,
        calibration=calibration.hash,
    )


def in_force(question: AskThreshold, room: Room) -> ThresholdInForce:
    """Raises ``ConfigError`` for an unknown product, ``BundleError`` for a damaged bundle."""
    product = room.catalogue.recipe(question.product).product
    entries = DatasetStore(room.data_folder / "datasets" / product).entries().values()
    good = [one for one in entries if one.label is Label.GOOD and one.split is Split.CALIBRATE]
    calibration = _calibration(product, room)
    return ThresholdInForce(
        product,
        None if calibration is None else proof_of(calibration),
        len(good),
        _sources(product, room),
    )


def folder_of(question: CalibrateProduct, room: Room) -> str:
    """Where its images lie, as ``held_out`` takes it. Raises ``RefusedError``."""
    if question.source == STORED:
        return STORED
    if question.source == DRAFT:
        return str(DraftPictures(room.data_folder, question.product).folder)
    if question.source not in map(str, folders_of(room)):
        raise RefusedError(f"{question.source}: is gone", remedy="Plug the stick in again")
    return question.source


def _calibration(product: str, room: Room) -> Calibration | None:
    path = current_bundle(room.data_folder, product)
    if path is None:
        return None
    compiled = compiled_folder(room.data_folder)
    try:
        label = resolved(room.config.runtime, open_bundle(path), compiled).label
        return read_calibration(calibration_path(path, label))
    except BundleError:  # never calibrated on this runtime: that is what the screen is for
        return None


def _sources(product: str, room: Room) -> tuple[PictureSource, ...]:
    own = room.data_folder / "pictures"
    taken = len(DraftPictures(room.data_folder, product).paths())
    found = [
        PictureSource(str(one), "folder" if one.is_relative_to(own) else "stick", one.name, count)
        for one in folders_of(room)
        if (count := len(pictures_in(one)))
    ]
    return (*([PictureSource(DRAFT, "folder", "", taken)] if taken else []), *found)


def _calibrate(question: CalibrateProduct, room: Room, job: Job) -> ThresholdFound:
    folder_of(question, room)  # refused at once
    result = run_apart("inspector.office.calibrated_apart:calibrate_product", question, room, job)
    assert isinstance(result, ThresholdFound)
    return result


ANSWERS: Answers = {AskThreshold: in_force}

JOBS: JobKinds = {CalibrateProduct: JobKind(_calibrate, "teaching", beside_production=False)}
