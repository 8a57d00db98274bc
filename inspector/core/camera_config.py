"""The cameras of a line (``cameras:`` in ``line.yaml``) and their settings in a recipe."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from inspector.core.section import Section

SettingValue = bool | int | float | str


class _ShownCamera(Section):
    """What cameras without a device have."""

    trigger: Literal["belt", "plc"] = Field(
        "belt",
        description="belt: the simulated belt (belt:) shows the next picture; plc: the PLC's bit "
        "trigger does. The simulated PLC has the belt's. A recording keeps its own triggers",
    )
    buffers: int = Field(16, ge=2, le=256, description="frames that are kept for a late line")


class ReplayCamera(_ShownCamera):
    """Pictures from disk, delivered as if a belt had triggered a camera."""

    driver: Literal["replay"]
    name: str = Field("replay-0", min_length=1, description="name in counters and records")
    source: str = Field(
        description="folder, video file, recording of a camera (inspector camera record; its own "
        "timing and triggers rule), evidence or evidence:2026-11-01..2026-11-15: the kept pictures "
        "of this product's parts, or demo: the test cells of a solar product, the stored teaching "
        "images of any other"
    )
    loop: bool = Field(True, description="start again at the end; false stops the line there")


class SimCamera(_ShownCamera):
    """A rendered line with parts, defects and ground truth."""

    driver: Literal["sim"]
    name: str = Field("sim-0", min_length=1, description="name in counters and records")
    scene: Literal["washer"] = Field("washer", description="which part is rendered")
    width: int = Field(320, ge=64, le=4096, description="px")
    height: int = Field(320, ge=64, le=4096, description="px")
    defect_rate: float = Field(0.1, ge=0.0, le=1.0, description="share of parts with a defect")
    seed: int = Field(0, ge=0, description="seed of the rendered parts")


class TriggerConfig(Section):
    """What starts an exposure, and how triggers are counted."""

    mode: Literal["hardware", "encoder", "software", "timer", "presence"] = Field(
        "hardware",
        description="hardware: an input line; encoder: an input divided; software: this station, "
        "at the belt's sensor; timer: every frame of the camera's own rate is a part; presence: a "
        "part is found in the stream and counts once",
    )
    source: str = Field(
        "Line1", description="TriggerSource of hardware and encoder (SFNC), such as Line1, Encoder0"
    )
    activation: Literal["RisingEdge", "FallingEdge", "AnyEdge", "LevelHigh", "LevelLow"] = Field(
        "RisingEdge", description="TriggerActivation (SFNC)"
    )
    delay_us: float = Field(0.0, ge=0.0, description="TriggerDelay (SFNC), µs")
    divider: int = Field(1, ge=1, description="encoder: TriggerDivider (SFNC), pulses for one")
    counter: str = Field(
        "",
        description="chunk that counts triggers, such as ChunkCounterValue: tells of triggers that "
        "came too fast for the camera; empty = frame ids count",
    )
    encoder_chunk: str = Field(
        "", description="chunk with the encoder count at the trigger, such as ChunkEncoderValue"
    )


class StrobeConfig(Section):
    """An output line of the camera that drives the light."""

    line: str = Field(description="LineSelector (SFNC), such as Line2")
    source: str = Field("ExposureActive", description="LineSource (SFNC)")
    inverted: bool = Field(False, description="LineInverter (SFNC)")


class PresenceConfig(Section):
    """How a part is found in the stream of a free-running camera."""

    strip: tuple[float, float] = Field(
        (0.35, 0.65), description="part of the field, along the belt, in which a part triggers"
    )
    along: Literal["x", "y"] = Field("x", description="axis of the image along which parts move")
    contrast: float = Field(
        0.1, gt=0.0, lt=1.0, description="difference from the empty belt, share of full scale"
    )
    least_share: float = Field(
        0.05, gt=0.0, le=1.0, description="share of the field that a part covers at least"
    )


class _DeviceCamera(Section):
    """What all cameras behind an SDK have."""

    name: str = Field(
        min_length=1,
        description="name in counters and records; the serial number, where it has one: its "
        "calibration is kept under it, and another camera in its place is refused",
    )
    trigger: TriggerConfig = Field(default_factory=TriggerConfig)
    presence: PresenceConfig = Field(default_factory=PresenceConfig)
    strobe: StrobeConfig | None = Field(None, description="null = no output line is set")
    buffers: int = Field(16, ge=2, le=256, description="frames that the SDK keeps for a late line")
    transfer_ms: float = Field(
        0.0,
        ge=0.0,
        description="readout and transfer of a frame, ms: what lies between the end of its "
        "exposure and its arrival; dates triggers that only the camera sees",
    )
    retry_s: float = Field(
        30.0, gt=0.0, le=600.0, description="longest pause between two searches for a lost camera"
    )


class PylonCamera(_DeviceCamera):
    """A Basler camera by the pylon SDK."""

    driver: Literal["pylon"]
    transport: str = Field(
        "",
        description="BaslerGigE, BaslerUsb, BaslerCamEmu, ...; empty = search all, which sends "
        "broadcasts on every network of the PC",
    )


class GenicamCamera(_DeviceCamera):
    """Any camera by its maker's GenTL producer (harvesters)."""

    driver: Literal["genicam"]
    producer: str = Field(description="GenTL producer, path of a .cti file")


class AravisCamera(_DeviceCamera):
    """A GigE Vision or USB3 Vision camera by Aravis (Linux)."""

    driver: Literal["aravis"]
    device: str = Field(
        "", description="IP address or Aravis' id; empty = search for the serial number"
    )
    packet_size: int = Field(
        0, ge=0, le=16384, description="GigE packet size, bytes; 0 = the largest that gets through"
    )


class OpenCvCamera(_DeviceCamera):
    """A USB (UVC) camera, a network stream (RTSP) or a video file by OpenCV."""

    driver: Literal["opencv"]
    source: str = Field(description="number of a USB camera, rtsp:// address, or video file")
    loop: bool = Field(True, description="start a video file again at its end")
    frame_rate: float = Field(
        0.0, ge=0.0, description="of a video file, 1/s; 0 = as the file says. Cameras keep theirs"
    )


class PluginCamera(_DeviceCamera):
    """A camera of a driver that another package brings (entry point ``inspector.cameras``)."""

    driver: Literal["plugin"]
    plugin: str = Field(min_length=1, description="name of the entry point")
    options: dict[str, SettingValue] = Field(
        default_factory=dict, description="as the driver's own documents say"
    )


DeviceCameraConfig = PylonCamera | GenicamCamera | AravisCamera | OpenCvCamera | PluginCamera
CameraConfig = Annotated[
    ReplayCamera | SimCamera | DeviceCameraConfig,
    Field(discriminator="driver"),
]


class CameraSpec(Section):
    """Camera settings of a product, under their SFNC names and in SFNC units."""

    settings: dict[str, SettingValue] = Field(
        default_factory=dict,
        description="written in this order when the product is loaded, and read back: such as "
        "PixelFormat, Width, Height, OffsetX, OffsetY, ExposureTime (µs), Gain, BlackLevel",
    )
    views: dict[str, dict[str, SettingValue]] = Field(
        default_factory=dict, description="settings of one camera, by its name, after the others"
    )

    def of(self, camera: str) -> dict[str, SettingValue]:
        """The settings of one camera."""
        return {**self.settings, **self.views.get(camera, {})}
