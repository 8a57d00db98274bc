"""What is taught at the panel, as a recipe; and the recipe as the panel draws on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from inspector.core.errors import ConfigError
from inspector.core.recipe import Recipe
from inspector.link.questions.teaching import DrawnZone, Lesson
from inspector.office.room import Room
from inspector.teaching.new_recipe import checks_for, new_recipe

_OF_THE_LINE = ("flat_field", "undistort", "scale_mm_per_px")
"""What is true of a place below a camera, whatever lies there."""


def recipe_of(lesson: Lesson, room: Room, source: Path, method: str, side: int = 0) -> Recipe:
    """The recipe to teach by: the product's own with what was decided, or a new one.

    A new product has camera settings and scale of the one that it is ``like``. Raises
    ``ConfigError``, ``DatasetError``.
    """
    content = _base(lesson, room, source)
    content["decision"] |= {"false_reject_rate": lesson.rate}
    content["preparation"]["region"] = lesson.region and dict(
        zip(("x", "y", "width", "height"), lesson.region, strict=True)
    )
    content["zones"] = [
        {"name": z.name, "use": z.use, "sensitivity": z.sensitivity, "polygon": z.polygon}
        for z in lesson.zones
    ]
    if lesson.title:
        content["title"] = {**content["title"], "en": lesson.title, "ja": lesson.title}
    if method != content["engine"]["method"]:  # the keys of one engine mean nothing to another
        content["engine"] = {"method": method, "seed": content["engine"]["seed"]}
        content["checks"] = checks_for(method, content["checks"])
    if side:
        content["preparation"] |= {"width": side, "height": side}
    try:
        return Recipe.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigError(
            f"{lesson.product}: {where}: {first['msg']}", remedy="Draw it again"
        ) from error


def _base(lesson: Lesson, room: Room, source: Path) -> dict[str, Any]:
    catalogue = room.catalogue
    if catalogue.has(lesson.product):
        return catalogue.recipe(lesson.product).model_dump(mode="json")
    content = new_recipe(lesson.product, str(source)).model_dump(mode="json")
    if catalogue.has(lesson.like):
        like = catalogue.recipe(lesson.like).model_dump(mode="json")
        content["camera"] = like["camera"]
        content["preparation"] |= {key: like["preparation"][key] for key in _OF_THE_LINE}
    return content


def zones_of(recipe: Recipe) -> tuple[DrawnZone, ...]:
    """The zones of a recipe, for the panel."""
    return tuple(
        DrawnZone(zone.name, zone.use, zone.polygon, zone.sensitivity) for zone in recipe.zones
    )
