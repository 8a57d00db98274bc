"""What every protocol has to show with a PLC in a process of its own."""

from __future__ import annotations

import time

import pytest

from inspector.core.errors import PlcLost
from inspector.core.plc_config import BusConfig
from tests.plc.desk_plc import until
from tests.plc.peers import Peer, station, verdict


def check_results(peer: Peer, config: BusConfig) -> None:
    """Each result arrives once, in order, as itself; at the end all is withdrawn."""
    try:
        with station(config) as plc:
            until(lambda: peer.online)
            for part_id in range(1, 31):
                plc.publish(verdict(part_id, passed=part_id % 4 != 0))
                time.sleep(0.02)
            until(lambda: len(peer.taken) == 30)
            assert peer.taken == [(number, number % 4 != 0) for number in range(1, 31)]
            assert peer.online
        until(lambda: not peer.online)
    finally:
        peer.off()


def check_restart(peer: Peer, config: BusConfig) -> None:
    """Killed in mid-run: told as lost; back again it takes new results, and none of before."""
    try:
        with station(config) as plc:
            until(lambda: peer.online)
            plc.publish(verdict(1))
            until(lambda: peer.taken == [(1, True)])
            peer.off()
            refused = []
            for part_id in range(2, 100):
                try:
                    plc.publish(verdict(part_id))
                except PlcLost:
                    refused.append(part_id)
                time.sleep(0.02)
            assert refused, "it was never told that the PLC is gone"
            with pytest.raises(PlcLost):
                plc.publish(verdict(100))
            peer.on()
            until(lambda: plc.read_inputs().connected)
            until(lambda: peer.online)
            plc.publish(verdict(101, passed=False))
            until(lambda: (101, False) in peer.taken)
            assert peer.taken == [(1, True), (101, False)]
    finally:
        peer.off()
