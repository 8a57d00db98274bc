"""Kept pictures of parts are found again: this product's, with all their views."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from inspector.core.frame import PixelFormat, Pixels
from inspector.ledger.evidence import EvidenceStore, decode_image
from inspector.ledger.kept import KeptPart, kept_parts
from inspector.ledger.ledger import Ledger, evidence_folder, ledger_folder
from inspector.ledger.reader import LedgerReader
from tests.ledger.parts_on_a_line import IDENTITY, NOW_US, inspection, picture


def views_of(part_id: int) -> Pixels:
    return np.stack([picture(10 * part_id), picture(10 * part_id + 1)])


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    ledger = Ledger(tmp_path, "station-1")
    writer = ledger.writer
    writer.size_evidence(2 * 3600, 16)
    for part_id in (1, 2, 3, 4, 5):
        made = inspection(part_id)
        frame = dataclasses.replace(made.frames[0], pixel_format=PixelFormat.MONO8)
        made = dataclasses.replace(made, frames=(frame, frame))
        if part_id == 2:
            made = dataclasses.replace(
                made, identity=dataclasses.replace(IDENTITY, product="another")
            )
        if part_id == 3:
            made = dataclasses.replace(
                made, verdict=dataclasses.replace(made.verdict, master="scratch")
            )
        if part_id == 4:
            writer.offer_inspection(made)
        else:
            writer.offer_inspection(made, views_of(part_id))
    ledger.close()
    return tmp_path


def parts_of(data_folder: Path, product: str, **days: int) -> list[KeptPart]:
    reader = LedgerReader.open(ledger_folder(data_folder))
    try:
        store = EvidenceStore(evidence_folder(data_folder))
        return list(kept_parts(reader, store, product, **days))
    finally:
        reader.close()


def test_parts_of_one_product_with_all_views(data_folder: Path) -> None:
    parts = parts_of(data_folder, "solar-mono")
    assert [part.part_id for part in parts] == [1, 5]
    for part in parts:
        assert part.outcome == "reject"
        for view, pixels in zip(part.views, views_of(part.part_id), strict=True):
            assert np.array_equal(decode_image(view.path.read_bytes()), pixels)
            assert (view.width, view.height) == (60, 60)
            assert view.pixel_format is PixelFormat.MONO8


def test_times_narrow_the_choice(data_folder: Path) -> None:
    assert [part.part_id for part in parts_of(data_folder, "solar-mono", since_us=NOW_US + 2)] == [
        5
    ]
    assert [part.part_id for part in parts_of(data_folder, "solar-mono", until_us=NOW_US + 2)] == [
        1
    ]


def test_a_part_of_which_a_view_is_gone_is_left_out(data_folder: Path) -> None:
    parts_of(data_folder, "solar-mono")[0].views[1].path.unlink()
    assert [part.part_id for part in parts_of(data_folder, "solar-mono")] == [5]
