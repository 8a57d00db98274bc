"""One acquisition of an Aravis camera: its stream, its buffers, its frames.

Aravis fills memory that belongs to NumPy: a frame is a view of it, and Aravis' ``get_data``, which
copies, is not used.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspector.camera.device import Delivered, FeatureKind, FeatureValue, FrameIds, LinkStatistics
from inspector.camera.drivers.aravis_features import kind_of
from inspector.camera.drivers.aravis_link import load

_CHUNK_CALLS = {
    FeatureKind.INTEGER: "get_integer_value",
    FeatureKind.FLOAT: "get_float_value",
    FeatureKind.BOOLEAN: "get_boolean_value",
    FeatureKind.ENUMERATION: "get_string_value",
    FeatureKind.STRING: "get_string_value",
}
_HEADERS = 36
"""Bytes of a GigE packet that are no image: IP, UDP, GVSP. Two packets of a frame hold none."""
_LOST = 2**64 - 1
"""Frame id of a buffer whose first packet, which brings it, did not arrive."""


class FrameCount:
    """Ids of the frames of a device, which begin at ``FrameIds.first`` with each acquisition.

    GigE Vision has it so, but some devices count on. One that began far from the first is known for
    it from then on: its first frame that arrives is taken for the first that was sent.
    """

    _FEW = 16
    """More frames than these are hardly lost at the very start."""

    def __init__(self, ids: FrameIds) -> None:
        self.ids = ids
        self._span = ids.last - ids.after_wrap + 1
        self._counts_on = False
        self._skipped: int | None = None
        self._next = ids.first

    def begin(self) -> None:
        """An acquisition starts."""
        self._skipped, self._next = None, self.ids.first

    def id_of(self, frame_id: int) -> int:
        """The id from the first, for the device's own; the next one where that got lost."""
        if frame_id == _LOST:
            found = self._next
        else:
            if self._skipped is None:
                ahead = frame_id - self._next
                self._counts_on = self._counts_on or ahead > self._FEW
                self._skipped = ahead if self._counts_on else 0
            found = self._wrapped(frame_id - self._skipped)
        self._next = self._wrapped(found + 1)
        return found

    def _wrapped(self, number: int) -> int:
        return (number - self.ids.after_wrap) % self._span + self.ids.after_wrap


