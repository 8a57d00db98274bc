"""Evidence: pictures kept beside the records, each under the SHA-256 of its bytes.

``evidence/ab/abcdef...jxl``: the name proves the content, equal content is kept once, and a record
refers to it by digest alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.canonical import Json, sha256_hex
from inspector.core.frame import Pixels, ScoreMap
from inspector.core.levels import Levels, levels_of, pixels_of
from inspector.core.record import EvidenceFile
from inspector.durable.codecs import (
    JPEG_XL,
    decode_floats,
    decode_jpeg_xl,
    encode_floats,
    encode_levels,
    encode_png,
    is_jpeg_xl,
)
from inspector.durable.files import storage_errors, sync_folder

_THUMBNAIL_PX = 256
_TOP_CODE = 65535


@dataclass(frozen=True, slots=True)
class Evidence:
    """One encoded picture and what is needed to read it back."""

    file: EvidenceFile
    facts: Mapping[str, Json]

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, hex."""
        return sha256_hex(self.file.data)

    def mark(self) -> dict[str, Json]:
        """How the record names it."""
        return {
            "name": self.file.name,
            "digest": self.digest,
            "suffix": self.file.suffix,
            "bytes": len(self.file.data),
            **self.facts,
        }


def encode_image(name: str, pixels: Pixels) -> Evidence:
    """Lossless picture of uint8[H, W, C] in any pixel format; 16 bits deep where that is.

    JPEG XL, or PNG where its codec is absent.
    """
    height, width, channels = pixels.shape
    facts: dict[str, Json] = {"height": height, "width": width, "channels": channels}
    return Evidence(EvidenceFile(name, *encode_levels(levels_of(pixels))), facts)


def encode_map(name: str, scores: ScoreMap) -> Evidence:
    """Float32[h, w], bit for bit, as zstd; where that codec is absent as ``encode_coarse_map``.

    Larger maps shrink to at most 256 px by the maximum of each cell, so that no peak is lost.
    """
    if not JPEG_XL:
        return encode_coarse_map(name, scores)
    small = _shrunk(scores)
    facts = _map_facts(small, scores)
    return Evidence(EvidenceFile(name, ".f32.zst", encode_floats(small)), facts)


def encode_coarse_map(name: str, scores: ScoreMap) -> Evidence:
    """16-bit PNG of float32[h, w]: ``value = offset + step * code``; code 0 means 'no number'."""
    small = _shrunk(scores).astype(np.float64)
    known = np.isfinite(small)
    low = float(small[known].min()) if known.any() else 0.0
    high = float(small[known].max()) if known.any() else 0.0
    step = (high - low) / (_TOP_CODE - 1) or 1.0
    codes = np.zeros(small.shape, np.uint16)
    codes[known] = np.rint((small[known] - low) / step).astype(np.uint16) + 1
    facts = {**_map_facts(small, scores), "offset": low - step, "step": step}
    return Evidence(EvidenceFile(name, ".png", encode_png(codes)), facts)


def _shrunk(scores: ScoreMap) -> ScoreMap:
    shrink = -(-max(scores.shape) // _THUMBNAIL_PX)
    rows, columns = (np.arange(0, size, shrink) for size in scores.shape)
    return np.maximum.reduceat(np.maximum.reduceat(scores, rows, axis=0), columns, axis=1)


def _map_facts(small: NDArray[Any], scores: ScoreMap) -> dict[str, Json]:
    return {
        "height": small.shape[0],
        "width": small.shape[1],
        "map_height": scores.shape[0],
        "map_width": scores.shape[1],
    }


def decode_image(data: bytes) -> Pixels:
    """The pixels of ``encode_image``, uint8[H, W, C], bit for bit. Raises ``ValueError``."""
    if is_jpeg_xl(data):
        levels = decode_jpeg_xl(data)
    else:
        read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        levels = None if read is None else cast("Levels", np.atleast_3d(read)[:, :, ::-1])
    if levels is None:
        raise ValueError("not a picture that can be read here")
    return pixels_of(levels)


def decode_map(data: bytes, facts: Mapping[str, Any]) -> ScoreMap:
    """The values of a map that a record marks with ``facts``, float32[h, w]; NaN: no number.

    Raises ``ValueError``.
    """
    if "step" not in facts:
        return decode_floats(data, (facts["height"], facts["width"]))
    codes = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if codes is None:
        raise ValueError("not a picture")
    values = (facts["offset"] + facts["step"] * codes.astype(np.float64)).astype(np.float32)
    return np.where(codes == 0, np.float32(np.nan), values)


class EvidenceStore:
    """The folder of evidence. One writing thread; any number of readers.

    A file appears under its name only when whole and flushed; ``keep`` returns when all of them,
    and the folder entries that name them, are on the disk. Raises ``StorageError``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> int:
        """Make the folders and remove what a crash left half-written; returns how many files."""
        with storage_errors(self.folder):
            for shard in range(256):
                (self.folder / f"{shard:02x}").mkdir(parents=True, exist_ok=True)
            leftovers = list(self.folder.glob("*/*.part"))
            for leftover in leftovers:
                leftover.unlink()
            sync_folder(self.folder)
            sync_folder(self.folder.parent)
        return len(leftovers)

    def path(self, digest: str, suffix: str) -> Path:
        """Where the file with this digest is, or would be."""
        return self.folder / digest[:2] / f"{digest}{suffix}"

    def keep(self, batch: Iterable[Evidence]) -> None:
        """Write a batch durably: all contents, one flush each, all names, one flush per folder.

        Flushing after the last write lets the file system join the flushes of one batch.
        """
        with storage_errors(self.folder):
            paths = {self.path(item.digest, item.file.suffix): item.file.data for item in batch}
            new = {path: data for path, data in paths.items() if not path.exists()}
            descriptors: list[int] = []
            try:
                for path, data in new.items():
                    descriptors.append(_write(_partial(path), data))
                for descriptor in descriptors:
                    os.fsync(descriptor)
            finally:
                for descriptor in descriptors:
                    os.close(descriptor)
            for path in new:
                _partial(path).replace(path)
            for folder in {path.parent for path in paths}:
                sync_folder(folder)


def _partial(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def _write(path: Path, data: bytes) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o644)
    try:
        remaining = memoryview(data)
        while remaining:
            remaining = remaining[os.write(descriptor, remaining) :]
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
