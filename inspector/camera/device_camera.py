"""A camera of the line over any driver's device: the port ``Camera``, once for all of them."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping

from inspector.camera.device import Delivered, Device, FeatureValue
from inspector.camera.formats import Unpacker, internal_format
from inspector.camera.keeper import Keeper
from inspector.camera.link_quality import LinkGauge
from inspector.camera.parameter_file import Parameters
from inspector.camera.settings import apply_settings, arm, light
from inspector.camera.triggering import OutOfStep, Triggering
from inspector.core.camera_config import DeviceCameraConfig
from inspector.core.errors import CameraError, CameraLost, CameraTimeout, FrameCorrupt
from inspector.core.frame import CameraHealth, FrameFormat, FrameInfo, Pixels, Trigger
from inspector.core.ports import Clock

_READ_S = 1.0
"""Between two looks at temperature and link."""
_DRAINED_S = 0.05
_TEMPERATURE = "DeviceTemperature"


class DeviceCamera:
    """Implements ``Camera`` (`inspector.core.ports`).

    A device that is gone is looked for on a thread of its own; meanwhile ``grab`` raises
    ``CameraLost`` after its time-out, and each trigger that is seen is lost with that cause. When
    the same device is back it is set and checked as at ``open``: then frames follow again.

    A frame is copied, or unpacked, once: from the SDK's buffer into the caller's pixels.
    """

    def __init__(
        self,
        config: DeviceCameraConfig,
        device: Device,
        triggers: Triggering,
        settings: Mapping[str, FeatureValue],
        clock: Clock,
        *,
        parameters: Parameters | None = None,
    ) -> None:
        self._config = config
        self._device = device
        self._triggers = triggers
        self._settings = settings
        self._clock = clock
        self._parameters = parameters
        self._keeper = Keeper(
            config.name, watch=self._watch, recover=self._recover, longest_s=config.retry_s
        )
        self._using = threading.Lock()
        """Held while the acquisition is used: nobody closes the device under it."""
        self._losses: deque[tuple[int, str]] = deque()
        self._held: tuple[Delivered, Trigger] | None = None
        self._format: FrameFormat | None = None
        self._unpacker: Unpacker | None = None
        self._open = self._running = False
        self._stopped_ns: int | None = None
        self._exposure_us: float | None = None
        self._gain_db: float | None = None
        self._has_temperature = False
        self._serial = ""
        self._frames = self._lost = 0
        self._gauge = LinkGauge()
        self._read_at_s = 0.0

    # -- the port -------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The serial number, where it has one."""
        return self._config.name

    @property
    def format(self) -> FrameFormat:
        """Shape of the frames as they are delivered: unpacked, and in colour where it is Bayer."""
        if self._format is None:
            raise CameraError(f"{self.name}: not open", remedy="Call open() first")
        return self._format

    @property
    def device(self) -> Device:
        """What is under it, for tools. Its acquisition is not theirs."""
        return self._device

    def open(self) -> None:
        """Connect, set, check. Raises ``CameraError`` or ``ConfigError``, and is closed then."""
        self._connect()
        self._open = True
        self._keeper.start()

    def start(self) -> None:
        """Arm: what came before is gone."""
        self._stopped_ns = None
        with self._using:
            self._device.stop()
            self._begin()
        self._running = True
        self._triggers.start()

    def grab(self, pixels: Pixels, timeout_s: float) -> FrameInfo:
        """Copy the frame of the next trigger; see the port."""
        if self._stopped_ns is not None:
            timeout_s = min(timeout_s, self._drained_s)
        until_ns = self._clock.monotonic_ns() + int(timeout_s * 1e9)
        while True:
            self._tell_losses()
            self._wait_for_device(until_ns)
            with self._using:
                if self._keeper.lost:
                    continue
                try:
                    taken = self._take(until_ns, pixels)
                except CameraLost as lost:
                    self._keeper.report(lost)
                    continue
                except OutOfStep as error:
                    self._step_in(str(error))
                    continue
            if taken is not None:
                return taken
            if not self._losses and self._held is None:
                self._refuse_late(until_ns)

    def _refuse_late(self, until_ns: int) -> None:
        if self._clock.monotonic_ns() >= until_ns:
            self._rest()
            raise CameraTimeout(f"{self.name}: no frame of a part")

    @property
    def _drained_s(self) -> float:
        """How long after the stop a frame may still be under way."""
        return _DRAINED_S + (self._exposure_us or 0.0) / 1e6 + self._config.transfer_ms / 1e3

    def _rest(self) -> None:
        """Once stopped and drained, nothing is acquired until the next start."""
        if self._stopped_ns is not None and self._running:
            self._running = False
            self._device.stop()

    def stop(self) -> None:
        """Take no more triggers; frames of those that came are still delivered."""
        self._stopped_ns = self._clock.monotonic_ns()
        self._triggers.stop()

    def close(self) -> None:
        """Let go of the device."""
        self._keeper.stop()
        self._give_back_held()
        self._device.close()
        self._open = self._running = False

    def health(self) -> CameraHealth:
        """Counts since it was made, and its link as it was within the last second."""
        lost = self._keeper.lost
        return CameraHealth(
            connected=self._open and not lost,
            triggers=self._triggers.count,
            frames=self._frames,
            lost=self._lost,
            detail=lost,
            link=self._gauge.quality(self._keeper.losses),
        )

    # -- one frame, on the capture thread -------------------------------------------------------

    def _tell_losses(self) -> None:
        missed = self._triggers.missed()
        if missed is not None:
            cause = self._keeper.lost or "it was not ready for its trigger"
            self._losses.append((missed, cause))
        if self._losses:
            count, reason = self._losses.popleft()
            self._lost += 1
            raise FrameCorrupt(f"{self.name}: {reason}", trigger_count=count)

    def _wait_for_device(self, until_ns: int) -> None:
        if not self._keeper.lost:
            return
        left_s = (until_ns - self._clock.monotonic_ns()) / 1e9
        if not self._keeper.wait_until_back(max(left_s, 0.0)):
            raise CameraLost(f"{self.name}: {self._keeper.lost}")

    def _take(self, until_ns: int, pixels: Pixels) -> FrameInfo | None:
        """The frame that is held or comes next; None when something else is to be told first."""
        if self._held is None:
            self._next(until_ns)
        if self._held is None or self._losses:
            return None
        delivered, trigger = self._held
        self._held = None
        try:
            return self._deliver(delivered, trigger, pixels)
        finally:
            self._device.give_back(delivered)

    def _next(self, until_ns: int) -> None:
        """Fetch and match one frame; what it proves lost is noted, and a part's frame held."""
        left_s = max((until_ns - self._clock.monotonic_ns()) / 1e9, 0.0)
        delivered = self._device.fetch(left_s) if self._running else None
        if delivered is None:
            self._triggers.check(self._clock.monotonic_ns())
            self._rest()
            raise CameraTimeout(f"{self.name}: no frame")
        try:
            matched = self._triggers.match(delivered, self._exposure_of(delivered))
            self._losses.extend((count, matched.reason) for count in matched.lost)
            if matched.trigger is not None:
                self._held = (delivered, matched.trigger)
        finally:
            if self._held is None:
                self._device.give_back(delivered)

    def _deliver(self, delivered: Delivered, trigger: Trigger, pixels: Pixels) -> FrameInfo:
        assert self._unpacker is not None
        if delivered.problem:
            self._lost += 1
            self._gauge.failed()
            raise FrameCorrupt(f"{self.name}: {delivered.problem}", trigger_count=trigger.count)
        self._unpacker.unpack(delivered, pixels)
        self._frames += 1
        exposure_us = self._exposure_of(delivered)
        copied_ns = self._clock.monotonic_ns()
        self._gauge.frame(copied_ns, copied_ns - trigger.at_ns - int(exposure_us * 1e3))
        gain = delivered.chunks.get("ChunkGain", self._gain_db)
        return FrameInfo(
            camera=self.name,
            frame_id=delivered.frame_id,
            trigger_count=trigger.count,
            encoder_count=trigger.encoder_count,
            triggered_ns=trigger.at_ns,
            arrived_ns=max(delivered.arrived_ns, trigger.at_ns),  # some SDKs stamp the start
            device_ns=delivered.device_ns,
            serial=trigger.serial,
            source=delivered.source,
            exposure_us=exposure_us or None,
            gain_db=None if gain is None else float(gain),
            temperature_c=self._gauge.temperature_c,
            pixel_format=self.format.pixel_format,
        )

    def _exposure_of(self, delivered: Delivered) -> float:
        return float(delivered.chunks.get("ChunkExposureTime", self._exposure_us or 0.0))

    def _step_in(self, reason: str) -> None:
        """Begin anew after frames and triggers could not be told apart. The device is used."""
        self._give_back_held()
        self._device.stop()
        lost = self._begin()
        self._losses.extend((count, f"{reason}: the camera was armed anew") for count in lost)

    def _give_back_held(self) -> None:
        if self._held is not None:
            delivered, trigger = self._held
            self._held = None
            self._losses.append((trigger.count, "the camera was armed anew"))
            self._device.give_back(delivered)

    def _begin(self) -> tuple[int, ...]:
        self._device.start(self._config.buffers)
        return self._triggers.restart(self._device.frame_ids)

    # -- the device itself; on whoever opens it, then on the keeper's thread --------------------

    def _connect(self) -> None:
        try:
            self._device.open()
            self._set()
        except BaseException:
            self._device.close()
            raise

    def _set(self) -> None:
        """Write settings, trigger and light, and note what follows from them."""
        serial = self._device.identity.serial
        if self._serial and serial != self._serial:
            raise CameraError(
                f"{self.name}: another camera is in its place, serial number {serial}",
                remedy=f"Connect {self._serial}, or name the new one in the line's file",
            )
        self._serial = serial
        features = self._device.features
        if self._parameters is not None:
            self._parameters.put_back(features)
        apply_settings(features, self._settings, self.name, "camera.settings")
        arm(features, self._config.trigger, self.name)
        if self._config.strobe is not None:
            light(features, self._config.strobe, self.name)
        if self._parameters is not None:
            self._parameters.keep(features, self._device.identity)
        has = set(features.names())
        self._exposure_us = self._read(has, "ExposureTime", "ExposureTimeAbs")
        self._gain_db = self._read(has, "Gain")
        self._has_temperature = _TEMPERATURE in has
        made = FrameFormat(
            int(features.get("Width")),
            int(features.get("Height")),
            internal_format(str(features.get("PixelFormat"))),
        )
        if self._format is not None and made != self._format and self._running:
            raise CameraError(f"{self.name}: it came back with frames of {made}")
        self._format = made
        self._unpacker = Unpacker(made)

    def _read(self, has: set[str], *names: str) -> float | None:
        """The first of these that it has; older cameras have other names."""
        name = next((name for name in names if name in has), None)
        return None if name is None else float(self._device.features.get(name))

    def _watch(self) -> None:
        if not self._device.alive():
            raise CameraLost("the device is gone: unplugged, without power, or its network is cut")
        now_s = time.monotonic()
        if now_s - self._read_at_s >= _READ_S:
            self._read_at_s = now_s
            features = self._device.features
            temperature = float(features.get(_TEMPERATURE)) if self._has_temperature else None
            self._gauge.read(self._device.statistics(), temperature)

    def _recover(self) -> None:
        with self._using:
            self._give_back_held()
            self._device.close()
            self._connect()
            if self._running:
                lost = self._begin()
                self._losses.extend((count, "the camera was lost") for count in lost)
