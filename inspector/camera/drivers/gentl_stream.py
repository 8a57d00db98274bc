"""The stream of an open GenTL device: buffers announced, filled, described, queued again."""

from __future__ import annotations

import math
import time
from functools import partial
from typing import Any

import numpy as np

from inspector.camera.device import Delivered, FeatureValue
from inspector.camera.drivers.nodes import NodeFeatures
from inspector.camera.drivers.producers import ERRORS, PIXEL_FORMATS, genapi, gentl, told
from inspector.core.errors import CameraError, CameraLost

GIGE, USB3 = "GEV", "U3V"
"""GenTL's names of the transports that say how frames are numbered."""
_BITS_OF_PIXEL = 0x00FF0000
"""In a PFNC code: bits that a pixel occupies."""
_PICTURES = (
    gentl.PAYLOADTYPE_INFO_IDS.PAYLOAD_TYPE_UNKNOWN,
    gentl.PAYLOADTYPE_INFO_IDS.PAYLOAD_TYPE_IMAGE,
    gentl.PAYLOADTYPE_INFO_IDS.PAYLOAD_TYPE_CHUNK_DATA,
)
_UNCLEARED = False
"""The binding would fill each buffer with zeros before it is queued."""
_CONTROLS = ("ChunkModeActive", "ChunkEnable", "ChunkXMLEnable")
"""What is called chunk and is none; selectors neither."""


class Stream:
    """The data stream of an open device, and the buffers that are announced to it."""

    def __init__(self, device: Any, nodes: Any, features: NodeFeatures, name: str) -> None:
        self._name = name
        self._nodes = nodes
        self._transport = told(lambda: device.tl_type, "")
        self._ticks_per_s = told(lambda: device.timestamp_frequency)
        self._stream = device.create_data_stream()
        self._stream.open(device.data_stream_ids[0])
        event = self._stream.register_event(gentl.EVENT_TYPE_LIST.EVENT_NEW_BUFFER)
        self._filled = gentl.EventManagerNewBuffer(event)
        self._buffers: list[Any] = []
        self._memory: list[bytes] = []
        self._lent: set[Any] = set()
        self._first_id: int | None = None
        self._chunks = Chunks(nodes, features, self._transport)

    @property
    def underrun(self) -> int:
        """Frames for which no buffer was free, where the producer counts them."""
        return int(told(lambda: self._stream.num_underrun, 0))

    def start(self, buffers: int) -> None:
        """Announce, queue, lock the transport's parameters, start."""
        self._first_id = None
        try:
            size = self._payload_size()
            count = max(buffers, int(told(lambda: self._stream.buffer_announce_min, 1)))
            # the binding announces objects of type bytes alone; the producer fills them in place
            self._memory = [bytes(size) for _ in range(count)]
            for index, memory in enumerate(self._memory):
                token = gentl.BufferToken(memory, index)
                self._buffers.append(self._stream.announce_buffer(token))
            for buffer in self._buffers:
                self._stream.queue_buffer(buffer, _UNCLEARED)
            self._lock_parameters(1)
            flags = gentl.ACQ_START_FLAGS_LIST.ACQ_START_FLAGS_DEFAULT
            self._stream.start_acquisition(flags, -1)
            self._nodes.get_node("AcquisitionStart").execute()
        except ERRORS.GenericException as error:
            self.stop()
            raise CameraError(f"{self._name}: the acquisition does not start: {error}") from error

    def _payload_size(self) -> int:
        if told(self._stream.defines_payload_size, False):
            return int(self._stream.payload_size)
        return int(self._nodes.get_node("PayloadSize").value)

    def fetch(self, timeout_s: float) -> Delivered | None:
        """Wait in the producer, without the interpreter's lock."""
        try:
            self._filled.update_event_data(math.ceil(timeout_s * 1e3))
            arrived_ns = time.monotonic_ns()
            buffer = self._filled.buffer
            self._lent.add(buffer)
            return self._describe(buffer, arrived_ns)
        except (gentl.TimeoutException, gentl.NoDataException):
            return None
        except ERRORS.GenericException as error:
            raise CameraLost(f"{self._name}: its stream broke off: {error}") from error

    def _describe(self, buffer: Any, arrived_ns: int) -> Delivered:
        width = told(lambda: buffer.width) or self._node("Width")
        height = told(lambda: buffer.height) or self._node("Height")
        pixel_format, bits = self._pixel_format(buffer)
        stride = (width * bits + 7) // 8 + told(lambda: buffer.padding_x, 0)
        start = told(lambda: buffer.image_offset, 0)
        problem = _problem(buffer, start + stride * height)
        memory = np.frombuffer(buffer.raw_buffer, np.uint8)
        return Delivered(
            data=memory[start : start + stride * height],
            pixel_format=pixel_format,
            width=width,
            height=height,
            stride=stride,
            frame_id=self._number(buffer.frame_id),
            arrived_ns=arrived_ns,
            device_ns=self._device_ns(buffer),
            problem=problem,
            chunks={} if problem else self._chunks.read(buffer),
            handle=buffer,
        )

    def _node(self, name: str) -> Any:
        return self._nodes.get_node(name).value

    def _pixel_format(self, buffer: Any) -> tuple[str, int]:
        """Name, bits of a pixel."""
        code = told(lambda: buffer.pixel_format)
        if code not in PIXEL_FORMATS:
            code = self._nodes.get_node("PixelFormat").get_int_value()
        bits = (code & _BITS_OF_PIXEL) >> 16
        return PIXEL_FORMATS.get(code) or self._node("PixelFormat"), bits

    def _number(self, frame_id: int) -> int:
        if self._transport in (GIGE, USB3):
            return frame_id
        if self._first_id is None:
            self._first_id = frame_id
        return frame_id - self._first_id

    def _device_ns(self, buffer: Any) -> int | None:
        stamp = told(lambda: buffer.timestamp_ns)
        if stamp is not None:
            return int(stamp)
        ticks = told(lambda: buffer.timestamp) if self._ticks_per_s else None
        return None if ticks is None else ticks * 1_000_000_000 // self._ticks_per_s

    def give_back(self, buffer: Any) -> bool:
        """False when the stream takes no buffer any more."""
        if buffer not in self._lent:
            return True
        self._lent.discard(buffer)
        try:
            self._stream.queue_buffer(buffer, _UNCLEARED)
        except gentl.GenericException:
            return False
        return True

    def stop(self) -> None:
        """End whatever runs; each step is tried, for the device may be gone."""
        if not self._buffers:
            return
        self._lent.clear()
        self._chunks.let_go()
        told(lambda: self._nodes.get_node("AcquisitionStop").execute())
        told(lambda: self._lock_parameters(0))
        kill = gentl.ACQ_STOP_FLAGS_LIST.ACQ_STOP_FLAGS_KILL
        discard = gentl.ACQ_QUEUE_TYPE_LIST.ACQ_QUEUE_ALL_DISCARD
        told(lambda: self._stream.stop_acquisition(kill))
        told(lambda: self._stream.flush_buffer_queue(discard))
        told(self._filled.flush_event_queue)
        for buffer in self._buffers:
            told(partial(self._stream.revoke_buffer, buffer))
        self._buffers.clear()
        self._memory.clear()

    def close(self) -> None:
        """Stop and close; safe when the device is gone."""
        self.stop()
        told(self._filled.unregister_event)
        told(self._stream.close)

    def _lock_parameters(self, locked: int) -> None:
        """Before SFNC 2.0 there was nothing to lock."""
        if self._nodes.has_node("TLParamsLocked"):
            told(lambda: self._nodes.get_node("TLParamsLocked").set_value(locked))


