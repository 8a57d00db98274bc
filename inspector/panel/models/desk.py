"""What models ask: the station to act, the office to answer. Answers find back to who asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from inspector.link.messages import AnyCommand, Session
from inspector.link.questions import AnyQuestion, JobState, News
from inspector.link.questions.jobs import AskResult, CancelJob, JobStarted
from inspector.link.questions.rights import AskRights, Rights
from inspector.panel.models.changed import Changed

GONE = "the office cannot be reached"
"""Why a question is refused that nobody heard; words that the panel translates."""


@dataclass(slots=True, eq=False)
class Inquiry:
    """Something that was asked. ``drop`` it when its answer is of no interest any more."""

    asked: Any
    done: Callable[[Any], None]
    refused: Callable[[str], None] | None
    dropped: bool = False

    def drop(self) -> None:
        """Do not tell."""
        self.dropped = True


@dataclass(slots=True, eq=False)
class Following:
    """A job of the office, as the screen that began it sees it."""

    question: AnyQuestion
    changed: Callable[[], object]
    state: JobState | None = None
    result: Any = None
    problem: str = ""
    ended: bool = False
    cancel: Callable[[], None] = field(default=lambda: None)

    @property
    def share(self) -> float | None:
        """How much is done, 0..1; None where nobody can tell."""
        state = self.state
        return min(1.0, state.done / state.total) if state is not None and state.total else None


class Desk:
    """Qt-free; GUI thread. ``send`` goes to the station, ``ask`` to its office; both return at
    once, and whoever carries them hands back ``answered`` or ``refused`` with the same object.
    """

    def __init__(
        self, send: Callable[[AnyCommand], None], ask: Callable[[AnyQuestion], None]
    ) -> None:
        self.changed = Changed()
        """Rights, session, or the office's being there changed."""
        self.there = False
        """True while the office is heard."""
        self.rights: dict[str, tuple[str, ...]] = {}
        self.one_panel: tuple[str, ...] = ()
        """Commands that of several panels only the one in control may give."""
        self.role = self.user = ""
        self._send, self._ask = send, ask
        self._open: dict[int, Inquiry] = {}
        self._jobs: dict[int, Following] = {}
        self._run = ""

    def send(
        self,
        command: AnyCommand,
        done: Callable[[Any], None] | None = None,
        refused: Callable[[str], None] | None = None,
    ) -> None:
        """Have the station carry a command out. Without ``refused`` the panel shows the reason."""
        if done is not None or refused is not None:
            self._remember(Inquiry(command, done or (lambda _answer: None), refused))
        self._send(command)

    def ask(
        self,
        question: AnyQuestion,
        done: Callable[[Any], None],
        refused: Callable[[str], None] | None = None,
    ) -> Inquiry:
        """Have the office answer a question."""
        inquiry = self._remember(Inquiry(question, done, refused))
        self._ask(question)
        return inquiry

    def run(self, question: AnyQuestion, changed: Callable[[], object]) -> Following:
        """Begin a job; ``changed`` is called at each of its steps, and at its end."""
        following = Following(question, changed)

        def begun(started: JobStarted) -> None:
            self._jobs[started.job] = following
            following.cancel = lambda: self._ask(CancelJob(started.job))

        self.ask(question, begun, lambda reason: _end(following, reason))
        return following

    def may(self, name: str) -> bool:
        """True when who is at the panel may give this command or ask this question."""
        roles = self.rights.get(name)
        return roles is not None and self.role in roles

    def who_may(self, name: str) -> tuple[str, ...]:
        """Roles that may."""
        return tuple(role for role in self.rights.get(name, ()) if role)

    # -- what the connections tell ----------------------------------------------------------------

    def answered(self, asked: object, answer: object) -> None:
        """Somebody was answered."""
        inquiry = self._open.pop(id(asked), None)
        if inquiry is not None and not inquiry.dropped:
            inquiry.done(answer)

    def refused(self, asked: object, reason: str) -> bool:
        """Somebody was not; True when who asked shows the reason."""
        inquiry = self._open.pop(id(asked), None)
        if inquiry is None:
            return False
        if not inquiry.dropped and inquiry.refused is not None:
            inquiry.refused(reason or GONE)
        return inquiry.dropped or inquiry.refused is not None

    def hear(self, news: News) -> None:
        """The office is there, and how its jobs stand."""
        if news.run != self._run:
            self._run = news.run
            self.lose("the office was started again")
        if not self.there:
            self.there = True
            self._ask_rights()
        for state in news.jobs:
            following = self._jobs.get(state.job)
            if following is not None and following.state != state:
                self._follow(following, state)

    def lose(self, reason: str) -> None:
        """The office is gone, and its jobs with it."""
        self.there = False
        jobs, self._jobs = self._jobs, {}
        for following in jobs.values():
            _end(following, reason)
        self.changed.emit()

    def take_session(self, session: Session | None) -> None:
        """Who is at the panel now."""
        role, user = (session.role, session.user) if session is not None else ("", "")
        if (role, user) != (self.role, self.user):
            self.role, self.user = role, user
            self.changed.emit()

    def _remember(self, inquiry: Inquiry) -> Inquiry:
        self._open[id(inquiry.asked)] = inquiry
        return inquiry

    def _ask_rights(self) -> None:
        def take(rights: Rights) -> None:
            self.rights, self.one_panel = rights.roles, rights.one_panel
            self.changed.emit()

        self.ask(AskRights(), take, lambda _reason: None)
        self.changed.emit()

    def _follow(self, following: Following, state: JobState) -> None:
        following.state = state
        if not state.end:
            following.changed()
            return
        del self._jobs[state.job]
        if state.end != "done":
            _end(following, state.problem or state.end)
            return

        def take(result: object) -> None:
            following.result = result
            _end(following)

        self.ask(AskResult(state.job), take, lambda reason: _end(following, reason))


def _end(following: Following, problem: str = "") -> None:
    following.problem, following.ended = problem, True
    following.changed()
