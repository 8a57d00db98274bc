"""Parts that are shown several times: ``gauge/<product>/taken/<part>/<show>.png``.

Studies of them lie beside that folder, ``gauge/<product>/<UTC>.json``, and stay.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from inspector.core.errors import BundleError, InspectorError, RefusedError
from inspector.core.levels import levels_of
from inspector.durable.files import storage_errors, write_atomically
from inspector.durable.images import encode_png
from inspector.link.questions.gauge import (
    TAKEN,
    AskGauge,
    GaugeFound,
    GaugeKnown,
    LayShowsAside,
    TakeShow,
)
from inspector.link.questions.teaching import PictureSource
from inspector.office.room import Room
from inspector.office.sources import folders_of
from inspector.teaching.gauge import shown_parts

MOST_PARTS, MOST_SHOWS = 50, 10
_STUDIES = 20
"""So many are shown, newest first."""


def ask_gauge(question: AskGauge, room: Room) -> GaugeKnown:
    """Raises ``ConfigError`` for an unknown product."""
    product = room.catalogue.recipe(question.product).product
    return GaugeKnown(product, _shown(room, product), _sources(room), _studies(room, product))


def take_show(question: TakeShow, room: Room) -> GaugeKnown:
    """Raises ``RefusedError``: no picture comes, or it is one that was taken before."""
    held = room.viewfinder.held(question.camera)
    if held is None:
        raise RefusedError("no picture comes from this camera", remedy="Wait for one")
    if not (1 <= question.part <= MOST_PARTS and 1 <= question.show <= MOST_SHOWS):
        raise RefusedError("no such show", remedy="Begin anew")
    folder = taken_folder(room, room.catalogue.recipe(question.product).product)
    path = folder / f"{question.part:02d}" / f"{question.show:02d}.png"
    data = encode_png(levels_of(held[0]))
    if any(one.read_bytes() == data for one in path.parent.glob("*.png") if one != path):
        raise RefusedError(
            "this picture was taken before", remedy="Take the part away, and show it again"
        )
    write_atomically(path, data)
    return ask_gauge(AskGauge(question.product), room)


def lay_shows_aside(question: LayShowsAside, room: Room) -> GaugeKnown:
    """Rename their folder."""
    folder = taken_folder(room, room.catalogue.recipe(question.product).product)
    if folder.is_dir():
        count = len(list(folder.parent.glob("before-*")))
        with storage_errors(folder):
            folder.rename(folder.parent / f"before-{count + 1}")
    return ask_gauge(AskGauge(question.product), room)


def folder_of(product: str, source: str, room: Room) -> Path:
    """Where the parts of a source lie. Raises ``RefusedError``."""
    if source == TAKEN:
        return taken_folder(room, room.catalogue.recipe(product).product)
    found = next((one for one in folders_of(room) if str(one) == source), None)
    if found is None:
        raise RefusedError(f"{source}: is gone", remedy="Plug the stick in again")
    return found


def taken_folder(room: Room, product: str) -> Path:
    """Where the panel's own pictures lie."""
    return _folder(room, product) / "taken"


def keep_study(found: GaugeFound, room: Room) -> None:
    """Raises ``StorageError``."""
    taken = datetime.fromtimestamp(found.utc_us / 1e6, UTC)
    path = _folder(room, found.product) / f"{taken:%Y%m%dT%H%M%S}-{found.utc_us % 1_000_000:06d}"
    data = msgspec.json.format(msgspec.json.encode(found), indent=2)
    write_atomically(path.with_suffix(".json"), data + b"\n")


def _folder(room: Room, product: str) -> Path:
    return room.data_folder / "gauge" / product


def _shown(room: Room, product: str) -> tuple[tuple[int, int], ...]:
    paths = sorted(taken_folder(room, product).glob("[0-9][0-9]/[0-9][0-9].png"))
    return tuple((int(path.parent.name), int(path.stem)) for path in paths)


def _sources(room: Room) -> tuple[PictureSource, ...]:
    """Folders of parts that were shown several times."""
    own = room.data_folder / "pictures"
    found = []
    for one in folders_of(room):
        try:
            count = sum(len(part.shows) for part in shown_parts(one))
        except InspectorError:  # pictures of another kind
            continue
        inside = one.is_relative_to(own)
        found.append(PictureSource(str(one), "folder" if inside else "stick", one.name, count))
    return tuple(found)


def _studies(room: Room, product: str) -> tuple[GaugeFound, ...]:
    paths = sorted(_folder(room, product).glob("*.json"), reverse=True)
    return tuple(_study(path) for path in paths[:_STUDIES])


def _study(path: Path) -> GaugeFound:
    try:
        return msgspec.json.decode(path.read_bytes(), type=GaugeFound)
    except (msgspec.DecodeError, OSError) as error:
        raise BundleError(
            f"{path}: cannot be read ({error})", remedy="Take it out of the folder"
        ) from error
