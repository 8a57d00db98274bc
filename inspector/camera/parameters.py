"""All parameters of a camera: read as a whole, compared, put back.

What has a value for each entry of an enumeration is named with the entry:
``TriggerMode[TriggerSelector=FrameStart]``. Left out are values behind two selectors or behind a
number (look-up tables), and what is no setting: counts, identity, files, and the transport
(``Gev``) but for its delays and reserves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

from inspector.camera.device import Feature, FeatureKind, Features, FeatureValue
from inspector.camera.settings import Settings, same_value, write_feature
from inspector.core.errors import CameraError, CameraLost, ConfigError

_NO_SETTING = re.compile(
    r"Gev(?!SCPD$|SCFTD$|SCBWR$)|Device(?!LinkThroughput)|Transfer|TLParams|File|UserSet|Action|"
    r"Event|UserOutputValue|PayloadSize|CounterValue|TimerValue|EncoderValue|Timestamp"
)
_AUTOMATIC = {
    "ExposureTime": "ExposureAuto",
    "Gain": "GainAuto",
    "BlackLevel": "BlackLevelAuto",
    "BalanceRatio": "BalanceWhiteAuto",
}
"""Beginnings of numbers that move by themselves while the automatic is not off."""
_OTHER_UNITS = ("Abs", "Raw")
"""Ends of older names of one and the same value."""
_PASSES = 3
"""One value may have to be put back before another can be."""
_KEY = re.compile(r"(?P<name>[^\[]+)(\[(?P<selector>[^=]+)=(?P<entry>.+)\])?")


def snapshot(
    features: Features, wanted: Callable[[str], bool] = lambda _name: True
) -> dict[str, FeatureValue]:
    """Every setting as it is now, or those that are ``wanted`` by name.

    Selectors are moved meanwhile and set back, so the acquisition must rest. Costs some requests
    for each feature: about a second on a large GigE camera. Raises ``CameraLost``.
    """
    tree = {name: one for name in features.names() if (one := _described(features, name))}
    selecting = [one for one in tree.values() if one.selects]
    behind = [name for one in selecting for name in one.selects]
    found: dict[str, FeatureValue] = {}
    for name, one in tree.items():
        if wanted(name) and not one.selects and name not in behind:
            found |= _kept(features, tree, name, name)
    for selector in selecting:
        if selector.kind is not FeatureKind.ENUMERATION or selector.name in behind:
            continue
        names = [
            name
            for name in selector.selects
            if wanted(name) and behind.count(name) == 1 and name in tree and not tree[name].selects
        ]
        for entry in _entries(selector) if names else ():
            with suppress(ValueError), _selected(features, selector.name, entry):
                for name in names:
                    key = f"{name}[{selector.name}={entry}]"
                    found |= _kept(features, tree, name, key)
    return found


def differences(saved: Settings, now: Settings) -> tuple[str, ...]:
    """What was changed between two snapshots, in words: ``ExposureTime from 800 to 1200``."""
    return tuple(f"{key} from {saved[key]} to {now[key]}" for key in _different(saved, now))


def put_back(features: Features, saved: Settings, now: Settings, camera: str) -> tuple[str, ...]:
    """Write what differs from ``saved``; what the camera refused. Raises ``CameraLost``."""
    left = _different(saved, now)
    for _ in range(_PASSES):
        refused = tuple(key for key in left if not _put(features, key, saved[key], camera))
        if not refused or len(refused) == len(left):
            return refused
        left = refused
    return left


def _different(saved: Settings, now: Settings) -> tuple[str, ...]:
    return tuple(key for key in saved if key in now and not same_value(now[key], saved[key]))


def _put(features: Features, key: str, value: FeatureValue, camera: str) -> bool:
    parts = _KEY.fullmatch(key)
    if parts is None:
        return False
    name, selector, entry = parts["name"], parts["selector"], parts["entry"]
    try:
        if selector is None:
            write_feature(features, name, value, f"{camera}: {key}")
        else:
            with _selected(features, selector, entry):
                write_feature(features, name, value, f"{camera}: {key}")
    except CameraLost:
        raise
    except (ConfigError, CameraError, KeyError, ValueError):
        return False
    return True


def _entries(selector: Feature) -> Iterable[str]:
    return selector.choices if selector.writable else (str(selector.value),)


@contextmanager
def _selected(features: Features, selector: str, entry: str) -> Iterator[None]:
    """Turn a selector for a moment. Raises ``ValueError`` where it cannot be turned so."""
    before = features.get(selector)
    if before != entry:
        features.set(selector, entry)
    try:
        yield
    finally:
        if before != entry:
            features.set(selector, before)


def _described(features: Features, name: str) -> Feature | None:
    """None for a feature that cannot be read: one of hundreds must not stop a line."""
    try:
        return features.describe(name)
    except CameraLost:
        raise
    except (CameraError, KeyError, ValueError):
        return None


def _kept(
    features: Features, tree: Mapping[str, Feature], name: str, key: str
) -> dict[str, FeatureValue]:
    """The value under its key, where it is a setting now."""
    if _NO_SETTING.match(name) or _moves(features, tree, name):
        return {}
    if any(name.endswith(end) and name.removesuffix(end) in tree for end in _OTHER_UNITS):
        return {}
    one = _described(features, name)
    if one is None or not one.writable or one.value is None or one.kind is FeatureKind.COMMAND:
        return {}
    return {key: one.value}


def _moves(features: Features, tree: Mapping[str, Feature], name: str) -> bool:
    """Whether an automatic rules the number."""
    if tree[name].kind not in (FeatureKind.INTEGER, FeatureKind.FLOAT):
        return False
    for beginning, automatic in _AUTOMATIC.items():
        if name.startswith(beginning) and automatic in tree:
            one = _described(features, automatic)
            return one is not None and one.value != "Off"
    return False
