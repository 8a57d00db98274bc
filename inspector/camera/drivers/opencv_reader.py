"""The thread that reads an OpenCV source, and the buffers that it fills."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import cv2
import numpy as np

from inspector.camera.device import Delivered
from inspector.camera.drivers.opencv_source import Source
from inspector.core.errors import CameraEnded, CameraError, CameraLost
from inspector.core.frame import Pixels

_FAILURES, _FAILURE_S = 5, 0.02
"""A USB camera that fails so often in succession is gone; the pause between two tries."""
_YIELD_S = 0.001
_JOIN_S = 5.0


class _Acquisition:
    """Buffers of one run from ``start`` to ``stop``: free ones, and those filled, in order."""

    def __init__(self, count: int, shape: tuple[int, int, int]) -> None:
        self.free: deque[Pixels] = deque(np.empty(shape, np.uint8) for _ in range(count))
        self.filled: deque[Delivered] = deque()
        self.frame_id = 0


class Reader:
    """Reads from the first ``start`` to ``close``, each frame when it is there.

    Between ``stop`` and ``start`` frames of a camera are dropped, so that none of them grows old in
    the driver; a file waits. A frame that finds no buffer free leaves a gap in the frame ids and is
    counted. Each opening has a reader of its own: one that hangs in a driver is left alone, and
    lets go of its source when it wakes.
    """

    def __init__(
        self, source: Source, video: cv2.VideoCapture, *, period_s: float, loop: bool
    ) -> None:
        self._source = source
        self._video = video
        self._period_s = period_s
        """Of a file; 0 = the source has its own rate."""
        self._loop = loop
        self._thread = threading.Thread(target=self._run, name=f"read-{source.shown}", daemon=True)
        self._changed = threading.Condition()
        """Guards all that follows."""
        self._acquisition: _Acquisition | None = None
        self._failure: CameraError | None = None
        self._closing = False
        self._guests = 0
        self._failures = self._position = 0
        self._using = threading.Lock()
        self.underrun = 0

    @property
    def failure(self) -> CameraError | None:
        """What ended the reading: ``CameraEnded`` or ``CameraLost``."""
        return self._failure

    def start(self, buffers: int, shape: tuple[int, int, int]) -> None:
        """Keep frames from now on."""
        acquisition = _Acquisition(buffers, shape)
        with self._changed:
            self._acquisition = acquisition
            self._changed.notify_all()
        if self._thread.ident is None:
            self._thread.start()

    def take(self, timeout_s: float) -> Delivered | None:
        """The oldest frame; what ended the reading is raised after the last one."""
        with self._changed:
            self._changed.wait_for(lambda: self._failure or self._filled, timeout_s)
            if self._filled:
                return self._filled.popleft()
            if self._failure is not None:
                raise self._failure
        return None

    @property
    def _filled(self) -> deque[Delivered] | None:
        return self._acquisition.filled if self._acquisition else None

    @staticmethod
    def give_back(delivered: Delivered) -> None:
        """The buffer is free again."""
        acquisition, buffer = cast("tuple[_Acquisition, Pixels]", delivered.handle)
        acquisition.free.append(buffer)

    def stop(self) -> None:
        """Keep no more."""
        with self._changed:
            self._acquisition = None

    def close(self) -> None:
        """End the thread; returns after 5 s at the latest."""
        with self._changed:
            self._closing, self._acquisition = True, None
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join(_JOIN_S)

    @contextmanager
    def paused(self) -> Iterator[cv2.VideoCapture]:
        """The source between two reads, for its properties. Raises ``CameraLost``."""
        with self._changed:
            self._guests += 1
        try:
            with self._using:
                if self._failure is not None:
                    raise self._failure
                yield self._video
        finally:
            with self._changed:
                self._guests -= 1

    # -- the thread -----------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._read()
        except CameraError as error:
            failure = error
        except Exception as error:  # noqa: BLE001  # thread edge: becomes the loss of the camera
            failure = CameraLost(f"{self._source.shown}: {type(error).__name__}: {error}")
        with self._changed:
            self._failure = failure
            self._changed.notify_all()

    def _read(self) -> None:
        due_s = time.monotonic()
        while not self._closing:
            if self._period_s:
                due_s = self._wait(due_s)
            if self._guests:
                time.sleep(_YIELD_S)  # a lock alone would let no one in between two reads
            with self._using:
                self._next()
        raise CameraLost(f"{self._source.shown}: closed")

    def _wait(self, due_s: float) -> float:
        """Until the next frame of a file is due and wanted; when the one after it will be."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._acquisition)
            self._changed.wait_for(lambda: self._closing, max(due_s - time.monotonic(), 0.0))
        return max(due_s, time.monotonic() - self._period_s) + self._period_s

    def _next(self) -> None:
        if not self._grabbed():
            return
        arrived_ns = time.monotonic_ns()
        with self._changed:
            acquisition = self._acquisition
            if acquisition is None:
                return
            frame_id = acquisition.frame_id
            acquisition.frame_id += 1
            if not acquisition.free:
                self.underrun += 1
                return
            buffer = acquisition.free.popleft()
        good, image = self._video.retrieve(buffer)
        delivered = Delivered(
            buffer.reshape(-1),
            "BGR8",
            buffer.shape[1],
            buffer.shape[0],
            buffer.strides[0],
            frame_id,
            arrived_ns,
            problem="" if good else "it could not be decoded",
            source=f"{self._source.shown}#{self._position - 1}" if self._source.is_file else "",
            handle=(acquisition, buffer),
        )
        if good and image is not buffer:
            raise CameraLost(f"{self._source.shown}: its frames changed their size")
        with self._changed:
            acquisition.filled.append(delivered)
            self._changed.notify_all()

    def _grabbed(self) -> bool:
        """True when there is a frame. Raises ``CameraEnded`` or ``CameraLost``."""
        if self._video.grab():
            self._failures, self._position = 0, self._position + 1
            return True
        if self._source.is_file:
            return self._again()
        self._failures += 1
        if self._source.index is None or self._failures >= _FAILURES:
            raise CameraLost(f"{self._source.shown}: no more frames come from it")
        time.sleep(_FAILURE_S)
        return False

    def _again(self) -> bool:
        if not self._loop:
            raise CameraEnded(f"{self._source.shown}: all its frames were shown")
        try:
            self._video = self._source.open()
        except CameraError as error:
            raise CameraLost(error.problem) from error
        self._position = 0
        if not self._video.grab():
            raise CameraLost(f"{self._source.shown}: no frame can be decoded")
        self._position = 1
        return True
