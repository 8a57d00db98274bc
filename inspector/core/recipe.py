"""The recipe of one product (``configs/products/*.yaml``): all that decides, under one hash."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from inspector.core.camera_config import CameraSpec
from inspector.core.canonical import hash_of
from inspector.core.check_spec import (
    CheckSpec,
    DecisionBasis,
    EngineCheckSpec,
    Zone,
    asked_of_maps,
    refuse_lone_fusion,
)
from inspector.core.engine_spec import EngineSpec, FromTheFirstSpec, PatchCoreSpec, TaughtSpec
from inspector.core.frame import PixelFormat
from inspector.core.section import Section

ProductName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
Fraction = Annotated[float, Field(gt=0.0, lt=1.0)]


class Box(Section):
    """A rectangle in pixels of the camera image."""

    x: int = Field(ge=0, description="left edge, px")
    y: int = Field(ge=0, description="top edge, px")
    width: int = Field(gt=0, description="px")
    height: int = Field(gt=0, description="px")


class PreparationSpec(Section):
    """How a camera image becomes the engine's input.

    Order: flat field, undistort, align, crop, resize.
    """

    region: Box | None = Field(
        None, description="inspected field in camera pixels; null = whole image"
    )
    width: int = Field(256, ge=32, le=4096, description="engine input width, px")
    height: int = Field(256, ge=32, le=4096, description="engine input height, px")
    pixel_format: PixelFormat = Field(
        PixelFormat.RGB8,
        description=f"input of the engine: {', '.join(PixelFormat)}; pictures are scaled to it",
    )
    fit: Literal["exact", "stretch"] = Field(
        "exact",
        description="exact: all images of the product have one size; stretch: sizes may differ",
    )
    flat_field: bool = Field(False, description="divide by the station's flat field")
    undistort: bool = Field(False, description="undo the lens with the station's calibration")
    align: Literal["none", "contour", "template"] = Field(
        "none",
        description="how the part is found in the image and brought into its taught pose: contour "
        "= by its outline against the background; template = by its looks",
    )
    align_range_px: float = Field(
        32.0, gt=0.0, le=2048.0, description="farthest shift that is undone, camera px"
    )
    align_range_deg: float = Field(
        10.0, ge=0.0, le=180.0, description="largest turn that is undone, degrees to either side"
    )
    align_region: Box | None = Field(
        None, description="what a template is cut from, in camera pixels; null = the region"
    )
    align_polarity: Literal["auto", "bright", "dark"] = Field(
        "auto", description="the part against its background; auto = as the images' rim says"
    )
    scale_mm_per_px: float | None = Field(
        None, gt=0.0, description="size of a camera pixel on the part, mm; null = areas in px"
    )

    @model_validator(mode="after")
    def _aligned_images_are_alike(self) -> PreparationSpec:
        if self.align != "none" and self.fit != "exact":
            raise ValueError(f"align: {self.align} needs fit: exact")
        return self


_NEEDS_SCALE = "needs preparation.scale_mm_per_px"


class DecisionSpec(Section):
    """What may be rejected wrongly, and what is too small to matter.

    A defect counts from the minimum area or from the minimum length on, whichever it reaches; one
    that is 0 is not asked for.
    """

    false_reject_rate: Fraction = Field(
        0.01, description="share of good parts that may be rejected"
    )
    min_defect_area_mm2: float | None = Field(
        None, ge=0.0, description=f"smaller places are ignored, unless long; {_NEEDS_SCALE}"
    )
    min_defect_area_px: float = Field(
        0.0, ge=0.0, description="smaller places are ignored, unless long; camera pixels"
    )
    min_defect_length_mm: float | None = Field(
        None, ge=0.0, description=f"shorter places are ignored, unless large; {_NEEDS_SCALE}"
    )
    min_defect_length_px: float = Field(
        0.0, ge=0.0, description="shorter places are ignored, unless large; camera pixels"
    )
    merging_distance_mm: float | None = Field(
        None, ge=0.0, description=f"places as near to each other are one defect; {_NEEDS_SCALE}"
    )
    merging_distance_px: float = Field(
        0.0, ge=0.0, description="places as near to each other are one defect; camera pixels"
    )
    engine_budget_ms: float | None = Field(
        None,
        gt=0.0,
        description="time of the engine for one image, which --size auto keeps to; null = a third "
        "of the line's gate.deadline_ms",
    )


class EvidenceSpec(Section):
    """Which pictures the ledger keeps."""

    rejects: bool = Field(True, description="keep image and map of every reject")
    pass_share: float = Field(0.01, ge=0.0, le=1.0, description="share of passes kept as well")
    borderline_p: float = Field(
        0.0, ge=0.0, le=1.0, description="passes kept of which a check's p is at most so; 0 = none"
    )
    borderline_margin: float = Field(
        0.0,
        ge=0.0,
        lt=1.0,
        description="passes kept of which a score is within this share of its threshold; 0 = none",
    )
    context: int = Field(
        8, ge=0, le=256, description="last parts whose images a fault or an alarm keeps"
    )
    required: bool = Field(
        False, description="true: a fault stops the line before a reject would go unseen"
    )


class Recipe(Section):
    """All that decides on one product, except what was learnt (bundle, calibration)."""

    schema_version: Literal[1] = Field(1, description="version of this file's form")
    product: ProductName
    plc_id: int = Field(
        0, ge=0, le=65535, description="number by which the PLC asks for this recipe"
    )
    title: dict[Literal["en", "ja"], str] = Field(
        default_factory=dict, description="name on the panel, per language"
    )
    camera: CameraSpec = Field(default_factory=CameraSpec)
    preparation: PreparationSpec = Field(default_factory=PreparationSpec)
    engine: EngineSpec = Field(default_factory=PatchCoreSpec)
    checks: tuple[CheckSpec, ...] = Field(
        (EngineCheckSpec(),), min_length=1, description="what is looked at; each at most once"
    )
    zones: tuple[Zone, ...] = Field((), description="polygons: where is inspected, and how finely")
    decision: DecisionSpec = Field(default_factory=DecisionSpec)
    evidence: EvidenceSpec = Field(default_factory=EvidenceSpec)

    @model_validator(mode="after")
    def _sizes_need_scale(self) -> Recipe:
        if self.preparation.scale_mm_per_px is not None:
            return self
        for key, in_px in (
            ("min_defect_area_mm2", "min_defect_area_px"),
            ("min_defect_length_mm", "min_defect_length_px"),
            ("merging_distance_mm", "merging_distance_px"),
        ):
            if getattr(self.decision, key):
                raise ValueError(
                    f"decision.{key} {_NEEDS_SCALE}; give the scale, or use decision.{in_px}"
                )
        return self

    @model_validator(mode="after")
    def _checks_differ(self) -> Recipe:
        names = [check.check for check in self.checks]
        if len(set(names)) < len(names):
            raise ValueError(f"checks: {', '.join(names)}: the same check twice")
        if ("engine" in names) == (self.engine.method == "none"):
            raise ValueError(
                f"checks: {', '.join(names)}: engine.method is {self.engine.method}; the check "
                "'engine' belongs to every recipe with an engine, and to no other"
            )
        refuse_lone_fusion(self.checks, self.zones)
        return self

    @model_validator(mode="after")
    def _places_need_a_map(self) -> Recipe:
        """What only a map can tell is not asked of an engine that has none."""
        if not isinstance(self.engine, TaughtSpec) or self.engine.has_map:
            return self
        asked = asked_of_maps(self.checks)
        if len(self.checks) == 1:
            asked += ["zones"] if self.zones else []
            sizes = (self.min_area_px, self.min_length_px, self.merge_px)
            asked += ["decision.min_defect_*, merging_distance_*"] if any(sizes) else []
        if asked:
            raise ValueError(
                f"{', '.join(asked)}: engine.method {self.engine.method} judges a part as a whole "
                "and marks no place; leave that out, or take an engine with a map"
            )
        return self

    @model_validator(mode="after")
    def _presence(self) -> Recipe:
        present = any(check.check == "presence" for check in self.checks)
        if self.preparation.align != "none" and not present:
            raise ValueError(
                f"preparation.align: {self.preparation.align} needs '- check: presence' in "
                "checks, which rejects a part that is not found"
            )
        if present and self.preparation.fit != "exact":
            raise ValueError("the check 'presence' needs preparation.fit: exact")
        return self

    @property
    def taught_pose(self) -> bool:
        """Whether teaching has to learn where the part lies."""
        return any(check.check == "presence" for check in self.checks)

    @property
    def needs_teaching(self) -> bool:
        """False where nothing is learned: such a product runs from the first part on."""
        return self.engine.learns or self.taught_pose

    @property
    def provisional_threshold(self) -> float | None:
        """Of the engine's own map until it is calibrated; None where it has to be taught first."""
        if isinstance(self.engine, FromTheFirstSpec) and not self.engine.learns:
            return self.engine.provisional_threshold
        return None

    @property
    def basis(self) -> DecisionBasis:
        """What makes a part's scores, beside the engine."""
        return DecisionBasis(
            min_area_px=self.min_area_px,
            min_length_px=self.min_length_px,
            merge_px=self.merge_px,
            checks=self.checks,
            zones=self.zones,
        )

    @property
    def hash(self) -> str:
        """Identity of the recipe: SHA-256 of its canonical form, defaults included."""
        return hash_of(self.model_dump(mode="json"))

    @property
    def min_area_px(self) -> float:
        """Minimum defect area in camera pixels, from mm² where the recipe gives that."""
        own = self.decision
        return self._in_px(own.min_defect_area_mm2, own.min_defect_area_px, 2)

    @property
    def min_length_px(self) -> float:
        """Minimum defect length in camera pixels, from mm where the recipe gives that."""
        own = self.decision
        return round(self._in_px(own.min_defect_length_mm, own.min_defect_length_px), 6)

    @property
    def merge_px(self) -> float:
        """Merging distance in camera pixels, from mm where the recipe gives that."""
        own = self.decision
        return round(self._in_px(own.merging_distance_mm, own.merging_distance_px), 6)

    def _in_px(self, in_mm: float | None, in_px: float, power: int = 1) -> float:
        scale = self.preparation.scale_mm_per_px
        return in_mm / scale**power if in_mm and scale is not None else in_px