def _problem(buffer: Any, needed: int) -> str:
    """What is wrong with a buffer; ``needed``: bytes of its picture."""
    kind = told(lambda: buffer.payload_type, 0)
    if kind not in _PICTURES:
        return f"payload of type {kind}, which is not a plain picture"
    if told(buffer.has_received_larger_payload, False):
        return "the frame is larger than its buffer"
    filled = told(lambda: buffer.size_filled, needed)
    if told(buffer.is_complete, filled >= needed):
        return ""
    return f"incomplete: {filled} of {needed} bytes"


class Chunks:
    """Reads the chunk data of a buffer through the device's node map."""

    def __init__(self, nodes: Any, features: NodeFeatures, transport: str) -> None:
        kinds = {GIGE: genapi.ChunkAdapterGEV, USB3: genapi.ChunkAdapterU3V}
        self._trailed = transport in kinds
        self._adapter = kinds.get(transport, genapi.ChunkAdapterGeneric)(nodes)
        self._map = nodes
        self._features = features
        self._nodes: dict[str, Any] | None = None

    def read(self, buffer: Any) -> dict[str, FeatureValue]:
        """Values by their SFNC names, as the chunk selectors stand; empty where there are none.

        The first buffer with chunks tells which there are; the others are not asked for again.
        """
        if not told(lambda: buffer.num_chunks, 0):
            return {}
        try:
            self._attach(buffer)
        except ERRORS.GenericException:
            return {}
        if self._nodes is None:
            self._nodes = self._readable()
        values = {name: _value(node) for name, node in self._nodes.items()}
        return {name: value for name, value in values.items() if value is not None}

    def _readable(self) -> dict[str, Any]:
        names = (name for name in self._features.names() if _is_chunk(name))
        nodes = ((name, self._map.get_node(name)) for name in names)
        return {name: node for name, node in nodes if _value(node) is not None}

    def _attach(self, buffer: Any) -> None:
        """GigE Vision and USB3 Vision list chunks behind the data; other producers must tell."""
        if self._trailed:
            size = told(lambda: buffer.size_filled, len(buffer.raw_buffer))
            self._adapter.attach_buffer(buffer.raw_buffer, size)
        else:
            self._adapter.attach_buffer(buffer.raw_buffer, buffer.chunk_data_info_list)

    def let_go(self) -> None:
        """Before the memory of the buffers goes."""
        told(self._adapter.detach_buffer)
        self._nodes = None


def _value(node: Any) -> Any:
    return told(lambda: node.value)


def _is_chunk(name: str) -> bool:
    return name.startswith("Chunk") and name not in _CONTROLS and not name.endswith("Selector")
