"""The sample program of the manual as the PLC's program, through the true gateway and protocol."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.core.plc_config import BusConfig
from tests.plc.network_cut import passes
from tests.plc.peers import (
    LONGEST_S,
    Peer,
    SortingStation,
    call_modbus,
    free_port,
    pid_of,
    serve_modbus,
    serve_s7,
    station,
)
from tests.plc.plant import is_good
from tests.plc.test_modbus import client_config, server_config
from tests.plc.test_s7 import config as s7_config
from tests.waiting import until

Entry = Callable[[int, str, Path], None]

SILENCE_S = 0.5
"""``SILENCE`` of the sample program."""
SCAN_S = 0.1
"""A scan of the simulated PLC takes 3 ms; on a PC that is busy it may be late by so much."""


@pytest.mark.parametrize(
    ("entry", "config"),
    [(serve_modbus, client_config), (call_modbus, server_config), (serve_s7, s7_config)],
    ids=["modbus-client", "modbus-server", "s7"],
)
def test_good_parts_pass_and_no_bad_one_ever(
    entry: Entry, config: Callable[[int], BusConfig], tmp_path: Path
) -> None:
    port = free_port()
    looking = SortingStation()
    peer = Peer(entry, port, tmp_path, "belt")
    try:
        with station(config(port), looking.on_demand) as plc:
            looking.plc = plc
            until(lambda: passes(peer) >= 6, LONGEST_S)
    finally:
        peer.off()
    assert not [part for part, passed in peer.taken if passed and not is_good(part)]


def test_parts_under_way_when_the_station_is_gone_are_ejected(tmp_path: Path) -> None:
    port = free_port()
    looking = SortingStation()
    peer = Peer(serve_modbus, port, tmp_path, "belt")
    try:
        with station(client_config(port), looking.on_demand) as plc:
            looking.plc = plc
            until(lambda: passes(peer) >= 2, LONGEST_S)
            assert plc._listener is not None
            plc._closing.set()  # it is not to be started again
            plc._listener.join()
            os.kill(pid_of(plc), signal.SIGKILL)
            passed, seen = passes(peer), len(peer.taken)
            until(lambda: len(peer.taken) >= seen + 12)
            late = [passed for _, passed in peer.taken[seen + 6 :]]
            assert passes(peer) >= passed
            assert not any(late)
    finally:
        peer.off()


@pytest.mark.chaos
@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs unshare, of Linux")
@pytest.mark.parametrize(
    "protocol",
    [
        "modbus-client",
        pytest.param("modbus-server", marks=pytest.mark.slow),
        pytest.param("s7", marks=pytest.mark.slow),
    ],
)
def test_a_network_that_is_cut_rejects_by_default_and_brings_nothing_old(
    protocol: str, tmp_path: Path
) -> None:
    if subprocess.run(("unshare", "-rn", "true"), check=False).returncode:
        pytest.skip("no network namespaces here")
    command = ("unshare", "-rn", sys.executable, "-m", "tests.plc.network_cut", protocol, "5")
    done = subprocess.run(
        (*command, str(tmp_path)),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    cut_s, mended_s = seen["cut_s"], seen["mended_s"]
    assert not [part for _, part, passed in seen["fates"] if passed and not is_good(part)]
    dark = [fate for fate in seen["fates"] if cut_s + SILENCE_S + SCAN_S < fate[0] < mended_s]
    assert len(dark) > 15
    assert not any(passed for _, _, passed in dark), "no result, no pass"
    # 1 s from the cameras to the gate: these were at the cameras while it was dark
    unseen = [fate for fate in seen["fates"] if mended_s <= fate[0] < mended_s + 1.0 - SCAN_S]
    assert not any(passed for _, _, passed in unseen), "nothing of before"
    assert [fate for fate in seen["fates"] if fate[2] and fate[0] > mended_s]
