"""Where a replay camera's pictures come from: files in a folder, or the frames of a video."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from inspector.core.errors import CameraError, DatasetError, ImageError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from inspector.core.levels import pixels_of, rescale
from inspector.durable.images import IMAGE_SUFFIXES, read_image

_CACHE_BYTES = 512 * 2**20


class FilePictures:
    """Picture files of one size, decoded once and kept while they fit into the cache.

    The cache is one array allocated at ``open``, so that memory does not grow during a run.
    """

    def __init__(
        self,
        files: Sequence[Path],
        pixel_format: PixelFormat,
        *,
        names: Sequence[str] = (),
        cache_bytes: int = _CACHE_BYTES,
    ) -> None:
        if not files:
            raise DatasetError("no pictures to replay", remedy="Give a folder with image files")
        self._files = tuple(files)
        self._names = tuple(names) or tuple(file.name for file in files)
        self._pixel_format = pixel_format
        self._cache_bytes = cache_bytes
        self._cache: Pixels = np.empty((0,), np.uint8)
        self._format: FrameFormat | None = None

    @classmethod
    def of_folder(cls, folder: Path, pixel_format: PixelFormat) -> FilePictures:
        """All pictures below a folder, in order of their paths."""
        if not folder.is_dir():
            raise DatasetError(f"{folder}: no such folder", remedy="Check cameras.source")
        files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in IMAGE_SUFFIXES)
        if not files:
            raise DatasetError(
                f"{folder}: no pictures in this folder",
                remedy=f"Put files of type {', '.join(sorted(IMAGE_SUFFIXES))} there",
            )
        names = [file.relative_to(folder).as_posix() for file in files]
        return cls(files, pixel_format, names=names)

    @property
    def format(self) -> FrameFormat:
        """Format of the first picture, which all others must share."""
        if self._format is None:
            raise CameraError("the pictures are not open", remedy="Call open() first")
        return self._format

    def open(self) -> None:
        """Decode what fits into the cache; check the size of that."""
        first = read_image(self._files[0], self._pixel_format)
        height, width = first.shape[:2]
        self._format = FrameFormat(width, height, self._pixel_format)
        count = min(len(self._files), max(1, self._cache_bytes // first.nbytes))
        cache = np.empty((count, *first.shape), np.uint8)
        for index in range(count):
            self._decode(index, cache[index])
        self._cache = cache

    def _decode(self, index: int, out: Pixels) -> None:
        image = read_image(self._files[index], self._pixel_format)
        if image.shape != self.format.shape:
            raise ImageError(
                f"{self._files[index]}: {image.shape[1]}x{image.shape[0]} px, but the first "
                f"picture has {self.format.width}x{self.format.height} px",
                remedy="Replay pictures of one size",
            )
        out[...] = image

    def __len__(self) -> int:
        return len(self._files)

    def read(self, index: int, out: Pixels) -> str:
        """Copy one picture."""
        if index < len(self._cache):
            out[...] = self._cache[index]
        else:
            self._decode(index, out)
        return self._names[index]

    def close(self) -> None:
        """Free the cache."""
        self._cache = np.empty((0,), np.uint8)


class VideoPictures:
    """Frames of a video file, in order; a loop starts the file again."""

    def __init__(self, path: Path, pixel_format: PixelFormat) -> None:
        self._path = path
        self._pixel_format = pixel_format
        self._video = cv2.VideoCapture()
        self._format: FrameFormat | None = None
        self._count = 0
        self._next = 0

    @property
    def format(self) -> FrameFormat:
        """Size as the file says, pixel format as asked."""
        if self._format is None:
            raise CameraError(f"{self._path}: the video is not open", remedy="Call open() first")
        return self._format

    def open(self) -> None:
        """Open the file and count its frames by reading them once."""
        if not self._path.is_file():
            raise ImageError(f"{self._path}: no such file", remedy="Check cameras.source")
        self._rewind()
        self._count = 0
        while self._video.grab():
            self._count += 1
        if self._count == 0:
            raise ImageError(
                f"{self._path}: no frame can be decoded", remedy="Convert it to MP4 or AVI"
            )
        self._rewind()
        self._format = FrameFormat(
            int(self._video.get(cv2.CAP_PROP_FRAME_WIDTH)),
            int(self._video.get(cv2.CAP_PROP_FRAME_HEIGHT)),
            self._pixel_format,
        )

    def _rewind(self) -> None:
        self._video.release()
        self._video.open(str(self._path), cv2.CAP_FFMPEG)
        self._next = 0

    def __len__(self) -> int:
        return self._count

    def read(self, index: int, out: Pixels) -> str:
        """Copy frame ``index``; frames between the last one read and this one are skipped."""
        if index < self._next:
            self._rewind()
        while self._next < index:
            self._video.grab()
            self._next += 1
        good, frame = self._video.read()
        self._next += 1
        if not good:
            raise CameraError(f"{self._path}: frame {index} cannot be decoded")
        code = cv2.COLOR_BGR2GRAY if self._pixel_format.colours == 1 else cv2.COLOR_BGR2RGB
        levels = np.asarray(cv2.cvtColor(frame, code), np.uint8)
        deep = rescale(levels, PixelFormat.MONO8, self._pixel_format)
        out[...] = pixels_of(deep).reshape(out.shape)
        return f"{self._path.name}#{index}"

    def close(self) -> None:
        """Close the file."""
        self._video.release()
