"""Pictures of good parts for one product: taken, fetched, looked through. Qt-free."""

from __future__ import annotations

from inspector.core.state import StationState
from inspector.link.messages import Halt
from inspector.link.questions.teaching import (
    Draft,
    DraftPicture,
    FetchPictures,
    LeaveOut,
    ListDraft,
    PicturesAdded,
    ShowDraft,
    Shown,
    TakePictures,
)
from inspector.panel.models.desk import Desk, Following
from inspector.panel.models.live import LiveModel
from inspector.panel.models.screen import ScreenModel
from inspector.panel.models.teach_steps import TAKEN

_AT_ONCE = 24
_LARGE_PX = 1600


class GatheringModel(ScreenModel):
    """GUI thread. What was gathered stays in the office when the panel goes."""

    def __init__(self, desk: Desk, live: LiveModel) -> None:
        super().__init__(desk)
        self.live = live
        self.product = ""
        self.draft: Draft | None = None
        self.rate = 0.01
        self.pictures: dict[str, bytes] = {}
        """Small ones by name."""
        self.large: tuple[str, bytes] = ("", b"")
        self.chosen = ""
        """The picture that is looked at; empty: the newest."""
        self.aside: list[str] = []
        """Laid aside here, the last one last."""
        self.job: Following | None = None
        self._waits_for_halt = 0
        live.changed.connect(self._station_changed)

    # -- what there is --------------------------------------------------------------------------

    @property
    def working(self) -> bool:
        """A job is under way, or waits for the station to halt."""
        return bool(self._waits_for_halt) or (self.job is not None and not self.job.ended)

    @property
    def count(self) -> int:
        """Pictures to teach from."""
        return len(self.draft.pictures) if self.draft is not None else 0

    @property
    def enough(self) -> bool:
        """It can be taught."""
        return self.draft is not None and self.count >= self.draft.least

    @property
    def missing(self) -> int:
        """Pictures that are still wanted for the rate that is asked for."""
        return max(0, self.draft.wanted - self.count) if self.draft is not None else 0

    @property
    def shown(self) -> DraftPicture | None:
        """The picture that is looked at."""
        if self.draft is None or not self.draft.pictures:
            return None
        found = (one for one in self.draft.pictures if one.name == self.chosen)
        return next(found, self.draft.pictures[-1])

    @property
    def can_leave_out(self) -> bool:
        """While pictures come in, the newest may be another one when the finger is down."""
        return self.shown is not None and (bool(self.chosen) or not self.working)

    @property
    def running(self) -> bool:
        """The line produces: nothing is captured or taught."""
        state = self.live.state
        return state is not None and state.running

    @property
    def halted(self) -> bool:
        """The cameras are free."""
        return self.live.state is StationState.HALTED

    # -- what is done ----------------------------------------------------------------------------

    def take(self, count: int = TAKEN) -> None:
        """Have the line's cameras take pictures; the station lets go of them first."""
        if self.running or self.working:
            return
        self._waits_for_halt = count
        self.chosen = ""
        if self.halted:
            self._station_changed()
        else:
            self.desk.send(Halt(), refused=self._not_halted)
        self.changed.emit()

    def fetch(self, source: str) -> None:
        """Copy pictures that lie ready."""
        self.job = self.desk.run(FetchPictures(self.product, source), self._job_changed)
        self.changed.emit()

    def look(self, name: str) -> None:
        """Look at one picture."""
        self.chosen = name
        self.look_closely()
        self.changed.emit()

    def leave_out(self) -> None:
        """The picture that is looked at is no good part."""
        shown = self.shown
        if shown is None or self.draft is None:
            return
        names = [one.name for one in self.draft.pictures]
        place = names.index(shown.name)
        self.chosen = names[place + 1] if place + 1 < len(names) else ""
        self.aside.append(shown.name)
        self.ask(LeaveOut(self.product, (shown.name,)), lambda _: self._list(), "aside")

    def take_back(self) -> None:
        """The one that was laid aside last."""
        if self.aside:
            name = self.chosen = self.aside.pop()
            question = LeaveOut(self.product, (name,), back=True)
            self.ask(question, lambda _: self._list(), "aside")

    def look_closely(self) -> None:
        """The picture to draw on, large."""
        shown = self.shown
        if shown is not None and self.large[0] != shown.name:
            name = shown.name

            def take(answer: Shown) -> None:
                self.large = (name, answer.pictures[0])

            self.ask(ShowDraft(self.product, (name,), _LARGE_PX), take, "large")

    def cancel(self) -> None:
        """Stop what is under way; pictures that were taken stay."""
        self._waits_for_halt = 0
        if self.job is not None:
            self.job.cancel()
        self.changed.emit()

    # -- answers --------------------------------------------------------------------------------

    def _forget(self) -> None:
        """Another product."""
        self.draft, self.job = None, None
        self.pictures, self.large, self.aside, self.chosen = {}, ("", b""), [], ""

    def _list(self) -> None:
        self.ask(ListDraft(self.product, self.rate), self._take_draft, "draft")

    def _take_draft(self, draft: Draft) -> None:
        if draft.product == self.product:
            self.draft = draft
            self._adopt(draft)
            self._show()

    def _adopt(self, draft: Draft) -> None:
        """What its recipe says. For subclasses."""

    def _show(self) -> None:
        """Small pictures that are not here yet."""
        assert self.draft is not None
        names = [one.name for one in self.draft.pictures if one.name not in self.pictures]
        if not names and not self.working:
            self.look_closely()
        if not names or "small" in self._open:
            return
        wanted = tuple(names[-_AT_ONCE:])

        def take(answer: Shown) -> None:
            self.pictures.update(zip(wanted, answer.pictures, strict=False))
            self._show()

        self.ask(ShowDraft(self.product, wanted, 320), take, "small")

    def _station_changed(self) -> None:
        if self._waits_for_halt and self.halted:
            count, self._waits_for_halt = self._waits_for_halt, 0
            question = TakePictures(self.product, self._like(), count)
            self.job = self.desk.run(question, self._job_changed)

    def _like(self) -> str:
        """Whose camera settings a new product takes."""
        status = self.live.status
        return status.product if status is not None else ""

    def _not_halted(self, reason: str) -> None:
        self._waits_for_halt = 0
        self.problem = reason
        self.changed.emit()

    def _job_changed(self) -> None:
        job = self.job
        if job is None:
            return
        gathers = isinstance(job.question, TakePictures | FetchPictures)
        if (gathers and "draft" not in self._open) or isinstance(job.result, PicturesAdded):
            self._list()
        self.changed.emit()
