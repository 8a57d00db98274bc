"""Parts that people judged, taught to the engine: which ones, how far it is, what came of it."""

from __future__ import annotations

from inspector.link.questions.lessons import (
    AskLessons,
    LessonKind,
    LessonPart,
    Lessons,
    TaughtLessons,
    TeachLessons,
)
from inspector.link.questions.parts import PartPicture, Picture
from inspector.panel.models.desk import Desk, Following
from inspector.panel.models.live import LiveModel
from inspector.panel.models.screen import ScreenModel
from inspector.panel.models.to_the_line import ToTheLine

THUMBNAIL_PX = 240
_MOST_SHOWN = 60


class LessonsModel(ScreenModel):
    """Qt-free; GUI thread. Nothing that runs is changed: a new bundle is loaded, and released."""

    def __init__(self, desk: Desk, live: LiveModel) -> None:
        super().__init__(desk)
        self.product = ""
        self.lessons: Lessons | None = None
        self.kind: LessonKind = "good"
        self.pictures: dict[int, bytes] = {}
        """By record."""
        self.job: Following | None = None
        self.result: TaughtLessons | None = None
        self.line = ToTheLine(desk, live)
        self.line.changed.connect(self._line_changed)
        self._live = live
        self._seen: object = None
        live.changed.connect(self._look)

    @property
    def empty(self) -> bool:
        """True before anything is known."""
        return self.lessons is None

    @property
    def count(self) -> int:
        """Parts that could be taught, of both kinds."""
        found = self.lessons
        return len(found.good) + len(found.missed) if found is not None else 0

    @property
    def shown(self) -> tuple[LessonPart, ...]:
        """Those of the chosen kind, the newest first."""
        found = self.lessons
        if found is None:
            return ()
        parts = found.good if self.kind == "good" else found.missed
        return tuple(reversed(parts))[:_MOST_SHOWN]

    @property
    def working(self) -> bool:
        """It is being taught."""
        return self.job is not None and not self.job.ended

    @property
    def running(self) -> bool:
        """The line produces: nothing is taught."""
        state = self._live.state
        return state is not None and state.running

    @property
    def may_teach(self) -> bool:
        """A touch would not be refused, as far as the panel knows."""
        able = self.lessons is not None and not self.lessons.problem and bool(self.shown)
        return able and not self.running and not self.working and self.desk.may("TeachLessons")

    def enter(self, product: str) -> None:
        """It comes into sight, about this product."""
        if product != self.product and not self.working:
            self.product, self.lessons, self.result, self.job = product, None, None, None
        self.reload()

    def reload(self) -> None:
        """Ask what there is."""
        if self.product:
            self.ask(AskLessons(self.product), self._take)

    def choose(self, kind: LessonKind) -> None:
        """The other kind."""
        self.kind, self.result = kind, None
        self._ask_pictures()
        self.changed.emit()

    def teach(self) -> None:
        """Teach all that are shown."""
        if self.may_teach:
            self.result, self.problem = None, ""
            self.job = self.desk.run(TeachLessons(self.product, self.kind), self._told)
            self.changed.emit()

    def again(self) -> None:
        """Back from the result to what is left."""
        self.result, self.job = None, None
        self.reload()

    def _take(self, lessons: Lessons) -> None:
        self.lessons = lessons
        if not lessons.good and lessons.missed:
            self.kind = "missed"
        elif lessons.good and not lessons.missed:
            self.kind = "good"
        self._ask_pictures()

    def _ask_pictures(self) -> None:
        for part in self.shown:
            if part.record not in self.pictures:
                self.pictures[part.record] = b""
                self._ask_picture(part.record)

    def _ask_picture(self, record: int) -> None:
        def take(picture: Picture) -> None:
            self.pictures[record] = picture.data
            self.changed.emit()

        question = PartPicture(record, field=True, longest=THUMBNAIL_PX)
        self.desk.ask(question, take, lambda _reason: None)

    def _told(self) -> None:
        job = self.job
        if job is not None and job.ended and isinstance(job.result, TaughtLessons):
            self.result = job.result
            self.line.taught(self.product)
            self.reload()
        self.changed.emit()

    def _line_changed(self) -> None:
        self.problem = self.line.problem
        self.changed.emit()

    def _look(self) -> None:
        seen = self.running, self.line.what_next
        if seen != self._seen:  # snapshots come five times a second
            self._seen = seen
            self.changed.emit()
