"""The tiles of a changeover: every product with what it looks like."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from inspector.core.errors import InputError, InspectorError
from inspector.core.frame import PixelFormat
from inspector.core.recipe import Recipe
from inspector.durable.images import read_image
from inspector.link.questions.parts import Picture
from inspector.link.questions.products import ListTiles, Tile, Tiles
from inspector.office.pictures import jpeg
from inspector.office.room import Answers, Room
from inspector.release.releases import Releases
from inspector.scoring.overlay import shown
from inspector.teaching.bundles import current_bundle
from inspector.teaching.dataset import DatasetStore, Label


def list_tiles(question: ListTiles, room: Room) -> Tiles:
    """Every product; one wrong file does not hide the others."""
    return Tiles(tuple(_tile(name, room, question.longest) for name in room.catalogue.names()))


def _tile(product: str, room: Room, longest: int) -> Tile:
    try:
        recipe = room.catalogue.recipe(product)
        taught = current_bundle(room.data_folder, product) is not None
        released = Releases(room.data_folder, product).active is not None
    except InputError as error:
        return Tile(product, {}, taught=False, released=False, problem=str(error))
    found = good_image(recipe, room, longest)
    return Tile(product, titles(recipe), taught, released, picture=found[0].data if found else b"")


def titles(recipe: Recipe) -> dict[str, str]:
    """Its names for people, by language."""
    return {str(language): words for language, words in recipe.title.items()}


def good_image(recipe: Recipe, room: Room, longest: int) -> tuple[Picture, tuple[int, int]] | None:
    """One that it was taught from, and its (width, height) in the camera; None without any."""
    store = DatasetStore(room.data_folder / "datasets" / recipe.product)
    try:
        good = next((one for one in store.entries().values() if one.label is Label.GOOD), None)
        if good is None:
            return None
        return _small(store.path_of(good), recipe.preparation.pixel_format, longest)
    except InspectorError:  # a product without a picture is still a product
        return None


@lru_cache(maxsize=256)  # the name of a kept image is its hash: another image has another path
def _small(path: Path, pixel_format: PixelFormat, longest: int) -> tuple[Picture, tuple[int, int]]:
    whole = shown(read_image(path, pixel_format), pixel_format)
    return jpeg(whole, longest), (whole.shape[1], whole.shape[0])


ANSWERS: Answers = {ListTiles: list_tiles}
