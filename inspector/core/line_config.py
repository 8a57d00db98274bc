"""The line's configuration: cameras, trigger, PLC, deadline, folders. ``configs/line.yaml``."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Annotated, Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import Field, model_validator

from inspector.core.camera_config import CameraConfig
from inspector.core.gate_config import GateConfig
from inspector.core.plc_config import ObserverConfig, PlcConfig, SimPlc
from inspector.core.recipe import ProductName
from inspector.core.section import Section

Precision = Literal["f32", "bf16", "f16", "int8"]
"""What a network computes in."""


class BeltConfig(Section):
    """The simulated belt that triggers replay and sim cameras and carries parts to the gate."""

    parts_per_s: float = Field(10.0, gt=0.0, le=10_000.0, description="trigger rate")
    counts_per_part: int = Field(1000, gt=0, description="encoder counts between two parts")


class RuntimeConfig(Section):
    """How engines run on this PC."""

    name: Literal["auto", "openvino", "onnxruntime", "tensorrt", "rtx"] = Field(
        "openvino", description="inference runtime; auto = the fastest of a trial on this PC"
    )
    precision: Precision = Field("f32", description="all but f32 need: inspector compile")
    threads: int = Field(0, ge=0, description="inference threads; 0 = all physical cores")

    @property
    def label(self) -> str:
        """Name of runtime and precision in files that belong to both."""
        return self.name if self.precision == "f32" else f"{self.name}-{self.precision}"


class CaptureConfig(Section):
    """The ring of slots between camera and engine."""

    slots: int = Field(8, ge=2, le=256, description="parts that can wait for their verdict")
    timeout_ms: float = Field(200.0, gt=0.0, description="how long one grab waits for a frame")
    join_ms: float = Field(
        20.0, gt=0.0, description="triggers of one part's views lie at most so far apart"
    )


class LedgerConfig(Section):
    """What is recorded, and how much may wait for the disk."""

    enabled: bool = Field(True, description="false only for benchmarks: nothing is recorded")
    queue_records: int = Field(20_000, ge=16, description="records that may wait for the disk")
    queue_evidence: int = Field(64, ge=1, description="pictures that may wait for the disk")
    block_size: int = Field(4096, ge=16, description="part ids reserved at a time")
    segment_records: int = Field(1000, ge=16, description="records under one signature, about")
    segment_min: float = Field(
        5.0, gt=0.0, description="minutes until records are signed, at the latest"
    )
    anchor_path: str | None = Field(
        None,
        description="folder on another disk or share to which signed heads are appended as well; "
        "it must be there",
    )
    check_share: float = Field(
        0.05, ge=0.0, le=0.5, description="share of one core that verifies the ledger; 0 = none"
    )
    check_hours: float = Field(
        24.0, gt=0.0, description="hours from one beginning of the whole to the next"
    )
    database: str = Field(
        "",
        description="empty: SQLite in the data folder; postgresql://USER@HOST/NAME: the plant's, "
        "shared by many stations",
    )
    password_file: str = Field(
        "", description="file that holds the database's password alone; empty: libpq's ~/.pgpass"
    )

    @model_validator(mode="after")
    def _no_password_in_the_url(self) -> LedgerConfig:
        if not self.database:
            return self
        parts = urlsplit(self.database)
        if parts.scheme != "postgresql" or not parts.hostname:
            raise ValueError("database: postgresql://USER@HOST/NAME is expected")
        if parts.password is not None or "password" in parse_qs(parts.query):
            raise ValueError("database: no password here: use password_file, or ~/.pgpass")
        return self


class Retention(Section):
    """How long, and how much, of one class of pictures is kept. Held ones stay in any case."""

    days: float | None = Field(None, gt=0.0, description="older ones are deleted; null = never")
    gib: float | None = Field(
        None, gt=0.0, description="the oldest beyond so much are deleted; null = however much"
    )


class EvidenceConfig(Section):
    """What becomes of kept pictures, and what a full disk does. Records are never deleted."""

    reject: Retention = Field(default_factory=Retention, description="pictures of rejects")
    borderline: Retention = Field(
        default_factory=Retention, description="of passes that nearly were none"
    )
    context: Retention = Field(default_factory=Retention, description="of parts before an alarm")
    passes: Retention = Field(default_factory=Retention, description="of the passes that are drawn")
    look_min: float = Field(10.0, gt=0.0, description="minutes between two looks for what may go")
    maintenance_at: float = Field(
        0.8, gt=0.0, le=1.0, description="share of the disk that is full: a person is told"
    )
    shed_at: float = Field(0.95, gt=0.0, le=1.0, description="share: passes are not kept any more")
    stop_at: float = Field(
        0.98, gt=0.0, le=1.0, description="share: stop, where the recipe says evidence.required"
    )

    @model_validator(mode="after")
    def _one_after_the_other(self) -> EvidenceConfig:
        if not self.maintenance_at <= self.shed_at <= self.stop_at:
            raise ValueError("maintenance_at, shed_at and stop_at must follow each other")
        return self


class RemoteConfig(Section):
    """Panels on other PCs. Each needs a key of its own as well: ``inspector remote``."""

    address: str = Field(
        "", description="own IP address that they connect to; empty: no panel on another PC"
    )
    port: int = Field(
        5740, ge=1024, le=65532, description="first of four TCP ports: two for station and office"
    )
    allow: tuple[str, ...] = Field(
        (), description="addresses and networks they may come from, as 192.168.10.0/28"
    )

    @model_validator(mode="after")
    def _says_from_where(self) -> RemoteConfig:
        if self.address:
            ip_address(self.address)
            if not self.allow:
                raise ValueError("allow: name the addresses that panels may come from")
        for one in self.allow:
            ip_network(one)
        return self

    def allows(self, address: str) -> bool:
        """True for an IP address that panels may come from."""
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in ip_network(one) for one in self.allow)


class LinkConfig(Section):
    """Where panels reach the station, and which of several panels acts."""

    enabled: bool = Field(True, description="false: no panel can connect")
    endpoint: str = Field(
        "auto", description="auto, ipc:///path or tcp://127.0.0.1:PORT; always authenticated"
    )
    panel_role: Literal["none", "operator"] = Field(
        "operator", description="what the station's own panel may do before anyone logs in"
    )
    answer_s: float = Field(
        20.0,
        ge=1.0,
        description="a panel that is asked for control, and not touched for so long, loses it",
    )
    silent_s: float = Field(
        15.0, ge=1.0, description="a panel that is not heard for so long loses control"
    )
    remote: RemoteConfig = Field(default_factory=RemoteConfig, description="panels on other PCs")


class PanelConfig(Section):
    """The touchscreen on this PC."""

    theme: Literal["dark", "light"] = Field("dark", description="how light it is")
    dpi: float | None = Field(
        None, ge=40.0, le=600.0, description="pixels per inch; null = what the screen says"
    )


Signers = Literal[0, 1, 2]
"""How many sign: nobody, the one who asks, or a second person as well (four eyes)."""


class SignaturesConfig(Section):
    """What is signed with user name and password anew, and by how many: 0, 1 or 2 people."""

    release: Signers = Field(0, description="releasing a product, and withdrawing that")
    threshold: Signers = Field(
        0, description="another threshold, also by a draft; another exposure or gain of a camera"
    )
    override: Signers = Field(
        1, description="production without a valid check of limit samples, for a shift at most"
    )
    masters: Signers = Field(0, description="adding and removing limit samples")
    evidence: Signers = Field(1, description="ending a hold, after which pictures may be deleted")
    bypass: Signers = Field(0, description="letting all parts pass")
    test: Signers = Field(1, description="a manual test, in which outputs to the PLC are forced")


class AccessConfig(Section):
    """Sessions and signatures of the people at the station."""

    idle_min: float = Field(
        10.0, gt=0.0, description="minutes without a command until a session needs its PIN"
    )
    session_hours: float = Field(
        12.0, gt=0.0, le=24.0, description="hours after which the password is needed in any case"
    )
    signatures: SignaturesConfig = Field(default_factory=SignaturesConfig)


class DriftConfig(Section):
    """What tells that scores or pictures have changed since calibration. It changes nothing."""

    enabled: bool = Field(True, description="false: nobody is told")
    false_alarm_parts: float = Field(
        1e6, ge=1e3, description="good parts between two false alarms, on average at least"
    )
    defect_share: float = Field(
        0.05, ge=0.0, le=0.9, description="share of defective parts that is no drift"
    )
    learn_parts: int = Field(
        200,
        ge=20,
        le=999,
        description="parts whose looks the later ones are compared with, where those of the "
        "calibration images are not known",
    )
    learn_min: float = Field(
        10.0, ge=0.0, description="minutes over which those are taken, once after a calibration"
    )
    brightness: float = Field(
        0.05, ge=0.0, description="share by which the brightness may move unremarked"
    )
    sharpness: float = Field(
        0.2, ge=0.0, description="share by which the sharpness may move unremarked"
    )
    temperature_c: float = Field(
        10.0, ge=0.0, description="°C by which the camera's temperature may move unremarked"
    )
    position: float = Field(
        0.1,
        ge=0.0,
        description="where a recipe aligns: share of its align_range_px and align_range_deg by "
        "which parts may lie elsewhere unremarked",
    )


class ForecastConfig(Section):
    """What tells that series do not go on as forecast (`inspector forecast`). Changes nothing."""

    enabled: bool = Field(False, description="true: parts are followed, and kept to teach from")
    false_alarm_parts: float = Field(
        1e6, ge=1e3, description="good parts between two false alarms, on average at least"
    )
    defect_share: float = Field(
        0.05, ge=0.0, le=0.9, description="share of strange parts that is no alarm"
    )
    keep_parts: int = Field(
        10_000, ge=500, le=200_000, description="last parts that are kept to teach a forecast from"
    )


class MetricsConfig(Section):
    """Figures of the station for Prometheus, at ``http://ADDRESS:PORT/metrics``."""

    enabled: bool = Field(False, description="needs the extra plant")
    address: str = Field(
        "127.0.0.1", description="who may ask: 127.0.0.1 this PC alone, 0.0.0.0 any; no log-in"
    )
    port: int = Field(9108, ge=1, le=65535, description="TCP port")


