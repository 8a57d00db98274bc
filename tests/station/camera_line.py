"""A tiny station with real cameras, and what its ledger keeps of every part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import yaml

from inspector.camera.device_camera import DeviceCamera
from inspector.core.record import RecordKind
from inspector.core.state import StationState, StationStatus
from inspector.ledger.ledger import ledger_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.link.messages import Start
from inspector.station.opening import OpenStation, catalogue_of, load_line, open_station
from inspector.station.station import Station
from tests.tiny_plant import SIDE, TinyPlant
from tests.waiting import until

Entry = dict[str, Any]
SETTINGS = {"Width": SIDE, "Height": SIDE, "PixelFormat": "Mono8"}


@dataclass(frozen=True)
class Part:
    """What the ledger keeps of a part."""

    outcome: str
    cause: str
    detail: str


@contextmanager
def running(
    plant: TinyPlant, cameras: list[Entry], settings: Entry, **line: Any
) -> Iterator[Station]:
    """A station in production with these cameras."""
    config = yaml.safe_load(plant.line_file.read_text())
    config |= {"cameras": cameras, "belt": {"parts_per_s": 40.0, "counts_per_part": 1000}, **line}
    plant.line_file.write_text(yaml.safe_dump(config))
    recipe_file = plant.line_file.parent / "products/tiny.yaml"
    recipe = yaml.safe_load(recipe_file.read_text()) | {"camera": {"settings": settings}}
    recipe_file.write_text(yaml.safe_dump(recipe))
    catalogue = catalogue_of(plant.line_file, plant.data_folder)
    with open_station(load_line(plant.line_file), catalogue) as opened:
        start(opened)
        yield opened.station


def start(opened: OpenStation) -> None:
    opened.console.call(Start())
    until(lambda: opened.station.state is StationState.CONTINUOUS_EXECUTION)


def camera_of(station: Station, number: int = 0) -> DeviceCamera:
    loaded = station._execution.loaded
    assert loaded is not None
    return cast("DeviceCamera", loaded.eyes.cameras[number])


def verdicts(station: Station) -> int:
    return station.status().parts.verdicts


def stopped(station: Station) -> StationStatus:
    """Stopped, and everything accounted for: a discrepancy would have ended in Error."""
    assert station.request_stop_and_wait(30.0)
    status = station.status()
    assert status.state is StationState.READY, [alarm.text for alarm in status.alarms]
    assert status.parts.parts == status.parts.verdicts
    assert all(camera.reconciled for camera in status.cameras.values())
    return status


def parts_of(plant: TinyPlant) -> list[Part]:
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    records = list(reader.each(RecordFilter(kind=RecordKind.INSPECTION)))
    reader.close()
    return [
        Part(str(record.outcome), str(record.content["cause"]), str(record.content["detail"]))
        for record in records
    ]


def causes(plant: TinyPlant) -> Counter[str]:
    return Counter(part.cause for part in parts_of(plant))
