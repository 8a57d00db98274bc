"""How pictures lie in the mailbox's mapped file (little-endian)::

    header    magic, generation, slot count, bytes per slot
    slot 0..  sequence, picture number, length, checksum, then the packed picture

A slot's sequence is odd while it is written (a seqlock: Hemminger 2002, Linux ``seqlock_t``). A
reader takes the newest even slot, copies it, and keeps the copy only when sequence, number,
checksum and the file's generation still fit. The generation changes when a station starts.
"""

from __future__ import annotations

import struct

import msgspec
import numpy as np

from inspector.core.frame import Pixels, ScoreMap
from inspector.core.judgement import Region
from inspector.link.picture import LivePicture, OtherView

MAGIC = b"INSPPIC2"
HEADER = struct.Struct("<8sQIQ")
SLOT = struct.Struct("<QQQI")
HEADER_BYTES = 64
SLOT_HEADER_BYTES = 64
_META_BYTES = struct.Struct("<I")


class _View(msgspec.Struct, frozen=True):
    view: int
    shape: tuple[int, int, int]
    map_shape: tuple[int, int] | None
    threshold: float
    regions: tuple[Region, ...]


class _Meta(msgspec.Struct, frozen=True):
    part_id: int
    utc_us: int
    passed: bool
    cause: str
    score: float | None
    views: tuple[_View, ...]
    """The picture's own, then the others."""


_meta = msgspec.msgpack.Decoder(_Meta)


def slot_at(slot: int, slot_bytes: int) -> int:
    """Where a slot begins in the file."""
    return HEADER_BYTES + slot * (SLOT_HEADER_BYTES + slot_bytes)


def meta_bytes(picture: LivePicture) -> bytes:
    """Everything but the arrays, as MessagePack."""
    meta = _Meta(
        part_id=picture.part_id,
        utc_us=picture.utc_us,
        passed=picture.passed,
        cause=picture.cause,
        score=picture.score,
        views=tuple(map(_told, picture.views)),
    )
    return msgspec.msgpack.encode(meta)


def _told(view: OtherView) -> _View:
    height, width, channels = view.pixels.shape
    map_shape = None if view.map is None else (view.map.shape[0], view.map.shape[1])
    return _View(view.view, (height, width, channels), map_shape, view.threshold, view.regions)


def packed(picture: LivePicture) -> list[bytes | memoryview]:
    """The picture as byte strings to be put one behind the other; arrays are not copied."""
    meta = meta_bytes(picture)
    parts: list[bytes | memoryview] = [_META_BYTES.pack(len(meta)), meta]
    for view in picture.views:
        arrays: list[Pixels | ScoreMap] = [view.pixels]
        if view.map is not None:
            arrays.append(view.map)
        parts += [np.ascontiguousarray(array).data.cast("B") for array in arrays]
    return parts


def unpacked(content: bytes) -> LivePicture:
    """The picture of a slot's content; its arrays are the receiver's own."""
    (meta_length,) = _META_BYTES.unpack_from(content)
    at = _META_BYTES.size + meta_length
    meta = _meta.decode(content[_META_BYTES.size : at])
    views = []
    for view in meta.views:
        size = int(np.prod(view.shape))
        pixels = np.frombuffer(content, np.uint8, size, at).reshape(view.shape).copy()
        at += size
        own_map = None
        if view.map_shape is not None:
            cells = int(np.prod(view.map_shape))
            values = np.frombuffer(content, np.uint8, 4 * cells, at)
            own_map = values.copy().view(np.float32).reshape(view.map_shape)
            at += 4 * cells
        views.append(OtherView(view.view, pixels, own_map, view.threshold, view.regions))
    shown, *others = views
    return LivePicture(
        part_id=meta.part_id,
        utc_us=meta.utc_us,
        passed=meta.passed,
        cause=meta.cause,
        pixels=shown.pixels,
        map=shown.map,
        score=meta.score,
        threshold=shown.threshold,
        regions=shown.regions,
        view=shown.view,
        others=tuple(others),
    )
