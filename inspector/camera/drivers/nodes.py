"""Features of a GenICam node map, for every SDK that is built on the GenApi reference code.

Two spellings of one interface exist in Python: ``pypylon`` keeps the C++ names (``GetNode``,
``SetValue``, ``Max``), ``genicam.genapi`` turns them into ``get_node``, ``set_value``, ``max``.
The names here are the latter; ``_spelled`` finds the former.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from inspector.camera.device import Feature, FeatureKind, FeatureValue
from inspector.core.errors import CameraError, CameraLost

_KINDS = {
    2: FeatureKind.INTEGER,
    3: FeatureKind.BOOLEAN,
    4: FeatureKind.COMMAND,
    5: FeatureKind.FLOAT,
    6: FeatureKind.STRING,
    9: FeatureKind.ENUMERATION,
}
"""GenApi's EInterfaceType; registers, ports and categories are no features."""
_CATEGORY = 8
_INVISIBLE = 3
_READABLE = (3, 4)
_WRITABLE = (2, 4)
"""GenApi's EAccessMode: not implemented, not available, write, read, read and write."""
_UNBOUND = 2**63 - 1
_NUMBERS = (FeatureKind.INTEGER, FeatureKind.FLOAT)


def _spelled(thing: Any, name: str) -> Any:
    """The member ``name`` (snake case) of a GenApi object, however its package spells it."""
    camel = name.title().replace("_", "")
    return getattr(thing, camel if hasattr(thing, camel) else name)


class NodeFeatures:
    """``Features`` of one node map. Any thread: GenApi locks its node map.

    ``errors`` is the package that owns the exceptions (``pypylon.genicam``, ``genicam.genapi``);
    ``gone`` tells whether the device is known to be gone, for an access that failed.
    """

    def __init__(self, node_map: Any, errors: Any, gone: Callable[[], bool]) -> None:
        self._map = node_map
        self._errors = errors
        self._gone = gone

    def names(self) -> tuple[str, ...]:
        """Every implemented feature below the root category, but those hidden from users."""
        with self._access("Root"):
            return tuple(dict.fromkeys(self._below(_spelled(self._map, "get_node")("Root"))))

    def describe(self, name: str) -> Feature:
        """Kind, value, limits, choices, as they are now."""
        node = self._node(name)
        with self._access(name):
            mode = _mode(node)
            kind = _kind(node)
            has_value = mode in _READABLE and kind is not FeatureKind.COMMAND
            lower, upper, step = _limits(node, kind) if mode in _READABLE else (None, None, None)
            return Feature(
                name=name,
                kind=kind,
                value=_spelled(node, "value") if has_value else None,
                lower=lower,
                upper=upper,
                step=step,
                unit=_spelled(node, "unit") if kind in _NUMBERS else "",
                choices=_choices(node) if kind is FeatureKind.ENUMERATION else (),
                writable=mode in _WRITABLE,
                description=_spelled(_spelled(node, "node"), "description"),
            )

    def get(self, name: str) -> FeatureValue:
        """The value; ``ValueError`` where it cannot be read now."""
        node = self._node(name)
        with self._access(name):
            if _kind(node) is FeatureKind.COMMAND or _mode(node) not in _READABLE:
                raise ValueError(f"{name} cannot be read now")
            value: FeatureValue = _spelled(node, "value")
            return value

    def set(self, name: str, value: FeatureValue) -> None:
        """Write the value; ``ValueError`` says what would fit."""
        node = self._node(name)
        with self._access(name):
            kind = _kind(node)
            if kind is FeatureKind.COMMAND:
                raise ValueError(f"{name} is a command and takes no value")
            fitting = _typed(name, kind, value)
            if _mode(node) not in _WRITABLE:
                raise ValueError(f"{name} cannot be written now")
            _check(name, node, kind, fitting)
            _spelled(node, "set_value")(fitting)

    def execute(self, name: str) -> None:
        """Give a command; ``ValueError`` where it cannot be given now."""
        node = self._node(name)
        with self._access(name):
            if _kind(node) is not FeatureKind.COMMAND or _mode(node) not in _WRITABLE:
                raise ValueError(f"{name} is no command that can be given now")
            _spelled(node, "execute")()

    def _below(self, category: Any) -> Iterator[str]:
        for value in _spelled(category, "features"):
            node = _spelled(value, "node")
            kind = _spelled(node, "principal_interface_type")
            if _mode(value) == 0 or _spelled(node, "visibility") >= _INVISIBLE:
                continue
            if kind == _CATEGORY:
                yield from self._below(value)
            elif kind in _KINDS:
                yield _spelled(node, "name")

    def _node(self, name: str) -> Any:
        """The node of a feature; one that the device has not raises ``KeyError``."""
        if self._gone():
            raise CameraLost("the camera is gone")
        try:
            node = _spelled(self._map, "get_node")(name)
            missing = node is None or _mode(node) == 0 or _kind(node) is None
        except self._errors.LogicalErrorException:
            missing = True
        if missing:
            raise KeyError(name)
        return node

    @contextmanager
    def _access(self, name: str) -> Iterator[None]:
        """Turn GenApi's exceptions into ours."""
        api = self._errors
        try:
            yield
        except api.GenericException as error:
            if self._gone():
                raise CameraLost("the camera is gone") from error
            text = str(error).split(" : ")[0]
            refused = (api.OutOfRangeException, api.InvalidArgumentException, api.AccessException)
            if isinstance(error, refused):
                raise ValueError(f"{name}: {text}") from error
            raise CameraError(f"{name} could not be accessed: {text}") from error


