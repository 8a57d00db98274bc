"""MQTT end to end: gateway process, a real broker with TLS and users, the sample PLC program."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

pytest.importorskip("paho.mqtt", reason="needs the package paho-mqtt")
pytest.importorskip("cryptography", reason="needs the package cryptography")
pytest.importorskip("jsonschema", reason="needs the package jsonschema")

from inspector.core.errors import PlcError
from inspector.core.plc_config import Mqtt
from inspector.plc.buses.mqtt import MqttBus
from inspector.plc.fieldbus_plc import FieldbusPlc
from inspector.plc.handshake import Demand
from inspector.plc.registers import Outputs
from tests.plc.broker import PASSWORD, USER, Authority, Broker
from tests.plc.mqtt_plc import Listener, MqttPlc, settle
from tests.plc.peers import opened, pid_of, verdict
from tests.waiting import until


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    broker = Broker(tmp_path_factory.mktemp("broker"))
    broker.start()
    credentials = broker.folder / "credentials"
    credentials.write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    credentials.chmod(0o600)
    yield broker
    broker.kill()


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Broker]:
    broker = Broker(tmp_path, secure=False)
    broker.start()
    yield broker
    broker.kill()


def config(broker: Broker, **changed: Any) -> Mqtt:
    entry = {
        "driver": "mqtt", "host": "127.0.0.1", "port": broker.port, "topic": "line-3/inspector",
        "scan_ms": 2.0, "heartbeat_ms": 1000.0, "watchdog_ms": 30_000.0,
    }  # fmt: skip
    if (broker.folder / "ca.pem").exists():
        files = {"ca": "ca.pem", "certificate": "client.pem", "key": "client.key"}
        entry |= {key: str(broker.folder / name) for key, name in files.items()}
        entry |= {"credentials": str(broker.folder / "credentials")}
    else:
        entry |= {"tls": False}
    return Mqtt.model_validate(entry | changed)


def station(
    settings: Mqtt, demands: list[Demand] | None = None
) -> AbstractContextManager[FieldbusPlc]:
    """Our end, alive."""
    plc = FieldbusPlc(settings, (lambda _: None) if demands is None else demands.append)
    return opened(plc, state=8)


@contextmanager
def ending(listener: Listener) -> Iterator[None]:
    try:
        yield
    finally:
        listener.stop()
    assert listener.wrong == [], "every message is by the published schema"


def test_the_plc_behind_a_broker_takes_every_result_once_in_order(secure: Broker) -> None:
    plc = MqttPlc(secure)
    with ending(plc):
        with station(config(secure, commands=True)) as ours:
            until(lambda: plc.status.get("online") is True)
            for part_id in range(1, 21):
                ours.publish(verdict(part_id, passed=part_id % 4 != 0))
                until(lambda: len(plc.program.taken) == part_id)  # noqa: B023  # waited for here
            assert plc.program.taken == [(n, n % 4 != 0) for n in range(1, 21)]
            assert plc.results[3]["cause"] == "defect"
            assert plc.status["state"] == "continuous-execution"
            beats = len(plc.beats)
            until(lambda: len(plc.beats) > beats + 1)
        until(lambda: plc.status["online"] is False)
        assert plc.status["error"] is False, "it ended in peace"


def test_commands_are_what_the_plc_asks_for(plain: Broker) -> None:
    demands: list[Demand] = []
    plc = MqttPlc(plain, secure=False)
    with ending(plc), station(config(plain, commands=True), demands) as ours:
        plc.send(command="set", lot="L-17", wants_to_write=True, timeout_rejects=2)
        until(lambda: ours.read_inputs().lot == "L-17")
        assert ours.read_inputs().wants_to_write
        for command in ({"command": "recipe", "recipe": 42}, {"command": "start"}):
            plc.send(**command)
        plc.send(command="trigger", serial="S-9", encoder=77)
        until(lambda: len(demands) == 3)
        assert demands == [
            Demand("recipe_request", 42),
            Demand("start"),
            Demand("trigger", 77, "S-9"),
        ]
        ours.answer_recipe(42, confirmed=True)
        until(lambda: any(s["recipe_confirmed"] for s in plc.statuses if s["recipe_answer"] == 42))
        plc.send(command="explode")
        until(lambda: any("explode" in reason for reason in plc.refused))


def test_a_command_that_the_broker_kept_is_not_carried_out(plain: Broker) -> None:
    demands: list[Demand] = []
    plc = MqttPlc(plain, secure=False)
    with ending(plc):
        plc.client.publish("line-3/inspector/command", b'{"command": "start"}', 1, retain=True)
        settle()
        with station(config(plain, commands=True), demands):
            until(lambda: any("retained" in reason for reason in plc.refused))
            plc.send(command="stop")
            until(lambda: bool(demands))
            assert demands == [Demand("stop")]


def test_a_broker_that_is_the_plc_is_lost_and_found_and_gets_nothing_late(plain: Broker) -> None:
    plc = MqttPlc(plain, secure=False)
    with ending(plc), station(config(plain, commands=True)) as ours:
        ours.publish(verdict(1))
        until(lambda: plc.program.taken == [(1, True)])
        plain.kill()
        until(lambda: not ours.read_inputs().connected)
        with pytest.raises(PlcError, match=f"127.0.0.1:{plain.port}"):
            ours.publish(verdict(2))
        plain.start()
        plc.wait()
        until(lambda: ours.read_inputs().connected)
        ours.publish(verdict(3, passed=False))
        until(lambda: plc.program.taken == [(1, True), (3, False)])


def test_an_observer_gets_in_order_what_came_while_the_broker_was_away(plain: Broker) -> None:
    listener = Listener(plain, secure=False)
    with ending(listener), station(config(plain)) as ours:
        ours.publish(verdict(1))
        until(lambda: len(listener.results) == 1)
        plain.end()
        settle()
        for part_id in range(2, 8):
            ours.publish(verdict(part_id))
        settle()
        assert ours.read_inputs().connected, "not lost yet"
        plain.start()
        listener.wait()
        until(lambda: len(listener.results) >= 7)
        assert list(dict.fromkeys(r["part_id"] for r in listener.results)) == list(range(1, 8))
        until(lambda: listener.status["online"] is True)
        assert listener.status["lost"] == 0


def test_results_beyond_the_queue_are_lost_and_counted(plain: Broker) -> None:
    """Directly on the bus: the gateway would only add its pace."""
    listener = Listener(plain, secure=False)
    with ending(listener):
        bus = MqttBus(config(plain, keep=3))
        bus.open()
        bus.exchange(Outputs(online=True))
        until(lambda: bool(listener.statuses))
        plain.end()
        until(lambda: not bus._ready)
        for part_id in range(1, 8):
            shown = Outputs(online=True, result_valid=True, ok=True, part_id=part_id)
            bus.exchange(shown)
        plain.start()
        listener.wait()
        until(lambda: bus._ready)

        def told() -> int:  # at the next exchange, while the results still fill the queue
            bus.exchange(Outputs(online=True))
            return int(listener.status["lost"])

        until(lambda: told() == 4)
        until(lambda: [r["part_id"] for r in listener.results] == [1, 2, 3])
        bus.close()


def test_a_broker_that_stays_away_counts_as_lost(plain: Broker) -> None:
    with station(config(plain, keep_s=0.2)) as ours:
        plain.kill()
        until(lambda: not ours.read_inputs().connected)
        with pytest.raises(PlcError, match=f"127.0.0.1:{plain.port}"):
            ours.publish(verdict(1))


def test_the_brokers_last_will_says_that_we_died(secure: Broker) -> None:
    listener = Listener(secure)
    with ending(listener), station(config(secure)) as ours:
        until(lambda: listener.status.get("online") is True)
        os.kill(pid_of(ours), signal.SIGKILL)
        until(lambda: listener.status["online"] is False)
        until(lambda: listener.status["online"] is True)  # a new gateway


def test_who_comes_later_finds_the_status(plain: Broker) -> None:
    with station(config(plain)):
        late = Listener(plain, secure=False)
        with ending(late):
            until(lambda: late.status.get("online") is True)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"credentials": "wrong"}, "refuses us: Not authorized"),
        ({"ca": "stranger.pem"}, "certificate verify failed"),
        ({"certificate": "", "key": ""}, "."),
        ({"host": "127.0.0.1", "tls": False, "credentials": ""}, "."),
    ],
)
@pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")
def test_who_is_not_let_in_is_told_why(
    secure: Broker, changed: dict[str, Any], reason: str
) -> None:
    Authority(secure.folder, "stranger")
    wrong = secure.folder / "wrong"
    wrong.write_text(f"{USER}:not {PASSWORD}\n", encoding="utf-8")
    wrong.chmod(0o600)
    files = {
        key: str(secure.folder / name) for key, name in changed.items() if key in FILES and name
    }
    bus = MqttBus(config(secure, **changed | files))
    with pytest.raises(PlcError, match=reason) as caught:
        bus.open()
    bus.close()
    assert PASSWORD not in str(caught.value)
    del caught
    gc.collect()  # the library leaves its socket to it where TLS fails


FILES = ("credentials", "ca")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"payload": "sparkplug-b"}, "no maintained Sparkplug-B library"),
        ({"host": "10.0.0.5", "tls": False}, "on this PC only"),
        ({"certificate": "our.pem"}, "needs its key"),
        ({"topic": "line-3/#"}, "pattern"),
    ],
)
def test_what_cannot_work_is_refused_in_the_lines_file(
    changed: dict[str, Any], reason: str
) -> None:
    entry = {"driver": "mqtt", "host": "broker"} | changed
    with pytest.raises(ValidationError, match=reason):
        Mqtt.model_validate(entry)
