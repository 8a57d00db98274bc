"""Unpacking against decoders that go bit by bit; colours against OpenCV on plain arrays."""

from __future__ import annotations

import tracemalloc

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inspector.camera.device import Delivered
from inspector.camera.formats import _FORMATS, Unpacker, internal_format
from inspector.core.errors import CameraError, ConfigError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from inspector.core.levels import Levels, levels_of, rescale

BITS = {"10p": 10, "12p": 12, "10Packed": 12, "12Packed": 12}


def delivered(
    data: NDArray[np.uint8], name: str, width: int, height: int, stride: int
) -> Delivered:
    data.flags.writeable = False
    return Delivered(data, name, width, height, stride, frame_id=0, arrived_ns=0)


def unpacker(frame: Delivered) -> Unpacker:
    made = FrameFormat(frame.width, frame.height, internal_format(frame.pixel_format))
    return Unpacker(made)


def unpacked(frame: Delivered) -> Levels:
    shape = (frame.height, frame.width, internal_format(frame.pixel_format).channels)
    out = np.full(shape, 0xA5, np.uint8)
    unpacker(frame).unpack(frame, out)
    return levels_of(out)


def random_frame(
    name: str, bits: int, width: int, height: int, *, padding: int = 0, seed: int = 0, low: int = 0
) -> Delivered:
    """Random bytes, as many as the frame needs and not one more."""
    row = -(-width * bits // 8)
    size = (row + padding) * (height - 1) + row
    data = np.random.default_rng(seed).integers(low, 256, size, np.uint8)
    return delivered(data, name, width, height, row + padding)


def one_level(frame: Delivered, packing: str, x: int, y: int) -> int:
    """The level of one pixel by the words of PFNC and GigE Vision, one bit after another."""
    row = bytes(frame.data[frame.stride * y :])
    if packing in {"10p", "12p"}:
        depth = BITS[packing]
        bits = [(row[bit // 8] >> (bit % 8)) & 1 for bit in range(depth * x, depth * (x + 1))]
        return sum(bit << place for place, bit in enumerate(bits))
    pair = row[3 * (x // 2) :]
    high, low = (pair[2], pair[1] >> 4) if x % 2 else (pair[0], pair[1])
    return (high << 4) + low % 16 if packing == "12Packed" else (high << 2) + low % 4


def all_levels(frame: Delivered, packing: str) -> NDArray[np.uint16]:
    rows = [
        [one_level(frame, packing, x, y) for x in range(frame.width)] for y in range(frame.height)
    ]
    return np.array(rows, np.uint16)


@settings(max_examples=60, deadline=None)
@given(
    packing=st.sampled_from(sorted(BITS)),
    width=st.integers(1, 37),
    height=st.integers(1, 5),
    padding=st.integers(0, 9),
    seed=st.integers(0, 2**32),
)
def test_packed_levels_are_those_read_bit_by_bit(
    packing: str, width: int, height: int, padding: int, seed: int
) -> None:
    frame = random_frame(f"Mono{packing}", BITS[packing], width, height, padding=padding, seed=seed)
    assert np.array_equal(unpacked(frame)[:, :, 0], all_levels(frame, packing))


@pytest.mark.parametrize("packing", sorted(BITS))
@pytest.mark.parametrize("width", [640, 642])
def test_frames_of_several_blocks(packing: str, width: int) -> None:
    frame = random_frame(f"Mono{packing}", BITS[packing], width, 301)
    levels = unpacked(frame)[:, :, 0]
    for y in (0, 1, 101, 102, 103, 203, 204, 205, 300):
        expected = [one_level(frame, packing, x, y) for x in range(width)]
        assert levels[y].tolist() == expected


@pytest.mark.parametrize("name", ["Mono8", "Mono10", "Mono12", "Mono16"])
def test_whole_bytes_are_copied_row_by_row(name: str) -> None:
    width = 2 * internal_format(name).channels
    frame = random_frame(name, 8 * internal_format(name).channels, width, 7, padding=3)
    for y, row in enumerate(unpacked(frame)):
        raw = frame.data[y * frame.stride :][: row.nbytes]
        assert row.tobytes() == raw.tobytes()


@pytest.mark.parametrize("depth", [10, 12, 14])
def test_scaling_to_16_bits_is_that_of_the_preparation_at_every_level(depth: int) -> None:
    every = np.arange(2**depth, dtype=np.uint16).reshape(32, -1)
    if depth == 14:
        frame = delivered(
            every.view(np.uint8).ravel(), "Mono14", every.shape[1], 32, 2 * every.shape[1]
        )
        white = every.astype(np.uint32)
        expected = (white * 65535 + 8191) // 16383
        assert np.array_equal(unpacked(frame)[:, :, 0], expected)
        return
    levels = np.repeat(np.repeat(every, 2, axis=0), 2, axis=1)  # flat places: any filter keeps them
    data = levels.view(np.uint8).ravel()
    frame = delivered(data, f"BayerRG{depth}", levels.shape[1], 64, 2 * levels.shape[1])
    have = PixelFormat.MONO10 if depth == 10 else PixelFormat.MONO12
    wanted = cv2.cvtColor(
        np.asarray(rescale(levels, have, PixelFormat.MONO16)), cv2.COLOR_BayerRGGB2RGB
    )
    assert np.array_equal(unpacked(frame), wanted)


@pytest.mark.parametrize(
    ("pattern", "first"), [("RG", (0, 0)), ("GR", (0, 1)), ("GB", (1, 0)), ("BG", (1, 1))]
)
@pytest.mark.parametrize("coding", ["8", "10", "12", "16", *sorted(BITS)])
def test_the_filter_s_first_row_names_it(pattern: str, first: tuple[int, int], coding: str) -> None:
    """A red scene: only the pixels under red filters are bright."""
    depth = int(coding.removesuffix("p").removesuffix("Packed"))
    scene = np.zeros((12, 16), np.uint16)
    scene[first[0] :: 2, first[1] :: 2] = 2**depth - 1
    if coding == "8":
        data = scene.astype(np.uint8).ravel()
    elif coding in BITS:
        data = packed(scene, coding)
    else:
        data = scene.view(np.uint8).ravel()
    frame = delivered(data, f"Bayer{pattern}{coding}", 16, 12, data.size // 12)
    inner = unpacked(frame)[2:-2, 2:-2]
    white = internal_format(frame.pixel_format).white
    assert inner[:, :, 0].min() == white
    assert inner[:, :, 1:].max() == 0


def packed(levels: NDArray[np.uint16], packing: str) -> NDArray[np.uint8]:
    """The reverse of ``one_level``, for widths of whole groups."""
    rows = []
    for row in levels.tolist():
        if packing.endswith("p"):
            stream = sum(level << BITS[packing] * x for x, level in enumerate(row))
            rows.append(stream.to_bytes(BITS[packing] * len(row) // 8, "little"))
            continue
        low = 4 if packing == "12Packed" else 2
        for a, b in zip(row[::2], row[1::2], strict=True):
            rows.append(bytes([a >> low, a % 2**low + (b % 2**low << 4), b >> low]))
    return np.frombuffer(b"".join(rows), np.uint8).copy()


@pytest.mark.parametrize(
    ("name", "order"),
    [("RGB8", (0, 1, 2)), ("BGR8", (2, 1, 0)), ("RGBa8", (0, 1, 2)), ("BGRa8", (2, 1, 0))],
)
def test_colours_come_in_the_order_red_green_blue(name: str, order: tuple[int, ...]) -> None:
    count = 4 if "a" in name else 3
    frame = random_frame(name, 8 * count, 9, 5, padding=2)
    for y, x in np.ndindex(5, 9):
        start = y * frame.stride + x * count
        expected = [int(frame.data[start + place]) for place in order]
        assert unpacked(frame)[y, x].tolist() == expected


def rgb_of(y: float, u: float, v: float, *, limited: bool) -> list[float]:
    """BT.601 as its text has it."""
    if limited:
        y, u, v = (y - 16) * 255 / 219, (u - 128) * 255 / 224, (v - 128) * 255 / 224
    else:
        u, v = u - 128, v - 128
    red, blue = y + 1.402 * v, y + 1.772 * u
    green = (y - 0.299 * red - 0.114 * blue) / 0.587
    return [min(max(level, 0.0), 255.0) for level in (red, green, blue)]


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("YUV422_8", (0, 1, 3)),
        ("YCbCr422_8", (0, 1, 3)),
        ("YUV422_8_UYVY", (1, 0, 2)),
        ("YUV422Packed", (1, 0, 2)),
        ("YCbCr601_422_8", (0, 1, 3)),
        ("YCbCr601_422_8_CbYCrY", (1, 0, 2)),
    ],
)
def test_luma_and_chroma(name: str, places: tuple[int, int, int]) -> None:
    frame = random_frame(name, 16, 10, 8, padding=5, low=16)
    levels = unpacked(frame)
    luma, blue, red = places
    for y, x in np.ndindex(8, 10):
        pair = frame.data[y * frame.stride + 4 * (x // 2) :]
        triple = (int(pair[luma + 2 * (x % 2)]), int(pair[blue]), int(pair[red]))
        expected = rgb_of(*triple, limited="601" in name)
        assert levels[y, x].tolist() == pytest.approx(expected, abs=2.0)


@pytest.mark.parametrize("name", sorted(_FORMATS))
def test_from_the_second_frame_on_nothing_is_allocated(name: str) -> None:
    frame = random_frame(name, _FORMATS[name].bits, 640, 482)
    out = np.empty((482, 640, internal_format(name).channels), np.uint8)
    one = unpacker(frame)
    one.unpack(frame, out)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(3):
            one.unpack(frame, out)
        now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - before < 16_384  # views of arrays; a row of this frame has 640 bytes and more
    assert now - before < 16_384


@pytest.mark.parametrize("name", sorted(_FORMATS))
def test_rows_may_be_padded_in_every_format(name: str) -> None:
    tight = random_frame(name, _FORMATS[name].bits, 24, 10)
    padded = np.full(11 * (tight.stride + 6), 7, np.uint8)
    for y in range(10):
        start = y * (tight.stride + 6)
        padded[start : start + tight.stride] = tight.data[y * tight.stride :][: tight.stride]
    loose = delivered(padded, name, 24, 10, tight.stride + 6)
    assert np.array_equal(unpacked(loose), unpacked(tight))


def test_an_unknown_format_names_those_that_can_be_used() -> None:
    with pytest.raises(ConfigError, match=r"Confidence8 cannot.*Mono12p.*BayerRG8"):
        internal_format("Confidence8")


def test_a_buffer_that_is_too_short_is_refused() -> None:
    frame = random_frame("Mono8", 8, 64, 48)
    frame.data = frame.data[:-1]
    with pytest.raises(CameraError, match="cannot hold 64x48"):
        unpacked(frame)


def test_rows_that_do_not_begin_at_whole_bytes_are_refused() -> None:
    frame = delivered(np.zeros(10 * 8, np.uint8), "Mono10p", 6, 8, 7)
    with pytest.raises(CameraError, match="multiple of 4"):
        unpacked(frame)


@pytest.mark.parametrize("shape", [(48, 64, 3), (47, 64, 1), (48, 64)])
def test_a_slot_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    frame = random_frame("Mono8", 8, 64, 48)
    with pytest.raises(CameraError, match="64x48 px Mono8 was expected"):
        unpacker(frame).unpack(frame, np.zeros(shape, np.uint8))


def test_a_slot_between_others_is_written_in_place() -> None:
    slot: Pixels = np.zeros((3, 48, 64, 3), np.uint8)
    frame = random_frame("BayerGB8", 8, 64, 48)
    unpacker(frame).unpack(frame, slot[1])
    assert slot[1].any()
    assert not slot[[0, 2]].any()
