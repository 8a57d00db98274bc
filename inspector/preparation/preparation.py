"""Crop, depth, resize and colour of one image, into memory that the caller owns."""

from __future__ import annotations

import math

import cv2
import numpy as np

from calibration.metrics import Mask
from engines.background.outline import Grey
from inspector.core.canonical import Json, hash_of
from inspector.core.errors import BundleError, ConfigError, ImageError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from inspector.core.levels import Levels, level_type, levels_of, pixels_of, rescale
from inspector.core.pose import Pose
from inspector.core.recipe import Box, PreparationSpec
from inspector.preparation.alignment import Aligner, PoseReference, Sight, expected_field
from inspector.preparation.corrections import NO_CORRECTIONS, Corrections
from inspector.preparation.steps import FlatFielding, Undistortion, cut, cut_within, plane

VERSION = 1
"""Raised whenever the same image would be prepared to other pixels; part of the hash."""
ALIGNMENT_VERSION = 1
"""The same for what finds the part."""
STILL_PX = 0.1
"""Movement of the field's corners below which nothing is interpolated."""


def preparation_hash(
    spec: PreparationSpec,
    corrections: Corrections = NO_CORRECTIONS,
    reference: PoseReference | None = None,
) -> str:
    """Identity of a preparation: everything that changes pixels, and the implementation's version.

    The camera's artefacts belong to it where the spec uses them, and the taught pose where there is
    one. The scale is left out: it turns areas into mm² and touches no pixel. Raises ``ConfigError``
    for an artefact that is missing.
    """
    pixels = spec.model_dump(mode="json", exclude={"scale_mm_per_px", *_idle_keys(spec)})
    content: dict[str, Json] = {"version": VERSION, "spec": pixels}
    if reference is not None:
        content["pose"] = {"version": ALIGNMENT_VERSION, "reference": reference.hash}
    if used := corrections.hashes(spec):
        content["corrections"] = used
    return hash_of(content)


def _idle_keys(spec: PreparationSpec) -> set[str]:
    """Keys about aligning touch nothing where nothing is aligned."""
    if spec.align != "none":
        return set()
    return {key for key in type(spec).model_fields if key.startswith("align_")}


