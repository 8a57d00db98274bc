"""The office as the station's child: it answers, dies, and is there again; nobody waits for it."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from inspector.cli import office_child
from inspector.cli.office_child import OfficeChild
from inspector.core.errors import LinkError
from inspector.link.office_client import ZmqOfficeClient, answer_to
from inspector.link.questions.products import ListTiles, Tiles
from tests.station.production_line import opened
from tests.tiny_plant import make_plant
from tests.waiting import until


@pytest.mark.skipif(os.name == "nt", reason="kills as POSIX does")
def test_it_answers_and_is_started_again_when_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_child, "BACKOFF_S", (0.1,))
    plant = make_plant(tmp_path)
    with opened(plant):
        child = OfficeChild(plant.line_file)

        def answers() -> bool:
            child.keep_alive()
            try:
                with closing(ZmqOfficeClient(plant.data_folder)) as client:
                    tiles = answer_to(client, ListTiles(), timeout_s=5.0)
            except LinkError:
                return False
            assert isinstance(tiles, Tiles)
            return [one.product for one in tiles.entries] == ["tiny"]

        try:
            until(answers)
            first = child._process
            assert first is not None
            running = psutil.Process(first.pid)
            assert running.nice() > psutil.Process().nice()
            if psutil.LINUX:
                assert running.ionice().ioclass == psutil.IOPRIO_CLASS_IDLE
            running.kill()
            until(lambda: not psutil.pid_exists(first.pid) or first.poll() is not None)
            until(answers)
            assert child._process is not first
        finally:
            child.close()
