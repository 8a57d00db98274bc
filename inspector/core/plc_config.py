"""The PLC of a line (``plc:`` in ``line.yaml``) and who else is told (``observers:``)."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from inspector.core.section import Section


class SimPlc(Section):
    """A simulated PLC with belt and ejector, in this program."""

    driver: Literal["sim"] = Field("sim", description="sim: simulated PLC, belt and ejector")
    scan_ms: float = Field(5.0, gt=0.0, le=1000.0, description="PLC scan cycle")
    heartbeat_ms: float = Field(500.0, gt=0.0, description="our heartbeat; the PLC times it out")


class _Bus(Section):
    """What all protocols have. They run in a process of their own, which is the watchdog."""

    name: str = Field("", description="in alarms and records; empty = the driver")
    scan_ms: float = Field(
        10.0, gt=0.0, le=1000.0, description="how often the images are exchanged"
    )
    heartbeat_ms: float = Field(
        500.0, gt=0.0, description="silence after which either side counts the other as gone"
    )
    watchdog_ms: float = Field(
        500.0,
        gt=0.0,
        description="silence of the inspection after which its results are withdrawn",
    )
    acknowledged: bool = Field(
        True, description="false: the PLC gives no result_ack; each result stands for hold_scans"
    )
    hold_scans: int = Field(2, ge=1, le=1000, description="where nothing is acknowledged")
    write_access: Literal["auto", "operator"] = Field(
        "auto",
        description="auto: the PLC gets write access when it asks for it; operator: an operator "
        "has to hand it over",
    )

    @property
    def grants(self) -> bool:
        """Whether the PLC need only ask for write access."""
        return self.write_access == "auto"


class ModbusClient(_Bus):
    """We read and write the registers of a PLC that is a Modbus TCP server."""

    driver: Literal["modbus-client"]
    host: str = Field(description="address of the PLC")
    port: int = Field(502, ge=1, le=65535, description="TCP port")
    unit: int = Field(1, ge=0, le=255, description="unit id")
    outputs_at: int = Field(0, ge=0, le=65535, description="first holding register of our outputs")
    inputs_at: int = Field(100, ge=0, le=65535, description="first holding register of our inputs")
    timeout_ms: float = Field(200.0, gt=0.0, description="of one request")


class ModbusServer(_Bus):
    """The PLC reads and writes our registers: we are the Modbus TCP server."""

    driver: Literal["modbus-server"]
    interface: str = Field(
        "127.0.0.1", description="address of the PC's own card to listen on; never all of them"
    )
    port: int = Field(502, ge=1, le=65535, description="TCP port")
    peers: tuple[str, ...] = Field(
        min_length=1, description="addresses that may connect, and no others"
    )
    outputs_at: int = Field(0, ge=0, le=65535, description="first input register of our outputs")
    inputs_at: int = Field(0, ge=0, le=65535, description="first holding register of our inputs")

    @field_validator("interface", "peers")
    @classmethod
    def _named(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for address in (value,) if isinstance(value, str) else value:
            if ip_address(address).is_unspecified:
                raise ValueError(f"{address} means any address; name one")
        return value


class S7Client(_Bus):
    """A Siemens S7 PLC: two data blocks without optimised access."""

    driver: Literal["s7"]
    host: str = Field(description="address of the PLC")
    port: int = Field(102, ge=1, le=65535, description="TCP port")
    rack: int = Field(0, ge=0, le=7, description="rack of the CPU")
    slot: int = Field(1, ge=0, le=31, description="1 for S7-1200 and S7-1500, 2 for S7-300")
    outputs_db: int = Field(description="number of the data block that we write", ge=1, le=65535)
    inputs_db: int = Field(description="number of the data block that we read", ge=1, le=65535)
    timeout_ms: float = Field(200.0, gt=0.0, description="of one request")
    outputs_at: int = Field(0, ge=0, description="first byte in it")
    inputs_at: int = Field(0, ge=0, description="first byte in it")


class OpcUaSecurity(Section):
    """Certificates and users of OPC UA. Passwords never stand here."""

    policy: Literal["Basic256Sha256", "none"] = Field(
        "Basic256Sha256", description="none: only for a trial on this PC"
    )
    folder: str = Field(
        "",
        description="where certificate, key, trusted/ and rejected/ lie that are not named below; "
        "empty = opcua in the data folder",
    )
    certificate: str = Field(
        "", description="our certificate, DER or PEM; empty = made on first use"
    )
    key: str = Field("", description="our private key, PEM; empty = made on first use")
    trusted: str = Field(
        "", description="folder of the peers' certificates that are trusted; empty = trusted/"
    )
    credentials: str = Field(
        "",
        description="server: file with lines user:role:password-hash; client: file with one line "
        "user:password, or keyring:SERVICE/USER",
    )


class OpcUaServer(_Bus):
    """We are an OPC UA server with a subset of the OPC 40100-1 machine vision nodes."""

    driver: Literal["opcua-server"]
    endpoint: str = Field("opc.tcp://127.0.0.1:4840", description="what it listens on")
    security: OpcUaSecurity = Field(
        default_factory=OpcUaSecurity, description="certificates and users"
    )
    anonymous: bool = Field(False, description="true: a trusted client may read without a user")
    alive_by: Literal["heartbeat", "session"] = Field(
        "heartbeat",
        description="session: a client that is connected counts as alive, though it writes no "
        "heartbeat; for clients that only call methods or only read",
    )
    configuration_id: str = Field(
        "", description="configurationId of results: whatever names this line's set-up"
    )


class OpcUaClient(_Bus):
    """We read and write variables of a PLC that is an OPC UA server."""

    driver: Literal["opcua-client"]
    endpoint: str = Field(description="opc.tcp:// address of the PLC")
    outputs_node: str = Field(description="node id of the folder or structure of our outputs")
    inputs_node: str = Field(description="node id of the folder or structure of our inputs")
    timeout_ms: float = Field(500.0, gt=0.0, description="of one exchange")
    security: OpcUaSecurity = Field(
        default_factory=OpcUaSecurity, description="certificates and users"
    )


class Mqtt(_Bus):
    """Results and status to an MQTT broker; commands from it only where it is the PLC."""

    driver: Literal["mqtt"]
    hold_scans: int = Field(1, ge=1, le=1000, description="results are messages: 1 loses none")
    host: str = Field(description="address of the broker")
    port: int = Field(8883, ge=1, le=65535, description="TCP port; 1883 without TLS")
    topic: str = Field(
        "inspector",
        pattern=r"^[^#+/]+(/[^#+/]+)*$",
        description="what every topic begins with, such as plant/line-3",
    )
    payload: Literal["json", "sparkplug-b"] = Field("json", description="form of the messages")
    client_id: str = Field("", description="our name at the broker; empty = the broker gives one")
    commands: bool = Field(
        False,
        description="true: whoever writes to TOPIC/command is the PLC, with acks and a heartbeat",
    )
    tls: bool = Field(True, description="false: only for a broker on this PC")
    ca: str = Field(
        "",
        description="certificate of the authority that signed the broker's, PEM; empty = those "
        "that this PC trusts",
    )
    certificate: str = Field("", description="our certificate, PEM; empty = none")
    key: str = Field("", description="its private key, PEM")
    credentials: str = Field(
        "",
        description="file with one line user:password, or keyring:SERVICE/USER; empty = none",
    )
    qos: Literal[0, 1] = Field(1, description="quality of service of results")
    keep: int = Field(
        1000, ge=1, le=100_000, description="results kept while the broker is away; not for qos 0"
    )
    keep_s: float = Field(
        30.0, ge=0.0, description="how long; then it counts as lost. 0 where commands are taken"
    )

    @field_validator("payload")
    @classmethod
    def _has_a_library(cls, payload: str) -> str:
        if payload == "sparkplug-b":
            raise ValueError("no maintained Sparkplug-B library fits (docs/plc/mqtt.md); use json")
        return payload

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        if not self.tls and self.host not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("tls: false is for a broker on this PC only")
        if self.certificate and not self.key:
            raise ValueError("certificate needs its key")
        return self


class Lamps(Section):
    """A signal tower on the relays of a board, by NAMUR NE 107."""

    red: int | None = Field(None, description="relay of Error and Failure")
    yellow: int | None = Field(None, description="relay of the warnings between, and of a bypass")
    green: int | None = Field(None, description="relay of ready and Good")


class SerialRelay(_Bus):
    """A relay or I/O board on a serial line: lamps, or a gate that is wired directly."""

    driver: Literal["serial"]
    hold_scans: int = Field(1, ge=1, le=1000, description="results are pulses: 1 loses none")
    port: str = Field(description="/dev/ttyUSB0, COM3")
    baud: int = Field(9600, ge=300, description="bits per second")
    on: str = Field(
        description="what switches a relay on: text with {n}, or hex:A0 {n:02X} 01 {sum}; {sum} "
        "is the sum of the bytes before it, modulo 256"
    )
    off: str = Field(description="what switches it off")
    ok_relay: int | None = Field(None, description="relay that is on while a part passes")
    ng_relay: int | None = Field(None, description="relay that is on while a part is rejected")
    alive_relay: int | None = Field(
        None, description="relay that toggles each heartbeat_ms while the inspection is alive"
    )
    lamps: Lamps = Field(default_factory=Lamps, description="relays of a signal tower")
    pulse_ms: float = Field(50.0, gt=0.0, description="how long a result is on")


class CameraOutput(_Bus):
    """User outputs of a camera of the line: a gate that is wired to it."""

    driver: Literal["camera-output"]
    camera: str = Field(description="name of the camera")
    ok_output: str = Field("", description="UserOutputSelector that is on while a part passes")
    ng_output: str = Field("", description="UserOutputSelector that is on while one is rejected")
    pulse_ms: float = Field(50.0, gt=0.0, description="how long a result is on")


BusConfig = (
    ModbusClient
    | ModbusServer
    | S7Client
    | OpcUaServer
    | OpcUaClient
    | Mqtt
    | SerialRelay
    | CameraOutput
)
PlcConfig = Annotated[SimPlc | BusConfig, Field(discriminator="driver")]
ObserverConfig = Annotated[BusConfig, Field(discriminator="driver")]
