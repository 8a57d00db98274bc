"""Settings of a camera by their SFNC names: written and read back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from inspector.camera.device import Feature, FeatureKind, Features, FeatureValue
from inspector.core.camera_config import StrobeConfig, TriggerConfig
from inspector.core.errors import ConfigError

Settings = Mapping[str, FeatureValue]

_READ_BACK = 0.01
"""Devices round to what their clock allows: an exposure of 800 µs may be 799.4."""
_AUTOMATIC = {
    "ExposureTime": "ExposureAuto",
    "Gain": "GainAuto",
    "BlackLevel": "BlackLevelAuto",
}
"""What would undo a setting again."""


def apply_settings(features: Features, settings: Settings, camera: str, key: str) -> None:
    """Write settings in their order, and read each back.

    The region is opened first, so that the order of sizes and offsets does not matter, and the
    automatics of what is set are switched off. Raises ``ConfigError`` with ``key`` (where they
    stand in a file), the value, and what this camera allows.
    """
    for name, value in _with_consequences(features, settings):
        write_feature(features, name, value, f"{camera}: {key}.{name}")


def _with_consequences(
    features: Features, settings: Settings
) -> Iterator[tuple[str, FeatureValue]]:
    has = set(features.names())
    for size, offset in (("Width", "OffsetX"), ("Height", "OffsetY")):
        if size in settings and offset in has and features.describe(offset).writable:
            yield offset, 0
    for name, value in settings.items():
        automatic = _AUTOMATIC.get(name, "")
        if automatic in has and automatic not in settings:
            yield automatic, "Off"
        yield name, value


def write_feature(features: Features, name: str, value: FeatureValue, where: str) -> None:
    """Write one feature and read it back; ``ConfigError`` with ``where`` and what is allowed."""
    try:
        feature = features.describe(name)
    except KeyError:
        raise ConfigError(
            f"{where}: this camera has no such feature",
            remedy="See: inspector camera show",
        ) from None
    wanted = _fitting(feature, value, where)
    if feature.value == wanted and feature.kind is not FeatureKind.COMMAND:
        return
    if not feature.writable:
        raise ConfigError(
            f"{where}: {value}: the camera has {feature.value} and lets nobody write it now",
            remedy="Check what it depends on, with: inspector camera show",
        )
    try:
        features.set(name, wanted)
    except ValueError as error:
        raise ConfigError(f"{where}: {value}: {error}", remedy=_allowed(feature)) from None
    got = features.get(name)
    if not same_value(got, wanted):
        raise ConfigError(
            f"{where}: {value}: the camera made {got} of it", remedy=_allowed(feature)
        )


def _fitting(feature: Feature, value: FeatureValue, where: str) -> FeatureValue:
    """The value in the feature's own type; refused outside of its limits."""
    match feature.kind:
        case FeatureKind.BOOLEAN:
            fits = isinstance(value, bool)
        case FeatureKind.INTEGER | FeatureKind.FLOAT:
            fits = isinstance(value, int | float) and not isinstance(value, bool)
            fits = fits and _within(feature, float(value))
        case FeatureKind.ENUMERATION:
            value = "Off" if value is False else "On" if value is True else value
            fits = value in feature.choices
        case _:
            fits = isinstance(value, str)
    if feature.kind is FeatureKind.INTEGER and fits:
        fits = value == int(value)
    if not fits:
        raise ConfigError(f"{where}: {value}: this camera refuses it", remedy=_allowed(feature))
    return float(value) if feature.kind is FeatureKind.FLOAT else value


def _within(feature: Feature, value: float) -> bool:
    lower = -math.inf if feature.lower is None else feature.lower
    upper = math.inf if feature.upper is None else feature.upper
    return lower <= value <= upper


def _allowed(feature: Feature) -> str:
    """What the camera allows at this moment, in words."""
    if feature.choices:
        return f"Give one of: {', '.join(feature.choices)}"
    if feature.kind is FeatureKind.BOOLEAN:
        return "Give true or false"
    if feature.lower is None or feature.upper is None:
        return "See: inspector camera show"
    unit = f" {feature.unit}" if feature.unit else ""
    step = f", in steps of {feature.step:g}" if feature.step else ""
    return f"Give {feature.lower:g} to {feature.upper:g}{unit}{step}: so much it allows now"


def same_value(got: FeatureValue, wanted: FeatureValue) -> bool:
    """Equal, as far as devices round."""
    if isinstance(got, float) and isinstance(wanted, int | float):
        return math.isclose(got, wanted, rel_tol=_READ_BACK, abs_tol=1e-9)
    return got == wanted


def arm(features: Features, trigger: TriggerConfig, camera: str) -> None:
    """Set the trigger of frames as the line's file says. Raises ``ConfigError``."""
    has = set(features.names())
    key = "cameras.trigger"
    if "TriggerMode" not in has:
        if trigger.mode in ("timer", "presence"):
            return
        raise ConfigError(
            f"{camera}: {key}.mode: {trigger.mode}: this camera cannot be triggered",
            remedy="Use mode: presence, or timer where the camera is triggered by itself",
        )
    _silence_other_triggers(features, has, camera, key)
    for name, value in _armed(trigger, has):
        write_feature(features, name, value, f"{camera}: {key}: {name}")
    for chunk in (trigger.counter, trigger.encoder_chunk):
        if chunk:
            _enable_chunk(features, chunk, camera, key)


def _armed(trigger: TriggerConfig, has: set[str]) -> Iterator[tuple[str, FeatureValue]]:
    if "TriggerSelector" in has:
        yield "TriggerSelector", "FrameStart"
    if trigger.mode in ("timer", "presence"):
        yield "TriggerMode", "Off"
        return
    yield "TriggerSource", "Software" if trigger.mode == "software" else trigger.source
    if trigger.mode != "software":
        yield "TriggerActivation", trigger.activation
    if trigger.mode == "encoder" or ("TriggerDivider" in has and trigger.mode == "hardware"):
        yield "TriggerDivider", trigger.divider
    if trigger.delay_us or "TriggerDelay" in has:
        yield "TriggerDelay", trigger.delay_us
    yield "TriggerMode", "On"


def _silence_other_triggers(features: Features, has: set[str], camera: str, key: str) -> None:
    """A trigger of another kind that was left on would hold all frames back."""
    if "TriggerSelector" not in has:
        return
    for selector in features.describe("TriggerSelector").choices:
        if selector == "FrameStart":
            continue
        write_feature(features, "TriggerSelector", selector, f"{camera}: {key}: TriggerSelector")
        if features.describe("TriggerMode").writable:
            where = f"{camera}: {key}: TriggerMode of {selector}"
            write_feature(features, "TriggerMode", "Off", where)


def _enable_chunk(features: Features, chunk: str, camera: str, key: str) -> None:
    selector = chunk.removeprefix("Chunk")
    for name, value in (
        ("ChunkModeActive", True),
        ("ChunkSelector", selector),
        ("ChunkEnable", True),
    ):
        write_feature(features, name, value, f"{camera}: {key}: {chunk}: {name}")


def light(features: Features, strobe: StrobeConfig, camera: str) -> None:
    """Set the output line that drives the light. Raises ``ConfigError``."""
    wanted: list[tuple[str, FeatureValue]] = [("LineSelector", strobe.line)]
    if "LineMode" in features.names():
        wanted.append(("LineMode", "Output"))
    wanted += [("LineSource", strobe.source), ("LineInverter", strobe.inverted)]
    for name, value in wanted:
        write_feature(features, name, value, f"{camera}: cameras.strobe: {name}")
