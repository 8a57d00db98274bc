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
from inspector.ledger.writer import LedgerWriter
from inspector.line.part import JudgedPart

_GOLDEN = 0x9E3779B97F4A7C15
_WORD = 2**64


class EvidenceTap:
    """Offers every part to the ledger's writer, with image and map where the recipe says so.

    Which passes are kept depends on their part number alone, so that a replay keeps the same ones.
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
        inspection = Inspection(
            verdict=verdict,
            times=part.times,
            utc_us=self._clock.utc_us() - age_us,
            identity=self._of_lot(),
            frames=part.frames,
        )
        if part.pixels is None or not self._keeps(verdict):
            self._writer.offer_inspection(inspection)
        else:
            self._writer.offer_inspection(inspection, part.pixels, view_maps(verdict))

    def _of_lot(self) -> Identity:
        lot = self._lot()
        if lot != self._identity.lot:
            self._identity = replace(self._identity, lot=lot)
        return self._identity

    def _keeps(self, verdict: Verdict) -> bool:
        if verdict.passed:
            draw = (verdict.part_id * _GOLDEN % _WORD) / _WORD
            return draw < self._policy.pass_share
        return self._policy.rejects


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
