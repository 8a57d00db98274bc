"""What a camera shows that somebody sets: the newest look alone, for whoever asks."""

from __future__ import annotations

import threading
import time

from inspector.core.frame import PixelFormat, Pixels
from inspector.link.questions.cameras import CameraLook

PATIENCE_S = 6.0
"""So long a camera is watched though nobody asks: the panel may be gone."""


class Viewfinder:
    """Between the job that watches and the threads that answer. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._look = CameraLook(0)
        self._held: tuple[Pixels, PixelFormat] | None = None
        self._asked_s = 0.0
        self._anew = False
        self._wished: dict[str, float] = {}

    def open(self) -> None:
        """Another camera: nothing was seen yet."""
        with self._lock:
            self._look, self._asked_s, self._anew = CameraLook(0), time.monotonic(), False
            self._held, self._wished = None, {}

    def close(self) -> None:
        """The camera is let go: its last picture is not the newest any more."""
        with self._lock:
            self._held = None

    def show(self, look: CameraLook, pixels: Pixels, pixel_format: PixelFormat) -> None:
        """The newest, and its whole picture; ``pixels`` are copied."""
        held = pixels.copy(), pixel_format
        with self._lock:
            self._look, self._held = look, held

    def held(self, camera: str) -> tuple[Pixels, PixelFormat] | None:
        """The whole picture that this camera showed last, while it is watched."""
        with self._lock:
            return self._held if self._look.camera == camera else None

    def seen(self, camera: str, after: int) -> tuple[CameraLook, Pixels, PixelFormat] | None:
        """A look beyond this number and its whole picture; None while there is none."""
        with self._lock:
            if self._held is None or self._look.camera != camera or self._look.number <= after:
                return None
            return self._look, *self._held

    def wish(self, setting: str, value: float) -> None:
        """Have the camera that is watched turned so; the newest wish of a setting counts."""
        with self._lock:
            self._wished[setting] = value

    def take_wishes(self) -> dict[str, float]:
        """What is to be turned now, for the job that watches."""
        with self._lock:
            wished, self._wished = self._wished, {}
            return wished

    def newest(self, *, anew: bool = False) -> CameraLook:
        """Somebody looks through it; ``anew``: forget how sharp it was."""
        with self._lock:
            self._asked_s, self._anew = time.monotonic(), self._anew or anew
            return self._look

    def take_anew(self) -> bool:
        """True once after somebody asked to begin anew."""
        with self._lock:
            anew, self._anew = self._anew, False
            return anew

    @property
    def forgotten(self) -> bool:
        """True when nobody looked for a while."""
        with self._lock:
            return time.monotonic() - self._asked_s > PATIENCE_S
