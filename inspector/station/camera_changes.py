"""What changes a camera for good: exposure and gain of a product, a lens, a flat field."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Protocol

from calibration.artefacts import adopt, hash_in_force, proposed_root
from inspector.core.canonical import Json
from inspector.core.errors import InputError, RefusedError
from inspector.core.line_config import LineConfig
from inspector.core.recipe import Recipe
from inspector.link.messages import ChangeLight, KeepCorrection
from inspector.station.catalogue import Catalogue, keep_recipe

LIGHT = ("ExposureTime", "ExposureTimeAbs", "Gain")
"""Settings that may be changed so; older cameras have other names."""


class Place(Protocol):
    """Where recipes and cameras are known."""

    @property
    def config(self) -> LineConfig:
        """The line's file."""

    @property
    def catalogue(self) -> Catalogue:
        """Its recipes."""

    @property
    def data_folder(self) -> Path:
        """What the station keeps."""


def change_camera(command: ChangeLight | KeepCorrection, rooms: Place) -> dict[str, Json]:
    """Carry it out; what the record tells. Raises ``InputError``, ``StorageError``."""
    if isinstance(command, ChangeLight):
        return change_light(command, rooms)
    return keep_correction(command, rooms)


def change_light(command: ChangeLight, rooms: Place) -> dict[str, Json]:
    """Write them into the recipe; what the record tells. Raises ``InputError``, ``StorageError``.

    The recipe's hash changes with it: no release covers it.
    """
    _require_camera(command.camera, rooms)
    if not command.reason.strip():
        raise RefusedError("another exposure needs a reason", remedy="Say why in a few words")
    recipe = rooms.catalogue.recipe(command.product)
    wanted = {name: value for name, _, value in command.settings}
    wrong = [f"{name} {value:g}" for name, value in wanted.items() if not _right(name, value)]
    if wrong or not wanted:
        raise InputError(
            f"{', '.join(wrong) or 'nothing'}: no exposure or gain",
            remedy=f"Give one of: {', '.join(LIGHT)}",
        )
    alone = len(rooms.config.cameras) == 1
    keep_recipe(
        rooms.catalogue, with_light(recipe, command.camera, wanted, alone=alone), rooms.data_folder
    )
    return {
        "product": recipe.product,
        "camera": command.camera,
        "old": _in_words({name: before for name, before, _ in command.settings}),
        "new": _in_words(wanted),
        "recipe": rooms.catalogue.recipe(command.product).hash,
    }


def with_light(recipe: Recipe, camera: str, wanted: dict[str, float], *, alone: bool) -> Recipe:
    """The recipe with other settings of one camera: where it sets them, else for this one alone.

    ``alone``: the line has no other camera.
    """
    shared, own = dict(recipe.camera.settings), dict(recipe.camera.views.get(camera, {}))
    for name, value in wanted.items():
        (shared if alone and name not in own else own)[name] = value
    views = {**recipe.camera.views, **({camera: own} if own else {})}
    spec = recipe.camera.model_copy(update={"settings": shared, "views": views})
    return recipe.model_copy(update={"camera": spec})


def keep_correction(command: KeepCorrection, rooms: Place) -> dict[str, Json]:
    """Let it hold from the next load on; what the record tells.

    Raises ``RefusedError`` where the office has worked out another one since, ``BundleError``,
    ``StorageError``.
    """
    _require_camera(command.camera, rooms)
    kind, folder = command.correction, rooms.data_folder
    waiting = proposed_root(folder)
    if hash_in_force(waiting, command.camera, kind) != command.hash:
        raise RefusedError(
            f"{command.camera}: another correction was worked out since", remedy="Calculate again"
        )
    old = hash_in_force(folder, command.camera, kind)
    adopt(waiting, folder, command.camera, kind)
    return {
        "camera": command.camera,
        "correction": kind,
        "old": old[:12] or "none",
        "new": command.hash[:12],
        "hash": command.hash,
    }


def _right(name: str, value: float) -> bool:
    return name in LIGHT and math.isfinite(value) and (name == "Gain" or value > 0.0)


def _in_words(settings: dict[str, float] | dict[str, float | None]) -> str:
    return ", ".join(
        f"{name} {'-' if value is None else f'{value:g}'}" for name, value in settings.items()
    )


def _require_camera(name: str, rooms: Place) -> None:
    if name not in {entry.name for entry in rooms.config.cameras}:
        raise RefusedError(f"{name}: no camera of this line", remedy="Choose another")
