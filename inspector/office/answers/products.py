"""The tiles of a changeover: every product with what it looks like."""

from __future__ import annotations

from inspector.core.errors import InputError, InspectorError
from inspector.core.recipe import Recipe
from inspector.durable.images import read_image
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
    title = {str(language): words for language, words in recipe.title.items()}
    return Tile(product, title, taught, released, picture=_picture(recipe, room, longest))


def _picture(recipe: Recipe, room: Room, longest: int) -> bytes:
    """A good image that it was taught from; empty without any."""
    store = DatasetStore(room.data_folder / "datasets" / recipe.product)
    try:
        good = next((one for one in store.entries().values() if one.label is Label.GOOD), None)
        if good is None:
            return b""
        pixel_format = recipe.preparation.pixel_format
        pixels = read_image(store.path_of(good), pixel_format)
    except InspectorError:  # a tile without a picture is still a tile
        return b""
    return jpeg(shown(pixels, pixel_format), longest).data


ANSWERS: Answers = {ListTiles: list_tiles}
