"""Judging a part from its stored pictures, by the very steps of the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from inspector.core.errors import LedgerError
from inspector.core.frame import FrameFormat, Pixels
from inspector.core.judgement import Judgement
from inspector.core.ports import Check, Engine
from inspector.core.recipe import PreparationSpec
from inspector.ledger.kept import KeptView
from inspector.preparation import Corrections, PoseReference, Preparation
from inspector.scoring.judge import Judge


@dataclass(slots=True)
class PartJudge:
    """Preparation, engine and checks; a preparation for each format of picture. One thread."""

    spec: PreparationSpec
    corrections: Corrections
    reference: PoseReference | None
    engine: Engine
    checks: Sequence[Check]
    _preparations: dict[FrameFormat, Preparation] = field(default_factory=dict)

    def judge(self, views: Sequence[KeptView]) -> Judgement:
        """What the checks say of one part. Raises as ``look`` does."""
        return self.look(views)[1]

    def look(self, views: Sequence[KeptView]) -> tuple[Pixels, Judgement]:
        """One part's prepared views uint8[V, h, w, c], judged all at a time.

        Raises ``LedgerError`` (a picture), ``ConfigError`` (its size) and ``EngineError``.
        """
        prepared = np.empty(
            (len(views), self.spec.height, self.spec.width, self.spec.pixel_format.channels),
            np.uint8,
        )
        preparation = self.preparation_of(views[0])
        poses = [
            self.preparation_of(view).apply(view.pixels(), out)
            for view, out in zip(views, prepared, strict=True)
        ]
        detection = self.engine.infer(prepared)
        judge = Judge(self.checks, preparation.field, preparation.expected)
        return prepared, judge.judge(prepared, detection, poses)

    def preparation_of(self, view: KeptView) -> Preparation:
        """How such pictures are prepared. Raises ``ConfigError`` where they do not suit."""
        pixel_format = view.pixel_format or self.spec.pixel_format
        frame = FrameFormat(view.width, view.height, pixel_format)
        if frame not in self._preparations:
            made = Preparation(self.spec, frame, self.corrections, self.reference)
            self._preparations[frame] = made
        return self._preparations[frame]

    def close(self) -> None:
        """Free the engine."""
        self.engine.close()


def refuse_without_views(views: Sequence[KeptView], part_id: int) -> None:
    """Raise ``LedgerError`` for a part that cannot be judged again."""
    if not views:
        raise LedgerError(
            f"part {part_id}: its pictures were not kept",
            remedy="See evidence in the recipe: rejects, pass_share, borderline_margin",
        )
    for view in views:
        if not view.path.is_file():
            raise LedgerError(
                f"part {part_id}: {view.path.name} is gone",
                remedy="Bring it back from a backup, unless retention deleted it",
            )
