"""The checks of a recipe: what is looked at in a part, and how a map becomes one number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from inspector.core.section import Section

_CHECKS = "engine, local, rx, lrb, crd, rx-global, presence or mt"


_WEIGHT = "its share of the false rejects, relative to other checks"


class _WeightedSpec(Section):
    """What all checks have."""

    weight: float = Field(1.0, gt=0.0, description=_WEIGHT)


class _CheckSpec(_WeightedSpec):
    """What all checks with a map have."""

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
    scales: int = Field(
        1,
        ge=1,
        le=3,
        description="2 and 3: also its average over 2, and over 4 cells a side; the largest counts",
    )


class _WindowCheckSpec(_CheckSpec):
    """A check that compares each place with its surroundings in the same picture."""

    weight: float = Field(0.25, gt=0.0, description=_WEIGHT)
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


class _PatchCheckSpec(_WindowCheckSpec):
    """A window check that solves for every patch, or only where it matters."""

    # Left out where it is off, so that recipes and calibrations without it keep their identity.
    cascade: bool = Field(
        False,
        exclude_if=lambda cascade: not cascade,
        description="look exactly only where a quick bound is high: the same score, sooner; a "
        "minimum size or top-mean may see bounds below 3/4 of the map's maximum",
    )


class LrbCheckSpec(_PatchCheckSpec):
    """Local representation by background: patches drawn by their nearest surroundings."""

    check: Literal["lrb"] = Field(description=_CHECKS)


class CrdCheckSpec(_PatchCheckSpec):
    """Collaborative representation of patches (Li & Du, TGRS 2015)."""

    check: Literal["crd"] = Field(description=_CHECKS)


class RxGlobalCheckSpec(_CheckSpec):
    """Global RX: patches against those of all good images together (Reed & Yu, 1990)."""

    check: Literal["rx-global"] = Field(description=_CHECKS)
    weight: float = Field(0.25, gt=0.0, description=_WEIGHT)
    scales: int = Field(1, ge=1, le=3, description="levels of the pyramid; the largest counts")


class PresenceCheckSpec(_CheckSpec):
    """Whether the part is there, whole and in its place, against what teaching saw of it."""

    check: Literal["presence"] = Field(description=_CHECKS)
    expects: Literal["outline", "template"] = Field(
        "outline",
        description="outline: camera px by which material is missing or protrudes; template: local "
        "difference from the taught picture, in its standard deviations",
    )


class MtCheckSpec(_WeightedSpec):
    """Mahalanobis-Taguchi: how far all findings together are from those of good parts.

    It judges numbers, not places: it has no map, and marks nothing on the part.
    """

    check: Literal["mt"] = Field(description=_CHECKS)
    weight: float = Field(0.25, gt=0.0, description=_WEIGHT)
    features: tuple[str, ...] | None = Field(
        None, min_length=1, description="what it looks at, as calibration names it; null = all"
    )


MapCheckSpec = (
    EngineCheckSpec
    | LocalCheckSpec
    | RxCheckSpec
    | LrbCheckSpec
    | CrdCheckSpec
    | RxGlobalCheckSpec
    | PresenceCheckSpec
)
"""Checks that look at places."""

CheckSpec = Annotated[MapCheckSpec | MtCheckSpec, Field(discriminator="check")]


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
    min_length_px: float = Field(0.0, ge=0.0)
    merge_px: float = Field(0.0, ge=0.0)
    checks: tuple[CheckSpec, ...] = (EngineCheckSpec(),)
    zones: tuple[Zone, ...] = ()


ENGINE_FEATURES = ("engine max", "engine mean", "engine p99", "engine area")


def feature_names(checks: Sequence[CheckSpec], zones: Sequence[Zone]) -> tuple[str, ...]:
    """All that ``mt`` can look at in a part: of the engine's map, its zones, and other checks."""
    others = [check.check for check in checks if not isinstance(check, MtCheckSpec)]
    names: list[str] = []
    if "engine" in others:
        inspected = (zone.name for zone in zones if zone.use != "exclude")
        names += [*ENGINE_FEATURES, *(f"zone {name} max" for name in inspected)]
    return (*names, *(f"{name} z" for name in others if name != "engine"))


def asked_of_maps(checks: Sequence[CheckSpec]) -> list[str]:
    """Keys of checks that mean nothing where the engine has no map."""
    keys: list[str] = []
    for check in checks:
        if isinstance(check, EngineCheckSpec):
            keys += ["checks: engine: scales"] if check.scales > 1 else []
            keys += ["checks: engine: statistic"] if check.statistic != "max" else []
        if isinstance(check, MtCheckSpec) and any(
            name.startswith(("engine ", "zone ")) for name in check.features or ("engine max",)
        ):
            keys.append("checks: mt: features")
    return keys


def refuse_lone_fusion(checks: Sequence[CheckSpec], zones: Sequence[Zone]) -> None:
    """Raise ``ValueError`` unless ``mt`` comes last and has what it looks at."""
    fusing = [check for check in checks if isinstance(check, MtCheckSpec)]
    if not fusing:
        return
    if checks[-1] != fusing[0] or len(checks) < 2:
        raise ValueError("checks: 'mt' judges what the others find: put it last, behind another")
    known = feature_names(checks, zones)
    unknown = [name for name in fusing[0].features or () if name not in known]
    if unknown:
        raise ValueError(f"checks: mt: features: no '{unknown[0]}' here, but {', '.join(known)}")
