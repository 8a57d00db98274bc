"""The thread that talks to the office, so that the GUI thread never waits for an answer."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from contextlib import closing

from PyQt6.QtCore import QObject, pyqtSignal

from inspector.core.errors import LinkError
from inspector.link.messages import Refused
from inspector.link.office_client import OfficeClient
from inspector.link.questions import AnyQuestion, News, Told

POLL_S = 0.02
SILENCE_S = 15.0
"""The office runs at the lowest priority; that it is slow does not mean that it is gone."""

ANSWER_S = 60.0
BACKOFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)


class OfficeConnection(QObject):
    """A link to the office that mends itself. Its signals arrive on the GUI thread.

    ``connect_office`` is called on the worker thread, again and again until it succeeds.
    """

    answered = pyqtSignal(object, object)
    """Question, answer."""
    refused = pyqtSignal(object, str)
    """Question, reason in the office's words; empty when it was not heard."""
    news = pyqtSignal(object)
    """How its jobs stand; also a sign of life."""
    lost = pyqtSignal(str)
    """It cannot be reached, and why."""

    def __init__(self, connect_office: Callable[[], OfficeClient]) -> None:
        super().__init__()
        self._connect_office = connect_office
        self._questions: queue.SimpleQueue[AnyQuestion] = queue.SimpleQueue()
        self._waiting: dict[int, tuple[AnyQuestion, float]] = {}
        self._token = ""
        self._run_id = ""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="panel-office", daemon=True)

    def start(self) -> None:
        """Begin to connect. Returns at once."""
        self._thread.start()

    def stop(self, timeout_s: float = 3.0) -> None:
        """Disconnect."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def ask(self, question: AnyQuestion) -> None:
        """Ask; ``answered`` or ``refused`` follows. Never blocks."""
        self._questions.put(question)

    def speak_for(self, token: str) -> None:
        """Ask for the session of this token from now on."""
        self._token = token

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                with closing(self._connect_office()) as client:
                    self._serve(client)
            except Exception as error:  # noqa: BLE001  # thread edge: said to people, tried anew
                if not self._stopping.is_set():
                    self.lost.emit(str(error) or type(error).__name__)
            failures = 0 if self._run_id else failures + 1
            self._run_id = ""
            self._refuse_all()
            self._stopping.wait(BACKOFF_S[min(failures, len(BACKOFF_S) - 1)])

    def _serve(self, client: OfficeClient) -> None:
        heard_s = time.monotonic()
        while not self._stopping.is_set():
            self._ask_all(client)
            heard = client.hear(POLL_S)
            now = time.monotonic()
            if heard is None and now - heard_s > SILENCE_S:
                raise LinkError("the office is silent")
            if heard is not None:
                heard_s = now
                self._take(heard)
            self._give_up(now)

    def _ask_all(self, client: OfficeClient) -> None:
        while not self._questions.empty():
            question = self._questions.get()
            try:
                number = client.ask(question, self._token)
            except LinkError:
                self.refused.emit(question, "")
                raise
            self._waiting[number] = (question, time.monotonic())

    def _take(self, heard: Told | Refused | News) -> None:
        if isinstance(heard, News):
            if self._run_id not in ("", heard.run):  # started again: it never heard of these
                self._refuse_waiting("")
            self._run_id = heard.run
            self.news.emit(heard)
            return
        question, _ = self._waiting.pop(heard.id, (None, 0.0))
        if question is None:
            return
        if isinstance(heard, Told):
            self.answered.emit(question, heard.data)
        else:
            self.refused.emit(question, heard.reason)

    def _give_up(self, now: float) -> None:
        for number, (question, asked_s) in list(self._waiting.items()):
            if now - asked_s > ANSWER_S:
                del self._waiting[number]
                self.refused.emit(question, "the office gave no answer in time")

    def _refuse_waiting(self, reason: str) -> None:
        waiting, self._waiting = self._waiting, {}
        for question, _ in waiting.values():
            self.refused.emit(question, reason)

    def _refuse_all(self) -> None:
        self._refuse_waiting("")
        while not self._questions.empty():
            self.refused.emit(self._questions.get(), "")
