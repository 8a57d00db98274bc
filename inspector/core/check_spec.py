"""The checks of a recipe: what is looked at in a part, and how a map becomes one number."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from inspector.core.section import Section

_CHECKS = "engine, local, rx, lrb, crd or presence"


class _CheckSpec(Section):
    """What all checks have."""

    weight: float = Field(
        1.0, gt=0.0, description="its share of the false rejects, relative to other checks"
    )
    statistic: Literal["max", "top-mean", "area"] = Field(
        "max",
        description="image score: max = highest level of a defect of the minimum size; top-mean = "
        "mean of the strangest cells; area = cells beyond what good parts hardly reach",
    )
    top_share: float = Field(
        0.005, gt=0.0, le=1.0, description="top-mean: share of the map's cells that it means"
    )


class EngineCheckSpec(_CheckSpec):
    """The bundle's own map."""

    check: Literal["engine"] = Field("engine", description=_CHECKS)


class _WindowCheckSpec(_CheckSpec):
    """A check that compares each place with its surroundings in the same picture."""

    weight: float = Field(
        0.25, gt=0.0, description="its share of the false rejects, relative to other checks"
    )
    guard: int | None = Field(
        None, ge=1, le=255, description="side of the window left out, cells, odd; null = default"
    )
    outer: int | None = Field(
        None, ge=3, le=511, description="side of the ring's window, cells, odd; null = default"
    )
    scales: int = Field(1, ge=1, le=3, description="levels of the pyramid; the largest counts")
    provisional_threshold: float = Field(
        8.0, gt=0.0, description="local standard deviations, until the check is calibrated"
    )

    @model_validator(mode="after")
    def _ring(self) -> _WindowCheckSpec:
        if self.guard is None and self.outer is None:
            return self
        guard, outer = self.guard or 0, self.outer or 0
        if guard % 2 == 0 or outer % 2 == 0 or guard >= outer:
            raise ValueError(
                f"guard {self.guard} and outer {self.outer}: give both or none, odd numbers, the "
                "guard smaller"
            )
        return self

    @property
    def sides(self) -> dict[str, int]:
        """The windows where the recipe says them."""
        if self.guard is None or self.outer is None:
            return {}
        return {"outer": self.outer, "guard": self.guard}


class LocalCheckSpec(_WindowCheckSpec):
    """Pixels against the ring around them: local z-score of grey, with colour their collaborative
    representation."""

    check: Literal["local"] = Field(description=_CHECKS)


class RxCheckSpec(_WindowCheckSpec):
    """Local RX: Mahalanobis distance to the surroundings (Reed & Yu, 1990)."""

    check: Literal["rx"] = Field(description=_CHECKS)


class LrbCheckSpec(_WindowCheckSpec):
    """Local representation by background: patches drawn by their nearest surroundings."""

    check: Literal["lrb"] = Field(description=_CHECKS)


class CrdCheckSpec(_WindowCheckSpec):
    """Collaborative representation of patches (Li & Du, TGRS 2015)."""

    check: Literal["crd"] = Field(description=_CHECKS)


class PresenceCheckSpec(_CheckSpec):
    """Whether the part is there, whole and in its place, against what teaching saw of it."""

    check: Literal["presence"] = Field(description=_CHECKS)
    expects: Literal["outline", "template"] = Field(
        "outline",
        description="outline: camera px by which material is missing or protrudes; template: local "
        "difference from the taught picture, in its standard deviations",
    )


CheckSpec = Annotated[
    EngineCheckSpec
    | LocalCheckSpec
    | RxCheckSpec
    | LrbCheckSpec
    | CrdCheckSpec
    | PresenceCheckSpec,
    Field(discriminator="check"),
]


class Zone(Section):
    """A polygon on the part, in pixels of the camera image."""

    name: str = Field(min_length=1, max_length=40, description="in reasons and on the panel")
    use: Literal["include", "exclude", "zone"] = Field(
        "zone",
        description="include: only inside of such polygons is inspected; exclude: nothing inside; "
        "zone: inside with its own sensitivity",
    )
    sensitivity: float = Field(
        1.0, gt=0.0, le=100.0, description="factor of the map inside of a zone"
    )
    polygon: tuple[tuple[float, float], ...] = Field(
        min_length=3, max_length=256, description="corners [x, y], camera px"
    )

    @model_validator(mode="after")
    def _sensitivity_of_zones(self) -> Zone:
        if self.use != "zone" and self.sensitivity != 1.0:
            raise ValueError(f"sensitivity is for use: zone, not for {self.use}")
        return self


class DecisionBasis(Section):
    """What of a recipe makes a part's scores, beside its engine: thresholds belong to it."""

    min_area_px: float = Field(0.0, ge=0.0)
    checks: tuple[CheckSpec, ...] = (EngineCheckSpec(),)
    zones: tuple[Zone, ...] = ()
