"""Kept pictures of a part for a person: as they are, or as the field with what was found on it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from inspector.core.frame import FrameFormat, ScoreMap
from inspector.core.judgement import CheckResult, Judgement
from inspector.core.pose import Pose
from inspector.ledger.chain import StoredRecord
from inspector.ledger.evidence import EvidenceStore, decode_map
from inspector.ledger.kept import views_of
from inspector.preparation import Optics, Preparation, taught_reference
from inspector.preparation.steps import cut
from inspector.scoring.overlay import Shown, shown, with_heat, with_regions
from inspector.station.deciders import find_bundle, find_corrections
from inspector.station.part_judge import refuse_without_views


def part_pictures(record: StoredRecord, evidence: EvidenceStore) -> list[Shown]:
    """Every view as the camera saw it. Raises ``LedgerError``."""
    views = views_of(record.content, evidence)
    refuse_without_views(views, record.part_id or 0)
    return [shown(view.pixels(), view.format) for view in views]


def part_overlays(
    record: StoredRecord,
    evidence: EvidenceStore,
    data_folder: Path,
    optics: Optics,
    *,
    plain: bool = False,
) -> list[Shown]:
    """Every view's field with the kept map's heat and the regions that the record tells of.

    ``plain``: the field alone. Raises ``LedgerError``, and ``BundleError`` where the bundle that
    judged is not there.
    """
    content = record.content
    views = views_of(content, evidence)
    refuse_without_views(views, record.part_id or 0)
    bundle = find_bundle(data_folder, content["product"], content["hashes"]["bundle"])
    corrections = find_corrections(optics, bundle, content["hashes"]["preparation"])
    maps, (mapped, level) = _maps(content, evidence), _strangest(content)
    drawn = []
    for index, view in enumerate(views):
        preparation = Preparation(
            bundle.manifest.preparation,
            FrameFormat(view.width, view.height, view.format),
            corrections,
            taught_reference(bundle),
        )
        pose = content["poses"][index] if content["poses"] else None
        seen = view.pixels()[cut(preparation.seen_in)]
        field = preparation.picture_of(seen, Pose(**pose) if pose else None)
        picture = shown(field, view.format)
        if not plain:
            picture = with_heat(picture, maps.get(index), level)
            outlined = mapped if index in maps else ""
            boxed = [check for check in content["checks"] if check["check"] != outlined]
            picture = with_regions(picture, boxed, index)
        drawn.append(picture)
    return drawn


def _maps(content: dict[str, Any], evidence: EvidenceStore) -> dict[int, ScoreMap]:
    """By view; those that are gone are left out."""
    found = {}
    for mark in content["evidence"]:
        name, _, view = mark["name"].partition("-")
        path = evidence.path(mark["digest"], mark["suffix"]) if "digest" in mark else None
        if name == "map" and path is not None and path.is_file():
            found[int(view or 0)] = decode_map(path.read_bytes(), mark)
    return found


def _strangest(content: dict[str, Any]) -> tuple[str, float]:
    """Name and threshold of the check whose map was kept."""
    names = {field.name for field in dataclasses.fields(CheckResult)} - {"regions", "map"}
    checks = [
        CheckResult(**{key: check[key] for key in names & check.keys()})
        for check in content["checks"]
        if check["score"] is not None
    ]
    worst = Judgement(tuple(checks)).worst
    return (worst.check, worst.threshold) if worst is not None else ("", 0.0)
