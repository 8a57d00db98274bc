"""Calibrating from good images, in a process of its own (`inspector.office.apart`)."""

from __future__ import annotations

from calibration.another_rate import comparable
from inspector.core.errors import RefusedError
from inspector.link.questions.thresholds import CalibrateProduct, ThresholdFound
from inspector.office.answers.thresholds import folder_of, proof_of
from inspector.office.apart import Progress
from inspector.office.room import Room
from inspector.station.devices import optics_of
from inspector.teaching.bundles import current_bundle
from inspector.teaching.calibrating import calibrate_bundle, untaught
from inspector.teaching.proposed import propose

STEP = "good images scored"


def calibrate_product(question: CalibrateProduct, room: Room, progress: Progress) -> ThresholdFound:
    """Work the threshold out, and keep it for whoever signs it. Raises as ``inspector calibrate``.

    What the line runs by stays as it is.
    """
    product, data_folder = question.product, room.data_folder
    optics = optics_of(room.config, data_folder)
    path = untaught(product, room.catalogue, data_folder, optics)
    path = path or current_bundle(data_folder, product)
    if path is None:
        raise RefusedError(f"{product}: not taught yet on this station", remedy="Teach it first")
    made = calibrate_bundle(
        path,
        folder_of(question, room),
        data_folder,
        room.config.runtime,
        room.catalogue,
        optics=optics,
        progress=lambda _stage, share: progress(STEP, round(100 * share), 100),
    )
    propose(made, data_folder)
    before = made.previous
    return ThresholdFound(
        product,
        proof_of(made.calibration),
        None if before is None else proof_of(before),
        made.held_out.taught,
        made.held_out.copies,
        before is not None and comparable(before, made.calibration),
    )
