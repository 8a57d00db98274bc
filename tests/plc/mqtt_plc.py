"""The sample PLC program at the other end of a broker, and whoever else listens there."""

from __future__ import annotations

import json
import ssl
import threading
import time
import uuid
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from inspector.plc.registers import Outputs
from tests.plc.broker import PASSWORD, USER, Broker
from tests.plc.test_handshake import PlcProgram

SCHEMA = Path(__file__).parents[2] / "docs/plc/mqtt.schema.json"
_KINDS = {"result": "Result", "status": "Status", "heartbeat": "Heartbeat", "refused": "Refused"}
_BITS = {entry.name for entry in fields(Outputs)}


def validator(kind: str) -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": schema["$defs"]})


class Listener:
    """Hears everything below the topic, and holds every message against the published schema."""

    def __init__(self, broker: Broker, *, secure: bool = True) -> None:
        self.results: list[dict[str, Any]] = []
        self.statuses: list[dict[str, Any]] = []
        self.beats: list[int] = []
        self.refused: list[str] = []
        self.wrong: list[str] = []
        self._validators = {name: validator(kind) for name, kind in _KINDS.items()}
        self._there = threading.Event()
        name = f"listener-{uuid.uuid4()}"
        self.client = Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=False)
        if secure:
            context = ssl.create_default_context(cafile=broker.folder / "ca.pem")
            context.load_cert_chain(broker.folder / "client.pem", broker.folder / "client.key")
            self.client.tls_set_context(context)
            self.client.username_pw_set(USER, PASSWORD)
        self.client.reconnect_delay_set(1, 1)
        self.client.on_connect = lambda client, *_: client.subscribe("line-3/inspector/#", 1)
        self.client.on_subscribe = lambda *_: self._there.set()
        self.client.on_disconnect = lambda *_: self._there.clear()
        self.client.on_message = self._heard
        self.client.connect("127.0.0.1", broker.port, 2)
        self.client.loop_start()
        self.wait()

    def wait(self) -> None:
        assert self._there.wait(10.0)

    @property
    def status(self) -> dict[str, Any]:
        return self.statuses[-1] if self.statuses else {}

    def send(self, **command: object) -> None:
        self.client.publish("line-3/inspector/command", json.dumps(command), 1)

    def _heard(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        name = message.topic.removeprefix("line-3/inspector/")
        if name == "command":
            return
        told = json.loads(message.payload)
        self.wrong += [str(error) for error in self._validators[name].iter_errors(told)]
        match name:
            case "result":
                self.result(told)
            case "status":
                self.statuses.append(told)
            case "heartbeat":
                self.beats.append(told["count"])
            case "refused":
                self.refused.append(told["reason"])

    def result(self, told: dict[str, Any]) -> None:
        self.results.append(told)

    def stop(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


class MqttPlc(Listener):
    """Scans the sample program at each result, acknowledges by part id, and beats."""

    def __init__(self, broker: Broker, *, secure: bool = True) -> None:
        self.program = PlcProgram()
        super().__init__(broker, secure=secure)
        self._stopped = threading.Event()
        self._beats = threading.Thread(target=self._beat)
        self._beats.start()

    def result(self, told: dict[str, Any]) -> None:
        super().result(told)
        status = {name: value for name, value in self.status.items() if name in _BITS}
        image = replace(
            Outputs(),
            **status | {"state": 0, "health": 0},
            result_valid=True,
            result_toggle=told["toggle"],
            ok=told["passed"],
            ng=not told["passed"],
            part_id=told["part_id"],
        )
        # Each message is a new result, whatever this program has seen before.
        ack = not told["toggle"]
        self.program.inputs = replace(self.program.inputs, result_ack=ack)
        self.program.scan(image)
        self.send(command="ack", part_id=told["part_id"])

    def _beat(self) -> None:
        count = 0
        while not self._stopped.wait(0.02):
            count += 1
            self.send(command="set", heartbeat=count)

    def stop(self) -> None:
        self._stopped.set()
        self._beats.join()
        super().stop()


def settle(seconds: float = 0.3) -> None:
    """Where nothing is to happen."""
    time.sleep(seconds)
