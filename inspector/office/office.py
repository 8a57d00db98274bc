"""Who asks, whether they may, and who answers: every question passes here."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import msgspec
import structlog

from inspector.access.permissions import QUESTIONS, Role, authorise
from inspector.core.errors import InspectorError, RefusedError
from inspector.link.keys import remote_name
from inspector.link.messages import Refused
from inspector.link.question import JobQuestion
from inspector.link.questions import AnyAnswer, Asked, News, Told
from inspector.link.questions.jobs import AskResult, CancelJob
from inspector.office.answers import ANSWERS, JOBS
from inspector.office.jobs import Jobs
from inspector.office.room import Asker, Room
from inspector.office.whose import StationSays

_WORKERS = 3
_MOST_WAITING = 200
_TELL_S, _TELL_AGAIN_S = 0.2, 1.0

_asked = msgspec.msgpack.Decoder(Asked)
_log = structlog.get_logger(__name__)


class Office:
    """The office's ``Desk``: takes questions at once, answers them on threads of its own.

    ``says`` asks the station who a token belongs to, and whether it produces.
    """

    def __init__(self, room: Room, says: StationSays) -> None:
        self._room = room
        self._says = says
        self._jobs = Jobs(room)
        self._run = secrets.token_hex(8)
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="answer")
        self._waiting = threading.Semaphore(_MOST_WAITING)
        self._closing = threading.Event()
        self._teller: threading.Thread | None = None

    def tell(self, publish: Callable[[News], None]) -> None:
        """Begin to tell of jobs, at changes and once a second."""
        self._teller = threading.Thread(
            target=self._tell, args=(publish,), name="office-news", daemon=True
        )
        self._teller.start()

    def take(self, payload: bytes, peer: str, answer: Callable[[bytes], None]) -> None:
        """Take one question. Never blocks."""
        try:
            asked = _asked.decode(payload)
        except (msgspec.DecodeError, RecursionError) as error:
            answer(_encoded(Refused(0, f"not a question: {error}")))
            return
        if self._closing.is_set() or not self._waiting.acquire(blocking=False):
            answer(_encoded(Refused(asked.id, "the office is busy. Ask again")))
            return
        self._pool.submit(self._answer, asked, bool(remote_name(peer)), answer)

    def close(self) -> None:
        """Cancel jobs and stop answering."""
        self._closing.set()
        self._jobs.close()
        self._pool.shutdown(cancel_futures=True)
        if self._teller is not None:
            self._teller.join()
        self._says.close()
        self._room.close()

    def _answer(self, asked: Asked, remote: bool, answer: Callable[[bytes], None]) -> None:
        try:
            told: Told | Refused = Told(asked.id, self._found(asked, remote))
        except InspectorError as error:
            told = Refused(asked.id, str(error))
        except Exception:  # noqa: BLE001  # thread edge: one bad question, not the office
            _log.exception("question failed", question=type(asked.question).__name__)
            told = Refused(asked.id, "internal fault")
        finally:
            self._waiting.release()
        answer(_encoded(told))

    def _found(self, asked: Asked, remote: bool) -> AnyAnswer:
        question = asked.question
        asker = self._says.who(asked.token, remote=remote)
        self._allow(asker, type(question).__name__)
        if isinstance(question, CancelJob | AskResult):
            return self._of_job(question, asker)
        if not isinstance(question, JobQuestion):
            return ANSWERS[type(question)](question, self._room)
        kind = JOBS[type(question)]
        if not kind.beside_production and self._says.producing(asker.token):
            raise RefusedError("not while the line runs", remedy="Stop the line first")
        if kind.halted and not self._says.halted(asker.token):
            raise RefusedError("the station holds the cameras", remedy="Halt it first")
        return self._jobs.start(question, kind, asker)

    def _of_job(self, question: CancelJob | AskResult, asker: Asker) -> AnyAnswer:
        job = self._jobs.find(question.job)
        self._allow(asker, job.state.kind)
        if isinstance(question, AskResult):
            return job.result
        job.cancel()
        return None

    @staticmethod
    def _allow(asker: Asker, question: str) -> None:
        authorise(Role(asker.role) if asker.role else None, question, QUESTIONS)

    def _tell(self, publish: Callable[[News], None]) -> None:
        told, silent_s = None, 0.0
        while not self._closing.is_set():
            news = News(self._run, self._jobs.states())
            if news != told or silent_s >= _TELL_AGAIN_S:
                publish(news)
                told, silent_s = news, 0.0
            self._closing.wait(_TELL_S)
            silent_s += _TELL_S


def _encoded(message: Told | Refused) -> bytes:
    return msgspec.msgpack.encode(message)
