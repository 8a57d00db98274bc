"""The features of an Aravis camera."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from inspector.camera.device import Feature, FeatureKind, FeatureValue
from inspector.camera.drivers.aravis_link import Link, load
from inspector.core.errors import CameraError, CameraLost

_INT64 = 2**63 - 1
_CALLS = {
    FeatureKind.INTEGER: "integer",
    FeatureKind.FLOAT: "float",
    FeatureKind.BOOLEAN: "boolean",
    FeatureKind.ENUMERATION: "string",
    FeatureKind.STRING: "string",
}
"""Kinds and the calls of ``Aravis.Camera`` for their values: ``get_integer``, ``set_integer``."""
_TYPES: dict[FeatureKind, tuple[type, ...]] = {
    FeatureKind.INTEGER: (int,),
    FeatureKind.FLOAT: (int, float),
    FeatureKind.BOOLEAN: (bool,),
    FeatureKind.ENUMERATION: (str,),
    FeatureKind.STRING: (str,),
}


def kind_of(node: Any) -> FeatureKind | None:
    """What a GenICam node is; None for categories and registers."""
    sdk = load()
    # Enumerations and booleans are integers to Aravis, too: the particular ones come first.
    for interface, kind in (
        (sdk.GcCommand, FeatureKind.COMMAND),
        (sdk.GcEnumeration, FeatureKind.ENUMERATION),
        (sdk.GcBoolean, FeatureKind.BOOLEAN),
        (sdk.GcInteger, FeatureKind.INTEGER),
        (sdk.GcFloat, FeatureKind.FLOAT),
        (sdk.GcString, FeatureKind.STRING),
    ):
        if isinstance(node, interface):
            return kind
    return None


class AravisFeatures:
    """Implements ``Features``. Values and limits are read from the device at each call."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._names: tuple[str, ...] = ()

    def names(self) -> tuple[str, ...]:
        """Every feature that is available now: what is depends on what was set last."""
        if not self._names:
            with self._link.camera() as camera:
                device = camera.get_device()
                found = [
                    name for name in _below(device, "Root") if camera.is_feature_available(name)
                ]
            self._names = tuple(dict.fromkeys(found))
        return self._names

    def describe(self, name: str) -> Feature:
        """Kind, value, limits, choices; what cannot be read now is left out."""
        with self._link.camera() as camera:
            node, kind = _node(camera, name)
            access = node.get_actual_access_mode()
            modes = load().GcAccessMode
            available = camera.is_feature_available(name)
            readable = available and access in (modes.RO, modes.RW)
            lower, upper, step = self._limits(node, kind) if readable else (None, None, None)
            return Feature(
                name=name,
                kind=kind,
                value=self._value(camera, name, kind) if readable else None,
                lower=lower,
                upper=upper,
                step=step,
                unit=(node.get_unit() or "") if hasattr(node, "get_unit") else "",
                choices=_choices(camera, name) if kind is FeatureKind.ENUMERATION else (),
                writable=available and access in (modes.WO, modes.RW),
                description=node.get_description() or "",
                selects=_selected(node),
            )

    def get(self, name: str) -> FeatureValue:
        """The value."""
        with self._link.camera() as camera:
            value = self._value(camera, name, _node(camera, name)[1])
        if value is None:
            raise ValueError(f"{name} cannot be read now")
        return value

    def set(self, name: str, value: FeatureValue) -> None:
        """Write the value; the camera's own limits are checked."""
        with self._link.camera() as camera:
            kind = _node(camera, name)[1]
            fits = isinstance(value, _TYPES.get(kind, ()))
            if not fits or isinstance(value, bool) != (kind is FeatureKind.BOOLEAN):
                raise ValueError(f"{name} is of kind {kind}; {value!r} does not fit")
            try:
                with self._link.camera():
                    getattr(camera, f"set_{_CALLS[kind]}")(name, value)
            except CameraLost:
                raise
            except (CameraError, OverflowError) as error:
                raise ValueError(f"{name}: {error}") from error
            finally:
                self._names = ()

    def execute(self, name: str) -> None:
        """Give a command."""
        with self._link.camera() as camera:
            if _node(camera, name)[1] is not FeatureKind.COMMAND:
                raise ValueError(f"{name} is not a command")
            camera.execute_command(name)
            self._names = ()

    def _value(self, camera: Any, name: str, kind: FeatureKind) -> FeatureValue | None:
        if kind is FeatureKind.COMMAND:
            return None
        value: FeatureValue | None = self._read(getattr(camera, f"get_{_CALLS[kind]}"), name)
        return value

    def _limits(
        self, node: Any, kind: FeatureKind
    ) -> tuple[float | None, float | None, float | None]:
        """Lower, upper, step; None where there is none, for which Aravis has numbers of its own."""
        if kind not in (FeatureKind.INTEGER, FeatureKind.FLOAT):
            return None, None, None
        lower, upper, step = (
            self._read(call) for call in (node.get_min, node.get_max, node.get_inc)
        )
        most = _INT64 if kind is FeatureKind.INTEGER else sys.float_info.max
        return (
            None if lower is None or lower <= -most else lower,
            None if upper is None or upper >= most else upper,
            None if step is None or step <= sys.float_info.min else step,
        )

    def _read(self, call: Callable[..., Any], *arguments: str) -> Any:
        """What Aravis says; None where it says that it cannot."""
        try:
            with self._link.camera():
                return call(*arguments)
        except CameraLost:
            raise
        except CameraError:
            return None


def _node(camera: Any, name: str) -> tuple[Any, FeatureKind]:
    node = camera.get_device().get_feature(name)
    kind = kind_of(node)
    if kind is None or not camera.is_feature_implemented(name):
        raise KeyError(name)
    return node, kind


def _below(device: Any, name: str) -> Iterator[str]:
    """Names of the features in a category and in those below it."""
    node = device.get_feature(name)
    if isinstance(node, load().GcCategory):
        for child in node.get_features():
            yield from _below(device, child)
    elif kind_of(node) is not None:
        yield name


def _selected(node: Any) -> tuple[str, ...]:
    if not (hasattr(node, "is_selector") and node.is_selector()):
        return ()
    return tuple(selected.get_name() for selected in node.get_selected_features())


def _choices(camera: Any, name: str) -> tuple[str, ...]:
    return tuple(camera.dup_available_enumerations_as_strings(name) or ())
