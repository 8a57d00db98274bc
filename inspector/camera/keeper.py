"""Watches a device, and looks for it while it is gone."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from inspector.core.errors import CameraError, InputError

_log = structlog.get_logger(__name__)

_FIRST_S = 0.25
_FACTOR = 2.0
_WATCH_S = 0.25


class Keeper:
    """Runs a thread of its own from ``start`` to ``stop``.

    While the device is there, ``watch`` is called four times a second; it raises ``CameraError``
    when it finds the device gone. From then on, or from ``report`` on, ``recover`` is called with
    growing pauses until it raises nothing.
    """

    def __init__(
        self,
        name: str,
        *,
        watch: Callable[[], None],
        recover: Callable[[], None],
        longest_s: float,
    ) -> None:
        self._name = name
        self._watch = watch
        self._recover = recover
        self._longest_s = longest_s
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._back = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._cause = self._found_instead = ""
        self._tries = 0
        self.losses = 0
        """How often the device was lost."""

    def start(self) -> None:
        """Begin to watch a device that is open."""
        self._back.set()
        self._thread = threading.Thread(target=self._run, name=f"keep-{self._name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Watch no more."""
        self._ending.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(10.0)
            self._thread = None
        self._ending.clear()
        self._wake.clear()

    @property
    def lost(self) -> str:
        """Why the device is gone, and what was done about it; empty while it is there."""
        if self._back.is_set():
            return ""
        found = f"; looked for it {self._tries} times: {self._found_instead}"
        return self._cause + (found if self._found_instead else "")

    def wait_until_back(self, timeout_s: float) -> bool:
        """True when the device is there."""
        return self._back.wait(timeout_s)

    def report(self, error: CameraError) -> None:
        """Somebody found the device gone. Any thread."""
        with self._lock:
            if not self._back.is_set():
                return
            self._cause, self._found_instead, self._tries = error.problem, "", 0
            self.losses += 1
            self._back.clear()
        _log.error("camera lost", camera=self._name, reason=error.problem)
        self._wake.set()

    def _run(self) -> None:
        pause_s = _FIRST_S
        while not self._ending.is_set():
            if self._back.is_set():
                pause_s = _FIRST_S
                self._look()
                self._wake.wait(_WATCH_S)
                self._wake.clear()
                continue
            if self._found():
                continue
            self._ending.wait(pause_s)
            pause_s = min(pause_s * _FACTOR, self._longest_s)

    def _look(self) -> None:
        try:
            self._watch()
        except CameraError as error:
            self.report(error)

    def _found(self) -> bool:
        self._tries += 1
        try:
            self._recover()
        except (CameraError, InputError) as error:
            self._found_instead = error.problem
            return False
        except Exception as error:  # noqa: BLE001  # thread edge: the camera stays lost, and says why
            _log.exception("camera not recovered", camera=self._name)
            self._found_instead = f"{type(error).__name__}: {error}"
            return False
        self._back.set()
        _log.info("camera is back", camera=self._name, tries=self._tries)
        return True
