"""Another false-reject rate: what it would have decided, and proposing it."""

from __future__ import annotations

from inspector.link.messages import ProposeRate
from inspector.link.questions.what_if import Flipping, RateStop, WhatIf, WhatIfTable
from inspector.panel.models.desk import Desk, Following
from inspector.panel.models.part_review import PartTile
from inspector.panel.models.screen import ScreenModel


class WhatIfModel(ScreenModel):
    """Counted once by the office, for every stop of the slider. Qt-free."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.job: Following | None = None
        self.table: WhatIfTable | None = None
        self.place = 0
        self._question = WhatIf()

    @property
    def busy(self) -> bool:
        """True while it is counted."""
        return self.job is not None and not self.job.ended

    @property
    def empty(self) -> bool:
        """True before it was counted."""
        return self.table is None

    @property
    def stop(self) -> RateStop | None:
        """What is chosen."""
        return self.table.stops[self.place] if self.table is not None else None

    @property
    def differs(self) -> bool:
        """True where another rate than the one in force is chosen."""
        return self.table is not None and self.place != self.table.now

    @property
    def proposal(self) -> ProposeRate | None:
        """What proposing it says, without the reason."""
        table, stop = self.table, self.stop
        if table is None or stop is None or not self.differs:
            return None
        basis = (
            f"of {table.parts} recorded parts {stop.to_reject} passes would be rejected, "
            f"{stop.to_pass} rejects would pass, {stop.defects_passed} of them called true defects"
        )
        return ProposeRate(table.product, stop.rate, "", basis)

    def enter(self, question: WhatIf) -> None:
        """Count for these parts, unless that was done."""
        if question != self._question or self.table is None:
            self._question = question
            self.reload()

    def reload(self) -> None:
        """Count anew."""
        if self.busy and self.job is not None:
            self.job.cancel()
        self.table, self.problem = None, ""
        self.job = self.desk.run(self._question, self._follow)
        self.changed.emit()

    def choose(self, place: int) -> None:
        """A stop of the slider."""
        if self.table is not None:
            self.place = min(max(place, 0), len(self.table.stops) - 1)
            self.changed.emit()

    def step(self, by: int) -> None:
        """The next stop, or one back."""
        self.choose(self.place + by)

    def tiles(self, *, to_reject: bool) -> tuple[PartTile, ...]:
        """Parts that the chosen rate decides otherwise, those with pictures first."""
        if self.table is None:
            return ()
        found = [
            flip for flip in self.table.flips if flip.passed == to_reject and self._flips(flip)
        ]
        return tuple(map(PartTile.of_flip, sorted(found, key=lambda flip: not flip.pictures)))

    def _flips(self, flip: Flipping) -> bool:
        return flip.passed != (flip.rejected_from > self.place)

    def _follow(self) -> None:
        job = self.job
        if job is not None and job.ended:
            if isinstance(job.result, WhatIfTable):
                self.table, self.place = job.result, job.result.now
            else:
                self.problem = job.problem or "cancelled"
        self.changed.emit()
