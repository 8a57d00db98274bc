"""A whole station on pictures of 12 bits: verdicts, evidence, replay, and what people see."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import pytest

from engines.bundle import open_bundle
from engines.runtimes import load_engine
from inspector.core.frame import FrameFormat, PixelFormat
from inspector.core.levels import levels_of
from inspector.core.line_config import RuntimeConfig
from inspector.core.record import RecordKind
from inspector.durable.images import read_image
from inspector.ledger.chain import StoredRecord
from inspector.ledger.evidence import EvidenceStore, decode_image
from inspector.ledger.export import export
from inspector.ledger.ledger import evidence_folder, ledger_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.verify import verify
from inspector.link.messages import RejectNotice, Start
from inspector.link.picture import LivePicture
from inspector.preparation import Preparation
from inspector.station.judging import taught_bundle
from inspector.station.opening import catalogue_of, load_line, open_station
from tests.tiny_plant import DEFECT, GOOD, SIDE, TinyPlant, make_plant, tiny_recipe

MONO12 = PixelFormat.MONO12
PARTS = 12


class Seen:
    """What reached a panel."""

    def __init__(self) -> None:
        self.notices: list[RejectNotice] = []
        self.picture: LivePicture | None = None


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> tuple[TinyPlant, Seen]:
    """A plant after a run of 12 parts, of which every fourth is defective."""
    made = make_plant(tmp_path_factory.mktemp("deep"), parts=PARTS, pixel_format=MONO12)
    return made, _run(made)


def _run(plant: TinyPlant) -> Seen:
    seen, over = Seen(), threading.Event()
    config, catalogue = load_line(plant.line_file), catalogue_of(plant.line_file, plant.data_folder)
    with open_station(config, catalogue, limit=PARTS, on_limit=over.set) as opened:
        opened.console.call(Start())
        assert over.wait(30.0)
        assert opened.station.request_stop_and_wait(30.0)
        while (event := opened.console.next_event(0.2)) is not None:
            if isinstance(event, RejectNotice):
                seen.notices.append(event)
        seen.picture = opened.console.picture()
        status = opened.station.status()
    assert (status.parts.parts, status.parts.reconciled) == (PARTS, True)
    return seen


def _rejects(plant: TinyPlant) -> tuple[list[StoredRecord], EvidenceStore]:
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    store = EvidenceStore(evidence_folder(plant.data_folder))
    assert verify(reader, store).intact
    records = list(reader.each(RecordFilter(kind=RecordKind.INSPECTION)))
    reader.close()
    assert len(records) == PARTS
    return [record for record in records if record.outcome == "reject"], store


def test_defective_parts_are_rejected_and_most_others_pass(plant: tuple[TinyPlant, Seen]) -> None:
    rejects, _ = _rejects(plant[0])
    sources = [record.content["frames"][0]["source"] for record in rejects]
    bad = [source for source in sources if "bad" in source]
    assert bad == [f"{number:04d}-bad.png" for number in (3, 7, 11)]
    assert len(sources) - len(bad) <= 1  # 5 % of good parts may be rejected


def test_evidence_is_the_frame_bit_for_bit(plant: tuple[TinyPlant, Seen]) -> None:
    rejects, store = _rejects(plant[0])
    for record in rejects:
        (frame,), (mark, _) = record.content["frames"], record.content["evidence"]
        assert frame["pixel_format"] == "Mono12"
        assert mark["channels"] == 2
        kept = decode_image(store.path(mark["digest"], mark["suffix"]).read_bytes())
        shown = read_image(plant[0].pictures / frame["source"], MONO12)
        assert np.array_equal(kept, shown)
        assert (levels_of(kept) % 16 != 0).any()  # more than 8 bits could hold


def test_evidence_is_replayed_to_the_recorded_score(plant: tuple[TinyPlant, Seen]) -> None:
    rejects, store = _rejects(plant[0])
    bundle = open_bundle(taught_bundle(plant[0].data_folder, "tiny"))
    engine = load_engine(bundle, RuntimeConfig(name="openvino", threads=1))
    preparation = Preparation(tiny_recipe(MONO12).preparation, FrameFormat(SIDE, SIDE, MONO12))
    prepared = np.empty((1, *preparation.shape), np.uint8)
    for record in rejects:
        mark = record.content["evidence"][0]
        preparation.apply(
            read_image(store.path(mark["digest"], mark["suffix"]), MONO12), prepared[0]
        )
        assert engine.infer(prepared).scores[0] == record.content["checks"][0]["score"]
    engine.close()


def test_an_export_holds_the_deep_picture(plant: tuple[TinyPlant, Seen], tmp_path: Path) -> None:
    reader = LedgerReader.open(ledger_folder(plant[0].data_folder))
    report = export(reader, EvidenceStore(evidence_folder(plant[0].data_folder)), tmp_path / "out")
    reader.close()
    assert report.missing == 0
    lines = (tmp_path / "out/records.jsonl").read_text("utf-8").splitlines()
    contents = [json.loads(json.loads(line)["payload"]) for line in lines]
    marks = [mark for content in contents for mark in content.get("evidence", ())]
    deep = [mark for mark in marks if mark["name"] == "image"]
    assert len(deep) == len(_rejects(plant[0])[0])
    for mark in deep:
        path = tmp_path / "out/evidence" / f"{mark['digest']}.jxl"
        other_reader = imagecodecs.imread(path)
        assert other_reader.dtype == np.uint16
        assert 255 < other_reader.max() <= MONO12.white


def test_people_are_shown_eight_bits(plant: tuple[TinyPlant, Seen]) -> None:
    seen = plant[1]
    assert seen.picture is not None
    assert seen.picture.pixels.dtype == np.uint8
    assert seen.picture.pixels.shape == (SIDE, SIDE, 1)
    assert abs(np.median(seen.picture.pixels) - GOOD) <= 1
    assert seen.picture.pixels.max() in (DEFECT, *range(GOOD, GOOD + 20))
    assert len(seen.notices) == len(_rejects(plant[0])[0])
    for notice in seen.notices:
        data = np.frombuffer(notice.thumbnail_jpeg, np.uint8)
        thumbnail = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
        assert thumbnail is not None
        assert abs(np.median(thumbnail) - GOOD) <= 2
