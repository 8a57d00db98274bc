"""Values that JSON can hold exactly; what cannot be held is named, never a crash of the writer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from inspector.core.canonical import Json

_LARGEST_INTEGER = 2**53 - 1


def plain(value: object, place: str, faults: list[str]) -> Json:
    """``value`` as plain JSON; each thing that was lost appends a line to ``faults``.

    NaN and infinities become null; integers beyond 2**53 and foreign types become text.
    """
    if isinstance(value, Mapping):
        return {
            _text(str(key), place, faults): plain(item, f"{place}.{key}", faults)
            for key, item in value.items()
        }
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        return [plain(item, f"{place}[{index}]", faults) for index, item in enumerate(value)]
    return _single(value.item() if isinstance(value, np.generic) else value, place, faults)


def _single(value: object, place: str, faults: list[str]) -> Json:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, place, faults)
    if isinstance(value, int):
        return _integer(value, place, faults)
    if isinstance(value, float):
        return _real(value, place, faults)
    faults.append(f"{place}: {type(value).__name__} is not a plain value")
    return repr(value)


def _text(value: str, place: str, faults: list[str]) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:  # a file name that is not UTF-8
        faults.append(f"{place}: not UTF-8 text")
        return value.encode(errors="backslashreplace").decode()
    return str(value)


def _integer(value: int, place: str, faults: list[str]) -> int | str:
    if abs(value) <= _LARGEST_INTEGER:
        return int(value)
    faults.append(f"{place}: {value} is too large for a JSON number")
    return str(value)


def _real(value: float, place: str, faults: list[str]) -> float | None:
    if math.isfinite(value):
        return value
    faults.append(f"{place}: {value} is not a number")
    return None