class SyslogConfig(Section):
    """Where the audit trail is forwarded to (RFC 5424), beside being recorded."""

    address: str = Field("", description="HOST or HOST:PORT; empty: nowhere")
    protocol: Literal["udp", "tcp"] = Field("udp", description="tcp: framed after RFC 6587")


class LimitsConfig(Section):
    """How long a passed check of limit samples (known good and bad masters) is valid."""

    valid_hours: float = Field(8.0, gt=0.0, description="hours: a shift")
    valid_parts: int = Field(0, ge=0, description="parts; 0 = however many")


TimeOfDay = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class LineConfig(Section):
    """One station: its devices, its deadlines, its folders."""

    schema_version: Literal[1] = Field(1, description="version of this file's form")
    station: str = Field("station-1", pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$")
    data_folder: str = Field(
        "~/.local/share/inspector", description="bundles, ledger, evidence, users; ~ is expanded"
    )
    product: ProductName = Field(description="recipe that is loaded at start")
    production: bool = Field(
        False,
        description="true: only what was released and checked runs; false: demo or trial, marked "
        "so in every record",
    )
    cameras: tuple[CameraConfig, ...] = Field(min_length=1, max_length=16)
    belt: BeltConfig = Field(default_factory=BeltConfig)
    gate: GateConfig = Field(default_factory=GateConfig)
    plc: PlcConfig = Field(default_factory=SimPlc, description="who decides on the gate")
    observers: tuple[ObserverConfig, ...] = Field(
        (), max_length=8, description="who is told as well; what they do delays and fails nothing"
    )
    runtime: RuntimeConfig = Field(default_factory=RuntimeConfig)
    capture: CaptureConfig = Field(default_factory=CaptureConfig)
    ledger: LedgerConfig = Field(default_factory=LedgerConfig)
    evidence: EvidenceConfig = Field(default_factory=EvidenceConfig)
    link: LinkConfig = Field(default_factory=LinkConfig)
    panel: PanelConfig = Field(default_factory=PanelConfig)
    access: AccessConfig = Field(default_factory=AccessConfig)
    drift: DriftConfig = Field(default_factory=DriftConfig)
    forecast: ForecastConfig = Field(default_factory=ForecastConfig)
    limits: LimitsConfig = Field(default_factory=LimitsConfig)
    shifts: dict[str, TimeOfDay] = Field(
        default_factory=dict,
        description="name of each shift and when it begins, HH:MM of this PC's clock",
    )
    metrics: MetricsConfig = Field(default_factory=MetricsConfig)
    syslog: SyslogConfig = Field(default_factory=SyslogConfig)

    @property
    def simulated(self) -> bool:
        """True when every camera shows pictures and none looks at parts."""
        return all(camera.driver in ("replay", "sim") for camera in self.cameras)