class Preparation:
    """How every image of one camera and product becomes the engine's input.

    Order: flat field, undistort, align, crop, depth, resize, colour; undistort, align, crop and
    enlarging are one interpolation, and only what they need is touched before. A part that lies as
    it was taught is not interpolated for that. Shrinking is another step: it looks at every pixel.
    Deep pixels are resampled in their 16-bit levels. Not thread-safe: one per thread. Raises
    ``ConfigError`` when the spec, the camera's artefacts or the taught pose do not suit the frames.
    """

    def __init__(
        self,
        spec: PreparationSpec,
        frame_format: FrameFormat,
        corrections: Corrections = NO_CORRECTIONS,
        reference: PoseReference | None = None,
    ) -> None:
        self.spec = spec
        self.frame_format = frame_format
        self.hash = preparation_hash(spec, corrections, reference)
        _refuse_other_format(spec, frame_format)
        region = _region(spec, frame_format)
        self.field = region
        """The inspected field in pixels of the camera image, undistorted where the spec says so."""
        self.sight = Sight.of(spec, frame_format, region)
        """What the part is looked for in."""
        self._aligner = self.expected = None
        if reference is not None:
            self.expected = expected_field(reference, self.sight, spec)
            if spec.align != "none":
                self._aligner = Aligner(spec, self.sight, reference)
        self.seen_in = source = self.sight.window
        """The rectangle of the camera image that the field is seen in, wherever the part lies."""
        self._undistortion = self._flat_fielding = None
        if spec.undistort and corrections.lens is not None:
            self._undistortion = Undistortion(corrections.lens, frame_format, source)
            self._straight = self._levels(source.height, source.width)
            self.seen_in = source = self._undistortion.source
        if spec.flat_field and corrections.flat_field is not None:
            self._flat_fielding = FlatFielding(corrections.flat_field, frame_format, source)
            source = self._flat_fielding.source
        self._source = cut(source)
        self.field_area_px = float(region.width * region.height)
        self.shape = (spec.height, spec.width, spec.pixel_format.channels)
        """Shape of one prepared image."""
        self._size = (spec.width, spec.height)
        shrinks = spec.width <= region.width and spec.height <= region.height
        self._interpolation = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        have, want = frame_format.pixel_format, spec.pixel_format
        self._other_depth = have.depth != want.depth
        self._colour = _colour_code(have, want)
        # Only a change of colour needs a step between resize and output.
        self._resized = np.empty((*self.shape[:2], have.colours), level_type(want))
        to = (region.height, region.width) if shrinks else self.shape[:2]
        self._moved = self._levels(*to)

    def apply(self, src: Pixels, out: Pixels) -> Pose | None:
        """Prepare one image: uint8[H, W, C] of the camera into uint8[h, w, c], contiguous.

        Hands back where the part lies, if it was looked for. Raises ``ImageError`` when the image
        has not the camera's shape, ``BundleError`` where the pose was not taught.
        """
        if src.shape != self.frame_format.shape or src.dtype != np.uint8:
            raise ImageError(
                f"image of {src.dtype}{list(src.shape)} where the camera promised "
                f"uint8{list(self.frame_format.shape)}",
                remedy="Give images of one size and pixel format, or set preparation.fit: stretch",
            )
        if out.shape != self.shape or not out.flags.c_contiguous:
            raise ValueError(f"the output must be contiguous uint8{list(self.shape)}")
        field, levels = self._seen(src), levels_of(out)
        straight = self._straightened(field)
        pose = None
        if self.spec.align != "none":
            pose = self._found(self.sight.picture(straight))
            if not self._stays(pose):
                self._move(field, pose, self._moved)
                straight = self._moved
            else:
                straight = straight[cut_within(self.field, self.sight.window)]
        if self._other_depth:
            straight = rescale(straight, self.frame_format.pixel_format, self.spec.pixel_format)
        if self._colour is None:
            self._resize(straight, levels)
        else:
            self._resize(straight, self._resized)
            cv2.cvtColor(plane(self._resized), self._colour, dst=plane(levels))
        return pose

    def sight_of(self, src: Pixels) -> Grey:
        """The picture that a part is found in, of a camera image: what poses are taught with."""
        return self.sight.picture(self._straightened(self._seen(src))).copy()

    def find(self, src: Pixels) -> Pose:
        """Where the part lies in a camera image, nothing else. Raises ``BundleError``."""
        return self._found(self.sight.picture(self._straightened(self._seen(src))))

    def seen(self, pose: Pose | None = None) -> Box:
        """A rectangle of the camera image that lies in the field for certain."""
        box = self.field if pose is None or self._stays(pose) else self._upright(pose)
        if self._undistortion is None:
            return box
        left, top = self.sight.window.x, self.sight.window.y
        return self._undistortion.inner_of(
            box.model_copy(update={"x": box.x - left, "y": box.y - top})
        )

    def picture_of(self, pixels: Pixels, pose: Pose | None = None) -> Pixels:
        """The field for a person to look at, of the pixels of ``seen_in``. Any thread."""
        if pose is not None and not self._stays(pose):
            field = self._levels(self.field.height, self.field.width)
            self._move(levels_of(pixels), pose, field)
            return pixels_of(field)
        if self._undistortion is not None:
            window = self._levels(*self._undistortion.shape[:2])
            self._undistortion.apply(levels_of(pixels), window)
            pixels = pixels_of(window)
        return pixels[cut_within(self.field, self.sight.window)]

    def mask_of(self, mask: Mask, pose: Pose | None = None) -> Mask:
        """A mask of the camera image bool[H, W] as it lies in the field, in camera pixels."""
        if pose is not None and not self._stays(pose):
            moved = np.empty((self.field.height, self.field.width, 1), np.uint8)
            self._move(mask[cut(self.seen_in)].astype(np.uint8)[:, :, None], pose, moved)
            return moved[:, :, 0].astype(bool)
        if self._undistortion is not None:
            whole: Mask = self._undistortion.mask(mask)
            return whole[cut_within(self.field, self.sight.window)]
        return mask[cut(self.field)]

    def _levels(self, height: int, width: int) -> Levels:
        have = self.frame_format.pixel_format
        return np.empty((height, width, have.colours), level_type(have))

    def _seen(self, src: Pixels) -> Levels:
        levels = levels_of(src[self._source])
        return levels if self._flat_fielding is None else self._flat_fielding.apply(levels)

    def _straightened(self, seen: Levels) -> Levels:
        """The window, undistorted where the spec says so; overwritten by the next call."""
        if self._undistortion is None:
            return seen
        self._undistortion.apply(seen, self._straight)
        return self._straight

    def _found(self, picture: Grey) -> Pose:
        if self._aligner is None:
            raise BundleError(
                f"preparation.align: {self.spec.align}: the part's pose was not taught",
                remedy="Teach the product again",
            )
        return self._aligner.find(picture)

    def _stays(self, pose: Pose) -> bool:
        """Whether a part is shown as it lies: it moved less than can be told, or was not found."""
        radius = 0.5 * math.hypot(self.field.width, self.field.height)
        turned = radius * math.radians(abs(pose.angle_deg))
        return pose.lost or math.hypot(pose.dx_px, pose.dy_px) + turned < STILL_PX

    def _move(self, seen: Levels, pose: Pose, out: Levels) -> None:
        """Interpolate once, from what is seen of the camera image to the field in taught pose."""
        height, width = out.shape[:2]
        x, y = self.field.width / width, self.field.height / height
        left, top = self.field.x - self.sight.window.x, self.field.y - self.sight.window.y
        to_window = np.array(
            [[x, 0.0, 0.5 * x - 0.5 + left], [0.0, y, 0.5 * y - 0.5 + top], [0.0, 0.0, 1.0]]
        )
        matrix = pose.matrix(self.sight.centre) @ to_window
        if self._undistortion is not None:
            self._undistortion.moved(seen, out, matrix)
            return
        cv2.warpAffine(
            plane(seen),
            matrix,
            (width, height),
            dst=plane(out),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )

    def _upright(self, pose: Pose) -> Box:
        """The largest rectangle of the field's proportions in the field of a turned part."""
        angle, box = math.radians(pose.angle_deg), self.field
        across, down = abs(math.cos(angle)), abs(math.sin(angle))
        width, height = float(box.width), float(box.height)
        share = min(
            width / (width * across + height * down), height / (width * down + height * across)
        )
        middle = box.x + width / 2 + pose.dx_px, box.y + height / 2 + pose.dy_px
        half = 0.5 * share * width - 1.0, 0.5 * share * height - 1.0
        left, top = (max(round(m - h), 0) for m, h in zip(middle, half, strict=True))
        right = min(round(middle[0] + half[0]), self.frame_format.width)
        bottom = min(round(middle[1] + half[1]), self.frame_format.height)
        return Box(x=left, y=top, width=max(right - left, 1), height=max(bottom - top, 1))

    def _resize(self, field: Levels, out: Levels) -> None:
        if field.shape == out.shape:
            np.copyto(out, field)
        else:
            cv2.resize(plane(field), self._size, dst=plane(out), interpolation=self._interpolation)


def _refuse_other_format(spec: PreparationSpec, frame: FrameFormat) -> None:
    """Files are read in the recipe's format: teaching would correct them after the change."""
    key = "flat_field" if spec.flat_field else "undistort"
    if getattr(spec, key) and frame.pixel_format is not spec.pixel_format:
        raise ConfigError(
            f"preparation.{key}: true, with images in {frame.pixel_format} and "
            f"preparation.pixel_format: {spec.pixel_format}",
            remedy="Let both be the same",
        )


def _region(spec: PreparationSpec, frame: FrameFormat) -> Box:
    region = spec.region or Box(x=0, y=0, width=frame.width, height=frame.height)
    if region.x + region.width > frame.width or region.y + region.height > frame.height:
        raise ConfigError(
            f"preparation.region: {region.width}x{region.height} px at ({region.x}, {region.y}) "
            f"leaves the image of {frame.width}x{frame.height} px",
            remedy="Choose a region inside the image",
        )
    return region


def _colour_code(have: PixelFormat, want: PixelFormat) -> int | None:
    if have.colours == want.colours:
        return None
    return cv2.COLOR_GRAY2RGB if want.colours == 3 else cv2.COLOR_RGB2GRAY
