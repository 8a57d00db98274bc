"""A product that can run: its cameras open, its engine warm, its taps ready."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from engines.runtimes import page_lock_of
from inspector.core.recipe import EvidenceSpec
from inspector.line.equipment import Equipment
from inspector.line.masters import AnnouncedMasters
from inspector.line.part import PartTap
from inspector.sim.truth import TruthTally
from inspector.station.context import ContextTap
from inspector.station.deciders import keep_deciders
from inspector.station.devices import Eyes, open_cameras, optics_of
from inspector.station.display_tap import DisplayTap, Outlet
from inspector.station.drift import DriftTap, make_drift_tap
from inspector.station.evidence_tap import EvidenceTap
from inspector.station.forecasting import ForecastTap, make_forecast_tap
from inspector.station.judging import Judging, load_judging, taught_bundle
from inspector.station.line_series import LiveSignals
from inspector.station.rooms import Rooms
from inspector.station.truth_tap import TruthTap

_ALL = EvidenceSpec(rejects=True, pass_share=1.0)


@dataclass(frozen=True, slots=True)
class LoadedProduct:
    """One product on one station."""

    judging: Judging
    eyes: Eyes
    tally: TruthTally
    taps: tuple[PartTap, ...]
    master_taps: tuple[PartTap, ...]
    """Who sees limit samples: they are recorded with all pictures, and counted nowhere."""
    display: DisplayTap
    drift: DriftTap | None
    forecast: ForecastTap | None
    context: ContextTap | None
    """Who has the pictures of the last parts when an alarm comes."""

    @property
    def telling(self) -> tuple[DriftTap | ForecastTap, ...]:
        """Who has findings for the supervisor, and hears what a person acknowledges."""
        return tuple(tap for tap in (self.drift, self.forecast) if tap is not None)

    def equipment(
        self, rooms: Rooms, taps: tuple[PartTap, ...], masters: AnnouncedMasters | None
    ) -> Equipment:
        """What a run is made of; ``masters`` are its parts, or None for parts of production."""
        return Equipment(
            cameras=self.eyes.cameras,
            preparation=self.judging.preparation,
            engine=self.judging.engine,
            judge=self.judging.judge,
            plc=rooms.plc,
            part_ids=rooms.part_ids,
            taps=taps,
            clock=rooms.clock,
            masters=masters,
            lock_pages=page_lock_of(self.judging.engine),
        )

    def close(self) -> None:
        """Free cameras and engine."""
        self.display.close()
        for camera in self.eyes.cameras:
            camera.close()
        self.judging.engine.close()


def load_product(rooms: Rooms, outlet: Outlet, product: str) -> LoadedProduct:
    """Open the cameras, load and test the engine. Nothing stays open when that fails."""
    config = rooms.config
    recipe = rooms.catalogue.recipe(product)
    if recipe.needs_teaching:
        taught_bundle(rooms.data_folder, product)
    eyes = open_cameras(
        config, recipe, rooms.data_folder, rooms.belt, rooms.clock, sensor=rooms.sensor
    )
    try:
        judging = load_judging(
            recipe,
            rooms.data_folder,
            config.runtime,
            eyes.cameras[0].format,
            optics=optics_of(config, rooms.data_folder),
            production=config.production,
        )
    except BaseException:
        for camera in eyes.cameras:
            camera.close()
        raise
    tally = TruthTally(eyes.labels)
    pixel_format = eyes.cameras[0].format.pixel_format
    display = DisplayTap(outlet, rooms.clock, judging.preparation, pixel_format)
    taps: tuple[PartTap, ...] = (display, TruthTap(tally))
    master_taps: tuple[PartTap, ...] = (display,)
    if rooms.writer is not None:
        keep_deciders(rooms.data_folder, judging.recipe, judging.calibration)
        _make_room_for_evidence(rooms, judging, eyes)
        evidence = EvidenceTap(
            rooms.writer,
            judging.identity,
            recipe.evidence,
            rooms.clock,
            lot=lambda: rooms.plc.read_inputs().lot,
        )
        taps = (evidence, *taps)
        uncounted = replace(judging.identity, production=False)
        master_taps = (EvidenceTap(rooms.writer, uncounted, _ALL, rooms.clock), *master_taps)
    drift = _drift_tap(rooms, judging, eyes)
    forecast = _forecast_tap(rooms, judging, eyes)
    context = _context_tap(rooms, recipe.evidence, eyes)
    taps += tuple(tap for tap in (drift, forecast, context) if tap is not None)
    return LoadedProduct(judging, eyes, tally, taps, master_taps, display, drift, forecast, context)


def _drift_tap(rooms: Rooms, judging: Judging, eyes: Eyes) -> DriftTap | None:
    if not rooms.config.drift.enabled or judging.calibration is None:
        return None
    return make_drift_tap(
        rooms.config.drift,
        judging.calibration,
        [camera.name for camera in eyes.cameras],
        judging.recipe.preparation,
        bundle=judging.bundle.path,
        recorder=rooms.recorder,
    )


def _forecast_tap(rooms: Rooms, judging: Judging, eyes: Eyes) -> ForecastTap | None:
    if not rooms.config.forecast.enabled:
        return None
    calibration, white = judging.calibration, judging.recipe.preparation.pixel_format.white
    return make_forecast_tap(
        rooms.config.forecast,
        judging.recipe.product,
        rooms.data_folder,
        bundle=judging.bundle.hash,
        scores=[check.name for check in calibration.checks] if calibration else [],
        signals=LiveSignals([camera.name for camera in eyes.cameras], white),
        recorder=rooms.recorder,
    )


def _context_tap(rooms: Rooms, policy: EvidenceSpec, eyes: Eyes) -> ContextTap | None:
    if rooms.writer is None or policy.context == 0:
        return None
    return ContextTap(rooms.writer, policy.context, _image_bytes(eyes))


def _image_bytes(eyes: Eyes) -> int:
    """Of all views of a part."""
    return len(eyes.cameras) * math.prod(eyes.cameras[0].format.shape)


def _make_room_for_evidence(rooms: Rooms, judging: Judging, eyes: Eyes) -> None:
    assert rooms.writer is not None
    views, info = len(eyes.cameras), judging.engine.info
    cells = info.map_height * info.map_width
    if len(judging.recipe.checks) > 1 or judging.recipe.engine.method == "none":
        cells = max(cells, info.height * info.width)  # background checks look at pixels
    rooms.writer.size_evidence(_image_bytes(eyes), views * cells)
