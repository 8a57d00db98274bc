"""A gauge study, in a process of its own (`inspector.office.apart`)."""

from __future__ import annotations

from calibration.gauge import GaugeStudy
from inspector.core.errors import RefusedError
from inspector.link.questions.gauge import GaugeFound, StudiedPart, StudyGauge
from inspector.office.apart import Progress
from inspector.office.room import Room
from inspector.office.shows import folder_of
from inspector.station.devices import optics_of
from inspector.teaching.bundles import compiled_folder, current_bundle
from inspector.teaching.gauge import study_gauge

STEP = "shows scored"


def study(question: StudyGauge, room: Room, progress: Progress) -> GaugeFound:
    """Raises as ``inspector gauge`` does, ``RefusedError`` for a product that was not taught."""
    product = room.catalogue.recipe(question.product).product
    bundle = current_bundle(room.data_folder, product)
    if bundle is None:
        raise RefusedError(f"{product}: not taught yet on this station", remedy="Teach it first")
    made = study_gauge(
        bundle,
        folder_of(product, question.source, room),
        runtime=room.config.runtime,
        compiled=compiled_folder(room.data_folder),
        optics=optics_of(room.config, room.data_folder),
        progress=lambda share: progress(STEP, round(100 * share), 100),
    )
    return found_of(product, made)


def found_of(product: str, study: GaugeStudy) -> GaugeFound:
    """In the panel's form; who studied it, and when, is added by the office."""
    spread = study.repeatability
    return GaugeFound(
        product=product,
        utc_us=0,
        user="",
        threshold=study.threshold,
        sigma=spread.sigma_repeat,
        sigma_low=spread.sigma_repeat_low,
        sigma_high=spread.sigma_repeat_high,
        grr=spread.grr,
        over_distance=study.repeat_over_distance,
        near=study.near.events,
        alike=study.alike.events,
        parts=tuple(
            StudiedPart(part.name, part.shows, part.rejects, part.mean, part.sigma)
            for part in study.parts
        ),
    )