class Acquisition:
    """One stream with its buffers. It ends when nothing refers to it any more.

    On GigE a new stream makes frame ids begin anew.
    """

    def __init__(self, camera: Any, buffers: int, count: FrameCount) -> None:
        self._sdk = load()
        self._owner = object()
        self._count = count
        count.begin()
        self._began_ns = time.monotonic_ns()
        self._pixel_format = camera.get_pixel_format_as_string()
        self._chunks = _active_chunks(camera)
        self._parser = camera.create_chunk_parser() if self._chunks else None
        self._stream = camera.create_stream(None, None)
        size = camera.get_payload()
        self._packets = 1
        if camera.is_gv_device():
            self._packets = -(-size // (camera.gv_get_packet_size() - _HEADERS)) + 2
            self._stream.set_property("packet-resend", self._sdk.GvStreamPacketResend.ALWAYS)
            self._stream.set_property("socket-buffer", self._sdk.GvStreamSocketBuffer.AUTO)
        for _ in range(buffers):
            self._stream.push_buffer(_buffer(size, self._owner))

    def fetch(self, timeout_s: float) -> Delivered | None:
        """The oldest buffer; None at the time-out."""
        buffer = self._stream.timeout_pop_buffer(max(0, round(timeout_s * 1e6)))
        return None if buffer is None else self._delivered(buffer)

    def give_back(self, buffer: Any) -> None:
        """Queue a buffer; one of another acquisition is dropped."""
        if buffer.owner is self._owner:
            _blank(buffer)
            self._stream.push_buffer(buffer)

    def statistics(self) -> LinkStatistics:
        """What the stream counted; USB3 Vision has no packets.

        On GigE Aravis counts the packets, not the frames, that found no buffer; of an incomplete
        frame it counts as missing all packets from the first that is missing on.
        """
        stream = self._stream
        known = {stream.get_info_name(i) for i in range(stream.get_n_infos())}
        resent, underrun, missing = (
            stream.get_info_uint64_by_name(name) if name in known else 0
            for name in ("n_resent_packets", "n_underruns", "n_missing_packets")
        )
        return LinkStatistics(resent, -(-underrun // self._packets), missing)

    def _delivered(self, buffer: Any) -> Delivered:
        memory: NDArray[np.uint8] = buffer.memory
        problem = self._problem_of(buffer)
        width = height = stride = 0
        if not problem:  # of a damaged one Aravis may not even know the size
            width, height = buffer.get_image_width(), buffer.get_image_height()
            bits = buffer.get_image_pixel_format() >> 16 & 0xFF  # PFNC: bits of a pixel
            stride = -(-width * bits // 8) + buffer.get_image_padding()[0]
            if stride * height > memory.size:
                problem = f"{width}x{height} px do not fit into {memory.size} bytes"
        return Delivered(
            data=memory[: stride * height],
            pixel_format=self._pixel_format,
            width=width,
            height=height,
            stride=stride,
            frame_id=self._count.id_of(buffer.get_frame_id()),
            arrived_ns=self._monotonic(buffer.get_system_timestamp()),
            device_ns=buffer.get_timestamp() or None,
            problem=problem,
            chunks={} if problem else self._chunks_of(buffer),
            handle=buffer,
        )

    def _problem_of(self, buffer: Any) -> str:
        status, payload = buffer.get_status(), buffer.get_payload_type()
        types = self._sdk.BufferPayloadType
        if status != self._sdk.BufferStatus.SUCCESS:
            return f"the frame is incomplete: {status.value_nick}"
        if payload not in (types.IMAGE, types.CHUNK_DATA, types.EXTENDED_CHUNK_DATA):
            return f"no image but {payload.value_nick}"
        return ""

    def _monotonic(self, system_ns: int) -> int:
        """Aravis dates the first packet by the wall clock, which may be set meanwhile."""
        now_ns = time.monotonic_ns()
        if not system_ns:
            return now_ns
        return min(max(now_ns - (time.time_ns() - system_ns), self._began_ns), now_ns)

    def _chunks_of(self, buffer: Any) -> dict[str, FeatureValue]:
        from gi.repository import GLib  # noqa: PLC0415  # there once load() has passed

        values: dict[str, FeatureValue] = {}
        if self._parser is None or not buffer.has_chunks():
            return values
        for name, call in self._chunks.items():
            try:
                values[name] = getattr(self._parser, call)(buffer, name)
            except GLib.Error:
                continue  # not in every frame
        return values


def _buffer(size: int, owner: object) -> Any:
    """A buffer over memory of NumPy's. As its attribute the memory lives as long as the buffer."""
    memory = np.empty(size, np.uint8)
    buffer = load().Buffer.new(size, memory.ctypes.data)
    buffer.memory, buffer.owner = memory, owner
    _blank(buffer)
    return buffer


def _blank(buffer: Any) -> None:
    """Aravis leaves the identity of the frame before in a buffer whose first packet is lost."""
    buffer.set_frame_id(_LOST)
    buffer.set_timestamp(0)
    buffer.set_system_timestamp(0)


def _active_chunks(camera: Any) -> Mapping[str, str]:
    """The chunks that are switched on, and how the parser gives each."""
    if not camera.are_chunks_available() or not camera.get_chunk_mode():
        return {}
    found = {}
    selected = camera.get_string("ChunkSelector")
    for entry in camera.dup_available_enumerations_as_strings("ChunkSelector"):
        name = f"Chunk{entry}"
        kind = kind_of(camera.get_device().get_feature(name))
        if kind in _CHUNK_CALLS and camera.get_chunk_state(entry):
            found[name] = _CHUNK_CALLS[kind]
    camera.set_string("ChunkSelector", selected)  # asking for the state had moved it
    return found
