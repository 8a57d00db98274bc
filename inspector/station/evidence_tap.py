"""From the inspection thread to the ledger: a record for every part, pictures for some."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from inspector.core.frame import ScoreMap
from inspector.core.ports import Clock
from inspector.core.recipe import EvidenceSpec
from inspector.core.verdict import Verdict
from inspector.ledger.inspection import Identity, Inspection
from inspector.ledger.keeping import keeping_of
from inspector.ledger.writer import LedgerWriter
from inspector.line.part import JudgedPart


class EvidenceTap:
    """Offers every part to the ledger's writer, with image and map where the recipe says so.

    Passes give way where disk or buffers are short (`LedgerWriter.spares_rejects`).
    """

    def __init__(
        self,
        writer: LedgerWriter,
        identity: Identity,
        policy: EvidenceSpec,
        clock: Clock,
        *,
        lot: Callable[[], str] = lambda: "",
    ) -> None:
        self._lot = lot
        self._writer = writer
        self._identity = identity
        self._policy = policy
        self._clock = clock

    def offer(self, part: JudgedPart) -> None:
        """Queue the record; pictures are copied here, encoded and written elsewhere."""
        verdict = part.verdict
        age_us = (self._clock.monotonic_ns() - verdict.triggered_ns) // 1000
        keeping = keeping_of(verdict, self._policy, shedding=self._writer.spares_rejects)
        inspection = Inspection(
            verdict=verdict,
            times=part.times,
            utc_us=self._clock.utc_us() - age_us,
            identity=self._of_lot(),
            frames=part.frames,
            keeping=keeping,
        )
        if part.pixels is None or not keeping.kept:
            self._writer.offer_inspection(inspection)
        else:
            self._writer.offer_inspection(inspection, part.pixels, view_maps(verdict))

    def _of_lot(self) -> Identity:
        lot = self._lot()
        if lot != self._identity.lot:
            self._identity = replace(self._identity, lot=lot)
        return self._identity


def view_maps(verdict: Verdict) -> ScoreMap | None:
    """The strangest check's maps of all views, float32[V, h, w]; None for a part not looked at."""
    worst = verdict.judgement.worst if verdict.judgement else None
    if verdict.judgement is None or worst is None:
        return None
    found = [check.map for check in verdict.judgement.checks if check.check == worst.check]
    maps = [score_map for score_map in found if score_map is not None]
    if not maps:
        return None
    return maps[0] if len(maps) == 1 else np.stack(maps)
