from __future__ import annotations

import pytest

from inspector.core.errors import RefusedError
from inspector.station.write_access import WriteAccess


def test_the_plc_gets_access_when_it_asks_and_gives_it_back() -> None:
    access = WriteAccess(auto=True)
    assert str(access.writer) == "operator"
    assert access.plc_wants(wants=True)
    assert str(access.writer) == "plc"
    with pytest.raises(RefusedError, match="the PLC has write access"):
        access.require("operator")
    access.require("plc")
    assert not access.plc_wants(wants=True)
    assert access.plc_wants(wants=False)
    access.require("operator")


def test_an_operator_takes_it_back_until_the_plc_asks_anew() -> None:
    access = WriteAccess(auto=True)
    access.plc_wants(wants=True)
    access.hand_over("operator")
    access.plc_wants(wants=True)
    assert str(access.writer) == "operator"
    access.plc_wants(wants=False)
    access.plc_wants(wants=True)
    assert str(access.writer) == "plc"


def test_without_auto_an_operator_has_to_hand_it_over() -> None:
    access = WriteAccess(auto=False)
    with pytest.raises(RefusedError, match="does not ask"):
        access.hand_over("plc")
    access.plc_wants(wants=True)
    assert access.wanted
    with pytest.raises(RefusedError, match="the operator has write access"):
        access.require("plc")
    access.hand_over("plc")
    assert str(access.writer) == "plc"
    assert not access.wanted
