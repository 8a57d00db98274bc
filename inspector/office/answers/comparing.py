"""What a part should look like: as the nearest good image, or as the engine itself expected it.

Fields are compared as small grey pictures without their own brightness. The tenth that differs most
is left out: it is where the defect may be, which must not choose what it is compared with.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.bundle import Bundle
from engines.explaining import explain
from inspector.core.errors import ImageError, RefusedError
from inspector.core.frame import FrameFormat, Pixels, ScoreMap
from inspector.core.pose import Pose
from inspector.core.recipe import PreparationSpec
from inspector.durable.images import read_image
from inspector.ledger.kept import KeptView, views_of
from inspector.link.questions.comparing import AskExplanation, Explained, Nearest, NearestNormal
from inspector.link.questions.parts import PartPicture
from inspector.office.answers.parts import record_of
from inspector.office.pictures import jpeg
from inspector.office.room import Answers, Room
from inspector.preparation import Corrections, PoseReference, Preparation, taught_reference
from inspector.preparation.steps import cut
from inspector.scoring.overlay import Shown, shown, with_heat
from inspector.station.deciders import find_bundle, find_corrections
from inspector.station.devices import optics_of
from inspector.teaching.dataset import DatasetStore, Label

_SIDE = 48
_HASHES = ("bundle", "preparation")
_COUNTED = 0.9
"""Share of the picture that decides how near two are."""

_REDDEST = 1.6
"""Of the level, from which heat is at its strongest."""

_MOST = 1000
"""Good images that are looked at: more only cost time."""

Look = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Normals:
    """Good images of a product, and their looks: float32[n, side * side]."""

    paths: tuple[Path, ...]
    looks: Look


def nearest_normal(question: NearestNormal, room: Room) -> Nearest:
    """Find it."""
    content, view = _kept(question, room)
    product, bundle, preparation = content["product"], *map(content["hashes"].get, _HASHES)
    prepared = _preparing(room, product, bundle, preparation)
    part = _seen(prepared, content, view, question.view)
    normals = _normals(room, product, bundle, preparation, _manifest_ns(room, product))
    apart = np.sort(np.abs(normals.looks - _look(part)), axis=1)
    distance = apart[:, : int(_COUNTED * apart.shape[1])].mean(axis=1)
    best = int(distance.argmin())
    normal = prepared.good_field(normals.paths[best])
    return Nearest(
        part=jpeg(part, question.longest).data,
        normal=jpeg(normal, question.longest).data,
        among=len(normals.paths),
        apart=float(distance[best]),
        explains=bool(prepared.bundle.manifest.explains),
    )


def ask_explanation(question: AskExplanation, room: Room) -> Explained:
    """Asked of the bundle that judged. Raises ``RefusedError`` where it cannot tell."""
    content, view = _kept(question, room)
    product, bundle, preparation = content["product"], *map(content["hashes"].get, _HASHES)
    prepared = _preparing(room, product, bundle, preparation)
    if not prepared.bundle.manifest.explains:
        raise RefusedError(f"{product}: its engine cannot tell what it expected")
    part = _seen(prepared, content, view, question.view)
    told = explain(prepared.bundle, prepared.image(view))
    expected = b""
    if told.expected is not None:
        expected = jpeg(_as_field(told.expected, part), question.longest).data
    heats = tuple(
        (name, jpeg(with_heat(part, found, _level(found)), question.longest).data)
        for name, found in told.parts.items()
    )
    return Explained(jpeg(part, question.longest).data, expected, heats)


def _level(found: ScoreMap) -> float:
    """So that only what is strongest is red: such a map has a unit of its own, and no threshold."""
    return float(np.nan_to_num(found).max()) / _REDDEST


def _as_field(expected: Pixels, part: Shown) -> Shown:
    """The engine's input has another size, and perhaps other proportions, than the field."""
    height, width = part.shape[:2]
    colours = expected if expected.ndim == 3 else np.repeat(expected[:, :, None], 3, axis=2)
    return np.asarray(cv2.resize(colours, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def _kept(question: NearestNormal | AskExplanation, room: Room) -> tuple[dict[str, Any], KeptView]:
    content: dict[str, Any] = record_of(PartPicture(part=question.part), room.ledger).content
    views = views_of(content, room.evidence)
    if not 0 <= question.view < len(views) or not views[question.view].path.is_file():
        raise RefusedError(f"part {question.part}: no picture of it was kept")
    return content, views[question.view]


@dataclass(frozen=True, slots=True)
class _Preparing:
    """How the part was prepared when it was judged."""

    bundle: Bundle
    spec: PreparationSpec
    corrections: Corrections
    reference: PoseReference | None

    def of(self, frame: FrameFormat) -> Preparation:
        return Preparation(self.spec, frame, self.corrections, self.reference)

    def image(self, view: KeptView) -> Pixels:
        """What the engine saw of it."""
        preparation = self.of(FrameFormat(view.width, view.height, view.format))
        image = np.empty(preparation.shape, np.uint8)
        preparation.apply(view.pixels(), image)
        return image

    def good_field(self, path: Path) -> Shown:
        pixels = read_image(path, self.spec.pixel_format)
        height, width = pixels.shape[:2]
        preparation = self.of(FrameFormat(width, height, self.spec.pixel_format))
        pose = preparation.find(pixels) if self.spec.align != "none" else None
        return _field(preparation, pixels, pose)


def _preparing(room: Room, product: str, bundle_hash: str, preparation_hash: str) -> _Preparing:
    bundle = find_bundle(room.data_folder, product, bundle_hash)
    optics = optics_of(room.config, room.data_folder)
    corrections = find_corrections(optics, bundle, preparation_hash)
    return _Preparing(bundle, bundle.manifest.preparation, corrections, taught_reference(bundle))


@lru_cache(maxsize=2)
def _normals(
    room: Room, product: str, bundle_hash: str, preparation_hash: str, _manifest_ns: int
) -> Normals:
    """Looked at once, and again when images were added."""
    store = DatasetStore(room.data_folder / "datasets" / product)
    prepared = _preparing(room, product, bundle_hash, preparation_hash)
    good = [one for one in store.entries().values() if one.label is Label.GOOD]
    found = {}
    for path in [store.path_of(one) for one in good[:_MOST]]:
        with contextlib.suppress(ImageError):  # one that was damaged since leaves the others
            found[path] = _look(prepared.good_field(path))
    if not found:
        raise RefusedError(f"{product}: no good images of it are kept on this PC")
    return Normals(tuple(found), np.stack(list(found.values())))


def _manifest_ns(room: Room, product: str) -> int:
    manifest = room.data_folder / "datasets" / product / "manifest.jsonl"
    return manifest.stat().st_mtime_ns if manifest.is_file() else 0


def _seen(prepared: _Preparing, content: dict[str, Any], view: KeptView, index: int) -> Shown:
    """The part's field, as it lay."""
    pose = content["poses"][index] if content["poses"] else None
    kept_in = prepared.of(FrameFormat(view.width, view.height, view.format))
    return _field(kept_in, view.pixels(), Pose(**pose) if pose else None)


def _field(preparation: Preparation, pixels: Pixels, pose: Pose | None) -> Shown:
    field = preparation.picture_of(pixels[cut(preparation.seen_in)], pose)
    return shown(field, preparation.frame_format.pixel_format)


def _look(field: Shown) -> Look:
    small = cv2.resize(field, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    grey = np.asarray(small, np.float32).mean(axis=2).reshape(-1)
    look: Look = grey - np.median(grey)  # a large defect moves the mean
    return look


ANSWERS: Answers = {NearestNormal: nearest_normal, AskExplanation: ask_explanation}