def _mode(node: Any) -> int:
    return int(_spelled(node, "get_access_mode")())


def _kind(node: Any) -> Any:
    return _KINDS.get(int(_spelled(_spelled(node, "node"), "principal_interface_type")))


def _choices(node: Any) -> tuple[str, ...]:
    """The entries that can be chosen now, not merely those that the device's family has."""
    entries = _spelled(node, "entries")
    return tuple(_spelled(entry, "symbolic") for entry in entries if _mode(entry) in _READABLE)


def _limits(node: Any, kind: FeatureKind) -> tuple[float | None, float | None, float | None]:
    """Least, greatest, step; the type's own range, which GenApi gives in default, is no limit."""
    if kind not in _NUMBERS:
        return None, None, None
    lower, upper = _spelled(node, "min"), _spelled(node, "max")
    stepped = kind is FeatureKind.INTEGER or _spelled(node, "has_inc")()
    return (
        lower if lower > -_UNBOUND else None,
        upper if upper < _UNBOUND else None,
        _spelled(node, "inc") if stepped else None,
    )


def _typed(name: str, kind: FeatureKind, value: FeatureValue) -> FeatureValue:
    """The value in the type that GenApi wants; YAML's 800 is a fine float, 800.5 no integer."""
    if isinstance(value, bool):
        fits = kind is FeatureKind.BOOLEAN
    elif isinstance(value, str):
        fits = kind in (FeatureKind.STRING, FeatureKind.ENUMERATION)
    elif kind is FeatureKind.INTEGER and float(value).is_integer():
        return int(value)
    elif kind is FeatureKind.FLOAT:
        return float(value)
    else:
        fits = False
    if not fits:
        raise ValueError(f"{name} takes {_NOUNS[kind]}, not {value!r}")
    return value


_NOUNS = {
    FeatureKind.FLOAT: "a number",
    FeatureKind.INTEGER: "a whole number",
    FeatureKind.BOOLEAN: "true or false",
    FeatureKind.STRING: "a text",
    FeatureKind.ENUMERATION: "the name of an entry",
}


def _check(name: str, node: Any, kind: FeatureKind, value: Any) -> None:
    """Refuse what does not fit now, with the limits in the message."""
    if kind is FeatureKind.ENUMERATION:
        choices = _choices(node)
        if value not in choices:
            raise ValueError(f"{name} takes one of {', '.join(choices)}, not {value}")
    if kind not in _NUMBERS:
        return
    lower, upper, step = _limits(node, kind)
    low, high = lower is not None and value < lower, upper is not None and value > upper
    off = kind is FeatureKind.INTEGER and step and (value - (lower or 0)) % step
    if low or high or off:
        steps = f" in steps of {step}" if off else ""
        unit = f" {text}" if (text := _spelled(node, "unit")) else ""
        raise ValueError(f"{name} takes {lower} to {upper}{unit}{steps}, not {value}")
