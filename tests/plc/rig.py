"""What every protocol has to show with a PLC in a process of its own."""

from __future__ import annotations

import itertools
import time

import pytest

from inspector.core.errors import PlcLost
from inspector.core.plc_config import BusConfig
from inspector.plc.fieldbus_plc import FieldbusPlc
from tests.plc.peers import LONGEST_S, Peer, expected, publish_all, station, verdict
from tests.waiting import until

_ENOUGH = 100


def check_results(peer: Peer, config: BusConfig) -> None:
    """Each result arrives once, in order, as itself; at the end all is withdrawn."""
    try:
        with station(config) as plc:
            until(lambda: peer.online, LONGEST_S)
            publish_all(plc, lambda: peer.taken, range(1, 31))
            until(lambda: len(peer.taken) == 30)
            assert peer.taken == expected(range(1, 31))
        until(lambda: not peer.online)
    finally:
        peer.off()


def _go_on(plc: FieldbusPlc) -> None:
    for part_id in range(2, _ENOUGH):
        plc.publish(verdict(part_id))
        time.sleep(0.05)


def check_restart(peer: Peer, config: BusConfig) -> None:
    """Killed in mid-run: told as lost; back again it takes new results, and none of before."""
    try:
        with station(config) as plc:
            until(lambda: peer.online, LONGEST_S)
            plc.publish(verdict(1))
            until(lambda: peer.taken == [(1, True)])
            peer.off()
            with pytest.raises(PlcLost):
                _go_on(plc)
            until(lambda: not plc.read_inputs().connected)
            peer.on()
            until(lambda: plc.read_inputs().connected, LONGEST_S)
            for part_id in itertools.count(_ENOUGH):
                plc.publish(verdict(part_id, passed=False))
                time.sleep(0.05)
                if len(peer.taken) > 1:
                    break
            assert not [part for part, passed in peer.taken[1:] if passed or part < _ENOUGH]
    finally:
        peer.off()
