"""The thread that talks to the station, so that the GUI thread never waits for anything."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from operator import methodcaller

from PyQt6.QtCore import QObject, pyqtSignal

from inspector.core.errors import LinkError, RefusedError
from inspector.core.state import StationStatus
from inspector.link.client import StationClient
from inspector.link.dispatch import takes_time
from inspector.link.messages import Answer, AnyCommand, Hello, Present, RejectNotice, Snapshot
from inspector.link.picture import LivePicture
from inspector.panel.models.rejects import CAPACITY

POLL_S = 0.02
LOGIN_TIMEOUT_S = 10.0
"""A hash takes a twentieth of a second on an idle core, and far longer on a busy one."""
SILENCE_S = 3.0
"""Without a snapshot for so long, the station died or restarted: begin anew, with a new session."""

BACKOFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)


@dataclass(slots=True)
class Delivery:
    """What came since the GUI last looked: the newest of each, and when the snapshot arrived."""

    at_s: float = 0.0
    status: StationStatus | None = None
    picture: LivePicture | None = None
    rejects: deque[RejectNotice] = field(default_factory=lambda: deque(maxlen=CAPACITY))

    def put_status(self, status: StationStatus, at_s: float) -> None:
        """Keep the newest, with its time of arrival."""
        self.status, self.at_s = status, at_s

    def put_reject(self, notice: RejectNotice) -> None:
        """Keep the last dozen."""
        self.rejects.append(notice)

    def put_picture(self, picture: LivePicture) -> None:
        """Keep the newest, but let no pass hide a reject that the GUI has not seen."""
        if self.picture is None or self.picture.passed or not picture.passed:
            self.picture = picture


class Connection(QObject):
    """A link to the station that mends itself. Its signals arrive on the GUI thread.

    ``connect_station`` is called on the worker thread, again and again until it succeeds; it
    raises while the station cannot be reached.
    """

    arrived = pyqtSignal()
    """Something can be taken with ``take``; not repeated until it was taken."""
    lost = pyqtSignal(str)
    """The station cannot be reached, and why."""
    answered = pyqtSignal(object, object)
    """A command was carried out: command, answer."""
    refused = pyqtSignal(object, str)
    """A command was not carried out: command, reason in the station's words."""

    def __init__(self, connect_station: Callable[[], StationClient]) -> None:
        super().__init__()
        self._connect_station = connect_station
        self._commands: queue.SimpleQueue[AnyCommand] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._delivery = Delivery()
        self._told = False
        self._heard_s = 0.0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="panel-link", daemon=True)

    def start(self) -> None:
        """Begin to connect. Returns at once."""
        self._thread.start()

    def stop(self, timeout_s: float = 3.0) -> None:
        """Disconnect."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def send(self, command: AnyCommand) -> None:
        """Have a command carried out; ``answered`` or ``refused`` follows. Never blocks."""
        self._commands.put(command)

    def take(self) -> Delivery:
        """What came since the last call. GUI thread."""
        with self._lock:
            delivery, self._delivery, self._told = self._delivery, Delivery(), False
        return delivery

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                with closing(self._connect_station()) as client:
                    failures = 0
                    self._serve(client)
            except Exception as error:  # noqa: BLE001  # thread edge: said in big words, tried anew
                if not self._stopping.is_set():
                    self.lost.emit(str(error) or type(error).__name__)
            self._refuse_waiting()
            self._stopping.wait(BACKOFF_S[min(failures, len(BACKOFF_S) - 1)])
            failures += 1

    def _serve(self, client: StationClient) -> None:
        hello = Hello()
        self.answered.emit(hello, client.call(hello))
        self._heard_s = time.monotonic()
        while not self._stopping.is_set():
            self._carry_out(client)
            self._receive(client.next_event(POLL_S))
            if time.monotonic() - self._heard_s > SILENCE_S:
                raise LinkError("the station is silent")
            picture = client.picture()
            if picture is not None:
                self._put(methodcaller("put_picture", picture))

    def _carry_out(self, client: StationClient) -> None:
        while not self._commands.empty():
            command = self._commands.get()
            timeout_s = _patience_s(command)
            try:
                answer = client.call(command, timeout_s)
            except RefusedError as error:
                self.refused.emit(command, str(error))
            except LinkError as error:
                self.refused.emit(command, str(error))
                raise
            else:
                self.answered.emit(command, answer)
                self._receive(answer)

    def _receive(self, news: Answer | RejectNotice) -> None:
        if isinstance(news, Snapshot):
            self._heard_s = time.monotonic()
            self._put(methodcaller("put_status", news.status, self._heard_s))
        elif isinstance(news, RejectNotice):
            self._put(methodcaller("put_reject", news))

    def _put(self, change: Callable[[Delivery], None]) -> None:
        with self._lock:
            change(self._delivery)
            tell, self._told = not self._told, True
        if tell:
            self.arrived.emit()

    def _refuse_waiting(self) -> None:
        """Nothing that was asked of a lost station may happen later, to everyone's surprise."""
        while not self._commands.empty():
            self.refused.emit(self._commands.get(), "")


def _patience_s(command: AnyCommand) -> float:
    """A sign of life that gets no answer is no worse than a station that says nothing."""
    if isinstance(command, Present):
        return SILENCE_S
    return LOGIN_TIMEOUT_S if takes_time(command) else 2.0
