"""Exposure and gain of an open camera, as somebody turns them who looks through it."""

from __future__ import annotations

from inspector.camera.device import Feature, FeatureKind, Features
from inspector.camera.settings import apply_settings
from inspector.link.questions.cameras import Dial

_DIALS = (("ExposureTime", "ExposureTimeAbs"), ("Gain",))
"""Of each the first name that the camera has; older cameras have other names."""
_WIDEST = 1e9


def dials_of(features: Features) -> tuple[Dial, ...]:
    """Those that this camera has, with what it allows now."""
    has = frozenset(features.names())
    names = [next((name for name in names if name in has), None) for names in _DIALS]
    found = [_dial(features.describe(name)) for name in names if name is not None]
    return tuple(dial for dial in found if dial is not None)


def turn(features: Features, name: str, value: float, camera: str) -> None:
    """Set one within its limits, its automatic off. Raises ``ConfigError`` with the reason."""
    feature = features.describe(name)
    dial = _dial(feature)
    if dial is None:
        return
    fitting = min(max(value, dial.lower), dial.upper)
    if feature.kind is FeatureKind.INTEGER:
        step = feature.step or 1.0
        fitting = dial.lower + round((fitting - dial.lower) / step) * step
    apply_settings(features, {name: fitting}, camera, "camera.settings")


def _dial(feature: Feature) -> Dial | None:
    number = isinstance(feature.value, int | float) and not isinstance(feature.value, bool)
    if not number or not isinstance(feature.value, int | float):
        return None
    lower = 0.0 if feature.lower is None else feature.lower
    upper = _WIDEST if feature.upper is None else feature.upper
    return Dial(feature.name, float(feature.value), lower, upper)
