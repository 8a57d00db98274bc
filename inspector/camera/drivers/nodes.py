"""Features of a GenICam node map, for every SDK that is built on the GenApi reference code.

Two spellings of one interface exist in Python: ``pypylon`` keeps the C++ names (``GetNode``,
``SetValue``, ``Max``), ``genicam.genapi`` turns them into ``get_node``, ``set_value``, ``max``.
The names here are the latter; ``_spelled`` finds the former.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
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
    """``Features`` of one node map. Any thread; one access at a time.

    ``errors`` is the package that owns the exceptions (``pypylon.genicam``, ``genicam.genapi``);
    ``gone`` tells whether the device is known to be gone. A node map dies with its device and an
    access after that ends the process, therefore ``close`` before the device is let go.
    """

    def __init__(self, node_map: Any, errors: Any, gone: Callable[[], bool]) -> None:
        self._map = node_map
        self._errors = errors
        self._gone = gone
        self._lock = Lock()

    def names(self) -> tuple[str, ...]:
        """Every implemented feature below the root category, but those hidden from users."""
        with self._access("Root") as node_map:
            return tuple(dict.fromkeys(_below(_spelled(node_map, "get_node")("Root"))))

    def describe(self, name: str) -> Feature:
        """Kind, value, limits, choices, as they are now."""
        with self._access(name) as node_map:
            node, kind, mode = self._feature(node_map, name)
            readable = mode in _READABLE
            lower, upper, step = _limits(node, kind) if readable else (None, None, None)
            return Feature(
                name=name,
                kind=kind,
                value=_spelled(node, "value") if readable else None,
                lower=lower,
                upper=upper,
                step=step,
                unit=_spelled(node, "unit") if kind in _NUMBERS else "",
                choices=_choices(node) if kind is FeatureKind.ENUMERATION else (),
                writable=mode in _WRITABLE,
                description=_spelled(_spelled(node, "node"), "description"),
                selects=_selected(_spelled(node, "node")),
            )

    def get(self, name: str) -> FeatureValue:
        """The value; ``ValueError`` where it cannot be read now."""
        with self._access(name) as node_map:
            node, _, mode = self._feature(node_map, name)
            if mode not in _READABLE:
                raise ValueError(f"{name} cannot be read now")
            value: FeatureValue = _spelled(node, "value")
            return value

    def set(self, name: str, value: FeatureValue) -> None:
        """Write the value; ``ValueError`` says what would fit."""
        with self._access(name) as node_map:
            node, kind, mode = self._feature(node_map, name)
            if kind is FeatureKind.COMMAND:
                raise ValueError(f"{name} is a command and takes no value")
            fitting = _typed(name, kind, value)
            if mode not in _WRITABLE:
                raise ValueError(f"{name} cannot be written now")
            _check(name, node, kind, fitting)
            _spelled(node, "set_value")(fitting)

    def execute(self, name: str) -> None:
        """Give a command; ``ValueError`` where it cannot be given now."""
        with self._access(name) as node_map:
            node, kind, mode = self._feature(node_map, name)
            if kind is not FeatureKind.COMMAND or mode not in _WRITABLE:
                raise ValueError(f"{name} is no command that can be given now")
            _spelled(node, "execute")()

    def close(self) -> None:
        """Forget the node map, after the access under way; every later one raises CameraLost."""
        with self._lock:
            self._map = None

    @contextmanager
    def _access(self, name: str) -> Iterator[Any]:
        """The node map, for one access; GenApi's exceptions become ours."""
        api = self._errors
        with self._lock:
            if self._map is None or self._gone():
                raise CameraLost("the camera is gone")
            try:
                yield self._map
            except api.GenericException as error:
                if self._gone():
                    raise CameraLost("the camera is gone") from error
                text = str(error).split(" : ")[0]
                refused = (api.OutOfRangeException, api.InvalidArgumentException)
                if isinstance(error, (*refused, api.AccessException)):
                    raise ValueError(f"{name}: {text}") from error
                raise CameraError(f"{name} could not be accessed: {text}") from error

    def _feature(self, node_map: Any, name: str) -> tuple[Any, FeatureKind, int]:
        """Node, kind and access mode; a name that the device has not raises ``KeyError``.

        A command can be given or not, and has nothing to read.
        """
        try:
            node = _spelled(node_map, "get_node")(name)
        except self._errors.LogicalErrorException:
            raise KeyError(name) from None
        mode = _mode(node) if node is not None else 0
        kind = _KINDS.get(_interface(node)) if mode else None
        if kind is None:
            raise KeyError(name)
        if kind is FeatureKind.COMMAND:
            mode = 2 if mode in _WRITABLE else 1
        return node, kind, mode


def read_available(node_map: Any, names: Iterable[str]) -> dict[str, FeatureValue]:
    """The values of those nodes that can be read now: chunks that came with a buffer."""
    nodes = {name: _spelled(node_map, "get_node")(name) for name in names}
    return {name: _spelled(n, "value") for name, n in nodes.items() if _mode(n) in _READABLE}


def _below(category: Any) -> Iterator[str]:
    for value in _spelled(category, "features"):
        node, kind = _spelled(value, "node"), _interface(value)
        if _mode(value) == 0 or _spelled(node, "visibility") >= _INVISIBLE:
            continue
        if kind == _CATEGORY:
            yield from _below(value)
        elif kind in _KINDS:
            yield _spelled(node, "name")


def _mode(node: Any) -> int:
    return int(_spelled(node, "get_access_mode")())


def _interface(node: Any) -> int:
    return int(_spelled(_spelled(node, "node"), "principal_interface_type"))


def _selected(node: Any) -> tuple[str, ...]:
    pylon = hasattr(node, "GetSelectedFeatures")
    found = node.GetSelectedFeatures() if pylon else node.selected_features
    return tuple(_name(value) for value in found)


def _name(value: Any) -> str:
    node = value.GetNode() if hasattr(value, "GetNode") else _spelled(value, "node")
    return str(_spelled(node, "name"))


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
