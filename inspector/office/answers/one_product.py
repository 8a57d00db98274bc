"""One product whole: its picture with zones, its limit samples, who released it and why."""

from __future__ import annotations

from inspector.core.errors import InspectorError
from inspector.core.recipe import Recipe
from inspector.core.record import RecordKind
from inspector.durable.images import read_image
from inspector.ledger.reader import RecordFilter
from inspector.limits.check import load_check
from inspector.limits.masters import Expected, Master, load_masters, picture_of
from inspector.link.questions.products import (
    AskProduct,
    MasterEntry,
    ProductDetail,
    ReleaseEntry,
)
from inspector.office.answers.changing import SHORT, picture_of_product
from inspector.office.answers.products import titles
from inspector.office.pictures import jpeg
from inspector.office.room import Answers, Room
from inspector.release.releases import Entry, Release, Releases
from inspector.scoring.overlay import shown
from inspector.station.part_pictures import part_pictures

MASTER_PX = 640


def ask_product(question: AskProduct, room: Room) -> ProductDetail:
    """Raises ``InspectorError`` where its recipe or its list of masters cannot be read."""
    recipe = room.catalogue.recipe(question.product)
    entries: tuple[ReleaseEntry, ...] = ()
    problem, active = "", 0
    try:
        releases = Releases(room.data_folder, recipe.product)
    except InspectorError as error:
        problem = str(error)
    else:
        entries = tuple(_entry(one) for one in reversed(releases.entries))
        active = releases.active.number if releases.active is not None else 0
    return ProductDetail(
        recipe.product,
        titles(recipe),
        picture_of_product(recipe, room, question.longest),
        tuple(check.check for check in recipe.checks),
        _masters(recipe, room),
        entries,
        active,
        problem,
    )


def _entry(entry: Entry) -> ReleaseEntry:
    said = (entry.number, entry.user, entry.role, round(entry.utc.timestamp() * 1e6), entry.reason)
    if not isinstance(entry, Release):
        return ReleaseEntry(*said, withdraws=entry.withdraws)
    rate = entry.validation.calibration.promised
    return ReleaseEntry(*said, bundle=entry.deciding.bundle[:SHORT], false_reject_rate=rate)


def _masters(recipe: Recipe, room: Room) -> tuple[MasterEntry, ...]:
    masters = load_masters(room.data_folder, recipe.product).masters
    try:
        check, _ = load_check(room.data_folder, recipe.product)
    except InspectorError:  # the station says so, and what to do
        check = None
    parts = {one.name: one.part_id for one in (check.results if check else ())}
    return tuple(
        MasterEntry(
            one.name,
            one.expected is Expected.GOOD,
            one.check,
            one.place is not None,
            _picture(one, parts.get(one.name), recipe, room),
        )
        for one in masters
    )


def _picture(master: Master, part: int | None, recipe: Recipe, room: Room) -> bytes:
    """Its own; else of when it was shown last; empty where there is none any more."""
    pixel_format = recipe.preparation.pixel_format
    try:
        if master.picture:
            path = picture_of(room.data_folder, recipe.product, master)
            return jpeg(shown(read_image(path, pixel_format), pixel_format), MASTER_PX).data
        wanted = RecordFilter(RecordKind.INSPECTION, part_id=part)
        found = room.ledger.tail(1, wanted) if part is not None else ()
        return jpeg(part_pictures(found[0], room.evidence)[0], MASTER_PX).data if found else b""
    except InspectorError:
        return b""


ANSWERS: Answers = {AskProduct: ask_product}
