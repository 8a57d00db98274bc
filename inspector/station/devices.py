"""From the line's configuration to devices: the one place that names concrete adapters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from inspector.camera.making import make_camera
from inspector.camera.parameter_file import Parameters
from inspector.camera.pictures import FilePictures, VideoPictures
from inspector.camera.recorded import recorded_camera
from inspector.camera.recording import is_recording
from inspector.camera.replay import Pictures, ReplayCamera
from inspector.core.camera_config import ReplayCamera as ReplayEntry
from inspector.core.camera_config import SimCamera as SimEntry
from inspector.core.canonical import sha256_hex
from inspector.core.frame import PixelFormat
from inspector.core.line_config import LineConfig
from inspector.core.ports import Camera, Clock, TriggerSource
from inspector.core.recipe import Recipe
from inspector.durable.files import expanded
from inspector.preparation import Optics
from inspector.sim.belt import Belt
from inspector.sim.pictures import RenderedPictures
from inspector.sim.scene import Defect, WasherScene
from inspector.sim.truth import Truth
from inspector.station.places import database_of
from inspector.station.replaying import KeptPictures, evidence_days
from inspector.teaching.dataset import DatasetStore
from inspector.teaching.solar import is_demo_product, solar_test_set

_VIDEO_SUFFIXES = frozenset({".mp4", ".avi", ".mkv", ".mov", ".gif", ".webm"})
_log = structlog.get_logger(__name__)

DEMO_SOURCE = "demo"


@dataclass(frozen=True, slots=True)
class Eyes:
    """The open cameras of a product, and the labels of what a demo shows (else empty)."""

    cameras: tuple[Camera, ...]
    labels: Mapping[str, Truth] = field(default_factory=dict)
    found: tuple[Parameters, ...] = ()
    """What the devices among them were like before they were set."""


def optics_of(config: LineConfig, data_folder: Path) -> Optics:
    """The line's cameras, whose artefacts correct their pictures: a camera's name is its serial."""
    return Optics(data_folder, tuple(entry.name for entry in config.cameras))


def make_belt(
    config: LineConfig,
    clock: Clock,
    *,
    limit: int | None = None,
    on_limit: Callable[[], None] = lambda: None,
) -> Belt:
    """The simulated belt; it stops feeding after ``limit`` parts."""
    return Belt(
        clock,
        parts_per_s=config.belt.parts_per_s,
        counts_per_part=config.belt.counts_per_part,
        limit=limit,
        on_limit=on_limit,
    )


def open_cameras(
    config: LineConfig,
    recipe: Recipe,
    data_folder: Path,
    belt: Belt,
    clock: Clock,
    *,
    sensor: TriggerSource | None = None,
) -> Eyes:
    """Open every camera for a product. Nothing stays open when one of them fails.

    ``sensor``, the PLC's, fires those that are triggered by software, in place of the belt.
    """
    cameras: list[Camera] = []
    labels: dict[str, Truth] = {}
    found: list[Parameters] = []
    try:
        for view, entry in enumerate(config.cameras):
            if isinstance(entry, ReplayEntry | SimEntry):
                known = _Known(config, recipe, data_folder, view)
                trigger = sensor if entry.trigger == "plc" else None
                camera, shown = _open_pictures(entry, known, trigger or belt, clock)
                labels.update(shown)
            else:
                timeout_s = config.capture.timeout_ms / 1e3
                settings = recipe.camera.of(entry.name)
                parameters = Parameters(data_folder, entry.name, recipe.product, clock)
                camera = make_camera(
                    entry,
                    settings,
                    sensor or belt,
                    clock,
                    timeout_s=timeout_s,
                    parameters=parameters,
                )
                camera.open()
                found.append(parameters)
            cameras.append(camera)
    except BaseException:
        for opened in cameras:
            opened.close()
        raise
    return Eyes(tuple(cameras), labels, tuple(found))


@dataclass(frozen=True, slots=True)
class _Known:
    """What a source of pictures may ask for; ``view`` is the camera's place on the line, from 0."""

    config: LineConfig
    recipe: Recipe
    data_folder: Path
    view: int


def _open_pictures(
    entry: ReplayEntry | SimEntry, known: _Known, trigger: TriggerSource, clock: Clock
) -> tuple[Camera, dict[str, Truth]]:
    if isinstance(entry, ReplayEntry):
        folder = expanded(entry.source, "cameras.source")
        if is_recording(folder):
            recorded = recorded_camera(entry.name, folder, clock, loop=entry.loop)
            recorded.open()
            return recorded, {}
    pictures, shown = _pictures(entry, known)
    loop = isinstance(entry, SimEntry) or entry.loop
    buffers = entry.buffers
    camera = ReplayCamera(entry.name, pictures, trigger, clock, loop=loop, buffers=buffers)
    camera.open()
    return camera, shown if shown is not None else _rendered_truth(pictures)


def _pictures(
    entry: ReplayEntry | SimEntry, known: _Known
) -> tuple[Pictures, dict[str, Truth] | None]:
    recipe, data_folder = known.recipe, known.data_folder
    pixel_format = recipe.preparation.pixel_format
    if isinstance(entry, SimEntry):
        scene = WasherScene(entry.width, entry.height, entry.defect_rate, entry.seed)
        return RenderedPictures(scene), None
    if entry.source == DEMO_SOURCE:
        if is_demo_product(recipe.product):
            return _solar(recipe.product, pixel_format)
        return _taught_images(data_folder, recipe.product, pixel_format)
    days = evidence_days(entry.source)
    if days is not None:
        kept = KeptPictures(
            data_folder, known.config.station, recipe.product, days, database_of(known.config)
        )
        return kept.of_view(known.view, pixel_format), {}
    path = expanded(entry.source, "cameras.source")
    if path.suffix.lower() in _VIDEO_SUFFIXES:
        return VideoPictures(path, pixel_format), {}
    return FilePictures.of_folder(path, pixel_format), {}


def _solar(product: str, pixel_format: PixelFormat) -> tuple[Pictures, dict[str, Truth]]:
    """The test cells of a demo product, in an order that mixes good and defective ones."""
    cells = solar_test_set(product)
    # Not by the hash of the name alone: by that the good cells to teach were taken from the front.
    cells.sort(key=lambda cell: sha256_hex(f"shown {cell.name}".encode()))
    labels = {cell.name: Truth(cell.truth.value) for cell in cells}
    return FilePictures([cell.path for cell in cells], pixel_format), labels


def _taught_images(
    data_folder: Path, product: str, pixel_format: PixelFormat
) -> tuple[Pictures, dict[str, Truth]]:
    """The stored images of a product; no labels: what it was taught with proves nothing."""
    store = DatasetStore(data_folder / "datasets" / product)
    entries = list(store.entries().values())
    paths = [store.path_of(entry) for entry in entries]
    _log.warning("replaying the images that the product was taught with", images=len(entries))
    return FilePictures(paths, pixel_format, names=[entry.source for entry in entries]), {}


def _rendered_truth(pictures: Pictures) -> dict[str, Truth]:
    if not isinstance(pictures, RenderedPictures):
        return {}
    return {
        name: Truth.GOOD if defect is Defect.NONE else Truth.DEFECTIVE
        for name, defect in pictures.defects.items()
    }
