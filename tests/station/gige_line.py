"""A station on a GigE camera whose packets get lost: a program for a network of its own.

``python -m tests.station.gige_line FOLDER LOST_PER_MILLE`` prints as JSON what became of the parts.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.camera import aravis_network
from tests.station.camera_line import causes, parts_of, running, stopped, verdicts
from tests.tiny_plant import make_plant
from tests.waiting import until

PARTS = 60
SIDE = 512
ENTRY = {
    "driver": "aravis",
    "name": aravis_network.SERIAL,
    "device": aravis_network.HOST,
    "packet_size": 1400,
    "trigger": {"mode": "software"},
}
SETTINGS = {
    "PixelFormat": "Mono8",
    "Width": SIDE,
    "Height": SIDE,
    "ExposureTimeAbs": 100.0,
    "AcquisitionFrameRate": 200.0,
}


def main(folder: Path, lost_per_mille: int) -> dict[str, object]:
    """The counts of camera, line and ledger."""
    plant = make_plant(folder)
    line = {"belt": {"parts_per_s": 20.0, "counts_per_part": 1000}}
    with (
        aravis_network.camera(lost_per_mille),
        running(plant, [ENTRY], SETTINGS, **line) as station,
    ):
        until(lambda: verdicts(station) >= PARTS)
        status = stopped(station)
    camera = status.cameras[aravis_network.SERIAL]
    lost = [part for part in parts_of(plant) if part.cause == "frame-lost"]
    return {
        "parts": status.parts.parts,
        "verdicts": status.parts.verdicts,
        "triggers": camera.triggers,
        "frames": camera.frames,
        "lost": camera.lost,
        "causes": causes(plant),
        "lost_passed": sum(part.outcome == "pass" for part in lost),
        "lost_for": [part.detail for part in lost],
    }


if __name__ == "__main__":
    aravis_network.loopback_up()
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
