"""Writes a recording (`inspector.camera.recording`) while a camera runs."""

from __future__ import annotations

import os
import threading
import time
import zlib
from collections import deque
from contextlib import ExitStack
from io import BufferedWriter
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from inspector.camera.device import Delivered
from inspector.camera.recording import (
    INDEX,
    UNKNOWN,
    About,
    Circumstances,
    Entry,
    begin,
    segment_path,
    to_line,
)
from inspector.core.errors import StorageError
from inspector.durable.files import storage_errors

_SEGMENT_BYTES = 2**28
_FLUSH_S = 1.0
"""What a power cut may cost; a killed program loses no frame that was written."""

Bytes = NDArray[np.uint8]


class Recorder:
    """Records frames on a thread of its own, from its making to ``close``.

    ``buffers`` frames wait for the disk at most. One that finds no room is dropped, counted, and
    stands in the index as dropped, with all that is known of it but its payload.
    """

    def __init__(
        self,
        folder: Path,
        about: About,
        *,
        buffers: int = 32,
        segment_bytes: int = _SEGMENT_BYTES,
    ) -> None:
        begin(folder, about)
        self._folder = folder
        self._buffers = buffers
        with storage_errors(folder):
            self._writer = _Writer(folder, segment_bytes)
        self._free: deque[Bytes] | None = None
        self._waiting: deque[tuple[Entry, Bytes | None]] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._fault: StorageError | None = None
        self.recorded = self.dropped = 0
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def offer(self, delivered: Delivered, known: Circumstances = UNKNOWN) -> bool:
        """Copy one frame, complete or not; False when it was dropped. Never blocks. Any thread."""
        entry = Entry.of(delivered, known)
        with self._changed:
            if self._free is None:
                sizes = range(self._buffers)
                self._free = deque(np.empty(delivered.data.size, np.uint8) for _ in sizes)
            fits = bool(self._free) and delivered.data.size <= self._free[0].size
            if self._fault is not None or self._closing or not fits:
                self.dropped += 1
                if self._fault is None and not self._closing:
                    dropped = msgspec.structs.replace(entry, dropped=True)
                    self._waiting.append((dropped, None))
                    self._changed.notify()
                return False
            buffer = self._free.popleft()
        size = delivered.data.size
        buffer[:size] = delivered.data
        with self._changed:
            self._waiting.append((msgspec.structs.replace(entry, size=size), buffer))
            self._changed.notify()
        return True

    def close(self) -> None:
        """Write what waits. Raises the ``StorageError`` that ended the recording before, if any."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()
        if self._fault is not None:
            raise self._fault

    @property
    def fault(self) -> StorageError | None:
        """What ended the recording. Any thread."""
        return self._fault

    def _run(self) -> None:
        try:
            with storage_errors(self._folder), self._writer:
                while self._write_next():
                    pass
        except StorageError as error:
            failure = error
        except Exception as error:  # noqa: BLE001  # thread edge: the recording ends with a cause
            failure = StorageError(f"{self._folder}: {type(error).__name__}: {error}")
        else:
            return
        with self._changed:
            self._fault = failure
            self.dropped += len(self._waiting)
            self._waiting.clear()

    def _write_next(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing, _FLUSH_S)
            if not self._waiting:
                if self._closing:
                    return False
                taken = None
            else:
                taken = self._waiting[0]
        if taken is not None:
            entry, buffer = taken
            self._writer.write(entry, buffer)
            with self._changed:
                self._waiting.popleft()
                self.recorded += buffer is not None
                if buffer is not None and self._free is not None:
                    self._free.append(buffer)
        self._writer.flush_in_time()
        return True


class _Writer:
    """The files of a recording. One thread. Raises ``OSError``."""

    def __init__(self, folder: Path, segment_bytes: int) -> None:
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._index = (folder / INDEX).open("xb")
        self._number = 0
        self._segment = self._open_segment()
        self._flushed_s = time.monotonic()

    def _open_segment(self) -> BufferedWriter:
        return segment_path(self._folder, self._number).open("xb")

    def __enter__(self) -> None: ...

    def __exit__(self, *_error: object) -> None:
        with ExitStack() as closing:
            closing.callback(self._index.close)
            closing.callback(self._segment.close)
            self._sync()

    def write(self, entry: Entry, payload: Bytes | None) -> None:
        """The payload, then the line that names it; both survive the end of this program."""
        if payload is not None:
            payload = payload[: entry.size]
            if self._segment.tell() >= self._segment_bytes:
                self._sync()
                self._segment.close()
                self._number += 1
                self._segment = self._open_segment()
            entry = msgspec.structs.replace(
                entry,
                segment=self._number,
                offset=self._segment.tell(),
                crc=zlib.crc32(payload.data),
            )
            self._segment.write(payload.data)
            self._segment.flush()
        self._index.write(to_line(entry))
        self._index.flush()

    def flush_in_time(self) -> None:
        """Once a second what was written goes to the disk."""
        if time.monotonic() - self._flushed_s >= _FLUSH_S:
            self._sync()

    def _sync(self) -> None:
        for file in (self._segment, self._index):
            file.flush()
            os.fsync(file.fileno())
        self._flushed_s = time.monotonic()
