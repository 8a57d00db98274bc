"""MQTT: results and status to a broker, and commands from it where it stands for the PLC."""

from __future__ import annotations

import math
import socket
import ssl
import threading
import time
from datetime import UTC, datetime
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from inspector.core.errors import ConfigError, PlcError
from inspector.core.plc_config import Mqtt
from inspector.durable.files import expanded
from inspector.plc.buses.commanded import CommandedInputs
from inspector.plc.buses.credentials import read_credentials, secret_file
from inspector.plc.buses.mqtt_messages import (
    Heartbeat,
    Refused,
    Status,
    Told,
    decode_command,
    encode,
    result_of,
    status_of,
)
from inspector.plc.registers import Inputs, Outputs

_CONNECT_S = 2.0
_FAREWELL_S = 0.5
_SERVICE_QOS = 1
"""Quality of service of status and commands."""


def make(config: Mqtt) -> MqttBus:
    """Not connected yet."""
    return MqttBus(config)


def _without_delay(_client: Client, _data: object, connection: Any) -> None:
    """Else a result that follows a status waits for the broker's delayed TCP ack: 40 ms."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class MqttBus:
    """Implements ``Fieldbus``.

    Where no commands are taken, nobody waits for a result: while the broker is away, up to ``keep``
    of them are kept for ``keep_s`` and beyond, and delivered in order. Where the broker is the PLC,
    its absence is told at once, and what it missed is never delivered late.

    The library's thread calls ``_on_...``; the rest is on the gateway's.
    """

    def __init__(self, config: Mqtt) -> None:
        self._config = config
        self._client: Client | None = None
        self._changed = threading.Condition()
        self._ready = False
        self._problem = ""
        self._away_since_s = 0.0
        self._inputs = CommandedInputs()
        self._result: tuple[int, bool] | None = None
        self._status: Status | None = None
        self._status_at_s = 0.0
        self._beat = (-1, 0.0)
        self._heartbeat_s = config.heartbeat_ms / 1e3
        self._lost = 0

    def open(self) -> None:
        """Connect, subscribe. Raises ``PlcError``, or ``ConfigError`` for the files it needs."""
        if self._client is None:
            self._client = self._new_client()
        self._problem = ""
        self._inputs.begin()
        keepalive_s = max(1, math.ceil(3 * self._heartbeat_s))
        try:
            self._client.connect(self._config.host, self._config.port, keepalive_s)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            raise self._absent(str(error)) from error
        self._client.loop_start()
        with self._changed:
            self._changed.wait_for(lambda: self._ready or bool(self._problem), _CONNECT_S)
        if not self._ready:
            raise self._absent(self._problem or "it does not answer")

    def exchange(self, outputs: Outputs) -> Inputs | None:
        """Publish what is new; what was asked for since the last time, where that is taken."""
        now_s = time.monotonic()
        ready = self._ready
        if not ready and (
            self._config.commands or now_s > self._away_since_s + self._config.keep_s
        ):
            raise self._absent(self._problem)
        if ready:  # first, for a result holds only while we are online
            self._tell_status(outputs, now_s)
        self._tell_result(outputs)
        if ready:
            self._tell_heartbeat(outputs.heartbeat, now_s)
        return self._inputs.turn(outputs) if self._config.commands else None

    def close(self) -> None:
        """Say that we are offline, and disconnect."""
        client = self._client
        if client is None:
            return
        if self._ready:
            self._publish("status", status_of(Outputs(), self._lost), _SERVICE_QOS, _FAREWELL_S)
        client.disconnect()
        client.loop_stop()
        self._ready, self._status = False, None
        if self._config.commands:
            self._client = None  # and with it what it still wanted to send

    # -- telling --------------------------------------------------------------------------------

    def _tell_result(self, outputs: Outputs) -> None:
        shown = (outputs.part_id, outputs.result_toggle) if outputs.result_valid else None
        if shown is not None and shown != self._result:
            result = result_of(outputs, datetime.now(UTC))
            self._lost += not self._publish("result", result, self._config.qos)
        self._result = shown

    def _tell_status(self, outputs: Outputs, now_s: float) -> None:
        """At once, or, if only counts have changed, once a heartbeat."""
        status = status_of(outputs, self._lost)
        told = self._status
        if status == told:
            return
        if told is None or status.without_counts != told.without_counts:
            due = True
        else:
            due = now_s >= self._status_at_s + self._heartbeat_s
        if due and self._publish("status", status, _SERVICE_QOS):
            self._status, self._status_at_s = status, now_s

    def _tell_heartbeat(self, count: int, now_s: float) -> None:
        told, at_s = self._beat
        if count != told and now_s >= at_s + self._heartbeat_s / 4:
            self._publish("heartbeat", Heartbeat(count), 0)
            self._beat = (count, now_s)

    def _publish(self, name: str, message: Told, qos: int, wait_s: float = 0.0) -> bool:
        """False when it is lost. A broker that is away gets what is not, once it is back."""
        assert self._client is not None
        topic = f"{self._config.topic}/{name}"
        sent = self._client.publish(topic, encode(message), qos, retain=name == "status")
        if sent.rc is MQTTErrorCode.MQTT_ERR_SUCCESS and wait_s:
            sent.wait_for_publish(wait_s)
        kept = bool(qos) and sent.rc is MQTTErrorCode.MQTT_ERR_NO_CONN
        return kept or sent.rc is MQTTErrorCode.MQTT_ERR_SUCCESS

    # -- connecting -----------------------------------------------------------------------------

    def _new_client(self) -> Client:
        config = self._config
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=config.client_id,
            reconnect_on_failure=not config.commands,
        )
        client.connect_timeout = _CONNECT_S
        client.max_queued_messages_set(config.keep)
        client.reconnect_delay_set(1, 2)
        if config.credentials:
            known = read_credentials(config.credentials)
            client.username_pw_set(known.user, known.password)
        if config.tls:
            client.tls_set_context(self._tls())
        will = encode(Status())
        client.will_set(f"{config.topic}/status", will, _SERVICE_QOS, retain=True)
        client.on_socket_open = _without_delay
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        return client

    def _tls(self) -> ssl.SSLContext:
        config = self._config
        try:
            ca = expanded(config.ca, "ca") if config.ca else None
            context = ssl.create_default_context(cafile=ca)
            if config.certificate:
                key = secret_file(config.key, "key")
                context.load_cert_chain(expanded(config.certificate, "certificate"), key)
        except (OSError, ssl.SSLError) as error:
            files = ", ".join(name for name in (config.ca, config.certificate, config.key) if name)
            raise ConfigError(
                f"{files}: no certificates that can be used: {error}",
                remedy="Check ca, certificate and key of this MQTT broker",
            ) from error
        return context

    def _absent(self, reason: str) -> PlcError:
        return PlcError(f"MQTT broker {self._config.host}:{self._config.port}: {reason}")

    # -- the library's thread -------------------------------------------------------------------

    def _on_connect(
        self, client: Client, _data: object, _flags: object, reason: ReasonCode, _more: Any
    ) -> None:
        if reason.is_failure:
            self._change(ready=False, problem=f"it refuses us: {reason}")
        elif self._config.commands:
            client.subscribe(f"{self._config.topic}/command", _SERVICE_QOS)
        else:
            self._change(ready=True)

    def _on_subscribe(
        self, _client: Client, _data: object, _mid: int, reasons: list[ReasonCode], _more: Any
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            self._change(ready=False, problem=f"it lets us not read {self._config.topic}/command")
        else:
            self._change(ready=True)

    def _on_disconnect(
        self, _client: Client, _data: object, _flags: object, reason: ReasonCode, _more: Any
    ) -> None:
        self._change(ready=False, problem=self._problem or f"it is gone: {reason}")

    def _change(self, *, ready: bool, problem: str = "") -> None:
        with self._changed:
            if self._ready and not ready:
                self._away_since_s = time.monotonic()
            self._status = None  # the broker may have forgotten, or told our will
            self._ready, self._problem = ready, problem
            self._changed.notify_all()

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        if message.retain:
            self._refuse("a retained command is an old one: it is not carried out")
            return
        try:
            taken = self._inputs.take(decode_command(bytes(message.payload)))
        except ValueError as error:
            self._refuse(str(error))
            return
        if not taken:
            self._refuse(f"more than {self._inputs.BUFFER} commands wait")

    def _refuse(self, reason: str) -> None:
        self._publish("refused", Refused(reason), 0)
