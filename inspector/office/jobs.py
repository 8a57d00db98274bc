"""Jobs: threads that can be watched and cancelled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog

from inspector.core.errors import Cancelled, InspectorError, RefusedError
from inspector.link.question import JobQuestion, Question
from inspector.link.questions import AnyAnswer, JobState
from inspector.link.questions.jobs import JobStarted
from inspector.office.room import Asker, Room

_REMEMBERED = 20
"""So many jobs that ended keep their results."""

_log = structlog.get_logger(__name__)


class Job:
    """One job, as its own work sees it."""

    def __init__(self, state: JobState, asker: Asker) -> None:
        self.asker = asker
        self.state = state
        self.result: AnyAnswer = None
        self._cancelled = threading.Event()

    def progress(self, step: str, done: int = 0, total: int = 0) -> None:
        """Say how far it is; ``step`` is a word of the panel's. Raises ``Cancelled``."""
        self.check()
        self.state = msgspec.structs.replace(self.state, step=step, done=done, total=total)

    def check(self) -> None:
        """Raises ``Cancelled`` once somebody wants no more of it."""
        if self._cancelled.is_set():
            raise Cancelled("cancelled")

    @property
    def cancelled(self) -> bool:
        """True once somebody wants no more of it."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask it to end; it does so at its next look."""
        self._cancelled.set()

    def end(self, how: Any, problem: str = "") -> None:
        """It is over."""
        self.state = msgspec.structs.replace(self.state, end=how, problem=problem)


Work = Callable[[Any, Room, Job], AnyAnswer]


@dataclass(frozen=True, slots=True)
class JobKind:
    """How a kind of job is done. Of one ``group`` only one runs at a time."""

    work: Work
    group: str = ""
    beside_production: bool = True
    halted: bool = False
    """Only while the station is halted: it wants the cameras."""


JobKinds = dict[type[Question], JobKind]
"""Question -> how its job is done."""


class Jobs:
    """All jobs of the office. Any thread."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._lock = threading.Lock()
        self._jobs: dict[int, tuple[Job, JobKind]] = {}
        self._threads: dict[int, threading.Thread] = {}

    def start(self, question: JobQuestion, kind: JobKind, asker: Asker) -> JobStarted:
        """Begin. Raises ``RefusedError`` while another one of its group runs."""
        with self._lock:
            self._refuse_beside(kind)
            number = max(self._jobs, default=0) + 1
            state = JobState(number, type(question).__name__, asker.user)
            job = Job(state, asker)
            self._jobs[number] = (job, kind)
            thread = threading.Thread(
                target=self._do, args=(question, kind, job), name=f"job-{number}", daemon=True
            )
            self._threads[number] = thread
            self._forget()
        thread.start()
        return JobStarted(number)

    def find(self, number: int) -> Job:
        """One job. Raises ``RefusedError``."""
        with self._lock:
            if number not in self._jobs:
                raise RefusedError(f"job {number}: there is none", remedy="Start it again")
            return self._jobs[number][0]

    def states(self) -> tuple[JobState, ...]:
        """How all of them stand, oldest first."""
        with self._lock:
            return tuple(job.state for job, _ in self._jobs.values())

    def close(self, timeout_s: float = 5.0) -> None:
        """Cancel all that run, and wait a little."""
        with self._lock:
            jobs, threads = list(self._jobs.values()), list(self._threads.values())
        for job, _ in jobs:
            job.cancel()
        deadline = time.monotonic() + timeout_s
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _refuse_beside(self, kind: JobKind) -> None:
        for job, other in self._jobs.values():
            if kind.group and other.group == kind.group and not job.state.end:
                raise RefusedError(
                    f"another job of this kind runs ({job.state.user})",
                    remedy="Wait for its end, or cancel it",
                )

    def _forget(self) -> None:
        ended = [number for number, (job, _) in self._jobs.items() if job.state.end]
        for number in ended[: max(0, len(ended) - _REMEMBERED)]:
            del self._jobs[number], self._threads[number]

    def _do(self, question: JobQuestion, kind: JobKind, job: Job) -> None:
        try:
            job.result = kind.work(question, self._room, job)
            job.end("done")
        except Cancelled:
            job.end("cancelled")
        except InspectorError as error:
            job.end("failed", str(error))
        except Exception:  # noqa: BLE001  # thread edge: the job failed, the office lives on
            _log.exception("job failed", kind=job.state.kind)
            job.end("failed", "internal fault")
