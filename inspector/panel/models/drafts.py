"""Drafts that wait: one is tried on the archive, taken up and calibrated, or discarded. Qt-free."""

from __future__ import annotations

from inspector.link.messages import DiscardDraft, SelectProduct, TakeUpDraft
from inspector.link.questions.drafts import DraftEntry, Drafts, DraftTried, ListDrafts, TryDraft
from inspector.panel.models.desk import Desk, Following
from inspector.panel.models.live import LiveModel
from inspector.panel.models.screen import ScreenModel
from inspector.panel.models.threshold import ThresholdModel


class DraftsModel(ScreenModel):
    """GUI thread. What runs goes on as it is until the new threshold is signed."""

    def __init__(self, desk: Desk, live: LiveModel) -> None:
        super().__init__(desk)
        self.entries: tuple[DraftEntry, ...] = ()
        self.chosen: DraftEntry | None = None
        self.taken: DraftEntry | None = None
        """It is the recipe by now, and needs a threshold."""
        self.job: Following | None = None
        self.tried: DraftTried | None = None
        self.threshold = ThresholdModel(desk)
        self.threshold.changed.connect(self.changed.emit)
        self._live = live

    @property
    def empty(self) -> bool:
        """True when nothing waits, and nothing is under way."""
        return not self.entries and self.taken is None

    @property
    def running(self) -> bool:
        """The line produces: no recipe is changed."""
        state = self._live.state
        return state is not None and state.running

    @property
    def working(self) -> Following | None:
        """The job to be shown: counting, then calibrating."""
        return self.job if self.taken is None else self.threshold.job

    @property
    def may_take_up(self) -> bool:
        """A touch would not be refused, as far as the panel knows."""
        chosen = self.chosen
        free = chosen is not None and not chosen.problem and not self.running
        return free and self.desk.may("TakeUpDraft")

    @property
    def loaded(self) -> bool:
        """The station has the product of the draft that was taken up."""
        status = self._live.status
        return (
            status is not None and self.taken is not None and status.product == self.taken.product
        )

    def reload(self) -> None:
        """Ask what waits."""
        self.ask(ListDrafts(), self._take)

    def open(self, draft: str) -> None:
        """Look at one, and have it counted."""
        self._drop()
        self.chosen = next((one for one in self.entries if one.draft == draft), None)
        if self.chosen is not None and self.desk.may("TryDraft"):
            self.job = self.desk.run(TryDraft(draft), self._counted)
        self.changed.emit()

    def take_up(self) -> TakeUpDraft | None:
        """What is to be signed."""
        one = self.chosen
        return None if one is None else TakeUpDraft(one.draft, one.product, one.rate, "")

    def discard(self) -> DiscardDraft | None:
        """Likewise."""
        one = self.chosen
        return None if one is None else DiscardDraft(one.draft, one.product, "")

    def was_taken_up(self) -> None:
        """It is the recipe now: work its threshold out."""
        self.taken = self.chosen
        if self.taken is not None:
            self.threshold.enter(self.taken.product)
            self.calibrate()
        self.reload()

    def was_discarded(self) -> None:
        """It waits no more."""
        self._drop()
        self.reload()

    def calibrate(self) -> None:
        """Once more, where it failed."""
        self.threshold.calibrate()
        self.changed.emit()

    def load(self) -> None:
        """Let the line take it; what it is released as is asked for there."""
        if self.taken is not None:
            self.send(SelectProduct(self.taken.product))

    def close(self) -> None:
        """To the list, or away from it."""
        self._drop()
        self.taken = None
        self.threshold.found = None
        self.changed.emit()

    def _drop(self) -> None:
        if self.job is not None and not self.job.ended:
            self.job.cancel()
        self.chosen, self.job, self.tried = None, None, None

    def _take(self, drafts: Drafts) -> None:
        self.entries = drafts.entries

    def _counted(self) -> None:
        job = self.job
        if job is not None and job.ended and isinstance(job.result, DraftTried):
            self.tried = job.result
        self.changed.emit()
